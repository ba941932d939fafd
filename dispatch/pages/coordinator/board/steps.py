"""What somebody did on the board, to be undone and done again; it is kept with the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from flask import session

from dispatch.amendments import proposing
from dispatch.assignments import service as assignments
from dispatch.cancellations import reversing, undoing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Kind, Seat, Step, Window
from dispatch.ledger.rules import Actor
from dispatch.requests.models import InterpretationRequest

KEY = "board_steps"
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
class Cancelling:
    """A request was cancelled by the office, or takes place after all."""

    request_id: int
    cancelled: bool


Done = Step | Pinning | Asking | Cancelling


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


def last(way: Way) -> Done | None:
    """Return what would be undone, or done again, next; None where there is nothing."""
    kept = _kept(way)
    return _unpacked(kept[-1]) if kept else None


def count(way: Way) -> int:
    """Return how many steps can be gone this way."""
    return len(_kept(way))


def turn(way: Way, reverse: Done | None) -> None:
    """Take the last step away; its reverse can be gone the other way. None: it is lost."""
    others = _kept(OTHER[way])
    if reverse is not None:
        others = [*others, _packed(reverse)][-MOST:]
    session[KEY] = {way: _kept(way)[:-1], OTHER[way]: others}


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
        case Cancelling():
            return _cancel_or_not(actor, step, now)


def _ask_as_before(actor: Actor, step: Asking, now: datetime) -> Asking:
    if step.after is not None:
        proposing.take_back_start(actor, step.request_id, step.after, now=now)
    if step.before is not None:
        proposing.propose_start(actor, step.request_id, step.before, now=now)
    return Asking(step.request_id, step.after, step.before)


def _cancel_or_not(actor: Actor, step: Cancelling, now: datetime) -> Cancelling:
    if step.cancelled:
        undoing.undo(actor, step.request_id, now=now)
    else:
        reasons = undoing.reasons_of_last(step.request_id)
        cancellations.cancel_request(actor, step.request_id, reasons=reasons, now=now)
    return Cancelling(step.request_id, not step.cancelled)


def _kept(way: Way) -> list[Any]:
    return list(cast(Mapping[str, Any], session.get(KEY, {})).get(way, []))


def _packed(step: Done) -> list[Any]:
    match step:
        case Pinning():
            return ["pin", step.assignment_id, step.pinned]
        case Asking():
            return ["ask", step.request_id, _text(step.before), _text(step.after)]
        case Cancelling():
            return ["cancel", step.request_id, step.cancelled]
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
        case "cancel":
            return Cancelling(number, *rest)
    before, after = (one and Seat(Kind(one[0]), one[1], one[2]) for one in rest[:2])
    window = rest[2] and (datetime.fromisoformat(rest[2][0]), datetime.fromisoformat(rest[2][1]))
    return Step(number, before, after, window)


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
