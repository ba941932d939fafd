"""Parts of planning runs that the workers solve."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    in_parts = sa.Column("in_parts", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("planning_runs", in_parts)
    op.add_column("planning_runs", sa.Column("problem", sa.Text(), nullable=True))
    op.add_column("planning_runs", sa.Column("versions", sa.JSON(), nullable=True))
    op.create_table(
        "planning_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("floor_of", sa.Integer(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("bound", sa.Integer(), nullable=True),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=True),
        sa.Column("failure", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id"], ["planning_runs.id"], name=op.f("fk_planning_parts_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_parts")),
        sa.UniqueConstraint("run_id", "question", "number", name=op.f("uq_planning_parts_run_id")),
    )
    op.create_index(op.f("ix_planning_parts_run_id"), "planning_parts", ["run_id"], unique=False)
