"""Large plans: cut into parts that workers solve, also where one is killed in the middle."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from subprocess import Popen

import pytest
import sqlalchemy as sa
from flask import Flask

import solver
from dispatch import clock
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.proposals import making, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.runs import page as running
from dispatch.planning.runs import parts
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningPart, PlanningRun
from dispatch.planning.runs.rules import Failure, RunState
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.problem import of_days
from dispatch.settings import Settings
from tests import factories
from tests.dispatch.engine.processes import start_worker, until
from tests.factories import NOW, TOMORROW_TEN, hours_later
from tests.planning_days import confirmed

pytestmark = pytest.mark.usefixtures("frozen_clock")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
sqlite_first = pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)
postgresql_first = pytest.mark.parametrize(
    "database_url", [pytest.param("sqlite", marks=pytest.mark.slow), "postgresql"], indirect=True
)
in_session = pytest.mark.usefixtures("session")
TUESDAY = Horizon(date(2027, 3, 2), date(2027, 3, 2), "Europe/Berlin")
MOST = 12
LANGUAGES = ("ro", "tr", "bg")


@pytest.fixture
def settings(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An installation, with its workers, to which a dozen requests are many."""
    monkeypatch.setenv("DRAGOMAN_PLAN_IN_PARTS_ABOVE", str(MOST))
    return settings.model_copy(update={"plan_in_parts_above": MOST})


@contextmanager
def at_work(settings: Settings) -> Iterator[Popen[bytes]]:
    """Have a worker at work, and kill it at the end."""
    worker = start_worker(settings)
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def busy_day(*, each: int = 12, tied: bool = True) -> None:
    """So many requests in each of three languages, and a quarter as many people.

    `tied`: one person works in all of the languages.
    """
    with transaction():
        for number in range(each):
            place = (51.45 + number % 7 / 50, 7.35 + number % 11 / 45)
            site = factories.site(point=place)
            for language in LANGUAGES:
                start = hours_later(TOMORROW_TEN, -2 + number * 37 % 480 / 60)
                factories.asked(language, at=site, start=start)
                if number % 4 == 0:
                    factories.interpreter(language, name=f"{language}{number}", home=place)
        if tied:
            factories.interpreter(*LANGUAGES, name="Everything")


def press(app: Flask, *, disturb_at_most: int = 0) -> PlanningRun:
    now = clock.now()
    question = of_days(TUESDAY, now=now, disturb_at_most=disturb_at_most)
    with transaction():
        begun = making.begin(SYSTEM, question, disturb_at_most, now=now)
    begun.carry_out(app)
    return db.session.get_one(PlanningRun, begun.run_id)


def now_of(run: PlanningRun) -> PlanningRun:
    db.session.rollback()
    db.session.refresh(run)
    return run


def rows(run: PlanningRun) -> list[PlanningPart]:
    db.session.rollback()
    query = sa.select(PlanningPart).where(PlanningPart.run_id == run.id)
    return list(db.session.scalars(query.order_by(PlanningPart.number)))


def ended(run: PlanningRun) -> Proposal:
    until(lambda: now_of(run).state != RunState.RUNNING, seconds=90)
    assert run.failure is None
    assert run.proposal_id
    return db.session.get_one(Proposal, run.proposal_id)


def solvers_of(worker: Popen[bytes]) -> list[int]:
    """Return the solver processes a worker has started, from what the kernel tells."""
    started = Path(f"/proc/{worker.pid}/task").glob("*/children")
    pids = [pid for one in started for pid in one.read_text().split()]
    return [int(pid) for pid in pids if b"-m\0solver" in Path(f"/proc/{pid}/cmdline").read_bytes()]


@in_session
@on_sqlite
@pytest.mark.parametrize(("tied", "exact"), [(False, True), (True, False)])
def test_a_problem_is_cut_where_it_falls_apart_and_by_language_elsewhere(
    tied: bool, exact: bool
) -> None:
    busy_day(tied=tied)
    problem = of_days(TUESDAY, now=NOW).problem
    found = parts.cut(problem, MOST)
    assert [(one.exact, len(one.problem.requests)) for one in found] == [(exact, MOST)] * 3
    asked = sorted(one.id for part in found for one in part.problem.requests)
    assert asked == sorted(one.id for one in problem.requests)


@in_session
@on_sqlite
@pytest.mark.parametrize("tied", [False, True])
def test_workers_make_one_plan_with_a_bound_for_the_whole(
    app: Flask, settings: Settings, tied: bool
) -> None:
    busy_day(tied=tied)
    run = press(app)
    with at_work(settings):
        proposal = ended(run)
    problem, plan = service.problem_of(proposal), service.plan_of(proposal)
    best = solver.solve(problem)
    assert solver.check(problem, plan) == ()
    assert len(problem.requests) == 3 * MOST
    assert plan.objective[0].bound is not None
    assert plan.objective[0].bound <= best.objective[0].value <= plan.objective[0].value
    assert plan.status == solver.Status.OPTIMAL or tied
    assert rows(run) == []


@in_session
def test_few_requests_are_planned_as_before_without_any_worker(app: Flask) -> None:
    with transaction():
        factories.interpreter()
        factories.asked()
    run = press(app)
    ended(run)
    assert not run.in_parts


@in_session
@sqlite_first
def test_what_a_killed_worker_had_begun_is_done_by_another(app: Flask, settings: Settings) -> None:
    busy_day()
    run = press(app)
    with at_work(settings) as first:
        until(lambda: bool(solvers_of(first)))
        orphans = solvers_of(first)
        with at_work(settings):
            first.send_signal(signal.SIGKILL)
            first.wait()
            for pid in orphans:
                os.kill(pid, signal.SIGKILL)
            handed_out = rows(run)
            assert not any(row.is_done for row in handed_out)
            proposal = ended(run)
    assert len(handed_out) == len(LANGUAGES)
    assert service.plan_of(proposal).asked == MOST * len(LANGUAGES)
    assert solver.check(service.problem_of(proposal), service.plan_of(proposal)) == ()


@in_session
@postgresql_first
def test_a_worker_that_takes_a_run_over_asks_nobody_twice(app: Flask, settings: Settings) -> None:
    busy_day()
    run = press(app)
    assert running.run_page(run.id).working_on == "Waiting for a worker to begin …"
    with at_work(settings) as first:
        until(lambda: bool(rows(run)))
        told = running.run_page(run.id).working_on or ""
        assert told.startswith(f"Planning in {len(LANGUAGES)} parts")
        first.send_signal(signal.SIGKILL)
        first.wait()
    handed_out = [row.id for row in rows(run)]
    heard = now_of(run).heard_at
    with at_work(settings):
        until(lambda: now_of(run).heard_at > heard)
        assert {row.id for row in rows(run)} <= set(handed_out)
        ended(run)


@in_session
@on_sqlite
def test_how_many_more_are_filled_by_moving_people_is_asked_in_parts_too(
    app: Flask, settings: Settings
) -> None:
    moving = confirmed()
    with transaction():
        for _ in range(MOST):
            factories.asked("bg")
    run = press(app, disturb_at_most=1)
    with at_work(settings):
        proposal = ended(run)
    assert proposal.filled_undisturbed == moving.filled_without
    assert service.plan_of(proposal).filled == moving.filled_without + 1


@in_session
@on_sqlite
def test_asked_to_stop_all_parts_end_with_the_best_they_have(
    app: Flask, settings: Settings
) -> None:
    busy_day(each=40)
    run = press(app)
    with transaction():
        runs.ask_to_stop(SYSTEM, run.id, now=NOW)
    with at_work(settings):
        proposal = ended(run)
    problem, plan = service.problem_of(proposal), service.plan_of(proposal)
    assert solver.check(problem, plan) == ()
    assert plan.stopped_by == solver.StoppedBy.ASKED
    assert plan.filled > 0


@in_session
@on_sqlite
def test_a_part_whose_solver_is_killed_fails_the_run(app: Flask, settings: Settings) -> None:
    busy_day()
    run = press(app)
    with at_work(settings) as worker:
        until(lambda: bool(solvers_of(worker)))
        os.kill(solvers_of(worker)[0], signal.SIGKILL)
        until(lambda: now_of(run).state != RunState.RUNNING)
    assert run.failure == Failure.CRASHED
    assert rows(run) == []
