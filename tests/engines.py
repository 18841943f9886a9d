"""The search engines that tests run on, each the real thing."""

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from adverts.settings import Settings
from indexer.fields import Document
from indexer.names import IndexName, build_index_name
from indexer.providers.base import SearchProvider
from indexer.providers.elastic import ElasticProvider
from indexer.providers.tantivy import TantivyProvider
from tests.search_servers import KINDS

ENGINES: Final = ("tantivy", "tantivy-memory", *KINDS)
FindAddress = Callable[[str], str]
"""The fixture `search_address`: takes a kind of server, returns its address."""


def make_settings(kind: str, find_address: FindAddress) -> Settings:
    """Return settings for indexes of one test alone on the server that all tests share."""
    return Settings(search=find_address(kind), search_prefix=f"t{uuid.uuid4().hex[:12]}", search_replicas=0)


def open_engine(engine: str, path: Path, find_address: FindAddress) -> SearchProvider:
    """Return an engine without any index."""
    if engine not in KINDS:
        return TantivyProvider(None if engine.endswith("memory") else path)
    return ElasticProvider(make_settings(engine, find_address))


def serve(provider: SearchProvider, documents: Iterable[Document]) -> IndexName:
    """Put documents into a new index, and let it serve."""
    name = build_index_name(provider.list_indexes(), provider.holds)
    provider.create(name)
    with provider.write(name) as writer:
        writer.upsert(documents)
    provider.swap(name)
    return name


def clear(provider: SearchProvider) -> None:
    """Drop every index: a server outlives its tests."""
    for name in provider.list_indexes():
        provider.drop(name)
    provider.close()
