"""Many notices at once: how soon they are gone, and whether an urgent one waits behind them."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep

import sqlalchemy as sa

from bench.load.driving import Call, drive
from bench.load.provider import TAKES_SECONDS
from bench.load.rows import FEW_SECONDS, Row
from bench.load.town import Town
from dispatch import clock
from dispatch.database import db, transaction
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState

MANY, URGENT = "bench", "urgent"
URGENT_EVERY_SECONDS = 2.0
MOST_SECONDS = 400
A_SECOND = 10_000 / 120


@dataclass(frozen=True)
class Facts:
    """What the sign-in mail says."""

    city: str = "Dortmund"
    office: str = "Dolmetschvermittlung"
    phone: str = "+492315000"
    link: str = "https://dragoman.example/sign-in/link/x"


def queue(about: str, number: int, *, urgent: bool = False) -> None:
    """Queue one notice in the caller's transaction."""
    messaging.queue(
        "sign_in_link",
        channel=Channel.EMAIL,
        recipient=messaging.Recipient(f"p{number}@example.org", f"P {number}", "de"),
        facts=Facts(),
        about=about,
        now=clock.now(),
        urgent=urgent,
    )


def burst(town: Town, messages: int, pages: Sequence[Call]) -> Iterator[Row]:
    """L7 and L8: many mails of one change, through a provider that takes 100 ms for each."""
    begun = monotonic()
    with town.app.app_context(), transaction():
        for number in range(messages):
            queue(f"{MANY}:{number}", number)
    queued = monotonic() - begun
    with _urgent_ones(town):
        beside = drive(pages, 10, FEW_SECONDS)
        while _waiting(town, MANY) and monotonic() - begun < MOST_SECONDS:
            sleep(0.5)
    took, left = monotonic() - begun, _waiting(town, MANY)
    rate = (messages - left) / took
    figure = (
        f"{messages} queued in {queued:.1f} s, gone after {took:.0f} s ({rate:.0f} a second), "
        f"{left} left; pages beside it p95 {beside.percentile(0.95):.0f} ms"
    )
    what = f"a burst of mails, {TAKES_SECONDS * 1000:.0f} ms each at the provider"
    yield Row("L7", what, "83 a second", figure, left == 0 and rate >= A_SECOND)
    waits = _waits(town)
    worst = max(waits, default=0.0)
    figure = f"{len(waits)} of them, {worst:.1f} s at most"
    yield Row("L8", "urgent mails meanwhile", "10 s", figure, bool(waits) and worst <= 10)


@contextmanager
def _urgent_ones(town: Town) -> Iterator[None]:
    """Queue an urgent mail every two seconds while the block lasts."""
    over = threading.Event()

    def go_on() -> None:
        number = 0
        while not over.wait(URGENT_EVERY_SECONDS):
            with town.app.app_context(), transaction():
                queue(f"{URGENT}:{number}", number, urgent=True)
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        until = monotonic() + 15
        while _waiting(town, URGENT) and monotonic() < until:
            sleep(0.2)


def _waits(town: Town) -> list[float]:
    """Return how many seconds each urgent mail waited; endless for one that is not gone."""
    with town.app.app_context():
        query = sa.select(Message).where(Message.about.startswith(f"{URGENT}:"))
        found = [
            (one.sent_at - one.queued_at).total_seconds() if one.sent_at else float("inf")
            for one in db.session.scalars(query)
        ]
        db.session.remove()
    return found


def _waiting(town: Town, which: str) -> int:
    with town.app.app_context():
        query = sa.select(sa.func.count(Message.id)).where(
            Message.about.startswith(f"{which}:"), Message.state != MessageState.SENT
        )
        found = int(db.session.scalar(query) or 0)
        db.session.remove()
    return found
