"""Whatever people do, in any order and at any time: the rules of the field hold after every step.

And for every person, what they were told last describes the world as it is. Ten lives, always the
same, by default; `DRAGOMAN_TEST_LIVES` others by `make test-all`.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dispatch.absences import service as absences
from dispatch.absences.models import AbsenceJob
from dispatch.absences.queries import hit_by
from dispatch.absences.rules import Resolution
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, AssignmentState, Via
from dispatch.attendance import day_before
from dispatch.attendance import service as attendance
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import undoing, withdrawing
from dispatch.database import db, transaction
from dispatch.engine.deadlines import deadlines
from dispatch.errors import Refusal
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import agency
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import NEVER_ASKED, OfferState
from dispatch.offers.seats import Wanted
from dispatch.organisations.models import Organisation
from dispatch.planning.advice import assigning
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.rounds import service as rounds
from dispatch.requests import reviewing
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.requests.sharing import Sharing
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import AGENCY
from tests.dispatch.last_words import (
    asked_after_a_no,
    nobody_is_in_two_places,
    rows,
    told_of,
    untrue_words,
)

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.exhaustive]
LIVES = int(os.environ.get("DRAGOMAN_TEST_LIVES", "10"))
STEPS = 25
WHY = Reasons(office="moved", told="moved")
WHO_ASKED = Actor(None, "caseworker")
NAMES = ("Ada", "Ben", "Cem")
LANGUAGES = ("ro", "bg", "pl", "ru", "uk", "tr", "it", "es", "fr", "hu", "el", "pt")
PIVOT = "en"
BEYOND_THE_CAP = (51.5350, 7.6890)
HOURS = (8, 9, 10, 12, 15)

some = st.integers(0, 30)


class Life(RuleBasedStateMachine):
    """Three interpreters, whoever asks, the office, and time; what is refused changes nothing."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        # Lives do not meet: each has weeks and a language of its own.
        number = len(db.session.scalars(sa.select(Interpreter.id)).all()) // len(NAMES)
        self.clock, self.language = clock, LANGUAGES[number % len(LANGUAGES)]
        self.first_day = factories.TOMORROW_TEN + timedelta(weeks=2 * number)
        clock.move_to(factories.NOW + timedelta(weeks=2 * number))
        with transaction():
            homes = (factories.CITY_HALL, factories.CITY_HALL, BEYOND_THE_CAP)
            people = [
                factories.interpreter(
                    self.language, f"{self.language}>{PIVOT}", PIVOT, name=name, home=home
                )
                for name, home in zip(NAMES, homes, strict=True)
            ]
            self.people = [one.id for one in people]
        self.request_ids: list[int] = []
        self.ask(day=0, hour=10, count=2)

    def do(self, act: Callable[[], object]) -> None:
        try:
            with transaction():
                act()
        except Refusal:
            db.session.rollback()

    def of(
        self, number: int, model: type[Offer] | type[Assignment] | type[OfferRound]
    ) -> int | None:
        """One of the rows of this life, if there are any."""
        ids = db.session.scalars(
            sa.select(model.id)
            .where(model.interpretation_request_id.in_(self.request_ids))
            .order_by(model.id)
        ).all()
        return ids[number % len(ids)] if ids else None

    def request_id(self, number: int) -> int:
        return self.request_ids[number % len(self.request_ids)]

    def person(self, number: int) -> int:
        return self.people[number % len(self.people)]

    @rule(
        day=st.integers(0, 1),
        hour=st.sampled_from(HOURS),
        count=st.integers(1, 2),
        reviewed=st.booleans(),
    )
    def ask(self, day: int, hour: int, count: int, reviewed: bool = False) -> None:
        start = self.first_day.replace(hour=hour) + timedelta(days=day)

        def act() -> None:
            number = len(db.session.scalars(sa.select(Organisation.id)).all())
            organisation = factories.organisation(f"Amt {number}")
            organisation.is_reviewed = reviewed
            asked = factories.asked(
                self.language,
                by=factories.account(of=organisation),
                start=start,
                interpreters=count,
                now=self.clock.now,
            )
            self.request_ids.append(asked.id)

        if len(self.request_ids) < 4:
            self.do(act)

    @rule(one=some, who=some)
    def offer(self, one: int, who: int) -> None:
        now = self.clock.now
        self.do(lambda: offers.make(SYSTEM, self.request_id(one), self.person(who), now=now))

    @rule(one=some, who=some)
    def assign(self, one: int, who: int) -> None:
        now = self.clock.now
        self.do(lambda: offers.assign(SYSTEM, self.request_id(one), self.person(who), now=now))

    @rule(one=some, approves=st.booleans())
    def look_at_what_came_in(self, one: int, approves: bool) -> None:
        now, request_id = self.clock.now, self.request_id(one)
        if approves:
            self.do(lambda: reviewing.approve(SYSTEM, request_id, now=now))
        else:
            self.do(lambda: reviewing.refuse(SYSTEM, request_id, reasons=WHY, now=now))

    @rule(one=some, approves=st.booleans())
    def decide_on_a_long_way(self, one: int, approves: bool) -> None:
        now, offer_id = self.clock.now, self.of(one, Offer)
        if offer_id and approves:
            self.do(lambda: offers.approve(SYSTEM, offer_id, now=now))
        elif offer_id:
            self.do(lambda: offers.refuse(SYSTEM, offer_id, reasons=WHY, now=now))

    @rule(one=some, who=some, seat=st.integers(1, 2), pivot=st.sampled_from([None, PIVOT]))
    def have_two_share_a_talk(self, one: int, who: int, seat: int, pivot: str | None) -> None:
        now, shared = self.clock.now, Wanted(seat=seat, sharing=Sharing(pivot))
        self.do(
            lambda: offers.make(SYSTEM, self.request_id(one), self.person(who), shared, now=now)
        )

    @rule(one=some)
    def ask_all(self, one: int) -> None:
        now = self.clock.now
        self.do(lambda: offers.make_to_all(SYSTEM, self.request_id(one), self.people, now=now))

    @rule(one=some)
    def begin_a_cascade(self, one: int) -> None:
        self.do(lambda: rounds.cascade(SYSTEM, self.request_id(one), now=self.clock.now))

    @rule(one=some, covers=st.booleans())
    def have_an_agency_send_somebody_or_not(self, one: int, covers: bool) -> None:
        now, request_id = self.clock.now, self.request_id(one)
        if covers:
            self.do(lambda: agency.cover(SYSTEM, request_id, AGENCY, cents=None, now=now))
        else:
            self.do(lambda: agency.uncover(SYSTEM, request_id, now=now))

    @rule(one=some, who=some, directly=st.booleans())
    def move_on_the_board(self, one: int, who: int, directly: bool) -> None:
        """Somebody else is given the seat of whoever is asked for it or comes."""
        now, person = self.clock.now, self.person(who)

        def act(of: Offer | Assignment) -> None:
            assigning.move(SYSTEM, person, Instead(of, WHY), directly=directly, now=now)

        request_id = self.request_id(one)
        everybody: list[Offer | Assignment] = [*rows(Offer, request_id)]
        everybody += rows(Assignment, request_id)
        held = [each for each in everybody if each.hold_id is not None]
        if held:
            self.do(lambda: act(held[one % len(held)]))

    @rule(one=some)
    def stop_a_round(self, one: int) -> None:
        if round_id := self.of(one, OfferRound):
            self.do(lambda: offers.stop(SYSTEM, round_id, now=self.clock.now))

    @rule(one=some, yes=st.booleans())
    def answer(self, one: int, yes: bool) -> None:
        verb = offers.accept if yes else offers.decline
        if offer_id := self.of(one, Offer):
            self.do(lambda: verb(SYSTEM, offer_id, via=Via.LINK, now=self.clock.now))

    @rule(one=some)
    def take_an_offer_back(self, one: int) -> None:
        if offer_id := self.of(one, Offer):
            self.do(lambda: offers.withdraw(SYSTEM, offer_id, now=self.clock.now))

    @rule(one=some, yes=st.booleans())
    def answer_what_changed(self, one: int, yes: bool) -> None:
        questions = db.session.scalars(
            sa.select(Confirmation.id)
            .join(Confirmation.assignment)
            .where(
                Assignment.interpretation_request_id.in_(self.request_ids),
                Confirmation.answer.is_(None),
            )
            .order_by(Confirmation.id)
        ).all()
        verb = amendments.accept if yes else amendments.decline
        if questions:
            question = questions[one % len(questions)]
            self.do(lambda: verb(SYSTEM, question, via=Via.LINK, now=self.clock.now))

    @rule(one=some, how=st.sampled_from(["release", "withdraw", "cannot come", "late"]))
    def lose_somebody(self, one: int, how: str) -> None:
        now = self.clock.now
        verbs: dict[str, Callable[[int], object]] = {
            "release": lambda id_: cancellations.release(SYSTEM, id_, reasons=WHY, now=now),
            "withdraw": lambda id_: withdrawing.withdraw(SYSTEM, id_, reasons=WHY, now=now),
            "cannot come": lambda id_: withdrawing.cannot_come(SYSTEM, id_, reasons=WHY, now=now),
            "late": lambda id_: attendance.late(SYSTEM, id_, 20, now=now),
        }
        if assignment_id := self.of(one, Assignment):
            self.do(lambda: verbs[how](assignment_id))

    @rule(one=some, state=st.sampled_from(AssignmentState))
    def say_how_it_stands(self, one: int, state: AssignmentState) -> None:
        if assignment_id := self.of(one, Assignment):
            self.do(lambda: attendance.say(SYSTEM, assignment_id, state, now=self.clock.now))

    @rule(one=some)
    def confirm_the_day_before(self, one: int) -> None:
        if assignment_id := self.of(one, Assignment):
            self.do(lambda: day_before.confirm(SYSTEM, assignment_id, now=self.clock.now))

    @rule(one=some, by=st.sampled_from([SYSTEM, WHO_ASKED]))
    def cancel(self, one: int, by: Actor) -> None:
        now = self.clock.now
        self.do(
            lambda: cancellations.cancel_request(by, self.request_id(one), reasons=WHY, now=now)
        )

    @rule(one=some, by=st.sampled_from([SYSTEM, WHO_ASKED]))
    def undo(self, one: int, by: Actor) -> None:
        self.do(lambda: undoing.undo(by, self.request_id(one), now=self.clock.now))

    @rule(
        one=some,
        what=st.sampled_from(
            ["later", "longer", "room", "one more", "one less", "by video", "on site, or by video"]
        ),
    )
    def change(self, one: int, what: str) -> None:
        request_id = self.request_id(one)
        asked = details_of(db.session.get_one(InterpretationRequest, request_id))
        changed = {
            "later": replace(asked, wall_start=asked.wall_start + timedelta(hours=1)),
            "longer": replace(asked, duration_minutes=asked.duration_minutes + 30),
            "by video": replace(asked, ways=("video",)),
            "on site, or by video": replace(asked, ways=("on_site", "video")),
            "room": replace(asked, room=f"{asked.room}1"[-3:]),
            "one more": replace(asked, interpreter_count=asked.interpreter_count + 1),
            "one less": replace(asked, interpreter_count=asked.interpreter_count - 1),
        }[what]
        self.do(lambda: amendments.amend(SYSTEM, request_id, changed, now=self.clock.now))

    @rule(who=some, becomes=st.sampled_from([Resolution.REPLACE, Resolution.ASK, Resolution.KEEP]))
    def be_away(self, who: int, becomes: Resolution) -> None:
        now, person = self.clock.now, self.person(who)
        span = (now + timedelta(hours=20), now + timedelta(hours=30))
        hit = hit_by(person, span, now)
        resolved = {one.id: becomes for one in hit.jobs}
        self.do(lambda: absences.save(SYSTEM, person, span, resolved, now=now))

    @rule(one=some, keeps=st.booleans())
    def settle_what_an_absence_left_open(self, one: int, keeps: bool) -> None:
        undecided = db.session.scalars(
            sa.select(AbsenceJob.id)
            .join(Assignment, Assignment.id == AbsenceJob.assignment_id)
            .where(
                Assignment.interpretation_request_id.in_(self.request_ids),
                AbsenceJob.settled_at.is_(None),
            )
            .order_by(AbsenceJob.id)
        ).all()
        if undecided:
            job_id = undecided[one % len(undecided)]
            self.do(lambda: absences.settle(SYSTEM, job_id, keeps=keeps, now=self.clock.now))

    @rule(minutes=st.sampled_from([20, 90, 300, 1000]))
    def let_time_pass(self, minutes: int) -> None:
        """Whatever falls due happens, and what waits to be said leaves or is settled."""
        now = self.clock.advance(minutes=minutes)
        db.session.rollback()
        for due, act in deadlines.values():
            for id_ in list(due(now)):
                with transaction():
                    act(id_, now=now)
        waiting = sa.select(Message.id).where(Message.state == MessageState.QUEUED)
        for message_id in db.session.scalars(waiting.order_by(Message.id)).all():
            messaging.deliver(message_id, now)

    @invariant()
    def the_rules_hold(self) -> None:
        db.session.rollback()
        broken = [each for one in self.request_ids for each in self.what_is_broken(one)]
        assert not broken + nobody_is_in_two_places(self.people)

    def what_is_broken(self, request_id: int) -> list[str]:
        asked = db.session.get_one(InterpretationRequest, request_id)
        jobs = rows(Assignment, request_id)
        every = rows(Offer, request_id)
        questions = [one for one in every if one.state == OfferState.MADE]
        to_approve = [one for one in every if one.state == OfferState.TO_APPROVE]
        coming = [one for one in jobs if one.state in AGREED]
        to_agree = [one for one in jobs if one.state == AssignmentState.TO_RECONFIRM]
        seats = db.session.scalars(
            sa.select(Hold.seat).where(Hold.interpretation_request_id == request_id)
        ).all()
        exclusive = sum(one.exclusive for one in [*questions, *to_approve])
        broken = {
            "somebody comes to what is cancelled": asked.state
            in {RequestState.CANCELLED, RequestState.UNFILLED}
            and (coming or to_agree),
            "somebody is asked for what needs nobody": asked.state != RequestState.OPEN
            and (questions or to_approve or to_agree),
            "somebody hears of a way that is not approved": told_of(every, NEVER_ASKED),
            "filled, and not all come": asked.state == RequestState.FILLED
            and asked.starts_at > self.clock.now
            and len(coming) != asked.seats_of_pool,
            "more come than are missing beside an agency": len(seats) > asked.seats_of_pool
            and asked.agency is not None,
            "time is taken by others than these": len(seats)
            != len(coming) + len(to_agree) + exclusive,
            "more seats than asked for": max(seats, default=1) > asked.interpreter_count,
        }
        found = [rule for rule, is_so in broken.items() if is_so] + asked_after_a_no(request_id)
        if asked.starts_at > self.clock.now:  # afterwards nobody is told what cannot be helped
            found += untrue_words(request_id, coming, to_agree, questions)
        return [f"{request_id}: {each}" for each in found]


def test_the_rules_hold_whatever_people_do(frozen_clock: FrozenClock) -> None:
    run_state_machine_as_test(
        lambda: Life(frozen_clock),  # type: ignore[arg-type] # anything that makes one
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=LIVES <= 10,
            phases=[Phase.generate],  # made shorter by hand: a step costs a transaction
            suppress_health_check=list(HealthCheck),
        ),
    )
