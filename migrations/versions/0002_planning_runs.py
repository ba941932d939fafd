"""Planning runs, and what a plan fills that moves nobody."""

import sqlalchemy as sa
from alembic import op

import dispatch.database

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("proposals", sa.Column("filled_undisturbed", sa.Integer(), nullable=True))
    op.create_table(
        "planning_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", dispatch.database.Instant(), nullable=False),
        sa.Column("heard_at", dispatch.database.Instant(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("disturb_at_most", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=True),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_planning_runs_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planning_runs")),
    )
    op.create_index(op.f("ix_planning_runs_day"), "planning_runs", ["day"], unique=False)
    op.create_index(
        "uq_planning_runs_one_running",
        "planning_runs",
        ["day"],
        unique=True,
        sqlite_where=sa.text("state = 'running'"),
        postgresql_where=sa.text("state = 'running'"),
    )
