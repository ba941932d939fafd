"""Changing dates of a series: what the change means for each date is foreseen before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.amendments import foreseeing
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import Foreseen, details_of
from dispatch.errors import Refusal
from dispatch.ledger.rules import Actor
from dispatch.requests.details import RequestDetails
from dispatch.series import locking, rules
from dispatch.series.deadlines import shared_deadlines
from dispatch.series.models import SeriesDate
from dispatch.series.rules import Choice
from dispatch.series.service import Outcome, for_each, record

OWN = _l("What you change is otherwise for this date already; it keeps what holds for it.")


@dataclass(frozen=True)
class DateForeseen:
    """What a change would do to one date; `why` says what leaves it as it is (then None)."""

    date: SeriesDate
    wanted: RequestDetails
    foreseen: Foreseen | None
    why: Any = ""


def foresee(
    dates: Sequence[SeriesDate], number: int, details: RequestDetails, *, now: datetime
) -> list[DateForeseen]:
    """Return what it would mean for each date if the one of this number became like `details`.

    Raises what a change of a single request raises where no date at all can be changed, and
    `Refusal` (short-notice) where one would begin too soon and is not said to be urgent.
    """
    [chosen] = [one for one in dates if one.number == number]
    before = details_of(chosen.interpretation_request)
    found, refusals = [], []
    for one in dates:
        current = details_of(one.interpretation_request)
        wanted = rules.changed_for(current, before, details, one.series.rhythm)
        try:
            foreseen = foreseeing.foresee(one.interpretation_request, wanted, now=now)
        except Refusal as refusal:
            if refusal.code == "short-notice":  # a question about all of them, as when asking
                raise
            is_own = refusal.code == "nothing-changed"
            found.append(DateForeseen(one, wanted, None, OWN if is_own else refusal.text))
            refusals.append(refusal)
        else:
            found.append(DateForeseen(one, wanted, foreseen))
    if len(refusals) == len(found):
        raise refusals[0]
    return found


def digest(found: Sequence[DateForeseen]) -> str:
    """Return a text that differs where anything of what is foreseen differs."""
    return rules.digest_of(
        (one.date.interpretation_request_id, one.foreseen.digest if one.foreseen else "")
        for one in found
    )


def amend(
    actor: Actor,
    series_id: int,
    choice: Choice,
    details: RequestDetails,
    *,
    now: datetime,
    seen: str | None = None,
) -> Outcome:
    """Change the named dates as the one it begins from becomes like `details`.

    What cannot be changed stays as it is and is named. Raises `Conflict` where that date is over
    or cancelled, or something changed since the person looked (`seen`).
    """
    dates = locking.lock_named(series_id, choice, now=now)
    found = foresee(dates, choice.number, details, now=now)
    rules.require_seen(digest(found), seen)
    wanted = {one.date.id: one.wanted for one in found if one.foreseen}
    starts = {one.date.id: one.foreseen.demand.starts_at for one in found if one.foreseen}
    deadlines = shared_deadlines(starts, now)
    outcome = for_each(
        [one.date for one in found if one.foreseen],
        lambda one: amendments.amend(
            actor,
            one.interpretation_request_id,
            wanted[one.id],
            answer_by=deadlines[one.id].answer_by,
            now=now,
        ),
    )
    outcome.left += [(one.date, one.why) for one in found if not one.foreseen]
    record(actor, "series.changed", dates[0].series, now=now)
    return outcome
