"""What pages ask about days before anything is planned."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from dispatch.offers import rounds, schedules
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.loading import taken_in
from dispatch.planning.snapshot.translation import movable
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState


@dataclass(frozen=True)
class Open:
    """Requests that need somebody: those a plan looks for people for, and those it leaves aside.

    Several are asked for these at once.
    """

    to_plan: list[InterpretationRequest]
    being_asked: list[InterpretationRequest]


def open_requests(horizon: Horizon, now: datetime) -> Open:
    """Return the requests of these days of which not every seat has somebody."""
    between = horizon.bounds
    held = Counter(work.request_id for work in schedules.work_between(*between) if not work.is_over)
    found = [
        interpretation_request
        for interpretation_request in requests.starting_between(*between, (RequestState.OPEN,))
        if interpretation_request.latest_start_at > now
        and held[interpretation_request.id] < interpretation_request.seats_of_pool
    ]
    in_rounds = rounds.asking_several([one.id for one in found], now)
    return Open(
        [one for one in found if one.id not in in_rounds],
        [one for one in found if one.id in in_rounds],
    )


def movable_in(horizon: Horizon, now: datetime) -> set[tuple[str, str]]:
    """Return whom a plan of these days may be allowed to move: request and interpreter.

    Both by the solver's ids.
    """
    return {
        (str(one.interpretation_request_id), str(one.interpreter_id))
        for one in taken_in(horizon)
        if movable(one, now)
    }
