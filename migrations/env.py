"""Alembic's entry: migrates on the connection that `adverts.store.engine` passes in."""

from alembic import context

from adverts.store.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with: asw db upgrade")
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
