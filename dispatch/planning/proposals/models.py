"""Stored plans."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Proposal(Base):
    """A plan for one or more days with its proof; nothing is sent until a person adopts it.

    `versions` tells which version of each request it was made from. `problem` and `plan` are the
    solver's own documents and explain every decision later. Where confirmed people may be asked to
    move, `filled_undisturbed` is how many requests the best plan found without that fills.
    `adopted_pairs` are the pairs of request and interpreter id that were made true since
    `adopted_at`; the others can still be.
    """

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date]
    made_at: Mapped[datetime]
    account_id: Mapped[int | None]
    versions: Mapped[dict[str, Any]]
    problem: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    filled_undisturbed: Mapped[int | None]
    adopted_at: Mapped[datetime | None]
    adopted_pairs: Mapped[list[list[int]]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
