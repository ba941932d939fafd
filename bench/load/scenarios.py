"""What is measured, by the numbers of the design's list (L1 to L15); each row says its gate."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier
from time import monotonic, sleep

import psutil
import requests
import sqlalchemy as sa

from bench.load.calls import asking, look_at, mix
from bench.load.driving import Call, Measured, drive
from bench.load.town import Town, csrf
from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.holds.models import Hold
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import ROOT

FEW_SECONDS = 5.0
IDLE_SECONDS = 20.0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    number: str
    what: str
    gate: str
    figure: str
    met: bool | None


def all_of(town: Town, seconds: float, messages: int) -> Iterator[Row]:
    """Measure everything that exists, on one installation."""
    process, took = town.serve("--with-worker")
    yield Row("L11", "cold start to an answer", "3 s", f"{took:.1f} s", took <= 3)
    pages = mix(town)
    drive(pages, 20, 2)  # what is loaded at first use
    yield _pages_row("L1", "pages, 50 a second", drive(pages, 50, seconds), 150, 400)
    yield writes(town, seconds)
    yield one_slot(town)
    yield burst(town, messages, pages)
    yield planning(town, pages)
    yield overload(town, pages)
    memory = process.memory_info().rss / 1_000_000
    what = "memory of server and worker after all this"
    yield Row("–", what, "250 MB", f"{memory:.0f} MB", memory <= 250)
    yield idle(process)
    process.kill()
    process.wait()
    _process, again = town.serve("--with-worker")
    yield Row("L11", "killed, to an answer", "5 s", f"{again:.1f} s", again <= 5)


def floor(port: int, seconds: float) -> Row:
    """Measure a page that does nothing at the same rate."""
    process = psutil.Popen([sys.executable, "-m", "bench.load.floor", str(port)], cwd=ROOT)
    try:
        browser, address = requests.Session(), f"http://127.0.0.1:{port}/"
        while True:
            try:
                browser.get(address, timeout=5)
                break
            except requests.ConnectionError:
                sleep(0.1)
        found = drive([look_at(browser, address)], 50, seconds)
    finally:
        process.terminate()
        process.wait(30)
    return Row("floor", "a bare Flask page, 50 a second", "–", found.said, None)


def _pages_row(number: str, what: str, found: Measured, p95: int, p99: int) -> Row:
    met = found.percentile(0.95) <= p95 and found.percentile(0.99) <= p99 and not found.failed
    return Row(number, what, f"p95 {p95}, p99 {p99} ms, none failed", found.said, met)


def writes(town: Town, seconds: float) -> Row:
    """L3: people ask, twenty a second; everything that was answered is stored once."""
    per_second = 20
    calls = asking(town, int(per_second * min(seconds, 30)))
    with town.app.app_context():
        before = count_of(InterpretationRequest)
    found = drive(calls, per_second, len(calls) / per_second)
    with town.app.app_context():
        stored = count_of(InterpretationRequest) - before
    row = _pages_row("L3", "people ask, 20 a second", found, 150, 400)
    kept = stored == found.statuses[302] == len(calls)
    figure = f"{row.figure}; {stored} stored of {found.statuses[302]} answered"
    return replace(row, figure=figure, met=bool(row.met) and kept)


def count_of(model: type[InterpretationRequest] | type[Message] | type[Hold]) -> int:
    """Return how many rows there are."""
    found = int(db.session.scalar(sa.select(sa.func.count(model.id))) or 0)
    db.session.remove()
    return found


def one_slot(town: Town, people: int = 50) -> Row:
    """L4: fifty reach for one seat with one interpreter at the same moment."""
    office = town.signed_in(Role.COORDINATOR)
    late = clock.now() + timedelta(days=38)
    with town.app.app_context():
        asked = db.session.scalars(
            sa.select(InterpretationRequest.id)
            .where(InterpretationRequest.state == "open", InterpretationRequest.starts_at > late)
            .order_by(InterpretationRequest.id.desc())
        ).first()
        before = count_of(Hold)
    page = office.get(f"{town.address}/requests/{asked}/candidates").text
    fits = re.search(r"/candidates/\d+/offer", page)
    if fits is None:
        return Row("L4", "50 for one seat", "3 s, 1 wins", "nobody could be asked", None)
    token, path = csrf(page), f"{town.address}/requests/{asked}{fits.group()}"
    together, cookies = Barrier(people), office.cookies.copy()

    def reach(_number: int) -> tuple[int, float]:
        together.wait()
        begun = monotonic()
        answer = requests.post(
            path,
            data={"csrf_token": token},
            cookies=cookies,
            timeout=60,
            allow_redirects=False,
        )
        return answer.status_code, monotonic() - begun

    with ThreadPoolExecutor(people) as pool:
        answers = list(pool.map(reach, range(people)))
    with town.app.app_context():
        won = count_of(Hold) - before
    last = max(seconds for _status, seconds in answers)
    failed = sum(status >= 500 for status, _seconds in answers)
    figure = f"last answer {last:.1f} s, {won} won, {failed} failed"
    return Row(
        "L4", "50 for one seat", "3 s, 1 wins", figure, last <= 3 and won == 1 and not failed
    )


@dataclass(frozen=True)
class Facts:
    """What the sign-in mail says."""

    city: str = "Dortmund"
    office: str = "Dolmetschvermittlung"
    phone: str = "+492315000"
    link: str = "https://dragoman.example/sign-in/link/x"


def burst(town: Town, messages: int, pages: Sequence[Call]) -> Row:
    """L7: many notices at once, into the folder that stands for mail; the pages beside them."""
    begun = monotonic()
    with town.app.app_context(), transaction():
        for number in range(messages):
            messaging.queue(
                "sign_in_link",
                channel=Channel.EMAIL,
                recipient=messaging.Recipient(f"p{number}@example.org", f"P {number}", "de"),
                facts=Facts(),
                about=f"bench:{number}",
                now=clock.now(),
            )
    queued = monotonic() - begun
    beside = drive(pages, 10, FEW_SECONDS)
    mine = Message.about.startswith("bench:")
    while _waiting(town, mine) and monotonic() - begun < 600:
        sleep(0.5)
    took, left = monotonic() - begun, _waiting(town, mine)
    rate = messages / took
    figure = (
        f"{messages} queued in {queued:.1f} s, gone after {took:.0f} s ({rate:.0f} a second), "
        f"{left} left; pages beside it p95 {beside.percentile(0.95):.0f} ms"
    )
    what, met = "a burst of notices, no provider's delay", left == 0 and rate >= 10_000 / 120
    return Row("L7", what, "10,000 in 120 s", figure, met)


def _waiting(town: Town, mine: sa.ColumnElement[bool]) -> int:
    with town.app.app_context():
        query = sa.select(sa.func.count(Message.id)).where(mine, Message.state != MessageState.SENT)
        found = int(db.session.scalar(query) or 0)
        db.session.remove()
        return found


def planning(town: Town, pages: Sequence[Call]) -> Row:
    """L10: a day is planned by a process of its own while people look at pages."""
    with town.app.app_context():
        next_open = sa.select(sa.func.min(InterpretationRequest.starts_at)).where(
            InterpretationRequest.state == "open", InterpretationRequest.starts_at > clock.now()
        )
        starts_at = db.session.scalar(next_open)
        db.session.remove()
    day = (starts_at or clock.now()).date()
    solving = town.start("plan", f"--day={day}")
    found = drive(pages, 20, FEW_SECONDS)
    with_solver = solving.poll() is None
    try:
        solving.wait(120)
    except subprocess.TimeoutExpired:
        solving.kill()
    what = "pages, 20 a second, while a day is planned"
    figure = found.said + ("" if with_solver else " (the planning ended before)")
    return Row(
        "L10", what, "p95 300 ms", figure, found.percentile(0.95) <= 300 and not found.failed
    )


def overload(town: Town, pages: Sequence[Call]) -> Row:
    """L14: five times the rate for some seconds; how long until pages are quick again."""
    under = drive(pages, 250, FEW_SECONDS)
    begun = monotonic()
    while drive(pages, 20, 1).percentile(0.95) > 150 and monotonic() - begun < 60:
        pass
    recovered = monotonic() - begun
    figure = f"{under.said}; quick again after {recovered:.0f} s"
    met = recovered <= 10 and not under.statuses[500]
    return Row("L14", "250 a second", "recovery 10 s, no 500", figure, met)


def idle(process: psutil.Popen) -> Row:
    """Return what a server with a worker takes while nobody does anything."""
    before = process.cpu_times()
    sleep(IDLE_SECONDS)
    after = process.cpu_times()
    share = (after.user + after.system - before.user - before.system) / IDLE_SECONDS
    return Row(
        "–", "idle, server and worker in one", "0.5 % of a core", f"{share:.2%}", share <= 0.005
    )
