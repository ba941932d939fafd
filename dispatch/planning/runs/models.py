"""Planning runs and the parts they are cut into."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.planning.runs.rules import Failure, RunState


class PlanningRun(Base):
    """One press of "Plan": the solver at work for some days, and what became of it.

    The database refuses a second run while one for the same day is running. `heard_at` is the last
    sign of life by the real clock; `progress` maps the names of the solver's levels to value,
    bound and gap; `weights` counts the requests by weight. `course` tells how the search went:
    seconds, weight left open, weight no plan can fill, each time one of these changed. A run
    `in_parts` is planned by the workers; as long as it runs, `problem` is the solver's document,
    `versions` as in a proposal.
    """

    __tablename__ = "planning_runs"
    __table_args__ = (one_of("state", RunState), one_of("failure", Failure))

    id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(index=True)
    last_day: Mapped[date]
    begun_at: Mapped[datetime]
    heard_at: Mapped[datetime]
    account_id: Mapped[int | None]
    disturb_at_most: Mapped[int]
    state: Mapped[str]
    failure: Mapped[str | None]
    stop_asked: Mapped[bool] = mapped_column(default=False)
    progress: Mapped[dict[str, Any]]
    weights: Mapped[dict[str, Any]]
    course: Mapped[list[list[float]]] = mapped_column(JSON)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposals.id"))
    in_parts: Mapped[bool] = mapped_column(default=False)
    problem: Mapped[str | None] = mapped_column(Text, deferred=True)
    versions: Mapped[dict[str, Any] | None] = mapped_column(deferred=True)


class PlanningPart(Base):
    """A part of what a run has to solve, kept until the run has ended.

    Parts with the same `question`, a fingerprint, make up one plan. `problem` and `plan` are the
    solver's documents; one that is a `floor_of` the part of that number only bounds what could be
    reached there. `value` and `bound` are those of the first level so far.
    """

    __tablename__ = "planning_parts"
    __table_args__ = (
        UniqueConstraint("run_id", "question", "number"),
        one_of("failure", Failure),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("planning_runs.id"), index=True)
    question: Mapped[str]
    number: Mapped[int]
    exact: Mapped[bool]
    floor_of: Mapped[int | None]
    problem: Mapped[str] = mapped_column(Text, deferred=True)
    value: Mapped[int | None]
    bound: Mapped[int | None]
    is_done: Mapped[bool] = mapped_column(default=False)
    plan: Mapped[str | None] = mapped_column(Text, deferred=True)
    failure: Mapped[str | None]
