"""A person gives a request to somebody, with every rule checked first."""

from datetime import datetime

from dispatch.ledger.rules import Actor
from dispatch.offers import service as offers
from dispatch.planning.advice import standing
from dispatch.planning.snapshot.problem import of_day
from dispatch.requests.models import InterpretationRequest


def require_able_now(
    interpretation_request: InterpretationRequest,
    interpreter_id: int,
    starts_at: datetime | None = None,
    *,
    now: datetime,
) -> None:
    """Refuse (409), naming every rule that stops this interpreter beside the schedule as it is.

    Of a window, `starts_at` is the start somebody chose; without one any that suits will do.
    """
    zone_name = interpretation_request.time_zone
    question = of_day(
        interpretation_request.day, zone_name, now=now, only=interpretation_request.id
    )
    if starts_at is not None:
        question = standing.at_one_start(question, interpretation_request.id, starts_at)
    schedule = standing.as_it_stands(question)
    standing.require_able(schedule, interpretation_request.id, interpreter_id, now=now)


def by_hand(
    actor: Actor,
    request_id: int,
    interpreter_id: int,
    *,
    directly: bool,
    starts_at: datetime | None = None,
    now: datetime,
) -> None:
    """Make an offer, or (`directly`) confirm what was agreed in person and pin it.

    Of a window, `starts_at` is the one start it is for.

    Ask `require_able_now` first, outside the transaction; overlap and travel are checked again
    here. Raises `Conflict` when somebody was quicker.
    """
    wanted = offers.Wanted(starts_at=starts_at)
    if directly:
        offers.assign(actor, request_id, interpreter_id, wanted, now=now)
    else:
        offers.make(actor, request_id, interpreter_id, wanted, now=now)
