"""The board of a full day: until it is drawn, until rows say how well they fit, frames of a drag.

    python -m bench.pages.board [--people 200] [--jobs 1000]

Frames are those of the browser's own trace: how long the page's main thread worked at a stretch.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle
from statistics import median
from typing import Any

from playwright.sync_api import Page

from bench.pages.browsing import Served, served
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

LANGUAGES = ("ro", "tr", "apc", "uk", "ru", "pes", "ti", "pl")
STARTS = (7.25, 9.25, 11.25, 13.25, 15.25, 17.25)
OPEN, LONG_MS, STEPS, TIMES = 40, 100.0, 60, 5
POINTS = ((51.514, 7.465), (51.4893, 7.5009), (51.5541, 7.4710), (51.51, 7.40))
TASKS = frozenset({"RunTask", "ThreadControllerImpl::RunTask"})
PAINTED = """() => ({
  paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  server: performance.getEntriesByType('navigation')[0].responseEnd,
  ready: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd})"""


def main() -> None:
    """Fill a day, look at it, and print what was measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages.board", description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=1000)
    chosen = parser.parse_args()
    with served() as here:
        page = here.signed_in(_fill(here, chosen.people, chosen.jobs))
        print("| what | milliseconds |\n|--|--:|")
        for name, milliseconds in _measured(here, page):
            print(f"| {name} | {milliseconds:.0f} |")


def _fill(here: Served, people: int, jobs: int) -> int:
    """Give everybody of the pool work, leave some open; return who coordinates."""
    with here.app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        sites = [factories.site(f"Place {number}", point=at) for number, at in enumerate(POINTS)]
        pool = [
            factories.interpreter(tongue, name=f"Person{number:03d}", hours=(6, 22))
            for number, tongue in zip(range(people), cycle(LANGUAGES), strict=False)
        ]
        for number in range(jobs):
            who, at = pool[number % people], sites[number % people % len(sites)]
            asked = factories.asked(
                who.working_languages[0].tag,
                by=caseworker,
                at=at,
                start=_start(number // people),
                minutes=45,
            )
            offers.assign(SYSTEM, asked.id, who.id, now=NOW)
        for number in range(OPEN):
            tongue, at = LANGUAGES[number % len(LANGUAGES)], sites[number % len(sites)]
            factories.asked(
                tongue, by=caseworker, at=at, start=_start(number % 6) + timedelta(hours=1)
            )
        return factories.account(Role.COORDINATOR).id


def _start(number: int) -> datetime:
    return TOMORROW_TEN.replace(hour=0) + timedelta(hours=STARTS[number % len(STARTS)])


def _measured(here: Served, page: Page) -> Iterator[tuple[str, float]]:
    board = f"{here.address}/day/{TOMORROW_TEN.date()}"
    page.goto(board)
    seen = []
    for _ in range(TIMES):
        page.goto(board)
        page.wait_for_timeout(500)
        seen.append(page.evaluate(PAINTED))
    for name, key in (
        ("answer of the server", "server"),
        ("first paint", "paint"),
        ("ready", "ready"),
    ):
        yield name, median(one[key] for one in seen)
    with page.expect_response(lambda one: one.url.endswith("/coming")) as counted:
        page.goto(board)
    counted.value.finished()
    yield (
        "how many could come (answer, once the board stands)",
        float(counted.value.request.timing["responseEnd"]),
    )
    answers, busy = [], []
    for _ in range(TIMES):
        page.goto(board)  # anew: what was asked for five seconds ago would be used again
        page.wait_for_timeout(2000)
        answer, stretches = _drag(here, page)
        answers.append(answer)
        busy.append(stretches)
    yield "rows say how well they fit (answer)", median(answers)
    yield "longest the page was busy while dragging", max(map(max, busy))
    yield f"stretches over {LONG_MS:.0f} ms", sum(one > LONG_MS for each in busy for one in each)


def _drag(here: Served, page: Page) -> tuple[float, list[float]]:
    """Take an open block over the rows and lay it back; return answer and busy stretches in ms."""
    block = page.locator(".lane .block").first
    box = block.bounding_box()
    assert box
    here.browser.start_tracing(page=page, categories=["toplevel", "devtools.timeline"])
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    with page.expect_response(lambda one: "/verdicts" in one.url) as answered:
        page.mouse.down()
        page.mouse.move(box["x"] + 30, box["y"] + 40, steps=5)
    answer = answered.value
    answer.finished()
    for step in range(STEPS):
        page.mouse.move(box["x"] + 30 + step, 300 + 9 * step)
    page.wait_for_timeout(400)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.wait_for_timeout(200)
    trace = json.loads(here.browser.stop_tracing())["traceEvents"]
    return float(answer.request.timing["responseEnd"]), list(_busy(trace)) or [0.0]


def _busy(trace: list[dict[str, Any]]) -> Iterator[float]:
    """Yield how long the processor worked on each task of the page's main thread, in ms.

    Its own time and not the time that passed: on a shared machine a task also waits for a core.
    """
    mains = {
        (one["pid"], one["tid"])
        for one in trace
        if one.get("name") == "thread_name" and one["args"]["name"] == "CrRendererMain"
    }
    for one in trace:
        if (one.get("pid"), one.get("tid")) in mains and one.get("name") in TASKS:
            yield one.get("tdur", 0) / 1000


if __name__ == "__main__":
    main()
