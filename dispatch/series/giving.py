"""Giving dates of a series to one person, also instead of somebody else; who comes as a rule."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.assignments import messages as assignment_messages
from dispatch.assignments.models import Assignment
from dispatch.cancellations import rules as cancellation_rules
from dispatch.cancellations import service as cancellations
from dispatch.contacts.hearing import Event
from dispatch.database import get
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import NO_REASONS, Actor, Reasons
from dispatch.offers import messages as offer_messages
from dispatch.offers import service as offers
from dispatch.offers.deadlines import Deadline
from dispatch.series import locking, queries, rules
from dispatch.series.ability import How, read_beside, require_able, require_seat
from dispatch.series.deadlines import shared_deadlines
from dispatch.series.models import SeriesDate
from dispatch.series.queries import DateStanding
from dispatch.series.rules import Choice, Scope
from dispatch.series.service import Outcome, for_each, record


@dataclass(frozen=True)
class Gift:
    """To whom dates are given and how, and instead of whom (None: where a seat is free)."""

    interpreter_id: int
    how: How
    instead_of: int | None = None
    reasons: Reasons = NO_REASONS


@dataclass(frozen=True)
class DateGiven:
    """A date and what stops the person from it; nothing where she can come."""

    date: SeriesDate
    why: Any = ""


def foresee(dates: Sequence[SeriesDate], gift: Gift, *, now: datetime) -> list[DateGiven]:
    """Return for each date whether the person can come, or why not; changes nothing.

    With `instead_of` only the dates that person is asked for or comes to.
    """
    found = queries.standing(dates)
    interpreter = get(Interpreter, gift.interpreter_id)
    beside = read_beside(found, [interpreter.id], now)
    lines = []
    for one in _concerned(found, gift.instead_of):
        try:
            require_seat(one, interpreter.id, gift.instead_of)
            require_able(interpreter, one, gift.how, beside, now=now)
        except Refusal as refusal:
            lines.append(DateGiven(one.date, refusal.text))
        else:
            lines.append(DateGiven(one.date))
    return lines


def digest(found: Sequence[DateGiven]) -> str:
    """Return a text that differs where it is different which dates the person can come to."""
    return rules.digest_of((one.date.interpretation_request_id, bool(one.why)) for one in found)


def give(
    actor: Actor,
    series_id: int,
    choice: Choice,
    gift: Gift,
    *,
    now: datetime,
    seen: str | None = None,
) -> Outcome:
    """Assign or offer the named dates to one person; dates she cannot come to stay as they are.

    Whoever came before is released from the dates she takes over (`instead_of`), with the reasons.
    Given several dates she is from now on who comes as a rule; one date alone changes nothing of
    that. Raises `Conflict` where she can come to none of them, or something changed since the
    person looked (`seen`), and `Refusal` for a release without a reason.
    """
    if gift.instead_of is not None:
        cancellation_rules.require_reason(gift.reasons, by_office=True)
    dates = locking.lock_named(series_id, choice, now=now, with_people=[gift.interpreter_id])
    found = foresee(dates, gift, now=now)
    rules.require_seen(digest(found), seen)
    able = [one.date for one in found if not one.why]
    standing = {one.date.id: one for one in queries.standing(dates)}
    deadlines = shared_deadlines({one.id: one.starts_at for one in able}, now)

    released: list[Assignment] = []

    def take(date: SeriesDate) -> None:
        gone = _make_room(actor, standing[date.id], gift, now)
        _give_one(actor, date, gift, deadlines[date.id], now)
        released.extend(gone)

    require_one_possible(found)
    outcome = for_each(able, take)
    if gift.how == How.OFFER:  # of an assignment they hear who comes instead
        for assignment in released:  # not before all are: who was never announced is not gone
            assignment_messages.tell_who_asked(
                Event.RELEASED, assignment, now=now, reason=gift.reasons.told
            )
    outcome.left += [(one.date, one.why) for one in found if one.why]
    if choice.scope != Scope.ONE:
        for date in dates:
            date.regular_interpreter_id = gift.interpreter_id
    kind = "series.given" if gift.instead_of is None else "series.swapped"
    record(actor, kind, dates[0].series, now=now)
    return outcome


def _concerned(found: Sequence[DateStanding], instead_of: int | None) -> Iterator[DateStanding]:
    for one in found:
        if instead_of is None or instead_of in one.people:
            yield one


def _give_one(
    actor: Actor, date: SeriesDate, gift: Gift, deadline: Deadline, now: datetime
) -> None:
    request_id = date.interpretation_request_id
    if gift.how == How.ASSIGN:
        offers.assign(actor, request_id, gift.interpreter_id, now=now)
    else:
        offers.make(actor, request_id, gift.interpreter_id, deadline=deadline, now=now)


def _make_room(actor: Actor, date: DateStanding, gift: Gift, now: datetime) -> list[Assignment]:
    """Release whoever comes, or take the question back; return who is released."""
    released = [one for one in date.coming if one.interpreter_id == gift.instead_of]
    for assignment in released:
        cancellations.open_again(
            actor, assignment, Event.RELEASED, reasons=gift.reasons, owes=True, now=now
        )
    for offer in date.asked:
        if offer.interpreter_id == gift.instead_of:
            offers.take_back(actor, offer, offer_messages.withdrawn, now=now)
    return released


def require_one_possible(found: Sequence[DateGiven]) -> None:
    """Refuse where the person can come to none of the dates, with what stops her first."""
    if not found:
        raise Conflict("nobody-to-replace", _l("Nobody is to be replaced on these dates."))
    if all(one.why for one in found):
        raise Conflict("not-possible", found[0].why)
