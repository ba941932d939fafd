"""Whatever people do, in any order and at any time: the rules of the field hold after every step.

And for every person, what they were told last describes the world as it is. Ten lives, always the
same, by default; `DRAGOMAN_TEST_LIVES` others by `make test-all`.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from itertools import cycle

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from dispatch.absences import service as absences
from dispatch.absences.models import AbsenceJob
from dispatch.absences.queries import hit_by
from dispatch.absences.rules import Resolution
from dispatch.amendments import proposing, restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, DONE, AssignmentState, Via
from dispatch.attendance import correcting, day_before
from dispatch.attendance import service as attendance
from dispatch.availability.models import Absence
from dispatch.cancellations import reversing, withdrawing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.reversing import Seat, Step
from dispatch.clock import minutes_between
from dispatch.database import db, transaction
from dispatch.engine.deadlines import deadlines
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers import agency
from dispatch.offers import service as offers
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import Strategy
from dispatch.offers.seats import Wanted
from dispatch.organisations.models import Organisation
from dispatch.planning.advice import assigning, rescue
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.proposals import service as proposals
from dispatch.planning.rounds import service as rounds
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests import reviewing
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import Sharing
from dispatch.series import changing, giving
from dispatch.series import service as series
from dispatch.series.ability import How
from dispatch.series.giving import Gift
from dispatch.series.queries import dates_of as series_dates_of
from dispatch.series.rules import Choice, Scope
from tests import factories
from tests.conftest import FrozenClock
from tests.correspondence import AGENCY
from tests.dispatch.last_words import nobody_is_in_two_places, rows, what_is_broken

pytestmark = [pytest.mark.usefixtures("session"), pytest.mark.exhaustive]
LIVES = int(os.environ.get("DRAGOMAN_TEST_LIVES", "10"))
STEPS = 25
WHY = Reasons(office="moved", told="moved")
WHO_ASKED = Actor(None, "caseworker")
WHO_IS_AWAY = Actor(None, "interpreter")
NAMES = ("Ada", "Ben", "Cem")
LANGUAGES = ("ro", "bg", "pl", "ru", "uk", "tr", "it", "es", "fr", "hu", "el", "pt")
PIVOT = "en"
ZONE = "Europe/Berlin"
BEYOND_THE_CAP = (51.5350, 7.6890)
HOURS = (8, 9, 10, 12, 15)

some = st.integers(0, 30)
resolutions = st.sampled_from(Resolution)


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
            places = (BEYOND_THE_CAP, factories.CITY_HALL)
            self.sites = [factories.site(point=point).id for point in places]
        self.request_ids: list[int] = []
        self.series_id: int | None = None
        self.steps: list[Step] = []
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
        self.do(
            lambda: self.done(offers.make(SYSTEM, self.request_id(one), self.person(who), now=now))
        )

    def done(self, by: Offer | Assignment) -> None:
        """Note what the office did, so that it can be reversed."""
        self.steps.append(Step(by.interpretation_request_id, after=Seat.of(by)))

    @rule(one=some, who=some)
    def assign(self, one: int, who: int) -> None:
        now = self.clock.now
        self.do(
            lambda: self.done(
                offers.assign(SYSTEM, self.request_id(one), self.person(who), now=now)
            )
        )

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

    @rule(one=some, strategy=st.sampled_from([*Strategy, None]))
    def begin_a_round(self, one: int, strategy: Strategy | None) -> None:
        self.do(lambda: rounds.begin(SYSTEM, self.request_id(one), strategy, now=self.clock.now))

    @rule(one=some)
    def say_that_one_could_come(self, one: int) -> None:
        now, offer_id = self.clock.now, self.of(one, Offer)
        if offer_id:
            self.do(lambda: offers.could_come(SYSTEM, offer_id, via=Via.LINK, now=now))

    @rule(one=some)
    def choose_who_could_come(self, one: int) -> None:
        if offer_id := self.of(one, Offer):
            self.do(lambda: offers.choose(SYSTEM, offer_id, now=self.clock.now))

    @rule(one=some)
    def look_what_the_office_did_and_reverse_it(self, one: int) -> None:
        """What was reversed can be reversed again, in any order."""
        now = self.clock.now
        if self.steps:
            step = self.steps[one % len(self.steps)]
            self.do(lambda: self.steps.append(reversing.reverse(SYSTEM, step, now=now)))

    @rule(one=some, hours=st.sampled_from([-1, 1, 2]), answer=st.sampled_from(["yes", "no", None]))
    def ask_whether_it_may_begin_at_another_time(
        self, one: int, hours: int, answer: str | None
    ) -> None:
        """Put the question, or answer the one that stands; None takes it back."""
        now, request_id = self.clock.now, self.request_id(one)
        asked = db.session.get_one(InterpretationRequest, request_id)
        standing, other = asked.proposed_start_at, asked.starts_at + timedelta(hours=hours)
        if standing is None:
            self.do(lambda: proposing.propose_start(SYSTEM, request_id, other, now=now))
        elif answer is None:
            self.do(lambda: proposing.take_back_start(SYSTEM, request_id, standing, now=now))
        else:
            agreed = answer == "yes"
            self.do(
                lambda: proposing.answer_start(
                    WHO_ASKED, request_id, standing, agreed=agreed, now=now
                )
            )

    @rule(one=some, pinned=st.booleans())
    def pin(self, one: int, pinned: bool) -> None:
        now, assignment_id = self.clock.now, self.of(one, Assignment)
        if assignment_id:
            self.do(lambda: assignments.pin(SYSTEM, assignment_id, pinned=pinned, now=now))

    @rule(one=some, who=some)
    def ask_somebody_instead(self, one: int, who: int) -> None:
        now, request_id, person = self.clock.now, self.request_id(one), self.person(who)
        self.do(lambda: rescue.ask(SYSTEM, request_id, person, now=now))

    @rule(one=some)
    def plan_a_day_and_adopt_it(self, one: int) -> None:
        now = self.clock.now
        day = (self.first_day + timedelta(days=one % 2)).date()
        made = proposals.compute(Horizon(day, day, ZONE), now=now)

        def act() -> None:
            proposal = proposals.store(SYSTEM, made, now=now)
            proposals.adopt(SYSTEM, proposal.id, None, zone_name=ZONE, now=now)

        if day >= now.date():
            self.do(act)

    @rule(one=some, what=st.sampled_from(["cancel", "undo", "change", "give"]), who=some)
    def do_something_to_a_series(self, one: int, what: str, who: int) -> None:
        """Two dates asked for at once; afterwards some verb for both of them."""
        if self.series_id is None:
            self.ask_for_a_series()
            return
        series_id, now, person = self.series_id, self.clock.now, self.person(who)
        every = Choice(number=1, scope=Scope.ALL)
        verbs: dict[str, Callable[[], object]] = {
            "cancel": lambda: series.cancel(SYSTEM, series_id, every, reasons=WHY, now=now),
            "undo": lambda: series.undo(SYSTEM, series_id, every, now=now),
            "change": lambda: self.change_series(series_id, every),
            "give": lambda: giving.give(SYSTEM, series_id, every, Gift(person, How.OFFER), now=now),
        }
        self.do(verbs[what])

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
            assignment = db.session.get_one(Assignment, assignment_id)
            step = Step(assignment.interpretation_request_id, before=Seat.of(assignment))
            self.do(lambda: verbs[how](assignment_id))
            if how == "release":
                self.steps.append(step)

    @rule(one=some, state=st.sampled_from(AssignmentState))
    def say_how_it_stands(self, one: int, state: AssignmentState) -> None:
        if assignment_id := self.of(one, Assignment):
            self.do(lambda: attendance.say(SYSTEM, assignment_id, state, now=self.clock.now))

    @rule(one=some, minutes=st.sampled_from([15, 60, 240]))
    def have_a_talk_run_and_take_longer(self, one: int, minutes: int) -> None:
        """Time passes until somebody begins, and they say at once that it will take longer."""
        self.assign(one, who=one)
        agreed = [each for id_ in self.request_ids for each in rows(Assignment, id_)]
        coming = [(each.id, each.starts_at) for each in agreed if each.state in AGREED]
        if coming:
            assignment_id, starts_at = coming[one % len(coming)]
            self.pass_time(max(0, minutes_between(self.clock.now, starts_at)))
            now, running = self.clock.now, AssignmentState.RUNNING
            self.do(lambda: attendance.say(SYSTEM, assignment_id, running, now=now))
            self.do(lambda: attendance.longer(SYSTEM, assignment_id, minutes, now=now))

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
        self.do(lambda: restoring.undo(by, self.request_id(one), now=self.clock.now))

    @rule(
        one=some,
        what=st.sampled_from(
            (
                "later",
                "longer",
                "room",
                "one more",
                "one less",
                "by video",
                "on site, or by video",
                "far away",
                "in the middle",
            ),
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
            "far away": replace(asked, site_id=self.sites[0]),
            "in the middle": replace(asked, site_id=self.sites[1]),
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

    @rule(who=some)
    def fall_ill(self, who: int) -> None:
        now, person = self.clock.now, self.person(who)
        self.do(lambda: absences.sick(SYSTEM, person, now + timedelta(hours=30), now=now))

    @rule(one=some)
    def come_back(self, one: int) -> None:
        of_these = sa.select(Interpreter.availability_id).where(Interpreter.id.in_(self.people))
        away = db.session.scalars(
            sa.select(Absence.id).where(Absence.availability_id.in_(of_these)).order_by(Absence.id)
        ).all()
        if away:
            absence_id = away[one % len(away)]
            self.do(lambda: absences.come_back(SYSTEM, absence_id, now=self.clock.now))

    @rule(one=some, state=st.sampled_from(sorted(DONE)))
    def correct_how_it_ended(self, one: int, state: AssignmentState) -> None:
        now, assignment_id = self.clock.now, self.of(one, Assignment)
        if assignment_id:
            self.do(lambda: correcting.correct(SYSTEM, assignment_id, state, reasons=WHY, now=now))

    @rule(one=some, who=some)
    def wish_for_somebody(self, one: int, who: int) -> None:
        now, request_id, person = self.clock.now, self.request_id(one), self.person(who)
        self.do(lambda: assignments.wish_for(WHO_ASKED, request_id, [person], now=now))

    @rule(one=some, keeps=st.booleans())
    def settle_what_an_absence_left_open(self, one: int, keeps: bool) -> None:
        if undecided := self.left_open():
            job_id = undecided[one % len(undecided)]
            self.do(lambda: absences.settle(SYSTEM, job_id, keeps=keeps, now=self.clock.now))

    @rule(
        who=some,
        by=st.sampled_from([SYSTEM, WHO_IS_AWAY]),
        becomes=st.lists(resolutions, min_size=1, max_size=4),
    )
    def leave_open_and_settle_it_all(self, who: int, by: Actor, becomes: list[Resolution]) -> None:
        """Somebody is away for days and leaves all of it open; the other side settles it."""
        for number in range(2):
            self.assign(number, who=who)
        now, person = self.clock.now, self.person(who)
        span = (now, now + timedelta(days=3))
        left = dict.fromkeys((one.id for one in hit_by(person, span, now).jobs), Resolution.ASK)
        asks = SYSTEM if by is WHO_IS_AWAY else WHO_IS_AWAY
        self.do(lambda: absences.save(asks, person, span, left, now=now))
        decided = dict(zip(self.left_open(), cycle(becomes), strict=False))
        self.do(lambda: absences.settle_all(by, decided, now=now))

    def left_open(self) -> Sequence[int]:
        """What absences left open, of all people here."""
        return db.session.scalars(
            sa.select(AbsenceJob.id)
            .join(Assignment, Assignment.id == AbsenceJob.assignment_id)
            .where(
                Assignment.interpretation_request_id.in_(self.request_ids),
                AbsenceJob.settled_at.is_(None),
            )
            .order_by(AbsenceJob.id)
        ).all()

    def ask_for_a_series(self) -> None:
        days = [(self.first_day + timedelta(days=n)).date() for n in (0, 1)]
        start = datetime.combine(days[0], time(17))

        def act() -> None:
            caseworker = factories.account(of=factories.organisation(f"Series {self.language}"))
            details = replace(details_of(self.asked_first()), wall_start=start)
            made = series.ask(WHO_ASKED, caseworker, details, days, now=self.clock.now)
            self.series_id = made.id
            self.request_ids += [one.interpretation_request_id for one in made.dates]

        self.do(act)

    def asked_first(self) -> InterpretationRequest:
        return db.session.get_one(InterpretationRequest, self.request_ids[0])

    def change_series(self, series_id: int, choice: Choice) -> None:
        dates = sorted(series_dates_of(series_id), key=lambda one: one.number)
        details = details_of(dates[0].interpretation_request)
        later = replace(details, wall_start=details.wall_start + timedelta(hours=1))
        changing.amend(WHO_ASKED, series_id, choice, later, now=self.clock.now)

    @rule(minutes=st.sampled_from([20, 90, 300, 1000]))
    def let_time_pass(self, minutes: int) -> None:
        self.pass_time(minutes)

    def pass_time(self, minutes: int) -> None:
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
        broken = [each for one in self.request_ids for each in what_is_broken(one, self.clock.now)]
        assert not broken + nobody_is_in_two_places(self.people)


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
