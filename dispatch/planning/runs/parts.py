"""Planning cut into parts: each a job that any worker takes, again where a worker was killed."""

import time
from collections.abc import Sequence
from hashlib import sha256
from math import ceil

import sqlalchemy as sa

import solver
import solver.analysis
from dispatch import engine, settings
from dispatch.database import db, transaction
from dispatch.planning.runs import child
from dispatch.planning.runs import service as runs
from dispatch.planning.runs.models import PlanningPart, PlanningRun
from dispatch.planning.runs.rules import Failure
from dispatch.planning.snapshot.problem import Question

LOOK_SECONDS = 0.4
FLOOR_SECONDS = 10.0


def leave_to_workers(run: PlanningRun, question: Question) -> None:
    """Keep the question with the run, and have a worker plan it once that is committed."""
    run.in_parts = True
    run.problem, run.versions = question.problem.to_json(), question.versions
    engine.enqueue("plan_in_parts", run.id, key=f"planning-{run.id}")


def solve_part(part_id: int) -> None:
    """Solve one part and keep the answer, unless it is there or nobody waits for it any more."""
    part = db.session.get(PlanningPart, part_id)
    if part is None or part.is_done or not runs.is_running(part.run_id):
        return
    run_id, problem = part.run_id, solver.Problem.from_json(part.problem)
    coverage = problem.weights.levels[0].name
    limit = child.TIME_LIMIT_SECONDS if part.floor_of is None else FLOOR_SECONDS

    def look(_pid: int, heard: child.Heard) -> bool:
        found = [one for one in heard.levels if one.level == coverage]
        with transaction():
            for one in found:
                _change(part_id, value=one.value, bound=one.bound)
            return runs.is_asked_to_stop(run_id)

    try:
        plan = child.solve(problem, look, time_limit_s=limit)
    except child.NoAnswer as ended:
        with transaction():
            failure = Failure.TOO_LONG if ended.too_long else Failure.CRASHED
            _change(part_id, is_done=True, failure=failure)
        return
    with transaction():
        _change(part_id, is_done=True, plan=plan.to_json(), **_reached(plan))


def done_of(run_id: int) -> tuple[int, int]:
    """Return how many parts of a run are done, floors aside, and how many were handed out."""
    query = sa.select(PlanningPart.is_done).where(
        PlanningPart.run_id == run_id, PlanningPart.floor_of.is_(None)
    )
    done = db.session.scalars(query).all()
    return sum(done), len(done)


def cut(problem: solver.Problem, most: int) -> tuple[solver.analysis.Part, ...]:
    """Return parts of about at most so many requests: exact ones where the problem falls apart.

    Otherwise languages are dealt out and everybody works for one part only.
    """
    wanted = ceil(len(problem.requests) / most)
    for count in (wanted, None):
        exact = solver.analysis.split(problem, count)
        if max(len(part.problem.requests) for part in exact) <= most:
            return exact
    return solver.analysis.split(problem, wanted, cuts=True)


def solve(run_id: int, problem: solver.Problem, begun: float) -> solver.Plan:
    """Return the plan of the whole once workers have solved its parts; raises `NoAnswer`."""
    parts = _Parts(run_id, problem)
    while True:
        with transaction():
            if not runs.hold(run_id):
                raise child.NoAnswer("the run has ended meanwhile")
            rows = parts.rows()
            if all(row.is_done for row in rows):
                rows += parts.hand_out_more(rows)
            seconds = time.monotonic() - begun
            runs.note(run_id, [_progress(problem.weights.levels[0].name, rows, seconds)])
        if all(row.is_done for row in rows):
            return parts.joined(rows).model_copy(update={"seconds": round(seconds, 3)})
        time.sleep(LOOK_SECONDS)


class _Parts:
    """A problem a run wants solved, and the rows of its parts."""

    def __init__(self, run_id: int, problem: solver.Problem) -> None:
        self.run_id, self.problem = run_id, problem
        self.question = sha256(problem.to_json().encode()).hexdigest()

    def rows(self) -> list[PlanningPart]:
        """Return what was handed out so far."""
        query = (
            sa.select(PlanningPart)
            .where(PlanningPart.run_id == self.run_id, PlanningPart.question == self.question)
            .order_by(PlanningPart.number)
            .execution_options(populate_existing=True)
        )
        return list(db.session.scalars(query))

    def hand_out_more(self, rows: Sequence[PlanningPart]) -> list[PlanningPart]:
        """Hand out all parts, then a floor of each inexact one that leaves something open."""
        if not rows:
            parts = cut(self.problem, settings.active().plan_in_parts_above)
            return [self._hand_out(part.number, part.problem, exact=part.exact) for part in parts]
        if any(row.failure or row.floor_of is not None for row in rows):
            return []
        return [
            self._hand_out(
                len(rows) + row.number,
                solver.analysis.loosened(self.problem, _part(row)),
                exact=False,
                floor_of=row.number,
            )
            for row in rows
            if not row.exact and row.value
        ]

    def _hand_out(
        self, number: int, problem: solver.Problem, *, exact: bool, floor_of: int | None = None
    ) -> PlanningPart:
        row = PlanningPart(
            run_id=self.run_id,
            question=self.question,
            number=number,
            exact=exact,
            floor_of=floor_of,
            problem=problem.to_json(),
            value=sum(one.weight for one in problem.requests),
            is_done=False,
        )
        db.session.add(row)
        db.session.flush()
        engine.enqueue("solve_part", row.id, key=f"planning-part-{row.id}")
        return row

    def joined(self, rows: Sequence[PlanningPart]) -> solver.Plan:
        """Return the plan of the whole; where nothing is left open, a part is its own floor."""
        failed = [row.failure for row in rows if row.failure]
        if failed:
            raise child.NoAnswer("a part was not solved", too_long=Failure.TOO_LONG in failed)
        floors = {row.floor_of: _plan(row) for row in rows if row.floor_of is not None}
        own = [row for row in rows if row.floor_of is None]
        plans = [_plan(row) for row in own]
        return solver.analysis.join(
            self.problem,
            [_part(row) for row in own],
            plans,
            [floors.get(row.number, plan) for row, plan in zip(own, plans, strict=True)],
        )


def _progress(level: str, rows: Sequence[PlanningPart], seconds: float) -> solver.Progress:
    value = sum(row.value or 0 for row in rows if row.floor_of is None)
    bound = sum(row.bound or 0 for row in rows if row.exact or row.floor_of is not None)
    return solver.Progress(seconds, level, value, bound, (value - bound) / max(1, value))


def _part(row: PlanningPart) -> solver.analysis.Part:
    problem = solver.Problem.from_json(row.problem)
    return solver.analysis.Part(number=row.number, exact=row.exact, problem=problem)


def _plan(row: PlanningPart) -> solver.Plan:
    return solver.Plan.model_validate_json(row.plan or "")


def _reached(plan: solver.Plan) -> dict[str, int | None]:
    if not plan.objective:
        return {}
    return {"value": plan.objective[0].value, "bound": plan.objective[0].bound}


def _change(part_id: int, **values: object) -> None:
    """Change a part that has no answer yet; the first answer stays."""
    db.session.execute(
        sa.update(PlanningPart)
        .where(
            PlanningPart.id == part_id,
            ~PlanningPart.is_done,
        )
        .values(**values)
    )
