"""DBOS' table of jobs, for questions that are one query."""

import sqlalchemy as sa

ENQUEUED, DELAYED, PENDING = "ENQUEUED", "DELAYED", "PENDING"


def are_there(connection: sa.Connection) -> bool:
    """Tell whether the engine's tables are there; they are made last."""
    jobs = statuses(connection.engine)
    return sa.inspect(connection).has_table(jobs.name, schema=jobs.schema)


def statuses(engine: sa.Engine) -> sa.TableClause:
    """Return the table of jobs: ids, states, instants in milliseconds since 1970."""
    return sa.table(
        "workflow_status",
        sa.column("workflow_uuid", sa.Text),
        sa.column("status", sa.Text),
        sa.column("executor_id", sa.Text),
        sa.column("queue_name", sa.Text),
        sa.column("created_at", sa.BigInteger),
        sa.column("delay_until_epoch_ms", sa.BigInteger),
        schema=None if engine.dialect.name == "sqlite" else "dbos",
    )
