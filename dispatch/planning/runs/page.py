"""How far a planning run is, for the page that asks every second."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from dispatch.database import db, get, transaction
from dispatch.planning.runs import parts, wording
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.course import Picture, Step, picture, steps_of
from dispatch.planning.runs.models import PlanningRun
from dispatch.planning.runs.rules import RunState
from dispatch.planning.snapshot.horizon import Horizon


@dataclass(frozen=True)
class RunPage:
    """A run as people read it; None as long as there is nothing to tell."""

    run: PlanningRun
    is_running: bool
    failure: Any
    seconds: int
    requests: int
    reached: Step | None
    working_on: str | None
    picture: Picture | None

    @property
    def filled(self) -> str | None:
        """How many requests are filled so far, in words."""
        if self.reached is None:
            return None
        texts = {
            True: _("%(filled)d of %(asked)d", filled=self.reached.least, asked=self.requests),
            False: _(
                "at least %(filled)d of %(asked)d", filled=self.reached.least, asked=self.requests
            ),
        }
        return texts[self.reached.least == self.reached.most]


def run_page(run_id: int) -> RunPage:
    """Read how far a run is; one whose server died is called failed first."""
    run = _alive_or_failed(get(PlanningRun, run_id))
    steps, seconds = steps_of(run.course, run.weights), runs.seconds_of(run)
    requests = sum(run.weights.values())
    return RunPage(
        run,
        run.state == RunState.RUNNING,
        wording.FAILURES.get(run.failure or ""),
        int(seconds),
        requests,
        steps[-1] if steps else None,
        _working_on(run),
        picture(steps, requests, seconds),
    )


def _working_on(run: PlanningRun) -> str | None:
    if run.in_parts:
        done, count = parts.done_of(run.id)
        if not count:
            return _("Waiting for a worker to begin …")
        if done == count:
            return _("All parts are planned; finding out how many could be filled at most")
        return _("Planning in %(count)d parts, %(done)d of them done", count=count, done=done)
    levels = run.progress.values()
    latest = max(levels, key=lambda level: level["seconds"], default=None)
    return wording.level(latest["level"]) if latest else None


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
