"""What somebody did on the board, to be undone and done again; it is kept with the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from flask import session

from dispatch.amendments import moving, proposing, restoring
from dispatch.answers import service as answers
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.cancellations import reversing, undoing, withdrawing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Kind, Seat, Step, Window
from dispatch.database import get
from dispatch.ledger.rules import Actor
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest

KEY = "board_steps"
PLAN = "plan"
MOST = 20
"""So many are kept; what was done before them, in the story of the request, is undone by hand."""

HELD_SECONDS = 20
"""Messages that are not urgent wait so long, so that who undoes at once sends nothing."""


class Way(StrEnum):
    """Back, or forward again."""

    UNDO = "undo"
    REDO = "redo"


OTHER = {Way.UNDO: Way.REDO, Way.REDO: Way.UNDO}


@dataclass(frozen=True)
class Pinning:
    """An assignment was pinned, or let go of."""

    assignment_id: int
    pinned: bool


@dataclass(frozen=True)
class Asking:
    """Those who asked were asked whether it may begin at another time, or are so no more (None)."""

    request_id: int
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Moving:
    """Somebody who has not answered yet was asked anew, about another start of the window."""

    request_id: int
    offer_id: int
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Cancelling:
    """A request was cancelled by the office, or takes place after all."""

    request_id: int
    cancelled: bool


@dataclass(frozen=True)
class Refusing:
    """A no was written down that somebody said on the telephone, or was taken back."""

    offer_id: int
    said_no: bool


@dataclass(frozen=True)
class Withdrawing:
    """It was written down that somebody does not come after all, or that they do come again.

    It loses or gives them the seat as `step` says; but the words are theirs, not the office's.
    """

    step: Step

    @property
    def request_id(self) -> int:
        """The request they come to."""
        return self.step.request_id


Done = Step | Pinning | Asking | Moving | Cancelling | Refusing | Withdrawing


def seated(
    interpretation_request: InterpretationRequest,
    window: Window | None,
    before: Seat | None = None,
    after: Seat | None = None,
) -> None:
    """Remember that a seat became somebody's, or nobody's; `window` is what there was before."""
    closed = None if interpretation_request.has_window else window
    did(Step(interpretation_request.id, before, after, closed))


def did(step: Done) -> None:
    """Remember what was done just now; what was undone before cannot be done again any more."""
    session[KEY] = {Way.UNDO: [*_kept(Way.UNDO), _packed(step)][-MOST:], Way.REDO: []}


def planned(proposal_id: int) -> None:
    """Remember that a plan was adopted: it is no step, and is said before what came before it."""
    mark = [PLAN, proposal_id]
    session[KEY] = {Way.UNDO: [*_kept(Way.UNDO), mark][-MOST:], Way.REDO: []}


def last(way: Way) -> Done | None:
    """Return what would be undone, or done again, next; None where there is nothing."""
    kept = _deeds(way)
    return _unpacked(kept[-1]) if kept else None


def plan_since(way: Way) -> int | None:
    """Return which proposal was adopted after the last step; None where there was none."""
    kept = _kept(way)
    return kept[-1][1] if kept and kept[-1][0] == PLAN else None


def count(way: Way) -> int:
    """Return how many steps can be gone this way."""
    return len(_deeds(way))


def turn(way: Way, reverse: Done | None) -> None:
    """Take the last step away; its reverse can be gone the other way. None: it is lost.

    A plan adopted after it was said by then.
    """
    kept = _kept(way)
    while kept and kept[-1][0] == PLAN:
        kept.pop()
    others = _kept(OTHER[way])
    if reverse is not None:
        others = [*others, _packed(reverse)][-MOST:]
    session[KEY] = {way: kept[:-1], OTHER[way]: others}


def reverse(actor: Actor, step: Done, *, now: datetime) -> Done:
    """Reverse a step, and return what reverses that; raises `Conflict` as the verbs do."""
    match step:
        case Step():
            return reversing.reverse(actor, step, now=now)
        case Pinning():
            assignments.pin(actor, step.assignment_id, pinned=not step.pinned, now=now)
            return Pinning(step.assignment_id, not step.pinned)
        case Asking():
            return _ask_as_before(actor, step, now)
        case Moving():
            asked = moving.move_start(actor, step.offer_id, step.before, now=now)
            return Moving(step.request_id, asked.id, step.after, step.before)
        case Cancelling():
            return _cancel_or_not(actor, step, now)
        case Refusing():
            return _say_no_or_not(actor, step, now)
        case Withdrawing():
            return _withdraw_or_not(actor, step, now)


def _ask_as_before(actor: Actor, step: Asking, now: datetime) -> Asking:
    if step.after is not None:
        proposing.take_back_start(actor, step.request_id, step.after, now=now)
    if step.before is not None:
        proposing.propose_start(actor, step.request_id, step.before, now=now)
    return Asking(step.request_id, step.after, step.before)


def _cancel_or_not(actor: Actor, step: Cancelling, now: datetime) -> Cancelling:
    if step.cancelled:
        restoring.undo(actor, step.request_id, now=now)
    else:
        reasons = undoing.reasons_of_last(step.request_id)
        cancellations.cancel_request(actor, step.request_id, reasons=reasons, now=now)
    return Cancelling(step.request_id, not step.cancelled)


def _say_no_or_not(actor: Actor, step: Refusing, now: datetime) -> Refusing:
    if step.said_no:
        return Refusing(offers.unsay(actor, step.offer_id, now=now).id, said_no=False)
    answers.by_telephone(actor, get(Offer, step.offer_id), answers.Answer.NO, now=now)
    return Refusing(step.offer_id, said_no=True)


def _withdraw_or_not(actor: Actor, step: Withdrawing, now: datetime) -> Withdrawing:
    seat = step.step.after
    if seat is None:
        return Withdrawing(reversing.reverse(actor, step.step, now=now))
    reasons = withdrawing.reasons_of_last(get(Assignment, seat.id))
    withdrawing.cannot_come(actor, seat.id, reasons=reasons, now=now)
    return Withdrawing(Step(step.request_id, before=seat))


def _kept(way: Way) -> list[Any]:
    return list(cast(Mapping[str, Any], session.get(KEY, {})).get(way, []))


def _deeds(way: Way) -> list[Any]:
    return [one for one in _kept(way) if one[0] != PLAN]


def _packed(step: Done) -> list[Any]:
    match step:
        case Pinning():
            return ["pin", step.assignment_id, step.pinned]
        case Asking():
            return ["ask", step.request_id, _text(step.before), _text(step.after)]
        case Moving():
            starts = step.before.isoformat(), step.after.isoformat()
            return ["start", step.request_id, step.offer_id, *starts]
        case Cancelling():
            return ["cancel", step.request_id, step.cancelled]
        case Refusing():
            return ["no", step.offer_id, step.said_no]
        case Withdrawing():
            return ["off", *_packed(step.step)[1:]]
        case Step():
            seats = [one and list(vars(one).values()) for one in (step.before, step.after)]
            window = step.window and [_text(at) for at in step.window]
            return ["seat", step.request_id, *seats, window]


def _unpacked(packed: list[Any]) -> Done:
    kind, number, *rest = packed
    match kind:
        case "pin":
            return Pinning(number, *rest)
        case "ask":
            return Asking(number, *map(_instant, rest))
        case "start":
            return Moving(number, rest[0], *map(datetime.fromisoformat, rest[1:]))
        case "cancel":
            return Cancelling(number, *rest)
        case "no":
            return Refusing(number, *rest)
        case "off":
            return Withdrawing(_seating(number, rest))
    return _seating(number, rest)


def _seating(request_id: int, rest: list[Any]) -> Step:
    before, after = (one and Seat(Kind(one[0]), one[1], one[2]) for one in rest[:2])
    window = rest[2] and (datetime.fromisoformat(rest[2][0]), datetime.fromisoformat(rest[2][1]))
    return Step(request_id, before, after, window)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
