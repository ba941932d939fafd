"""The table of what is kept and not sent."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.drafts.rules import Kind


class Draft(Base):
    """A form somebody keeps for themselves, as they typed it; nobody is asked by it.

    `fields` are names and texts. Nobody else reads it, not of their organisation either.
    """

    __tablename__ = "drafts"
    __table_args__ = (one_of("kind", Kind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    expires_at: Mapped[datetime] = mapped_column(index=True)
