"""Proposals and planning runs for several days; no two runs over the same day at once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = ("proposals", "planning_runs")


def upgrade() -> None:
    op.drop_index("uq_planning_runs_one_running", "planning_runs")
    for table in TABLES:
        op.drop_index(f"ix_{table}_day", table)
        op.execute(f"ALTER TABLE {table} RENAME COLUMN day TO first_day")
        op.create_index(f"ix_{table}_first_day", table, ["first_day"])
        # SQLite adds a column that is never empty only with a default, and cannot drop it later.
        last_day = sa.Column("last_day", sa.Date(), nullable=False, server_default="2000-01-01")
        op.add_column(table, last_day)
        op.execute(f"UPDATE {table} SET last_day = first_day")  # noqa: S608 - our own names
    if op.get_bind().dialect.name == "sqlite":
        _guard_in_sqlite()
        return
    for table in TABLES:
        op.alter_column(table, "last_day", server_default=None)
    _guard_in_postgresql()


def _guard_in_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER one_planning_run_per_day AFTER INSERT ON planning_runs "
        "WHEN NEW.state = 'running' BEGIN "
        "SELECT RAISE(ABORT, 'one_planning_run_per_day') WHERE EXISTS ("
        "SELECT 1 FROM planning_runs AS other WHERE other.id <> NEW.id "
        "AND other.state = 'running' AND other.first_day <= NEW.last_day "
        "AND NEW.first_day <= other.last_day); END"
    )


def _guard_in_postgresql() -> None:
    op.execute(
        "ALTER TABLE planning_runs ADD CONSTRAINT one_planning_run_per_day EXCLUDE USING gist ("
        "daterange(first_day, last_day, '[]') WITH &&) WHERE (state = 'running')"
    )
