"""An interpreter's first page: the next assignment, large, and what waits for an answer."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template

from dispatch.absences import queries as absences
from dispatch.absences.models import AbsenceJob
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import queries as assignments
from dispatch.assignments import rules
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Sight
from dispatch.attendance import queries as attendance
from dispatch.attendance.queries import Today
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.messaging.reached import unreachable_channels
from dispatch.messaging.rules import Channel
from dispatch.offers import queries as offers
from dispatch.offers.rules import OfferState
from dispatch.offers.ways_there import WayThere, ways_there

MOST_QUESTIONS, MOST_TO_COME = 3, 4


@dataclass(frozen=True)
class Next:
    """The next assignment, with what can be said of it now, and whether its place is shown."""

    assignment: Assignment
    today: Today
    full: bool
    to_come: bool
    way: WayThere


def interpreter_start(account: Account, now: datetime) -> str:
    """Show what is next and what waits."""
    interpreter = interpreters.of_account(account.id)
    waiting = offers.waiting_for(account.id, now)
    questions = [one for one in waiting if one.state == OfferState.MADE]
    to_choose = [one for one in waiting if one.state == OfferState.INTERESTED]
    shown, answered = questions[:MOST_QUESTIONS], to_choose[:MOST_QUESTIONS]
    coming = assignments.coming_of(account.id, now, most=MOST_TO_COME).rows
    ways = ways_there([*shown, *answered, *coming[:1]])
    return render_template(
        "pages/interpreter/start.html",
        unreached=_unreached(account, interpreter),
        waiting=waiting,
        questions=questions,
        shown=shown,
        answered=answered,
        ways=ways,
        undecided=_undecided(interpreter, now),
        next=_next(coming[0], ways[coming[0]], now) if coming else None,
        after=coming[1:],
    )


def _next(one: Assignment, way: WayThere, now: datetime) -> Next:
    return Next(
        one,
        attendance.today(one, Role.INTERPRETER, now),
        rules.sight(one.state, one.ends_at, now) == Sight.FULL,
        assignments.is_to_come(one, now),
        way,
    )


def _unreached(account: Account, interpreter: Interpreter | None) -> list[Channel]:
    addresses = [account.email, *([interpreter.phone] if interpreter else [])]
    return sorted(unreachable_channels(addresses))


def _undecided(interpreter: Interpreter | None, now: datetime) -> list[AbsenceJob]:
    found = absences.undecided_of(interpreter.id, now) if interpreter else []
    return [one for one in found if one.by_office]
