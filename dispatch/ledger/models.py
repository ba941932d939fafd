"""What changed (append-only, ids only), and the reasons people gave (kept apart, erasable)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.ledger.rules import ACTOR_ROLES

OF_NO_REQUEST = "interpretation_request_id IS NULL"


class Change(Base):
    """One change by one actor, and what it concerns.

    Histories, the live board, reports and webhooks read this. The database refuses to change or
    delete a row, so nothing that must be erasable may stand here: `fields` are names, not values.
    """

    __tablename__ = "changes"
    __table_args__ = (
        one_of("actor_role", ACTOR_ROLES),
        Index("ix_changes_of_request", "interpretation_request_id", "id"),
        Index("ix_changes_of_assignment", "assignment_id", "id"),
        Index("ix_changes_of_interpreter", "interpreter_id", "id"),
        Index("ix_changes_of_message", "message_id", "id"),
        Index("ix_changes_of_series", "series_id", "id"),
        Index("ix_changes_of_organisation", "organisation_id", "id"),
        # nearly all that concerns an organisation concerns its requests
        Index(
            "ix_changes_of_organisation_itself",
            "organisation_id",
            "id",
            sqlite_where=text(OF_NO_REQUEST),
            postgresql_where=text(OF_NO_REQUEST),
        ),
        Index("ix_changes_of_site", "site_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    actor_account_id: Mapped[int | None]
    actor_role: Mapped[str]
    organisation_id: Mapped[int | None]
    interpretation_request_id: Mapped[int | None]
    offer_id: Mapped[int | None]
    assignment_id: Mapped[int | None]
    interpreter_id: Mapped[int | None]
    message_id: Mapped[int | None]
    proposal_id: Mapped[int | None]
    planning_run_id: Mapped[int | None]
    account_id: Mapped[int | None]
    site_id: Mapped[int | None]
    series_id: Mapped[int | None]
    fields: Mapped[list[str]]


class Seal(Base):
    """A seal on the record: a digest of the changes up to one, and of the seal before it.

    Whoever changes or takes away a change that lies under a seal breaks it (`sealing.py`).
    """

    __tablename__ = "seals"
    __table_args__ = (CheckConstraint("changes >= 1", "seals_something"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    last_change_id: Mapped[int] = mapped_column(unique=True)
    changes: Mapped[int]
    digest: Mapped[str]
    sealed_at: Mapped[datetime]


class Reason(Base):
    """Why something was done, in a person's words: for the office, or told to the other side."""

    __tablename__ = "reasons"
    __table_args__ = (CheckConstraint("audience IN ('office', 'told')", "office_or_told"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    audience: Mapped[str]
    text: Mapped[str]
