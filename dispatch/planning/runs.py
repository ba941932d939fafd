"""The life of a planning run: begun, heard of, asked to stop, finished, failed or lost."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

import solver
from dispatch.audit import service as audit
from dispatch.audit.rules import Actor
from dispatch.database import db, get, one_at_a_time
from dispatch.errors import Conflict
from dispatch.planning.horizon import Horizon
from dispatch.planning.models import PlanningRun
from dispatch.planning.rules import Failure, RunState
from dispatch.web.formats import local_days

LOST_AFTER = timedelta(seconds=20)


def begin(
    actor: Actor, horizon: Horizon, *, disturb_at_most: int, weight: int, now: datetime
) -> tuple[PlanningRun, bool]:
    """Return a new run for the days and True, or the one still running for just them and False.

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
        weight=weight,
        state=RunState.RUNNING,
        progress={},
    )
    db.session.add(run)
    db.session.flush()
    audit.record(actor, "planning.begun", "planning_run", run.id, now=now)
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
    _change(run_id, heard_at=_really_now(), **({"progress": levels} if levels else {}))
    return bool(
        db.session.scalar(sa.select(PlanningRun.stop_asked).where(PlanningRun.id == run_id))
    )


def ask_to_stop(actor: Actor, run_id: int, *, now: datetime) -> None:
    """Have the run end with the best plan it has; one that has ended already stays as it is."""
    get(PlanningRun, run_id)
    if _change(run_id, stop_asked=True):
        audit.record(actor, "planning.stopped", "planning_run", run_id, now=now)


def finish(run_id: int, proposal_id: int) -> None:
    """Close a run that led to a proposal."""
    _change(run_id, state=RunState.FINISHED, proposal_id=proposal_id)


def fail(run_id: int, failure: Failure) -> None:
    """Close a run that ended without a proposal."""
    _change(run_id, state=RunState.FAILED, failure=failure)


def bury_lost() -> None:
    """Call runs failed that gave no sign of life for too long: their server has died."""
    silent = sa.update(PlanningRun).where(
        PlanningRun.state == RunState.RUNNING,
        PlanningRun.heard_at < _really_now() - LOST_AFTER,
    )
    db.session.execute(silent.values(state=RunState.FAILED, failure=Failure.LOST))


def is_lost(run: PlanningRun) -> bool:
    """Tell whether a run that has not ended gave no sign of life for too long."""
    return run.state == RunState.RUNNING and run.heard_at < _really_now() - LOST_AFTER


def _change(run_id: int, **values: Any) -> bool:
    running = sa.update(PlanningRun).where(
        PlanningRun.id == run_id, PlanningRun.state == RunState.RUNNING
    )
    changed = db.session.execute(running.values(**values))
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _really_now() -> datetime:
    """Return the time by which processes live and die, also where the clock is frozen."""
    return datetime.now(UTC)
