"""Those who use the installation meanwhile: they ask, offer, look and send many messages."""

import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import requests
import sqlalchemy as sa

from bench.load.bursts import queue
from bench.load.calls import HIDDEN
from bench.load.driving import Call, drive
from bench.load.town import Town, csrf
from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.messaging.models import Message
from dispatch.sites.models import Site

LOOKS_A_SECOND = 8
AT_ONCE = 40
MOST_SECONDS_AWAY = 90.0


@dataclass
class Seen:
    """What people saw: requests that were taken, bursts queued, how often each status came."""

    taken: list[int] = field(default_factory=list)
    bursts: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class People:
    """Everybody, in threads, until they are told to stop."""

    def __init__(self, town: Town) -> None:
        self.seen = Seen()
        self._town = town
        self._stopping = threading.Event()
        asks, office = town.signed_in(Role.CASEWORKER), town.signed_in(Role.COORDINATOR)
        with town.app.app_context():
            # what is not public is shown to those only who have asked for it before
            public = sa.select(Site.id).where(Site.is_public).order_by(Site.id).limit(40)
            self._sites = list(db.session.scalars(public))
            db.session.remove()
        self._threads = [
            threading.Thread(target=self._again_and_again, args=(pause, work), daemon=True)
            for pause, work in (
                (1.0, lambda number: self._ask(asks, number)),
                (4.0, lambda _number: self._offer(office)),
                (15.0, self._many_messages),
            )
        ]

    def start(self, looks: Sequence[Call]) -> None:
        """Begin; `looks` are the pages looked at all the time."""
        self._threads.append(threading.Thread(target=self._look, args=(looks,), daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End when everybody has the answer to what they last sent."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _again_and_again(self, pause: float, work: Callable[[int], None]) -> None:
        number = 0
        while not self._stopping.wait(pause):
            try:
                work(number)
            except Exception as fault:
                self.seen.faults.append(f"{type(fault).__name__}: {fault}"[:200])
            number += 1

    def _look(self, looks: Sequence[Call]) -> None:
        while not self._stopping.is_set():
            self.seen.statuses.update(drive(looks, LOOKS_A_SECOND, 5).statuses)

    def _ask(self, browser: requests.Session, number: int) -> None:
        """Ask for something nobody asked for; the same form again until it is taken."""
        page = f"{self._town.address}/requests/new"
        day = clock.now() + timedelta(days=40 + number // (12 * len(self._sites)))
        form = {
            "language": "ro", "site": str(self._sites[number // 12 % len(self._sites)]),
            "day": f"{day.date()}", "start": f"{8 + number % 12:02}:00", "duration": "45",
            "setting": "school", "interpreter_count": "1",
        }  # fmt: skip
        form |= dict(HIDDEN.findall(self._until(lambda: browser.get(page, timeout=60), {200}).text))
        taken = self._until(lambda: self._post(browser, page, form), {302})
        found = re.search(r"/requests/(\d+)", taken.headers["Location"])
        if found is None:
            raise ValueError(f"a form led to {taken.headers['Location']}")
        self.seen.taken.append(int(found.group(1)))

    def _offer(self, browser: requests.Session) -> None:
        """Ask somebody for what was asked for last."""
        if not self.seen.taken:
            return
        here = f"{self._town.address}/requests/{self.seen.taken[-1]}"
        page = self._until(lambda: browser.get(f"{here}/candidates", timeout=60), {200}).text
        fits = re.search(r"/candidates/\d+/offer", page)
        if fits is not None:
            form = {"csrf_token": csrf(page)}
            self._until(lambda: self._post(browser, here + fits.group(), form), {302})

    @staticmethod
    def _post(browser: requests.Session, address: str, form: dict[str, str]) -> requests.Response:
        return browser.post(address, data=form, timeout=60, allow_redirects=False)

    def _until(self, call: Callable[[], requests.Response], wanted: set[int]) -> requests.Response:
        """Try again as long as something is away; another answer than that is a fault."""
        until = monotonic() + MOST_SECONDS_AWAY
        while monotonic() < until:
            try:
                answer = call()
            except requests.RequestException:
                self.seen.statuses[0] += 1
            else:
                self.seen.statuses[answer.status_code] += 1
                if answer.status_code in wanted:
                    return answer
                if answer.status_code != 503:
                    raise ValueError(f"{answer.url}: {answer.status_code}")
            threading.Event().wait(0.5)
        raise TimeoutError(f"no {wanted} within {MOST_SECONDS_AWAY:.0f} s")

    def _many_messages(self, number: int) -> None:
        """Queue many messages in one transaction; what may be stored already is looked for."""
        about = f"soak:{number}"
        until = monotonic() + MOST_SECONDS_AWAY
        while not self._queued(about):
            if monotonic() > until:
                raise TimeoutError(f"{about} could not be queued")
            threading.Event().wait(1)
        self.seen.bursts.append(about)

    def _queued(self, about: str) -> bool:
        try:
            with self._town.app.app_context(), transaction():
                there = sa.select(sa.func.count(Message.id)).where(Message.about == about)
                if not db.session.scalar(there):
                    for number in range(AT_ONCE):
                        queue(about, number)
        except (Refusal, sa.exc.DBAPIError):  # what is away now will be there again
            return False
        return True
