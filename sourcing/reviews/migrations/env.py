"""Alembic's environment: migrations run in the transaction of the connection passed in."""

from alembic import context

from sourcing.reviews.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
