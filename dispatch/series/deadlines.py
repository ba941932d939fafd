"""By when several dates that are asked about at once are to be answered."""

from collections.abc import Mapping
from datetime import datetime

from dispatch.cities.working_time import is_urgent
from dispatch.offers.deadlines import Deadline, answer_deadline
from dispatch.settings import active


def shared_deadlines(starts: Mapping[int, datetime], now: datetime) -> dict[int, Deadline]:
    """Return by when to answer, by the ids of the starts: the same for all that are not urgent.

    It is the earliest of what their lead times give, so that one answer and one reminder do for
    all; what begins within the next working day has its own.
    """
    city = active().city
    own = {id_: answer_deadline(now=now, starts_at=at, city=city) for id_, at in starts.items()}
    shared = {id_: own[id_] for id_, at in starts.items() if not is_urgent(now, at, city)}
    soonest = min((one.answer_by for one in shared.values()), default=now)
    return own | {id_: Deadline(soonest, one.is_short) for id_, one in shared.items()}
