"""The store: one schema on SQLite (embedded default, in memory for tests) or PostgreSQL."""

from adverts.store.engine import Store, encode_json, open_store
from adverts.store.readers import as_text, iter_chunks, iter_rows, narrow
from adverts.store.writers import delete_where_in, insert_missing, upsert

__all__ = [
    "Store",
    "as_text",
    "delete_where_in",
    "encode_json",
    "insert_missing",
    "iter_chunks",
    "iter_rows",
    "narrow",
    "open_store",
    "upsert",
]
