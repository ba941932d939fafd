"""How Alembic reaches the database: the connection is handed over by dispatch.schema."""

from alembic import context

from dispatch.schema import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    include_object=lambda _object, name, kind, _reflected, _compare: (
        kind != "table" or name in Base.metadata.tables
    ),
)
with context.begin_transaction():
    context.run_migrations()
