"""Offers: an assignment put to an interpreter."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.assignments.models import Assignment
from dispatch.database import Base
from dispatch.interpreters.models import Interpreter


class Offer(Base):
    """A question to one interpreter with a deadline; the link's token is kept as a hash only."""

    __tablename__ = "offers"
    __table_args__ = (
        Index(
            "uq_offers_one_accepted",
            "assignment_id",
            unique=True,
            sqlite_where=text("state = 'accepted'"),
            postgresql_where=text("state = 'accepted'"),
        ),
        Index(
            "uq_offers_one_question",
            "assignment_id",
            "interpreter_id",
            unique=True,
            sqlite_where=text("state = 'made'"),
            postgresql_where=text("state = 'made'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    made_at: Mapped[datetime]
    answer_by: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    answered_via: Mapped[str | None]
    reminded_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    assignment: Mapped[Assignment] = relationship()
    interpreter: Mapped[Interpreter] = relationship()

    __mapper_args__ = {"version_id_col": version}
