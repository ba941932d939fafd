"""People who ask one after the other, and remember the number of everything that was taken."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import transaction
from tests import factories

HIDDEN = re.compile(r'<input type="hidden" name="(csrf_token|form_key)" value="([^"]*)">')
NUMBER = re.compile(r"/requests/(\d+)")
PAGE = "/requests/new"
FIRST_DAY = date(2027, 3, 8)


@dataclass(frozen=True)
class Answer:
    """What came back: status, where it leads, the page; status 0 where nothing came."""

    status: int
    location: str = ""
    text: str = ""


class Browser(Protocol):
    """Whatever shows pages and sends forms."""

    def get(self, path: str) -> Answer:
        """Look at a page."""

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""


def set_up(app: Flask) -> tuple[Account, dict[str, str]]:
    """Return who asks, and what they write into the form."""
    with app.app_context(), transaction():
        account = factories.account(of=factories.organisation())
        site = factories.site()
    wanted = {
        "language": "ro", "site": str(site.id), "duration": "60", "setting": "school",
        "interpreter_count": "1",
    }  # fmt: skip
    return account, wanted


@dataclass
class Record:
    """What several people saw: numbers that were answered, forms they sent, other answers."""

    taken: set[int] = field(default_factory=set)
    forms: int = 0
    others: Counter[int] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: Answer) -> None:
        """Keep an answer to a form."""
        found = NUMBER.search(answer.location)
        with self.lock:
            if found:
                self.taken.add(int(found.group(1)))
            else:
                self.others[answer.status] += 1


def ask(
    browser: Browser,
    wanted: dict[str, str],
    record: Record,
    wait: Callable[[], None],
    *,
    times: int,
) -> None:
    """Ask so many times, each for another day.

    A form that was not taken is sent again, unchanged, when `wait` returns.
    """
    for number in range(times):
        form = wanted | {"day": f"{FIRST_DAY + timedelta(days=number)}"}
        hidden = marks(browser, record, wait)
        with record.lock:
            record.forms += 1
        while True:
            answer = browser.post(PAGE, form | hidden)
            record.note(answer)
            if answer.status == 302:
                break
            assert answer.status in {0, 503}, answer
            wait()


def marks(browser: Browser, record: Record, wait: Callable[[], None]) -> dict[str, str]:
    """Return what the page of the form carries along."""
    while (answer := browser.get(PAGE)).status != 200:
        assert answer.status in {0, 503}, answer
        with record.lock:
            record.others[answer.status] += 1
        wait()
    return dict(HIDDEN.findall(answer.text.split("<main")[1]))
