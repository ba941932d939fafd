"""How far a planning run is, for the page that asks every second."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from dispatch.database import db, get, transaction
from dispatch.planning import runs, wording
from dispatch.planning.horizon import Horizon
from dispatch.planning.models import PlanningRun
from dispatch.planning.rules import RunState
from dispatch.web.formats import percent


@dataclass(frozen=True)
class RunPage:
    """A run as people read it; texts are None as long as there is nothing to tell."""

    run: PlanningRun
    is_running: bool
    failure: Any
    seconds: int
    covered: str | None
    coverable: str | None
    working_on: str | None
    gap: str | None


def run_page(run_id: int) -> RunPage:
    """Read how far a run is; one whose server died is called failed first."""
    run = _alive_or_failed(get(PlanningRun, run_id))
    levels = list(run.progress.values())
    latest = max(levels, key=lambda level: level["seconds"], default=None)
    coverage = run.progress.get("coverage", {})
    return RunPage(
        run,
        run.state == RunState.RUNNING,
        wording.FAILURES.get(run.failure or ""),
        int(latest["seconds"]) if latest else 0,
        _covered(run, coverage.get("value")),
        _covered(run, coverage.get("bound")),
        wording.level(latest["level"]) if latest else None,
        percent(latest["gap"]) if latest and latest["gap"] is not None else None,
    )


def within(horizon: Horizon) -> PlanningRun | None:
    """Return the first run over any of the days that is still alive, if there is one."""
    run = runs.running_in(horizon)
    if run is None:
        return None
    alive = _alive_or_failed(run)
    return alive if alive.state == RunState.RUNNING else None


def _alive_or_failed(run: PlanningRun) -> PlanningRun:
    if runs.is_lost(run):
        with transaction():
            runs.bury_lost()
        db.session.refresh(run)
    return run


def _covered(run: PlanningRun, uncovered: int | None) -> str | None:
    if uncovered is None or not run.weight:
        return None
    share = max(0, run.weight - uncovered) / run.weight
    return _("%(percent)s %%", percent=int(100 * share))
