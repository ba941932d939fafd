"""Whether a request cannot wait, as a change leaves it."""

from datetime import datetime

from dispatch.amendments.foreseeing import Foreseen
from dispatch.cities.working_time import is_short_notice
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor
from dispatch.requests import service as requests
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active


def note(
    actor: Actor,
    one: InterpretationRequest,
    details: RequestDetails,
    foreseen: Foreseen,
    now: datetime,
) -> None:
    """Keep that it cannot wait, where that is said with a change that leaves little notice.

    With a change that is taken back goes what it said of this.
    """
    short = is_short_notice(now, one.starts_at, active().city)
    before = one.is_urgent
    if foreseen.back_to:
        one.is_urgent = any(was.was_urgent for was in foreseen.back_to)
    one.is_urgent |= details.is_urgent and short
    if one.is_urgent and not before:
        ledger.record(actor, "request.urgent", requests.concerning(one), now=now)
        requests.begin_by_itself(one)
