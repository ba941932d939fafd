"""One burst: an installation, carriers that fail, workers that are killed, and the verdict."""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

from flask import Flask

from bench.burst import crowd, verdicts
from bench.burst.carriers import listening
from bench.burst.crowd import Shape
from bench.burst.faults import Carriers
from bench.burst.verdicts import Verdict
from bench.load.town import database_of
from dispatch import schema, settings
from dispatch.database import db
from dispatch.installation import assemble
from dispatch.messaging.rules import Channel
from dispatch.settings import ROOT, Settings

WORK = "from dispatch import worker; from dispatch.settings import Settings; worker.run(Settings())"
LOOK_SECONDS = 0.2
URGENT_EVERY_SECONDS = 2.0


@dataclass(frozen=True)
class Plan:
    """How a burst goes: how many messages, which faults, when a worker is killed.

    `kill_every` are the least and most seconds between two kills; `kill_at` kills when so many
    messages were taken, whatever the time.
    """

    shape: Shape
    share: float
    workers: int
    kill_every: tuple[float, float] | None = None
    kill_at: tuple[int, ...] = ()
    busy_at: tuple[float, ...] = ()
    seed: int = 0
    gives_up_after: float = 300.0
    ready_seconds: float = 3.0


@dataclass
class Workers:
    """Processes that hand messages over; when one is killed, another takes its place."""

    environment: dict[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    def start(self) -> None:
        """Start one more."""
        self.processes.append(
            subprocess.Popen(
                [sys.executable, "-c", WORK],
                cwd=ROOT,
                env=os.environ | self.environment,
                stderr=subprocess.DEVNULL,
            )
        )

    def kill(self, chance: random.Random) -> None:
        """Kill one of them at once (SIGKILL) and start another."""
        victim = self.processes.pop(chance.randrange(len(self.processes)))
        victim.kill()
        victim.wait()
        self.kills += 1
        self.start()

    def stop(self) -> None:
        """End them."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)


def burst(database: str, plan: Plan) -> Verdict:
    """Run one burst on a kind of database and return what became of it."""
    carriers = Carriers(plan.seed, plan.share, plan.busy_at)
    with (
        tempfile.TemporaryDirectory(prefix="dragoman-") as name,
        database_of(database, name) as url,
        listening(carriers) as addresses,
        _installed(url, Path(name), addresses) as (app, environment),
    ):
        return burst_at(app, environment, carriers, plan)


def burst_at(app: Flask, environment: dict[str, str], carriers: Carriers, plan: Plan) -> Verdict:
    """Run one burst in an installation that is there, and return what became of it."""
    workers = Workers(environment)
    for _ in range(plan.workers):
        workers.start()
    try:
        with app.app_context():
            sleep(plan.workers * plan.ready_seconds)
            crowd.queue_all(plan.shape)
            carriers.start()
            took = _drain(carriers, workers, plan)
            db.session.remove()
            here = settings.active()
            return verdicts.judge(
                carriers,
                drained_seconds=took,
                kills=workers.kills,
                most_in_flight=here.mails_at_once + here.sms_at_once,
            )
    finally:
        workers.stop()


def _drain(carriers: Carriers, workers: Workers, plan: Plan) -> float:
    """Kill, queue urgent ones and take back, until nothing is on its way; return the seconds."""
    course, begun = _Course(plan, carriers, workers), monotonic()
    while not course.is_over(monotonic() - begun):
        sleep(LOOK_SECONDS)
    took = monotonic() - begun
    while crowd.waiting(urgent=True) and monotonic() - begun < took + verdicts.URGENT_SECONDS:
        sleep(LOOK_SECONDS)
    return took


class _Course:
    """What happens while a burst is under way."""

    def __init__(self, plan: Plan, carriers: Carriers, workers: Workers) -> None:
        self._plan, self._carriers, self._workers = plan, carriers, workers
        self._chance = random.Random(plan.seed)
        self._urgent, self._has_taken_back = 0, False
        self._next_kill = self._chance.uniform(*plan.kill_every) if plan.kill_every else None

    def is_over(self, elapsed: float) -> bool:
        """Do what is due after so many seconds; tell whether there is nothing more to wait for."""
        if crowd.is_slowed(Channel.SMS):
            self._carriers.knows(Channel.SMS)
        self._carriers.look_at_early(crowd.claimed_at)
        if elapsed >= self._urgent * URGENT_EVERY_SECONDS:
            crowd.queue_urgent(self._urgent)
            self._urgent += 1
        if self._is_to_kill(elapsed):
            self._workers.kill(self._chance)
        if not self._has_taken_back and elapsed >= self._plan.shape.passes_after_seconds:
            crowd.take_back(self._plan.shape)
            self._has_taken_back = True
        is_done = self._has_taken_back and not crowd.waiting()
        return is_done or elapsed > self._plan.gives_up_after

    def _is_to_kill(self, elapsed: float) -> bool:
        at = self._plan.kill_at[self._workers.kills :]
        if at and len(self._carriers.taken) >= at[0]:
            return True
        if self._next_kill is None or elapsed < self._next_kill or not self._plan.kill_every:
            return False
        self._next_kill = elapsed + self._chance.uniform(*self._plan.kill_every)
        return True


@contextmanager
def _installed(
    url: str, folder: Path, more: Mapping[str, str]
) -> Iterator[tuple[Flask, dict[str, str]]]:
    environment = {
        "DRAGOMAN_DATABASE_URL": url,
        "DRAGOMAN_SECRET_KEY_FILE": str(folder / "secret_key"),
        "DRAGOMAN_SINK_DIR": str(folder / "sink"),
        "DRAGOMAN_SMS_PER_DAY": "1000000",
        **more,
    }
    os.environ.update(environment)
    settings.use(Settings())
    schema.migrate(url)
    app = assemble(settings.active())
    try:
        yield app, environment
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
