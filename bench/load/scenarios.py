"""What is measured, by the numbers of the design's list (L1 to L15); each row says its gate."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from time import monotonic, sleep

import psutil
import requests
import sqlalchemy as sa

from bench.load.bursts import burst
from bench.load.calls import asking, look_at, mix
from bench.load.driving import Call, Measured, drive
from bench.load.outside import receipts, subscribed
from bench.load.rows import FEW_SECONDS, Row, cpu_seconds
from bench.load.town import Town, csrf
from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import ROOT

PROCESSES = 2
IDLE_SECONDS = 20.0
MOST_SECONDS_TO_SETTLE = 60.0


def all_of(town: Town, seconds: float, messages: int) -> Iterator[Row]:
    """Measure everything that exists, on one installation.

    On SQLite the worker is a thread beside the pages, on PostgreSQL a process of its own.
    """
    processes, took = started(town)
    process = next(iter(processes.values()))
    yield Row("L11", "cold start to an answer", "3 s", f"{took:.1f} s", took <= 3)
    pages = mix(town)
    drive(pages, 20, 2)  # what is loaded at first use
    _settle(town)
    yield _pages_row("L1", "pages, 50 a second", drive(pages, 50, seconds), 150, 400)
    yield writes(town, seconds)
    yield one_slot(town)
    yield from subscribed(town, processes, seconds)
    yield receipts(town, seconds)
    yield from burst(town, messages, pages)
    yield planning(town, pages)
    yield overload(town, pages)
    for name, one in processes.items():
        memory = one.memory_info().rss / 1_000_000
        met = memory <= 250 if name != "worker" else None
        yield Row("–", f"memory of {name} after all this", "250 MB", f"{memory:.0f} MB", met)
    yield idle(processes)
    process.kill()
    process.wait()
    _process, again = town.serve(*_options(town))
    yield Row("L11", "killed, to an answer", "5 s", f"{again:.1f} s", again <= 5)


def _settle(town: Town) -> None:
    """Wait until what the demonstration told people is sent: it is not what is measured."""
    waiting = sa.select(sa.func.count(Message.id)).where(
        Message.state == MessageState.QUEUED, Message.queued_at <= clock.now()
    )
    until = monotonic() + MOST_SECONDS_TO_SETTLE
    while monotonic() < until:
        with town.app.app_context():
            left = int(db.session.scalar(waiting) or 0)
            db.session.remove()
        if not left:
            return
        sleep(0.5)


def started(town: Town) -> tuple[dict[str, psutil.Popen], float]:
    """Start an installation; return its processes, and the seconds until its pages answered."""
    process, took = town.serve(*_options(town))
    beside = {f"pages beside ({one.pid})": one for one in process.children()}
    if town.is_embedded:
        return {"pages and worker": process, **beside}, took
    return {"pages": process, **beside, "worker": town.start("worker")}, took


def _options(town: Town) -> list[str]:
    """Serve as an installation on two cores does."""
    return [f"--processes={PROCESSES}", *(["--with-worker"] if town.is_embedded else [])]


def floor(port: int, seconds: float) -> Row:
    """Measure a page that does nothing at the same rate."""
    process = psutil.Popen([sys.executable, "-m", "bench.load.floor", str(port)], cwd=ROOT)
    try:
        browser, address = requests.Session(), f"http://127.0.0.1:{port}/"
        while process.poll() is None:
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


def _somebody_to_ask(town: Town, office: requests.Session) -> tuple[str, str]:
    """Return a page of candidates and where one of them is asked; not every day has any."""
    late = clock.now() + timedelta(days=38)
    with town.app.app_context():
        far_ahead = db.session.scalars(
            sa.select(InterpretationRequest.id)
            .where(InterpretationRequest.state == "open", InterpretationRequest.starts_at > late)
            .order_by(InterpretationRequest.id.desc())
        ).all()
        db.session.remove()
    for request_id in far_ahead[::6]:
        here = f"{town.address}/requests/{request_id}"
        page = office.get(f"{here}/candidates").text
        fits = re.search(r"/candidates/\d+/offer", page)
        if fits is not None:
            return page, here + fits.group()
    return "", ""


def one_slot(town: Town, people: int = 50) -> Row:
    """L4: fifty reach for one seat with one interpreter at the same moment."""
    office = town.signed_in(Role.COORDINATOR)
    with town.app.app_context():
        before = count_of(Hold)
    page, path = _somebody_to_ask(town, office)
    if not path:
        return Row("L4", "50 for one seat", "3 s, 1 wins", "nobody could be asked", None)
    token = csrf(page)
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


def idle(processes: Mapping[str, psutil.Popen], seconds: float = IDLE_SECONDS) -> Row:
    """Return what the processes take while nobody does anything."""
    before = cpu_seconds(processes)
    sleep(seconds)
    share = (cpu_seconds(processes) - before) / seconds
    what = f"idle: {' and '.join(processes)}"
    return Row("–", what, "0.5 % of a core", f"{share:.2%}", share <= 0.005)
