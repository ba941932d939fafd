"""Several days in one plan: every day its own hours, weekly limits, clock changes, one adoption."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import solver
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import AssignmentState
from dispatch.clock import at_place
from dispatch.database import db, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.advice import assigning
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import items_of
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningRun
from dispatch.planning.runs.rules import RunState
from dispatch.planning.snapshot.horizon import Horizon, rest_of_week, week_of
from dispatch.planning.snapshot.problem import of_days
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW
from tests.planning_days import confirmed

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ZONE = "Europe/Berlin"
TUESDAY, SUNDAY = date(2027, 3, 2), date(2027, 3, 7)
WEEK = Horizon(TUESDAY, SUNDAY, ZONE)
DAY = f"/plan/{TUESDAY}"


def days(first: int, last: int) -> Horizon:
    """Days of March 2027; the second is tomorrow, a Tuesday, the seventh a Sunday."""
    return Horizon(date(2027, 3, first), date(2027, 3, last), ZONE)


def asked_on(day: date, hour: int = 10, language: str = "ro") -> InterpretationRequest:
    return factories.asked(language, start=datetime.combine(day, time(hour)))


def plan(horizon: Horizon, now: datetime = NOW) -> Proposal:
    made = service.compute(horizon, now=now)
    with transaction():
        return service.store(SYSTEM, made, now=now)


def adopt(proposal: Proposal, chosen: set[tuple[int, int]] | None = None) -> service.Adopted:
    with transaction():
        return service.adopt(SYSTEM, proposal.id, chosen, zone_name=ZONE, now=NOW)


def pairs(proposal: Proposal) -> list[tuple[int, int]]:
    return [(one.request_id, one.interpreter_id) for one in items_of(service.plan_of(proposal))]


def given(one: Interpreter, asked: InterpretationRequest, *, pinned: bool = False) -> None:
    taken = factories.coming(asked, one)
    taken.pinned = pinned


@in_session
def test_one_proposal_for_the_week_is_adopted_at_once_or_in_part() -> None:
    with transaction():
        factories.interpreter()
        wanted = [asked_on(TUESDAY + timedelta(days=number)) for number in range(3)]
        asked_on(SUNDAY + timedelta(days=1))
    proposal = plan(WEEK)
    assert (proposal.first_day, proposal.last_day) == (TUESDAY, SUNDAY)
    assert [request_id for request_id, _ in pairs(proposal)] == [one.id for one in wanted]
    assert service.plan_of(proposal).status == "OPTIMAL"
    first, _second, third = pairs(proposal)
    adopted = adopt(proposal, {first, third})
    assert adopted.dropped == []
    assert {offer.interpretation_request_id for offer in adopted.offers} == {
        first[0],
        third[0],
    }


@in_session
def test_what_changed_on_one_day_is_dropped_and_the_other_days_are_adopted() -> None:
    with transaction():
        mira = factories.interpreter()
        first, second = asked_on(TUESDAY), asked_on(TUESDAY + timedelta(days=1))
    proposal = plan(WEEK)
    with transaction():
        given(mira, asked_on(second.day))
    adopted = adopt(proposal)
    assert [one.item.request_id for one in adopted.dropped] == [second.id]
    assert str(adopted.dropped[0].reason) == "has another assignment at this time"
    assert [one.interpretation_request_id for one in adopted.offers] == [first.id]


@in_session
def test_confirmed_people_may_move_on_any_of_the_days() -> None:
    there = confirmed()
    with transaction():
        asked_on(SUNDAY)
    question = of_days(WEEK, now=NOW, disturb_at_most=1)
    made = service.checked(question, solver.solve(question.problem), filled_undisturbed=2)
    with transaction():
        proposal = service.store(SYSTEM, made, now=NOW)
    adopted = adopt(proposal)
    assert there.assignment.state == AssignmentState.RELEASED
    assert len(adopted.offers) == 3


@in_session
def test_who_would_work_too_much_in_the_week_is_not_given_a_request_by_hand_either() -> None:
    with transaction():
        mira = factories.interpreter()
        mira.maximum_minutes_per_week = 150
        for day in (TUESDAY, SUNDAY):
            given(mira, asked_on(day))
        asked = asked_on(date(2027, 3, 4))
    with pytest.raises(Conflict, match=": would work 30 min more than allowed in the week"):
        assigning.require_able_now(asked, mira.id, now=NOW)


@in_session
def test_nobody_works_more_in_a_week_than_agreed_whatever_was_done_outside_the_plan() -> None:
    with transaction():
        mira = factories.interpreter()
        mira.maximum_minutes_per_week = 150
        given(mira, asked_on(SUNDAY))
        open_ = [asked_on(TUESDAY), asked_on(TUESDAY, 15)]
    plan_ = service.plan_of(plan(days(2, 3)))
    assert plan_.filled == 1
    [unfilled] = plan_.unassigned
    assert unfilled.request in {str(one.id) for one in open_}
    [reason] = unfilled.reasons
    assert [(one.rule, one.lacking) for one in reason.violations] == [("week_minutes", 30)]


@in_session
def test_a_new_week_begins_on_monday() -> None:
    with transaction():
        mira = factories.interpreter()
        mira.maximum_minutes_per_week = 60
        for number in (6, 7, 8, 9):
            asked_on(date(2027, 3, number))
    plan_ = service.plan_of(plan(days(6, 9)))
    assert plan_.filled == 2
    weeks = {week_of(date(2027, 3, 6 + route.day)) for route in plan_.routes if route.stops}
    assert weeks == {202709, 202710}


@pytest.mark.parametrize("changes_on", [date(2027, 3, 28), date(2027, 10, 31)])
@in_session
def test_when_clocks_change_everybody_still_comes_at_ten(
    frozen_clock: FrozenClock, changes_on: date
) -> None:
    before, after = changes_on - timedelta(days=1), changes_on + timedelta(days=1)
    frozen_clock.move_to(datetime.combine(before, time(5), UTC))
    with transaction():
        factories.interpreter(hours=(10, 12))
        sites = [factories.site(buffer_minutes=0) for _ in range(3)]
        wanted = [
            factories.asked(
                at=site, start=datetime.combine(day, time(10, 30)), now=frozen_clock.now
            )
            for site, day in zip(sites, (before, changes_on, after), strict=True)
        ]
    horizon = Horizon(before, after, ZONE)
    items = items_of(service.plan_of(plan(horizon, frozen_clock.now)))
    assert [one.request_id for one in items] == [one.id for one in wanted]
    origin, _after = horizon.bounds
    came = [at_place(origin + timedelta(minutes=one.begin), ZONE) for one in items]
    assert [one.time() for one in came] == [time(10, 30)] * 3
    assert [one.date() for one in came] == [before, changes_on, after]


@in_session
def test_who_is_assigned_on_a_day_off_is_so_on_that_day_and_no_other() -> None:
    with transaction():
        mira = factories.interpreter()
        day_off = asked_on(TUESDAY + timedelta(days=1), 7)
        given(mira, day_off, pinned=True)
        mira.availability.weekly_hours = [
            one for one in mira.availability.weekly_hours if one.weekday != 2
        ]
        asked_on(TUESDAY, 17)
        asked_on(TUESDAY + timedelta(days=2), 8)
    plan_ = service.plan_of(plan(WEEK))
    assert plan_.filled == 3
    on_days = {stop.request: route.day for route in plan_.routes for stop in route.stops}
    assert on_days[str(day_off.id)] == 1
    assert sorted(on_days.values()) == [0, 1, 2]


@in_session
def test_days_without_anything_to_do_cost_nothing() -> None:
    with transaction():
        factories.interpreter()
    assert service.plan_of(plan(days(1, 31))).filled == 0


@pytest.mark.parametrize(
    ("last", "code"),
    [
        (date(2027, 3, 1), "ends-before-it-begins"),
        (date(2027, 4, 2), "too-many-days"),
        (date(9999, 1, 1), "implausible-day"),
    ],
)
def test_a_horizon_nobody_plans_is_refused(last: date, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        Horizon(TUESDAY, last, ZONE)
    assert refused.value.code == code


def test_the_week_begins_today_and_ends_on_sunday() -> None:
    assert rest_of_week(TUESDAY, date(2027, 3, 1), ZONE) == days(1, 7)
    assert rest_of_week(SUNDAY, TUESDAY, ZONE) == WEEK
    assert rest_of_week(date(2027, 3, 10), TUESDAY, ZONE) == days(8, 14)


def begin(horizon: Horizon) -> tuple[PlanningRun, bool]:
    with transaction():
        return runs.begin(SYSTEM, horizon, disturb_at_most=0, weights=[1], now=NOW)


@in_session
def test_days_under_way_are_not_planned_a_second_time_at_once() -> None:
    run, _new = begin(days(2, 4))
    for overlapping in (days(1, 2), days(3, 3), days(4, 9), days(1, 31)):
        with pytest.raises(Conflict, match="being planned already") as refused:
            begin(overlapping)
        assert "2 March 2027 – Thu, 4 March 2027" in str(refused.value)
    assert begin(days(2, 4)) == (run, False)
    assert begin(days(5, 9))[1]
    with transaction():
        runs.finish(run.id, plan(days(2, 4)).id)
    assert begin(days(1, 4))[1]


@in_session
def test_the_database_refuses_a_second_run_over_the_same_day_itself() -> None:
    def add(first: int, last: int) -> None:
        with transaction():
            db.session.add(
                PlanningRun(
                    first_day=date(2027, 3, first),
                    last_day=date(2027, 3, last),
                    begun_at=NOW,
                    heard_at=NOW,
                    disturb_at_most=0,
                    weights={},
                    course=[],
                    state=RunState.RUNNING,
                    progress={},
                )
            )

    add(2, 4)
    with pytest.raises(Conflict) as refused:
        add(4, 8)
    assert refused.value.code == "already-there"
    add(5, 8)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanningRun)) == 2


def follow(browser: FlaskClient, location: str) -> str:
    """Return the page of the proposal a run leads to."""
    page = browser.get(location)
    while page.status_code == 200:
        page = browser.get(location)
    return browser.get(page.location).text


@on_sqlite
def test_a_coordinator_plans_the_week_from_the_page_of_a_day(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter()
        asked_on(TUESDAY)
        asked_on(SUNDAY)
        asked_on(SUNDAY, 15, "uk")
    browser = sign_in(app, coordinator)
    page = browser.get(DAY).text
    assert "This day: 1 open request" in page
    assert "This week, Mon, 1 March 2027 – Sun, 7 March 2027: 3 open requests" in page
    shown = follow(browser, send(browser, DAY, seen_on=DAY, span="week").location)
    assert "Proposal for Mon, 1 March 2027 – Sun, 7 March 2027" in shown
    assert "2 of 3 requests filled" in shown
    for heading in ("Tue, 2 March 2027</h3>", "Sun, 7 March 2027</h3>"):
        assert heading in shown
    for day in (TUESDAY, date(2027, 3, 4), SUNDAY):
        assert "Mon, 1 March 2027 – Sun, 7 March 2027 · made" in browser.get(f"/plan/{day}").text


@on_sqlite
def test_a_coordinator_plans_until_another_day_or_is_told_what_is_wrong_with_it(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter()
        asked_on(TUESDAY)
        asked_on(date(2027, 3, 15))
    browser = sign_in(app, coordinator)
    for until, sentence in (
        ("", "Give the last day as a date."),
        ("2027-03-01", "The last day lies before the first one; choose a later day."),
        ("2027-04-02", "At most 31 days are planned at once; choose an earlier day."),
        ("soon", "Give the last day as a date."),
    ):
        refused = send(browser, DAY, seen_on=DAY, span="until", until=until)
        assert (refused.status_code, sentence in refused.text) == (422, True), until
    planned = send(browser, DAY, seen_on=DAY, span="until", until="2027-03-15")
    assert "2 of 2 requests filled" in follow(browser, planned.location)


@on_sqlite
def test_planning_days_that_are_being_planned_is_refused_in_a_sentence(app: Flask) -> None:
    with app.app_context():
        begin(days(3, 4))
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            asked_on(TUESDAY)
    browser = sign_in(app, coordinator)
    refused = send(browser, DAY, seen_on=DAY, span="week")
    assert refused.status_code == 302
    page = browser.get(refused.location).text
    assert "Wed, 3 March 2027 – Thu, 4 March 2027: this is being planned already." in page
