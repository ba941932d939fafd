"""The solver's question about days of the city."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import solver
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.loading import load
from dispatch.planning.snapshot.translation import translated
from dispatch.requests.models import InterpretationRequest
from dispatch.travel.times import TravelTimes


@dataclass(frozen=True)
class Question:
    """The solver's question about one or more days, with the rows it was made from.

    Solver ids are the rows' ids as text; times are minutes since the first instant of the first
    local day. `versions` tells for each request which version was planned, `times`
    how long ways take as far as that is known otherwise than by the estimate, `regular` who comes
    as a rule to the series a request is a date of.
    """

    problem: solver.Problem
    horizon: Horizon
    versions: dict[str, int]
    times: TravelTimes = field(default_factory=TravelTimes)
    regular: Mapping[int, set[int]] = field(default_factory=dict)


def of_day(
    day: date,
    zone_name: str,
    *,
    now: datetime,
    only: int | None = None,
    who: Collection[int] | None = None,
    without: Collection[int] = (),
    by_a_person: bool = False,
    late_too: bool = False,
) -> Question:
    """Return the question for one local day, as `of_days`."""
    return of_days(
        Horizon(day, day, zone_name),
        now=now,
        only=only,
        who=who,
        without=without,
        by_a_person=by_a_person,
        late_too=late_too,
    )


def of_days(
    horizon: Horizon,
    *,
    now: datetime,
    only: int | None = None,
    who: Collection[int] | None = None,
    without: Collection[int] = (),
    by_a_person: bool = False,
    late_too: bool = False,
    disturb_at_most: int = 0,
    to_plan: bool = False,
) -> Question:
    """Return the question for some local days: what is open and still to come, what is taken.

    With `only`, that one open request beside what is taken; with `who`, for these interpreters
    alone, with `without` as if those assignments were not, because their interpreters are late for
    them. Whom the office released is only among those who could come where they are looked at
    `by_a_person`; whoever sets out now and comes late, with `late_too`. What is taken stays, but at
    most `disturb_at_most` people who have confirmed, are not pinned and have not begun may be
    moved. `to_plan` leaves as it is what several are asked for at once.
    """
    loaded = load(
        horizon,
        now=now,
        only=only,
        who=who,
        without=without,
        by_a_person=by_a_person,
        to_plan=to_plan,
    )
    return Question(
        problem=translated(
            loaded,
            disturb_at_most=disturb_at_most,
            shared=only is None,
            late_too=late_too,
        ),
        horizon=horizon,
        versions={str(one.id): one.version for one in loaded.interpretation_requests},
        times=loaded.times,
        regular=loaded.regular,
    )


def imagining(
    horizon: Horizon, imagined: Sequence[InterpretationRequest], *, now: datetime
) -> Question:
    """Return the question for what is taken and, beside it, requests nobody has asked for yet.

    Each `imagined` one is not stored and has an id of its own that no row has (below 1).
    """
    loaded = load(horizon, now=now, imagined=imagined)
    return Question(
        problem=translated(loaded, disturb_at_most=0, shared=False),
        horizon=horizon,
        versions={},
        times=loaded.times,
    )
