"""Alembic's entry: run the migrations on the connection that the engine hands over."""

from alembic import context

from spatial.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
