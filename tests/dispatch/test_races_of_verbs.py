"""Two people decide on one request or one interpreter at the same moment, in every combination.

On PostgreSQL, where nothing but the locks keeps two transactions apart. Afterwards the rules of the
field hold, and nobody was told something that is not so. `make test` plays each verb with itself
and with a third of the others, `make test-all` all pairs `ROUNDS` times; `RACES`, by `make races`,
of those of the ten verbs in `OFTEN`, in a world with nothing else in it, and of those in which one
interpreter stands between two requests.
"""

import os
import random
import re
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.absences import service as absences
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.amendments import restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.announced import about_coming
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, AssignmentState, Via
from dispatch.attendance import service as attendance
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging import subjects
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import agency, leaving, queries
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Strategy
from dispatch.planning.advice import assigning
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.proposals import service as proposals
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, RequestState
from tests import factories
from tests.correspondence import AGENCY
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.exhaustive,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
ROUNDS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "0"))
RACES = int(os.environ.get("DRAGOMAN_TEST_RACES", "0"))
ASKING = {"offer", "offer_changed", "offer_broadcast"}
ANNOUNCING = {"interpreter_found", "request_back"}
WHY = Reasons(office="moved", told="moved")
BEYOND_THE_CAP = (51.5350, 7.6890)


@dataclass(frozen=True)
class World:
    """A team of three: Ada is asked by a cascade, Ben is confirmed, a seat is free.

    There may be a rival of that hour, and a third request for which Ada and Cem are asked at once,
    and Eva once the office has approved her way.
    """

    request_id: int
    rival_id: int
    raced_id: int
    offer_id: int
    round_id: int
    assignment_id: int
    ada: int
    cem: int
    way_id: int
    proposal_id: int | None
    starts_at: datetime


def decline_and_go_on(w: World) -> None:
    """Do both in one transaction, to have the lock of the request for longer."""
    offers.decline(SYSTEM, w.offer_id, via=Via.LINK, now=NOW)
    rounds.carry_on(w.round_id, now=NOW)


def accept_first(request_id: int, interpreter_id: int) -> None:
    offer_id = db.session.scalars(
        sa.select(Offer.id).where(
            Offer.interpretation_request_id == request_id, Offer.interpreter_id == interpreter_id
        )
    ).one()
    offers.accept(SYSTEM, offer_id, via=Via.LINK, now=NOW)


Verb = Callable[[World], object]
VERBS: dict[str, Verb] = {
    "make": lambda w: offers.make(SYSTEM, w.request_id, w.cem, now=NOW),
    "make for the rival": lambda w: offers.make(SYSTEM, w.rival_id, w.cem, now=NOW),
    "accept": lambda w: offers.accept(SYSTEM, w.offer_id, via=Via.LINK, now=NOW),
    "decline": lambda w: offers.decline(SYSTEM, w.offer_id, via=Via.LINK, now=NOW),
    "withdraw": lambda w: offers.withdraw(SYSTEM, w.offer_id, now=NOW),
    "expire": lambda w: offers.expire(w.offer_id, now=NOW + timedelta(hours=20)),
    "assign": lambda w: offers.assign(SYSTEM, w.request_id, w.cem, now=NOW),
    "assign to the rival": lambda w: offers.assign(SYSTEM, w.rival_id, w.ada, now=NOW),
    "release": lambda w: cancellations.release(SYSTEM, w.assignment_id, reasons=WHY, now=NOW),
    "cannot come": lambda w: withdrawing.cannot_come(SYSTEM, w.assignment_id, reasons=WHY, now=NOW),
    "be away": lambda w: away(w),
    "cancel": lambda w: cancellations.cancel_request(SYSTEM, w.request_id, reasons=WHY, now=NOW),
    "cancel by who asked": lambda w: cancellations.cancel_request(
        Actor(None, "caseworker"), w.request_id, reasons=WHY, now=NOW
    ),
    "undo": lambda w: restoring.undo(SYSTEM, w.request_id, now=NOW),
    "change": lambda w: an_hour_later(w.request_id),
    "begin a cascade": lambda w: rounds.cascade(SYSTEM, w.request_id, now=NOW),
    "decline and go on": decline_and_go_on,
    "stop": lambda w: offers.stop(SYSTEM, w.round_id, now=NOW),
    "arrive": lambda w: attendance.say(
        SYSTEM, w.assignment_id, AssignmentState.ARRIVED, now=w.starts_at
    ),
    "run and take longer": lambda w: take_longer(w),
    "be away and settle it all": lambda w: settle_all(w),
    "Ada is first": lambda w: accept_first(w.raced_id, w.ada),
    "Cem is first": lambda w: accept_first(w.raced_id, w.cem),
    "an agency covers": lambda w: agency.cover(SYSTEM, w.request_id, AGENCY, cents=None, now=NOW),
    "approve a long way": lambda w: offers.approve(SYSTEM, w.way_id, now=NOW),
    "refuse a long way": lambda w: offers.refuse(SYSTEM, w.way_id, reasons=WHY, now=NOW),
    "move on the board": lambda w: moved(w),
    "leave": lambda w: leaving.leave(SYSTEM, w.cem, now=NOW),
    "pin": lambda w: assignments.pin(SYSTEM, w.assignment_id, pinned=True, now=NOW),
    "adopt": lambda w: proposals.adopt(
        SYSTEM, w.proposal_id or 0, None, zone_name="Europe/Berlin", now=NOW
    ),
}


def away(world: World) -> None:
    """Ada, who is asked, is away from now on."""
    span = (NOW, NOW + timedelta(days=365))
    absences.save(SYSTEM, world.ada, span, {}, now=NOW)


def take_longer(world: World) -> None:
    """Ben is there, begins, and sees at once that it takes longer."""
    for state in (AssignmentState.ARRIVED, AssignmentState.RUNNING):
        attendance.say(SYSTEM, world.assignment_id, state, now=world.starts_at)
    attendance.longer(SYSTEM, world.assignment_id, 45, now=world.starts_at)


def settle_all(world: World) -> None:
    """Ben, who comes, leaves open what becomes of it, and the office has somebody else come."""
    ben = db.session.get_one(Assignment, world.assignment_id).interpreter_id
    span = (NOW, NOW + timedelta(days=365))
    left_open = {world.assignment_id: Resolution.ASK}
    absence = absences.save(Actor(None, "interpreter"), ben, span, left_open, now=NOW)
    jobs = sa.select(AbsenceJob.id).where(AbsenceJob.absence_id == absence.id)
    decided = dict.fromkeys(db.session.scalars(jobs), Resolution.REPLACE)
    absences.settle_all(SYSTEM, decided, now=NOW)


def moved(world: World) -> None:
    """Cem is given the seat of Ben, who comes."""
    ben = db.session.get_one(Assignment, world.assignment_id)
    assigning.move(SYSTEM, world.cem, Instead(ben, WHY), directly=True, now=NOW)


CHANCE = random.Random(8)
PAIRS = [
    (first, second)
    for first, second in combinations_with_replacement(VERBS, 2)
    if ROUNDS or first == second or CHANCE.random() < 0.3  # always the same ones
]
OFTEN = (
    "make", "accept", "decline", "withdraw", "expire", "assign", "release", "cancel", "change",
    "adopt",
)  # fmt: skip
OFTEN_PAIRS = list(combinations_with_replacement(OFTEN, 2))
ELSEWHERE = ("make for the rival", "assign to the rival", "Ada is first", "Cem is first")
"""What takes an interpreter for another request than the one the other verbs decide on."""
BETWEEN = (*OFTEN, "be away", "move on the board", "decline and go on")
BETWEEN_PAIRS = [
    *((here, there) for here in BETWEEN for there in ELSEWHERE),
    *combinations_with_replacement(ELSEWHERE, 2),
]


def an_hour_later(request_id: int) -> object:
    asked = details_of(db.session.get_one(InterpretationRequest, request_id))
    later = replace(asked, wall_start=asked.wall_start + timedelta(hours=1))
    return amendments.amend(SYSTEM, request_id, later, now=NOW)


def set_up(number: int, *, with_proposal: bool, alone: bool) -> World:
    """Make a world on a day of its own; where it is `alone`, without rival and third request."""
    start = factories.TOMORROW_TEN + timedelta(days=number)
    with transaction():
        ada, ben, cem = (factories.interpreter(name=name) for name in ("Ada", "Ben", "Cem"))
        asked = factories.asked(start=start, interpreters=3)
        eva = factories.interpreter(name="Eva", home=BEYOND_THE_CAP)
        others = [] if alone else [factories.asked(start=start) for _ in range(2)]
        offer = offers.make(SYSTEM, asked.id, ada.id, strategy=Strategy.CASCADE, now=NOW)
        assignment = factories.coming(asked, ben)
        for raced in others[1:]:
            offers.make_to_all(SYSTEM, raced.id, [ada.id, cem.id, eva.id], now=NOW)
        [way] = [one.id for one in queries.to_approve(NOW) if one.interpreter is eva] or [0]
    proposal_id = None
    if with_proposal:
        day = start.date()
        made = proposals.compute(Horizon(day, day, "Europe/Berlin"), now=NOW)
        with transaction():
            proposal_id = proposals.store(SYSTEM, made, now=NOW).id
    rival_id, raced_id = [other.id for other in others] or [0, 0]
    return World(
        asked.id,
        rival_id,
        raced_id,
        offer.id,
        offer.round_id,
        assignment.id,
        ada.id,
        cem.id,
        way,
        proposal_id,
        asked.starts_at,
    )


def at_once(app: Flask, world: World, first: str, second: str) -> list[str]:
    """Let both happen and return what each was refused with ("" for nothing)."""
    together = Barrier(2)

    def act(name: str) -> str:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    VERBS[name](world)
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(act, (first, second)))


@pytest.mark.parametrize("first", VERBS)
def test_whatever_two_do_at_once_the_rules_hold_and_nobody_is_told_what_is_not_so(
    app: Flask, first: str
) -> None:
    pairs = [pair for pair in PAIRS if pair[0] == first for _ in range(ROUNDS or 1)]
    for number, pair in enumerate(pairs):
        play(app, pair, number % 300, alone=False)


@pytest.mark.skipif(not RACES, reason="make races plays them")
@pytest.mark.parametrize("pair", OFTEN_PAIRS, ids=" and ".join)
def test_however_often_two_meet_at_one_request_the_rules_hold(
    app: Flask, pair: tuple[str, str]
) -> None:
    for number in range(RACES):
        play(app, pair, number % 300, alone=True)


@pytest.mark.skipif(not RACES, reason="make races plays them")
@pytest.mark.parametrize("pair", BETWEEN_PAIRS, ids=" and ".join)
def test_however_often_one_interpreter_is_wanted_by_two_requests_the_rules_hold(
    app: Flask, pair: tuple[str, str]
) -> None:
    for number in range(RACES):
        play(app, pair, number % 300, alone=False)


def play(app: Flask, pair: tuple[str, str], number: int, *, alone: bool) -> None:
    """Let two verbs meet in a world of their own, and see whether the rules hold."""
    with app.app_context():
        world = set_up(number, with_proposal="adopt" in pair, alone=alone)
    refused = at_once(app, world, *pair)
    assert "at-the-same-moment" not in refused, f"{pair} waited in a ring"
    with app.app_context():
        for request_id in filter(None, (world.request_id, world.rival_id, world.raced_id)):
            broken = what_is_broken(request_id)
            assert not broken, f"{pair} {refused}: {broken}"
        clear_away()


def clear_away() -> None:
    """Leave nobody behind whom the next round's plan could send."""
    with transaction():
        db.session.execute(sa.text("UPDATE interpreters SET active = false WHERE active"))


def what_is_broken(request_id: int) -> list[str]:
    """Return which of the field's rules do not hold for a request and its people."""
    asked = db.session.get_one(InterpretationRequest, request_id)
    coming = by_state(Assignment, request_id, AGREED)
    to_agree = by_state(Assignment, request_id, {AssignmentState.TO_RECONFIRM})
    questions = by_state(Offer, request_id, {OfferState.MADE})
    seats = db.session.scalars(
        sa.select(Hold.seat).where(Hold.interpretation_request_id == request_id)
    ).all()
    waiting = by_state(Offer, request_id, {OfferState.TO_APPROVE})
    held_by = [*questions.values(), *waiting.values()]
    exclusive = [id_ for id_ in held_by if db.session.get_one(Offer, id_).exclusive]
    full = len(coming) == asked.seats_of_pool
    rules = {
        "somebody comes to what is over": not coming or asked.state in ALIVE,
        "somebody is asked for what needs nobody": not (questions or to_agree)
        or asked.state == RequestState.OPEN,
        "filled means that all come": (asked.state == RequestState.FILLED) == full,
        "time is taken by just these": len(seats) == len(coming) + len(to_agree) + len(exclusive),
        "no more seats than asked for": set(seats) <= set(range(1, asked.interpreter_count + 1)),
    }
    broken = [rule for rule, holds in rules.items() if not holds]
    return [
        *broken,
        *untrue_words(request_id, coming, to_agree, questions),
        *untrue_words_to_who_asked(asked, set(coming)),
    ]


def untrue_words(
    request_id: int,
    coming: dict[int, int],
    to_agree: dict[int, int],
    questions: dict[int, int],
) -> list[str]:
    """Return the last words to each person that do not describe what is so."""
    things = {
        f"{kind}:{id_}": who
        for kind, model in (("offer", Offer), ("assignment", Assignment))
        for id_, who in db.session.execute(
            sa.select(model.id, model.interpreter_id).where(
                model.interpretation_request_id == request_id
            )
        )
    }
    last: dict[int, str] = {}
    for about, name in db.session.execute(
        sa.select(Message.about, Message.name)
        .where(Message.about.in_(things), Message.state != MessageState.SETTLED)
        .order_by(Message.id)
    ):
        last[things[about]] = name
    return [
        f"{who} heard last {last.get(who)}"
        for who in set(things.values())
        if not says_what_is_so(last.get(who), who in coming, who in to_agree, who in questions)
    ]


def untrue_words_to_who_asked(asked: InterpretationRequest, coming: set[int]) -> list[str]:
    """Return what stands as said to those who asked and is not so, and who comes without a word."""
    people = sa.select(Interpreter).where(Interpreter.active)
    names = {one.id: one.first_name for one in db.session.scalars(people)}
    come = {names[who] for who in coming}
    untrue: list[str] = []
    said_to_come: set[str] = set()
    for name, body in db.session.execute(
        sa.select(Message.name, Message.body)
        .where(subjects.concerns(abouts_of(asked.id)), Message.state != MessageState.SETTLED)
        .order_by(Message.id)
    ):
        named = {one for one in names.values() if re.search(rf"\b{one}\b", body)}
        if name in ANNOUNCING:
            said_to_come |= named
        elif name in {"interpreter_lost", "interpreter_withdrawn"}:
            said_to_come -= named
        elif not is_so(name, asked):
            untrue.append(f"who asked hears {name}, and the request is {asked.state}")
    return (
        untrue
        + [f"who asked hears last that {one} comes" for one in said_to_come - come]
        + [f"who asked does not hear that {one} comes" for one in come - said_to_come]
    )


def abouts_of(request_id: int) -> list[str]:
    """Return all that messages to those who asked can be about."""
    ids = sa.select(Assignment.id).where(Assignment.interpretation_request_id == request_id)
    return [f"request:{request_id}", *map(about_coming, db.session.scalars(ids))]


def is_so(name: str, asked: InterpretationRequest) -> bool:
    """Tell whether a message to those who asked about all of it says what is so now."""
    if name in {"nobody_yet", "still_open", "question"}:
        return asked.state == RequestState.OPEN
    if name in {"by_agency", "agency_off"}:
        return (name == "by_agency") == (asked.agency is not None)
    if name in {"request_cancelled", "request_cancelled_inside", "request_refused"}:
        return asked.state == RequestState.CANCELLED
    return name in {"request_received", "request_changed"}


def says_what_is_so(name: str | None, comes: bool, must_agree: bool, is_asked: bool) -> bool:
    if comes:
        return name in {"assignment_confirmed", "assignment_back"}
    if must_agree:
        return name == "assignment_asked_again"
    if is_asked:
        return name in ASKING
    return name not in ASKING | {
        "assignment_confirmed",
        "assignment_asked_again",
        "assignment_back",
    }


def by_state(
    model: type[Assignment] | type[Offer], request_id: int, states: Collection[str]
) -> dict[int, int]:
    """Return the people with such a row, and its id."""
    rows = db.session.execute(
        sa.select(model.interpreter_id, model.id).where(
            model.interpretation_request_id == request_id, model.state.in_(states)
        )
    )
    return {row.interpreter_id: row.id for row in rows}
