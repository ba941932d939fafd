"""Whom those who ask would like to come again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "preferred_interpreters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_request_id", sa.Integer(), nullable=False),
        sa.Column("interpreter_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interpretation_request_id"],
            ["interpretation_requests.id"],
            name=op.f("fk_preferred_interpreters_interpretation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["interpreter_id"],
            ["interpreters.id"],
            name=op.f("fk_preferred_interpreters_interpreter_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preferred_interpreters")),
        sa.UniqueConstraint(
            "interpretation_request_id",
            "interpreter_id",
            name=op.f("uq_preferred_interpreters_interpretation_request_id"),
        ),
    )
    op.create_index(
        op.f("ix_preferred_interpreters_interpretation_request_id"),
        "preferred_interpreters",
        ["interpretation_request_id"],
        unique=False,
    )
