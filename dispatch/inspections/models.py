"""That somebody opened what is kept of an interpreter: one row a day."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.database import Base, one_of
from dispatch.inspections.rules import How


class Inspection(Base):
    """On a day of the city somebody opened the pages of an interpreter, or took the whole list."""

    __tablename__ = "inspections"
    __table_args__ = (
        one_of("how", How),
        sa.UniqueConstraint("interpreter_id", "account_id", "day", "how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(sa.ForeignKey("interpreters.id"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"))
    day: Mapped[date] = mapped_column(index=True)
    how: Mapped[str]

    account: Mapped[Account] = relationship()
