"""Planning beside the web: the solver in a process of its own, and what becomes of a run."""

import json
import os
import signal
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

import solver
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.planning.proposals import making, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.orders import Order
from dispatch.planning.runs import child
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningRun
from dispatch.planning.runs.rules import Failure, RunState
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY, confirmed, crowded_problem

pytestmark = pytest.mark.usefixtures("frozen_clock")
in_session = pytest.mark.usefixtures("session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = f"/plan/{TUESDAY.first}"


def days(first: int, last: int) -> Horizon:
    """Days of March 2027; the second is tomorrow, a Tuesday."""
    return Horizon(date(2027, 3, first), date(2027, 3, last), TUESDAY.zone_name)


def begin(*, disturb_at_most: int = 0) -> PlanningRun:
    with transaction():
        run, is_new = runs.begin(
            SYSTEM, TUESDAY, disturb_at_most=disturb_at_most, weights=[2, 1, 1], now=NOW
        )
    assert is_new
    return run


def now_of(run: PlanningRun) -> PlanningRun:
    db.session.rollback()
    db.session.refresh(run)
    return run


def test_a_child_makes_the_same_plan_as_the_solver_beside_us() -> None:
    problem = crowded_problem(3, 5)
    plan = child.solve(problem, lambda _pid, _heard: False, time_limit_s=20)
    assert plan.filled == solver.solve(problem).filled == 3
    assert solver.check(problem, plan) == ()


def test_a_child_asked_to_stop_answers_with_the_best_it_has() -> None:
    problem = crowded_problem(30, 120)
    plan = child.solve(problem, lambda _pid, heard: bool(heard.levels), time_limit_s=120)
    assert plan.stopped_by == solver.StoppedBy.ASKED
    assert solver.check(problem, plan) == ()


def test_a_child_that_is_killed_gives_no_answer_and_harms_nobody() -> None:
    def kill(pid: int, _heard: child.Heard) -> bool:
        os.kill(pid, signal.SIGKILL)
        return False

    with pytest.raises(child.NoAnswer) as ended:
        child.solve(crowded_problem(20, 60), kill, time_limit_s=120)
    assert not ended.value.too_long


def test_a_child_that_does_not_end_in_time_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GRACE_SECONDS", -1)
    pids = []
    with pytest.raises(child.NoAnswer) as ended:
        child.solve(
            crowded_problem(20, 60),
            lambda pid, _heard: pids.append(pid) is not None,  # type: ignore[func-returns-value]
            time_limit_s=1,
        )
    assert ended.value.too_long


def test_half_a_line_of_progress_is_waited_for_and_other_lines_are_passed_over() -> None:
    whole = {"seconds": 0.5, "level": "coverage", "value": 4, "bound": 1, "gap": 0.75}
    better = whole | {"seconds": 0.9, "value": 2}
    said = f"{json.dumps(whole)}\na warning\n{json.dumps(better)}\n" + '{"seconds": 1'
    [level] = child.heard(said.encode()).levels
    assert (level.value, level.seconds) == (2, 0.9)


@in_session
def test_one_run_per_day_and_the_second_press_joins_it() -> None:
    run = begin()
    with transaction():
        again, is_new = runs.begin(SYSTEM, TUESDAY, disturb_at_most=0, weights=[4], now=NOW)
        other, other_is_new = runs.begin(
            SYSTEM, days(3, 3), disturb_at_most=0, weights=[4], now=NOW
        )
    assert (again.id, is_new) == (run.id, False)
    assert other_is_new
    assert other.id != run.id
    [entry] = ledger.history(Concerning(planning_run=run.id))
    assert entry.kind == "planning.begun"


@in_session
def test_progress_is_kept_and_a_wish_to_stop_is_told_back() -> None:
    run = begin()
    reached = solver.Progress(0.5, "coverage", 4, 1, 0.75)
    with transaction():
        assert runs.note(run.id, [reached]) is False
        runs.ask_to_stop(SYSTEM, run.id, now=NOW)
    with transaction():
        assert runs.note(run.id, []) is True
    assert now_of(run).progress["coverage"]["bound"] == 1


@in_session
def test_the_course_keeps_each_change_and_begins_anew_with_a_new_search() -> None:
    run = begin()
    for seconds, value, bound in [(0.5, 4, 0), (0.9, 4, 0), (1.3, 2, 1), (0.4, 3, 0)]:
        with transaction():
            runs.note(run.id, [solver.Progress(seconds, "coverage", value, bound, 0.5)])
        if seconds == 1.3:
            assert now_of(run).course == [[0.5, 4, 0], [1.3, 2, 1]]
    assert now_of(run).course == [[0.4, 3, 0]]


@in_session
def test_a_run_whose_server_died_is_called_failed_and_the_day_can_be_planned_again() -> None:
    run = begin()
    with transaction():
        run.heard_at = datetime.now(UTC) - timedelta(minutes=1)
    with transaction():
        fresh, is_new = runs.begin(SYSTEM, TUESDAY, disturb_at_most=0, weights=[4], now=NOW)
    assert is_new
    assert fresh.id != run.id
    assert (now_of(run).state, run.failure) == (RunState.FAILED, Failure.LOST)


@in_session
def test_what_has_ended_does_not_change_any_more() -> None:
    run = begin()
    with transaction():
        runs.fail(run.id, Failure.TOO_LONG)
        runs.fail(run.id, Failure.CRASHED)
        runs.ask_to_stop(SYSTEM, run.id, now=NOW)
    assert (now_of(run).failure, run.stop_asked) == (Failure.TOO_LONG, False)


def accompany(app: Flask, *, disturb_at_most: int = 0) -> tuple[Thread, PlanningRun]:
    run = begin(disturb_at_most=disturb_at_most)
    question = of_days(TUESDAY, now=NOW, disturb_at_most=disturb_at_most)
    order = Order(run.id, SYSTEM, question, NOW)
    return making.accompany(app, order), run


def accompanied(app: Flask, *, disturb_at_most: int = 0) -> PlanningRun:
    thread, run = accompany(app, disturb_at_most=disturb_at_most)
    thread.join()
    return now_of(run)


@in_session
def test_a_run_ends_in_a_proposal(app: Flask) -> None:
    with transaction():
        factories.interpreter()
        factories.asked()
    run = accompanied(app)
    assert run.state == RunState.FINISHED
    assert run.proposal_id
    proposal = db.session.get_one(Proposal, run.proposal_id)
    assert service.plan_of(proposal).filled == 1
    assert proposal.filled_undisturbed is None


def solvers() -> list[int]:
    """Return the solver processes that this one has started, from what the kernel tells."""
    started = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [pid for one in started for pid in one.read_text().split()]
    return [int(pid) for pid in pids if b"-m\0solver" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@in_session
@on_sqlite
def test_a_killed_solver_fails_the_run_and_the_server_lives_on(app: Flask) -> None:
    with transaction():
        factories.interpreter()
        factories.asked()
    thread, run = accompany(app)
    while not (running := solvers()):
        pass
    os.kill(running[0], signal.SIGKILL)
    thread.join()
    assert (now_of(run).state, run.failure) == (RunState.FAILED, Failure.CRASHED)
    assert accompanied(app).state == RunState.FINISHED


@on_sqlite
def test_the_page_leads_from_the_press_to_the_proposal(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.interpreter()
        factories.asked()
    browser = sign_in(app, coordinator)
    answer = send(browser, DAY, seen_on=DAY)
    page = browser.get(answer.location)
    while page.status_code == 200:  # as a browser without JavaScript asks again
        assert "Stop and keep the best so far" in page.text
        page = browser.get(answer.location)
    assert page.location.startswith("/proposals/")
    shown = browser.get(page.location).text
    assert "What the plan amounts to" in shown
    assert "Revision of what was asked" in shown
    told = browser.get(f"{answer.location}/progress")
    assert told.status_code == 286
    assert f'hx-get="{answer.location}/progress?arrived=1"' in told.text
    led = browser.get(f"{answer.location}/progress?arrived=1")
    assert led.headers["HX-Redirect"] == page.location


@on_sqlite
def test_the_page_shows_how_far_and_stops_when_asked(app: Flask) -> None:
    with app.app_context():
        run = begin()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            factories.asked()
            runs.note(run.id, [solver.Progress(3.2, "coverage", 2, 1, 0.5)])
    browser = sign_in(app, coordinator)
    assert "The day is being planned: see how far" in browser.get(DAY).text
    path = f"/planning/{run.id}"
    page = browser.get(path).text
    for words in (
        "Filling requests by priority",
        "at least 1 of 3",
        "no plan fills more than 2",
        "3 s",
    ):
        assert words in page
    assert send(browser, f"{path}/stop", seen_on=path).location == path
    assert "Stopping with the best plan so far" in browser.get(path).text


@on_sqlite
def test_the_page_says_when_the_server_that_planned_has_died(app: Flask) -> None:
    with app.app_context():
        run = begin()
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
            factories.asked()
            run.heard_at = datetime.now(UTC) - timedelta(minutes=1)
    browser = sign_in(app, coordinator)
    told = browser.get(f"/planning/{run.id}/progress")
    assert told.status_code == 286
    assert "The server that was planning was stopped" in told.text
    assert "This day: 1 open request" in browser.get(DAY).text


@in_session
def test_a_run_that_may_move_people_says_what_that_fills_more(app: Flask) -> None:
    moving = confirmed()
    run = accompanied(app, disturb_at_most=1)
    assert run.proposal_id
    proposal = db.session.get_one(Proposal, run.proposal_id)
    assert proposal.filled_undisturbed == moving.filled_without
    assert service.plan_of(proposal).filled == moving.filled_without + 1
