"""How the search of a planning run went, in requests."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    # SQLite adds a column that is never empty only with a default.
    for name, empty in (("weights", "{}"), ("course", "[]")):
        op.add_column(
            "planning_runs", sa.Column(name, sa.JSON(), nullable=False, server_default=empty)
        )
    op.drop_column("planning_runs", "weight")
