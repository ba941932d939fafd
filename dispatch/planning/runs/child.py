"""The solver in a process of its own: it can be killed, and takes nothing down with it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import IO, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

import solver
import solver.analysis

TIME_LIMIT_SECONDS = 30.0
NICENESS = 10
GRACE_SECONDS = 15.0
LOOK_SECONDS = 0.4
REMEDY_SECONDS = 4.0
REMEDIES = TypeAdapter(tuple[solver.analysis.Remedy, ...])
ANSWER = TypeAdapter(solver.Plan)
T = TypeVar("T")


@dataclass(frozen=True)
class Heard:
    """What the child tells: of each level it worked on the latest, in order."""

    levels: tuple[solver.Progress, ...] = ()


Look = Callable[[int, Heard], bool]
"""Called several times a second with the process id and what was heard; True asks to stop."""


class NoAnswer(Exception):
    """The child ended without an answer, or had to be killed after its time (`too_long`)."""

    def __init__(self, said: str, *, too_long: bool = False) -> None:
        super().__init__(said or "killed")
        self.too_long = too_long


def solve(problem: solver.Problem, look: Look, *, time_limit_s: float) -> solver.Plan:
    """Return the plan a child makes within the time; raises `NoAnswer`.

    Asked to stop, the child answers with the best plan it has; it is asked once it has one.
    """
    with _document(problem) as question:
        told = _run(
            ["solve", _path(question), "--time-limit", str(time_limit_s), "--progress-json"],
            (question,),
            look,
            time_limit_s + GRACE_SECONDS,
        )
    return _read(ANSWER, told)


def remedies(
    problem: solver.Problem, plan: solver.Plan, request_id: int, languages: Sequence[str]
) -> tuple[solver.analysis.Remedy, ...]:
    """Return what would fill a request, as `solver.analysis.remedies`; raises `NoAnswer`."""
    wanted = [part for tag in languages for part in ("--language", tag)]
    limit = ["--time-limit", str(REMEDY_SECONDS)]
    with _document(problem) as question, _document(plan) as planned:
        told = _run(
            ["remedies", _path(question), _path(planned), str(request_id), *wanted, *limit],
            (question, planned),
            lambda _pid, _heard: False,
            REMEDY_SECONDS + GRACE_SECONDS,
        )
    return _read(REMEDIES, told)


def heard(said: bytes) -> Heard:
    """Read the progress in what a child wrote so far; other lines, and half ones, are left out."""
    levels = {}
    for line in said.splitlines(keepends=True):
        if line.startswith(b"{") and line.endswith(b"\n"):
            progress = solver.Progress(**json.loads(line))
            levels[progress.level] = progress
    return Heard(tuple(levels.values()))


def _run(arguments: list[str], documents: Sequence[IO[bytes]], look: Look, limit_s: float) -> bytes:
    with subprocess.Popen(  # noqa: S603 - our own program with our own arguments
        [sys.executable, "-m", "solver", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[document.fileno() for document in documents],
        start_new_session=True,
    ) as child:
        try:
            with suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, child.pid, NICENESS)
            answer, said = _accompany(child, look, monotonic() + limit_s)
        finally:
            child.kill()
    if not answer:
        raise NoAnswer(said.decode(errors="replace"))
    return answer


def _read(kind: TypeAdapter[T], answer: bytes) -> T:
    """Return what a child answered; one killed while it wrote has given no answer."""
    try:
        return kind.validate_json(answer)
    except ValidationError as torn:
        raise NoAnswer(str(torn)) from torn


def _accompany(child: "subprocess.Popen[bytes]", look: Look, until: float) -> tuple[bytes, bytes]:
    is_told = False
    while True:
        try:
            return child.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired as waiting:
            so_far = heard(waiting.stderr or b"")
        if monotonic() > until:
            raise NoAnswer("", too_long=True)
        if look(child.pid, so_far) and so_far.levels and not is_told:
            child.send_signal(signal.SIGINT)
            is_told = True


@contextmanager
def _document(value: BaseModel) -> Iterator[IO[bytes]]:
    """Lend the value as JSON in a file without a name, so that nothing of it is left anywhere."""
    with tempfile.TemporaryFile() as file:
        file.write(value.model_dump_json(by_alias=True).encode())
        file.flush()
        file.seek(0)
        yield file


def _path(file: IO[bytes]) -> str:
    return f"/dev/fd/{file.fileno()}"
