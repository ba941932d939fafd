"""One run of one method on one day: started, measured and judged, the same for all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from time import monotonic
from typing import Any

from bench.solver import processes
from bench.solver.answer import Answer, Call
from bench.solver.day import Day
from bench.solver.instances import named
from bench.solver.methods import BY_NAME
from bench.solver.scoring import Score, score, without_halves

START_AND_READ_S = 120


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be run: a method on a day with a seed, seconds allowed and threads."""

    method: str
    day: str
    seed: int
    budget_s: float
    workers: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a job. Without an answer, `failure` says why in one line.

    Seconds from the day in hand to the plan in hand; `half` are the teams not together.
    """

    job: Job
    failure: str = ""
    answer: Answer | None = None
    score: Score | None = None
    half: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    memory_mb: float = 0.0


class Dishonest(AssertionError):
    """Our own plan is not worth what our solver says, or breaks a rule of the instance."""


def work(**job: Any) -> dict[str, Any]:
    """Do a job, within the process that may be killed; the day is read before the clock runs."""
    asked = Job(**job)
    method, day = BY_NAME[asked.method], named(asked.day)
    method.prepare()
    before, begun = processes.cpu_s(), monotonic()
    answer = method.run(day, Call(asked.seed, asked.budget_s, asked.workers, begun))
    return {
        "answer": asdict(answer),
        "seconds": monotonic() - begun,
        "cpu_s": processes.cpu_s() - before,
    }


def run(day: Day, job: Job) -> Measured:
    """Run a job in a process of its own; raises nothing for what a method does."""
    deadline_s = 2 * job.budget_s + START_AND_READ_S
    outcome = processes.call("bench.solver.running:work", asdict(job), deadline_s)
    if outcome.failure:
        return Measured(job, outcome.failure, memory_mb=outcome.memory_mb)
    answer = Answer(**outcome.found.pop("answer"))
    visits = {id_: [(name, at) for name, at in stops] for id_, stops in answer.visits.items()}
    return Measured(
        job=job,
        answer=answer,
        score=score(day, without_halves(day, visits)),
        half=score(day, visits).half,
        memory_mb=outcome.memory_mb,
        **outcome.found,
    )


def honest(measured: Measured) -> Measured:
    """Return the measures of our own solver; raises Dishonest if the scorer sees it otherwise."""
    answer, judged = measured.answer, measured.score
    if answer is None or judged is None:
        return measured
    wrong = [*judged.faults]
    if answer.value is None or round(answer.value * 100) != judged.hundredths:
        wrong.append(f"says {answer.value}, is worth {judged.points}")
    if answer.bound is not None and judged.hundredths > round(answer.bound * 100):
        wrong.append(f"is worth {judged.points}, above its bound {answer.bound}")
    if measured.half or judged.off_grid:
        wrong.append(f"{measured.half} teams not together, {judged.off_grid} starts off the grid")
    if wrong:
        raise Dishonest(f"{measured.job.day}, seed {measured.job.seed}: " + "; ".join(wrong))
    return measured
