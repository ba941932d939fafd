"""What somebody did on the board, to be undone and done again; it is kept with the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from flask import session

from dispatch.assignments import service as assignments
from dispatch.cancellations import reversing
from dispatch.cancellations.reversing import Kind, Seat, Step
from dispatch.ledger.rules import Actor

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


Done = Step | Pinning


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
    if isinstance(step, Step):
        return reversing.reverse(actor, step, now=now)
    assignments.pin(actor, step.assignment_id, pinned=not step.pinned, now=now)
    return Pinning(step.assignment_id, not step.pinned)


def _kept(way: Way) -> list[Any]:
    return list(cast(Mapping[str, Any], session.get(KEY, {})).get(way, []))


def _packed(step: Done) -> list[Any]:
    if isinstance(step, Pinning):
        return ["pin", step.assignment_id, step.pinned]
    seats = [None if one is None else list(vars(one).values()) for one in (step.before, step.after)]
    return ["seat", step.request_id, *seats]


def _unpacked(packed: list[Any]) -> Done:
    if packed[0] == "pin":
        return Pinning(packed[1], packed[2])
    before, after = (
        None if one is None else Seat(Kind(one[0]), one[1], one[2]) for one in packed[2:]
    )
    return Step(packed[1], before, after)
