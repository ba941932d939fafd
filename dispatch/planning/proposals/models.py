"""Stored plans."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of


class Standing(StrEnum):
    """Whether a proposal that was made by itself is still the answer to what fell out."""

    STANDS = "stands"
    OVER = "over"


class Proposal(Base):
    """A plan for one or more days with its proof; nothing is sent until a person adopts it.

    `versions` tells which version of each request it was made from. `problem` and `plan` are the
    solver's own documents and explain every decision later. Where confirmed people may be asked to
    move, `filled_undisturbed` is how many requests the best plan found without that fills.
    `adopted_pairs` are the pairs of request and interpreter id that were made true since
    `adopted_at`; the others can still be. `repair` tells of one made by itself, because somebody
    fell out, whether it still stands.
    """

    __tablename__ = "proposals"
    __table_args__ = (one_of("repair", Standing),)

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
    repair: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Look(Base):
    """How often a day was begun to be looked at again, and which of these looks was kept last."""

    __tablename__ = "looks"

    day: Mapped[date] = mapped_column(primary_key=True)
    begun: Mapped[int]
    kept: Mapped[int]
