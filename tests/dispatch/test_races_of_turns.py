"""Two people at the same moment, where a request has taken one of the less frequent turns.

Each scene is a request in such a state, with the verbs that can meet there: in review, shared by
two, served by an agency, moved beyond the cap, changed and not agreed to, cancelled, asked about
without a promise, on its day, while it runs, beside an absence. All pairs of a scene are played,
`ROUNDS` times, on PostgreSQL, where nothing but the locks keeps two transactions apart.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import combinations_with_replacement
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.absences import service as absences
from dispatch.absences.models import AbsenceJob
from dispatch.absences.rules import Resolution
from dispatch.amendments import proposing, restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import day_before
from dispatch.attendance import service as attendance
from dispatch.availability.models import Absence
from dispatch.cancellations import reversing, withdrawing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Seat, Step
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.offers import agency
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.offers.seats import Wanted
from dispatch.planning.advice import assigning, rescue
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.rounds import service as rounds
from dispatch.requests import reviewing
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import Sharing
from tests import factories
from tests.correspondence import AGENCY
from tests.dispatch.last_words import nobody_is_in_two_places, what_is_broken
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
ROUNDS = int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "1"))
WHY = Reasons(office="moved", told="moved")
WHO_ASKED = Actor(None, "caseworker")
BEYOND_THE_CAP = (51.5350, 7.6890)
PIVOT = "en"


@dataclass
class World:
    """A request, the people who can come, and what is so of them by name."""

    request_id: int
    starts_at: datetime
    people: dict[str, int]
    offers: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    more: dict[str, int] = field(default_factory=dict)

    @property
    def asked(self) -> InterpretationRequest:
        return db.session.get_one(InterpretationRequest, self.request_id)


Verb = Callable[[World], object]
Steps = Iterator[World]
Scene = Callable[[datetime], Steps]
"""Sets a world up, each step in a transaction of its own, as it happens."""


def people(start: datetime, **asked: object) -> World:
    """Ada, Ben and Cem, who know the pivot too, and an open request for a team of two."""
    languages = ("ro", f"ro>{PIVOT}", PIVOT)
    found = {name: factories.interpreter(*languages, name=name) for name in ("Ada", "Ben", "Cem")}
    one = factories.asked(start=start, **{"interpreters": 2, **asked})  # type: ignore[arg-type]
    return World(one.id, one.starts_at, {name: who.id for name, who in found.items()})


def ask(w: World, name: str, wanted: Wanted | None = None) -> None:
    args = [] if wanted is None else [wanted]
    w.offers[name] = offers.make(SYSTEM, w.request_id, w.people[name], *args, now=NOW).id


def come(w: World, name: str, wanted: Wanted | None = None) -> None:
    ask(w, name, wanted)
    w.jobs[name] = offers.accept(SYSTEM, w.offers[name], via=Via.LINK, now=NOW).id


def change(w: World, **what: object) -> object:
    return amendments.amend(SYSTEM, w.request_id, replace(details_of(w.asked), **what), now=NOW)  # type: ignore[arg-type]


def later(w: World) -> object:
    return change(w, wall_start=details_of(w.asked).wall_start + timedelta(hours=1))


def to_terms(w: World, *, yes: bool) -> object:
    question = db.session.get_one(Assignment, w.jobs["Ada"]).confirmations[-1].id
    verb = amendments.accept if yes else amendments.decline
    return verb(SYSTEM, question, via=Via.LINK, now=NOW)


def expire_terms(w: World) -> None:
    question = db.session.get_one(Assignment, w.jobs["Ada"]).confirmations[-1].id
    amendments.expire(question, now=NOW + timedelta(hours=20))


def undecided(assignment_id: int) -> int:
    return db.session.scalars(
        sa.select(AbsenceJob.id).where(AbsenceJob.assignment_id == assignment_id)
    ).one()


def away(w: World, name: str, becomes: Resolution = Resolution.REPLACE) -> Absence:
    jobs = {w.jobs[name]: becomes} if name in w.jobs else {}
    span = (NOW, NOW + timedelta(days=360))
    return absences.save(SYSTEM, w.people[name], span, jobs, now=NOW)


def to_approve(w: World) -> int:
    [offer] = [one for one in offer_queries.open_for(w.request_id) if one.state == "to_approve"]
    return offer.id


def say(w: World, state: AssignmentState) -> object:
    return attendance.say(SYSTEM, w.jobs["Ada"], state, now=w.starts_at)


def answer(name: str, *, yes: bool) -> Verb:
    verb = offers.accept if yes else offers.decline
    return lambda w: verb(SYSTEM, w.offers[name], via=Via.LINK, now=NOW)


def cancelled(w: World) -> None:
    cancellations.cancel_request(SYSTEM, w.request_id, reasons=WHY, now=NOW)


ALWAYS: dict[str, Verb] = {
    "cancel": cancelled,
    "cancel by who asked": lambda w: cancellations.cancel_request(
        WHO_ASKED, w.request_id, reasons=WHY, now=NOW
    ),
    "later": later,
    "ask Cem": lambda w: offers.make(SYSTEM, w.request_id, w.people["Cem"], now=NOW),
    "assign Cem": lambda w: offers.assign(SYSTEM, w.request_id, w.people["Cem"], now=NOW),
}
BEN_COMES: dict[str, Verb] = {
    "Ben cannot come": lambda w: withdrawing.cannot_come(
        SYSTEM, w.jobs["Ben"], reasons=WHY, now=NOW
    ),
    "release Ben": lambda w: cancellations.release(SYSTEM, w.jobs["Ben"], reasons=WHY, now=NOW),
    "Ben is away": lambda w: away(w, "Ben"),
}
ADA_IS_ASKED: dict[str, Verb] = {
    "Ada says yes": answer("Ada", yes=True),
    "Ada says no": answer("Ada", yes=False),
    "take it back": lambda w: offers.withdraw(SYSTEM, w.offers["Ada"], now=NOW),
    "it runs out": lambda w: offers.expire(w.offers["Ada"], now=NOW + timedelta(hours=20)),
}
ADA_COMES: dict[str, Verb] = {
    "Ada cannot come": lambda w: withdrawing.cannot_come(
        SYSTEM, w.jobs["Ada"], reasons=WHY, now=NOW
    ),
    "Ada withdraws": lambda w: withdrawing.withdraw(SYSTEM, w.jobs["Ada"], reasons=WHY, now=NOW),
    "release Ada": lambda w: cancellations.release(SYSTEM, w.jobs["Ada"], reasons=WHY, now=NOW),
    "move to Cem": lambda w: assigning.move(
        SYSTEM,
        w.people["Cem"],
        Instead(db.session.get_one(Assignment, w.jobs["Ada"]), WHY),
        directly=True,
        now=NOW,
    ),
}


def in_review(start: datetime) -> Steps:
    w = people(start)
    w.asked.needs_review = True
    yield w


def shared(pivot: str | None) -> Scene:
    def by_two(start: datetime) -> Steps:
        w = people(start, interpreters=1, minutes=120, relay_allowed=True, handover_allowed=True)
        yield w
        ask(w, "Ada", Wanted(seat=1, sharing=Sharing(pivot)))
        yield w
        come(w, "Ben", Wanted(seat=2, sharing=Sharing(pivot)))
        yield w

    return by_two


def by_agency(start: datetime) -> Steps:
    w = people(start)
    yield w
    come(w, "Ben")
    yield w
    agency.cover(SYSTEM, w.request_id, AGENCY, cents=None, now=NOW)
    yield w


def moved_far(start: datetime) -> Steps:
    w = people(start, interpreters=1)
    yield w
    come(w, "Ada")
    yield w
    change(w, site_id=factories.site("Far", point=BEYOND_THE_CAP).id)
    w.offers["Ada"] = to_approve(w)
    w.more["near"] = factories.site("Near").id
    yield w


def both_come(start: datetime) -> Steps:
    w = people(start)
    yield w
    come(w, "Ada")
    yield w
    come(w, "Ben")
    yield w


def to_reconfirm(start: datetime) -> Steps:
    for w in both_come(start):
        yield w
    later(w)
    yield w


def called_off(start: datetime) -> Steps:
    for w in both_come(start):
        yield w
    w.more["rival"] = factories.asked(start=start).id
    yield w
    cancelled(w)
    yield w


def without_a_promise(start: datetime) -> Steps:
    w = people(start, interpreters=1)
    yield w
    ids = [w.people["Ada"], w.people["Ben"]]
    begun = offers.make_to_all(SYSTEM, w.request_id, ids, strategy=Strategy.INTEREST, now=NOW)
    w.more["round"] = begun.id
    names = {id_: name for name, id_ in w.people.items()}
    for one in offer_queries.of_request(w.request_id):
        w.offers[names[one.interpreter_id]] = one.id
    yield w
    offers.could_come(SYSTEM, w.offers["Ada"], via=Via.LINK, now=NOW)
    yield w


def on_its_day(start: datetime) -> Steps:
    w = people(start, interpreters=1)
    yield w
    come(w, "Ada")
    yield w


def while_it_runs(start: datetime) -> Steps:
    """Ada has begun, and Ben, who comes as well, has not said so."""
    for w in both_come(start):
        yield w
    say(w, AssignmentState.RUNNING)
    yield w


def longer(minutes: int) -> Verb:
    return lambda w: attendance.longer(SYSTEM, w.jobs["Ada"], minutes, now=w.starts_at)


def beside_an_absence(start: datetime) -> Steps:
    """Ada is away and both of what she has then is left open: this, and a later talk alone."""
    for w in both_come(start):
        yield w
    then = factories.asked(start=start + timedelta(days=1))
    w.more["next"] = factories.coming(then, db.session.get_one(Interpreter, w.people["Ada"])).id
    yield w
    span = (NOW, NOW + timedelta(days=360))
    left = dict.fromkeys((w.jobs["Ada"], w.more["next"]), Resolution.ASK)
    w.more["absence"] = absences.save(SYSTEM, w.people["Ada"], span, left, now=NOW).id
    w.more["job"], w.more["next job"] = undecided(w.jobs["Ada"]), undecided(w.more["next"])
    yield w


def settle(*becomes: Resolution) -> Verb:
    """Decide on both that were left open, in one go."""
    return lambda w: absences.settle_all(
        SYSTEM, dict(zip((w.more["job"], w.more["next job"]), becomes, strict=True)), now=NOW
    )


def as_the_office_left_it(start: datetime) -> Steps:
    """Ada was released and Cem assigned instead, which can be reversed."""
    for w in both_come(start):
        yield w
    cancellations.release(SYSTEM, w.jobs["Ada"], reasons=WHY, now=NOW)
    yield w
    w.jobs["Cem"] = offers.assign(SYSTEM, w.request_id, w.people["Cem"], now=NOW).id
    yield w


def reverse(w: World) -> object:
    after = Seat.of(db.session.get_one(Assignment, w.jobs["Cem"]))
    before = Seat.of(db.session.get_one(Assignment, w.jobs["Ada"]))
    return reversing.reverse(SYSTEM, Step(w.request_id, before, after), now=NOW)


def asked_about(start: datetime) -> Steps:
    w = people(start, interpreters=1)
    yield w
    ask(w, "Ada")
    yield w
    proposing.propose_start(SYSTEM, w.request_id, w.starts_at + timedelta(hours=2), now=NOW)
    yield w


def answer_start(w: World, *, agreed: bool) -> object:
    at = w.starts_at + timedelta(hours=2)
    return proposing.answer_start(WHO_ASKED, w.request_id, at, agreed=agreed, now=NOW)


COVER: dict[str, Verb] = {
    "an agency covers": lambda w: agency.cover(SYSTEM, w.request_id, AGENCY, cents=None, now=NOW)
}
UNDO: dict[str, Verb] = {
    "undo": lambda w: restoring.undo(SYSTEM, w.request_id, now=NOW),
    "undo by who asked": lambda w: restoring.undo(WHO_ASKED, w.request_id, now=NOW),
}
SCENES: dict[str, tuple[Scene, dict[str, Verb]]] = {
    "in review": (
        in_review,
        {
            **ALWAYS,
            "approve": lambda w: reviewing.approve(SYSTEM, w.request_id, now=NOW),
            "refuse": lambda w: reviewing.refuse(SYSTEM, w.request_id, reasons=WHY, now=NOW),
            "begin": lambda w: rounds.begin(SYSTEM, w.request_id, now=NOW),
            **COVER,
        },
    ),
    "by relay": (shared(PIVOT), {**ALWAYS, **ADA_IS_ASKED, **BEN_COMES, **COVER}),
    "one after the other": (
        shared(None),
        {
            **ALWAYS,
            **ADA_IS_ASKED,
            **BEN_COMES,
            "longer": lambda w: change(w, duration_minutes=180),
        },
    ),
    "by an agency": (
        by_agency,
        {
            **ALWAYS,
            **BEN_COMES,
            **COVER,
            "the agency sends nobody": lambda w: agency.uncover(SYSTEM, w.request_id, now=NOW),
            "one more": lambda w: change(w, interpreter_count=3),
            "begin": lambda w: rounds.begin(SYSTEM, w.request_id, now=NOW),
        },
    ),
    "moved beyond the cap": (
        moved_far,
        {
            **ALWAYS,
            **COVER,
            "approve": lambda w: offers.approve(SYSTEM, w.offers["Ada"], now=NOW),
            "refuse": lambda w: offers.refuse(SYSTEM, w.offers["Ada"], reasons=WHY, now=NOW),
            "nobody decides": lambda w: offers.expire(
                w.offers["Ada"], now=NOW + timedelta(hours=20)
            ),
            "take it back": ADA_IS_ASKED["take it back"],
            "near again": lambda w: change(w, site_id=w.more["near"]),
            "Ada is away": lambda w: absences.save(
                SYSTEM, w.people["Ada"], (NOW, NOW + timedelta(days=360)), {}, now=NOW
            ),
            "assign Ada": lambda w: offers.assign(SYSTEM, w.request_id, w.people["Ada"], now=NOW),
        },
    ),
    "changed and not agreed to": (
        to_reconfirm,
        {
            **ALWAYS,
            **ADA_COMES,
            **BEN_COMES,
            "Ada agrees": lambda w: to_terms(w, yes=True),
            "Ada does not agree": lambda w: to_terms(w, yes=False),
            "nobody agrees": expire_terms,
            "one less": lambda w: change(w, interpreter_count=1),
            "pin": lambda w: assignments.pin(SYSTEM, w.jobs["Ada"], pinned=True, now=NOW),
        },
    ),
    "called off": (
        called_off,
        {
            **UNDO,
            "cancel": cancelled,
            "later": later,
            "Ada goes elsewhere": lambda w: offers.assign(
                SYSTEM, w.more["rival"], w.people["Ada"], now=NOW
            ),
            "Ben is away": lambda w: absences.save(
                SYSTEM, w.people["Ben"], (NOW, NOW + timedelta(days=360)), {}, now=NOW
            ),
        },
    ),
    "asked without a promise": (
        without_a_promise,
        {
            **ALWAYS,
            "choose Ada": lambda w: offers.choose(SYSTEM, w.offers["Ada"], now=NOW),
            "Ben could come": lambda w: offers.could_come(
                SYSTEM, w.offers["Ben"], via=Via.LINK, now=NOW
            ),
            "Ben says no": answer("Ben", yes=False),
            "Ada says no": answer("Ada", yes=False),
            "stop": lambda w: offers.stop(SYSTEM, w.more["round"], now=NOW),
            "Ada is away": lambda w: away(w, "Ada"),
            **COVER,
        },
    ),
    "on its day": (
        on_its_day,
        {
            **ALWAYS,
            **ADA_COMES,
            "late": lambda w: attendance.late(
                SYSTEM, w.jobs["Ada"], 20, now=w.starts_at - timedelta(minutes=30)
            ),
            "still comes": lambda w: day_before.confirm(SYSTEM, w.jobs["Ada"], now=NOW),
            "arrived": lambda w: say(w, AssignmentState.ARRIVED),
            "on the way": lambda w: say(w, AssignmentState.ON_THE_WAY),
            "Ben instead": lambda w: rescue.ask(SYSTEM, w.request_id, w.people["Ben"], now=NOW),
        },
    ),
    "while it runs": (
        while_it_runs,
        {
            "cancel": cancelled,
            "later": later,
            **BEN_COMES,
            "a quarter longer": longer(15),
            "an hour longer": longer(60),
            "over": lambda w: say(w, AssignmentState.COMPLETED),
            "nobody is there": lambda w: say(w, AssignmentState.NO_SHOW_CLIENT),
            "Ada is away": lambda w: absences.sick(
                SYSTEM, w.people["Ada"], w.starts_at + timedelta(days=1), now=w.starts_at
            ),
            "release Ada": ADA_COMES["release Ada"],
        },
    ),
    "beside an absence": (
        beside_an_absence,
        {
            **ALWAYS,
            **ADA_COMES,
            "it stays": lambda w: absences.settle(SYSTEM, w.more["job"], keeps=True, now=NOW),
            "somebody else": lambda w: absences.settle(SYSTEM, w.more["job"], keeps=False, now=NOW),
            "all stay": settle(Resolution.KEEP, Resolution.KEEP),
            "somebody else for all": settle(Resolution.REPLACE, Resolution.REPLACE),
            "called off, and it stays": settle(Resolution.CANCEL, Resolution.KEEP),
            "somebody else next": lambda w: absences.settle(
                SYSTEM, w.more["next job"], keeps=False, now=NOW
            ),
            "Ada is back": lambda w: absences.come_back(SYSTEM, w.more["absence"], now=NOW),
        },
    ),
    "as the office left it": (
        as_the_office_left_it,
        {
            "reverse": reverse,
            "cancel": cancelled,
            "later": later,
            **BEN_COMES,
            "release Cem": lambda w: cancellations.release(
                SYSTEM, w.jobs["Cem"], reasons=WHY, now=NOW
            ),
            "assign Ada": lambda w: offers.assign(SYSTEM, w.request_id, w.people["Ada"], now=NOW),
        },
    ),
    "asked whether it may be later": (
        asked_about,
        {
            **ALWAYS,
            **ADA_IS_ASKED,
            "agree": lambda w: answer_start(w, agreed=True),
            "do not agree": lambda w: answer_start(w, agreed=False),
            "take the question back": lambda w: proposing.take_back_start(
                SYSTEM, w.request_id, w.starts_at + timedelta(hours=2), now=NOW
            ),
        },
    ),
}


@pytest.mark.parametrize("scene", SCENES)
def test_whichever_two_meet_in_this_turn_the_rules_hold(app: Flask, scene: str) -> None:
    set_up, verbs = SCENES[scene]
    pairs = [pair for pair in combinations_with_replacement(verbs, 2) for _ in range(ROUNDS)]
    for number, pair in enumerate(pairs):
        with app.app_context():
            world = built(set_up(factories.TOMORROW_TEN + timedelta(days=number % 300)))
        refused = at_once(app, world, verbs[pair[0]], verbs[pair[1]])
        assert "at-the-same-moment" not in refused, f"{pair} waited in a ring"
        with app.app_context():
            broken = [
                *what_is_broken(world.request_id, NOW),
                *nobody_is_in_two_places([*world.people.values()]),
            ]
            assert not broken, f"{pair} {refused}: {broken}"
            clear_away()


def built(steps: Steps) -> World:
    """Take the steps of a scene, each in a transaction, and return the world after the last."""
    with transaction():
        world = next(steps)
    while True:
        with transaction():
            after = next(steps, None)
        if after is None:
            return world


def at_once(app: Flask, world: World, *verbs: Verb) -> list[str]:
    """Let both happen and return what each was refused with ("" for nothing)."""
    together = Barrier(len(verbs))

    def act(verb: Verb) -> str:
        with app.app_context():
            together.wait()
            try:
                with transaction():
                    verb(world)
            except Refusal as refusal:
                return refusal.code
            finally:
                db.session.remove()
        return ""

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(act, verbs))


def clear_away() -> None:
    """Leave nobody behind who could be asked in the next round."""
    with transaction():
        db.session.execute(sa.text("UPDATE interpreters SET active = false WHERE active"))
        db.session.execute(sa.text("DELETE FROM absence_jobs"))
