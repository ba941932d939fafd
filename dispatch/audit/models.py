"""The audit table: append-only, ids and field names, never content."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class AuditEntry(Base):
    """One change (or one look at sensitive data) by one actor."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_account_id: Mapped[int | None]
    actor_role: Mapped[str]
    organisation_id: Mapped[int | None]
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[int]
    fields: Mapped[list[str]]
    reason: Mapped[str | None]
