"""The life of a planning run: begun, heard of, asked to stop, finished, failed or lost."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

import solver
from dispatch.database import Instant, db, get, one_at_a_time
from dispatch.errors import Conflict
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.planning.runs.models import PlanningPart, PlanningRun
from dispatch.planning.runs.rules import Failure, RunState
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.web.formats import local_days

COVERAGE = "coverage"
LOST_AFTER = timedelta(seconds=20)
LOST_IN_PARTS_AFTER = timedelta(minutes=10)
"""Workers may be started anew, and go on then."""


def begin(
    actor: Actor,
    horizon: Horizon,
    *,
    disturb_at_most: int,
    weights: Collection[int],
    now: datetime,
) -> tuple[PlanningRun, bool]:
    """Return a new run for the days and True, or the one still running for just them and False.

    `weights` are those of the requests.

    Raises `Conflict` where a run is under way for some of the days, or for more.
    """
    one_at_a_time("planning")
    bury_lost()
    running = running_in(horizon)
    if running is not None:
        if (running.first_day, running.last_day) != (horizon.first, horizon.last):
            raise Conflict(
                "being-planned",
                _l(
                    "%(days)s: this is being planned already. Wait for that plan, or stop it.",
                    days=local_days(running.first_day, running.last_day),
                ),
            )
        return running, False
    run = PlanningRun(
        first_day=horizon.first,
        last_day=horizon.last,
        begun_at=now,
        heard_at=_really_now(),
        account_id=actor.account_id,
        disturb_at_most=disturb_at_most,
        weights={str(weight): count for weight, count in Counter(weights).items()},
        state=RunState.RUNNING,
        progress={},
        course=[],
    )
    db.session.add(run)
    db.session.flush()
    ledger.record(actor, "planning.begun", Concerning(planning_run=run.id), now=now)
    return run, True


def running_in(horizon: Horizon) -> PlanningRun | None:
    """Return the first run over any of the days that has not ended, if there is one."""
    return db.session.scalar(
        sa.select(PlanningRun)
        .where(
            PlanningRun.first_day <= horizon.last,
            PlanningRun.last_day >= horizon.first,
            PlanningRun.state == RunState.RUNNING,
        )
        .order_by(PlanningRun.first_day)
        .limit(1)
    )


def note(run_id: int, progress: Iterable[solver.Progress]) -> bool:
    """Keep how far the run is, as a sign of life; return whether somebody asked it to stop."""
    levels = {one.level: asdict(one) for one in progress}
    changed: dict[str, Any] = {"progress": levels} if levels else {}
    if levels.get(COVERAGE, {}).get("value") is not None:
        changed["course"] = _course(run_id, levels[COVERAGE])
    _change(run_id, heard_at=_really_now(), **changed)
    return is_asked_to_stop(run_id)


def _course(run_id: int, now: dict[str, Any]) -> list[list[float]]:
    """Return the course with what is reached now; a new search begins a new one."""
    query = sa.select(PlanningRun.course).where(PlanningRun.id == run_id)
    so_far = db.session.scalars(query).one()
    point = [round(now["seconds"], 1), now["value"], now["bound"]]
    if so_far and so_far[-1][1:] == point[1:]:
        return so_far
    return [*(one for one in so_far if one[0] <= point[0]), point]


def is_asked_to_stop(run_id: int) -> bool:
    """Tell whether the run is to end with what it has, or has ended."""
    goes_on = sa.select(PlanningRun.id).where(
        PlanningRun.id == run_id, PlanningRun.state == RunState.RUNNING, ~PlanningRun.stop_asked
    )
    return db.session.scalar(goes_on) is None


def is_running(run_id: int) -> bool:
    """Tell whether the run has not ended."""
    state = sa.select(PlanningRun.state).where(PlanningRun.id == run_id)
    return db.session.scalar(state) == RunState.RUNNING


def hold(run_id: int) -> bool:
    """Tell whether the run has not ended, and let nobody else end it in this transaction."""
    return _change(run_id, heard_at=_really_now())


def seconds_of(run: PlanningRun) -> float:
    """Return for how long the run has been solved so far, as far as is known."""
    return max((float(level["seconds"]) for level in run.progress.values()), default=0.0)


def ask_to_stop(actor: Actor, run_id: int, *, now: datetime) -> None:
    """Have the run end with the best plan it has; one that has ended already stays as it is."""
    get(PlanningRun, run_id)
    if _change(run_id, stop_asked=True):
        ledger.record(actor, "planning.stopped", Concerning(planning_run=run_id), now=now)


def finish(run_id: int, proposal_id: int) -> None:
    """Close a run that led to a proposal."""
    _change(run_id, state=RunState.FINISHED, proposal_id=proposal_id)
    _forget_questions()


def fail(run_id: int, failure: Failure) -> None:
    """Close a run that ended without a proposal."""
    _change(run_id, state=RunState.FAILED, failure=failure)
    _forget_questions()


def bury_lost() -> None:
    """Call runs failed that gave no sign of life for too long: their server has died."""
    now = _really_now()
    silent_since = sa.case(
        (PlanningRun.in_parts, sa.literal(now - LOST_IN_PARTS_AFTER, Instant())),
        else_=sa.literal(now - LOST_AFTER, Instant()),
    )
    silent = sa.update(PlanningRun).where(
        PlanningRun.state == RunState.RUNNING, PlanningRun.heard_at < silent_since
    )
    db.session.execute(silent.values(state=RunState.FAILED, failure=Failure.LOST))
    _forget_questions()


def is_lost(run: PlanningRun) -> bool:
    """Tell whether a run that has not ended gave no sign of life for too long."""
    patience = LOST_IN_PARTS_AFTER if run.in_parts else LOST_AFTER
    return run.state == RunState.RUNNING and run.heard_at < _really_now() - patience


def _forget_questions() -> None:
    """Drop what the workers needed for runs that have ended; the proposal has its own."""
    ended = sa.select(PlanningRun.id).where(
        PlanningRun.in_parts, PlanningRun.state != RunState.RUNNING
    )
    db.session.execute(sa.delete(PlanningPart).where(PlanningPart.run_id.in_(ended)))
    db.session.execute(
        sa.update(PlanningRun)
        .where(PlanningRun.id.in_(ended), PlanningRun.problem.is_not(None))
        .values(problem=None, versions=sa.null())
    )


def _change(run_id: int, **values: Any) -> bool:
    running = sa.update(PlanningRun).where(
        PlanningRun.id == run_id, PlanningRun.state == RunState.RUNNING
    )
    changed = db.session.execute(running.values(**values))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _really_now() -> datetime:
    """Return the time by which processes live and die, also where the clock is frozen."""
    return datetime.now(UTC)
