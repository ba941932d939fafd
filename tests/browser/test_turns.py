"""The pages of what turns out otherwise: no barriers, and every stop of the keyboard is seen."""

from datetime import datetime

import pytest
from flask import Flask

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.assignments.rules import Via
from dispatch.assignments.service import live
from dispatch.cancellations import withdrawing
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.planning.rounds import service as rounds
from tests import factories, stage
from tests.browser.test_accessibility import barriers_of, numbers
from tests.browser.test_keyboard import IS_SEEN, NAME
from tests.stage import Stage
from tests.windows import OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PAGES = {
    "coordinator": [
        "/",
        "/requests/{open}",
        "/requests/{filled}/rescue",
        "/requests/{asked}/change",
        "/assignments/{today}",
        "/assignments/{today}/finished",
        "/assignments/{today}/withdrawn",
        "/interpreters/1/availability/hours",
        "/interpreters/1/availability/days",
        "/interpreters/1/availability/conditions",
    ],
    "caseworker": ["/requests/{asked}/change", "/requests/{running}"],
    "busy_interpreter": ["/assignments/{today}", "/assignments/{today}/withdraw"],
    "interested": ["/offers"],
}


@pytest.mark.parametrize("role", PAGES)
def test_pages_of_turns_have_no_barriers_and_every_stop_is_seen(
    app: Flask, open_window: OpenWindow, role: str
) -> None:
    people, ids, amal = _turn(app)
    account = amal if role == "interested" else getattr(people, role)
    window = open_window(account, locale="de")
    found = []
    for path in PAGES[role]:
        window.go(path.format(**ids))
        found += [f"{path} {barrier}" for barrier in barriers_of(window.page)]
        found += [f"{path} {unseen}" for unseen in _unseen(window)]
    assert found == []


def _turn(app: Flask) -> tuple[Stage, dict[str, int], Account]:
    """Have somebody fall out tomorrow, somebody work today, and somebody say they could come."""
    people = stage.set_up(app)
    with app.app_context(), transaction():
        now = clock.now()
        [coming] = live(people.filled)
        withdrawing.cannot_come(SYSTEM, coming.id, reasons=Reasons(office="ill"), now=now)
        running = factories.asked("ro", by=people.caseworker, start=datetime(2027, 3, 1, 9, 30))
        today = factories.coming(running, coming.interpreter, now=now)
        rounds.interest(SYSTEM, people.open.id, now=now)
        [question] = queries.open_for(people.open.id)
        comment = "Eine Viertelstunde später wäre besser."
        offers.could_come(SYSTEM, question.id, comment=comment, via=Via.LINK, now=now)
        ids = numbers(people) | {"today": today.id, "running": running.id}
        return people, ids, question.interpreter.account


def _unseen(window: Window) -> list[str]:
    """Walk the page by Tab and return where the focus is not seen."""
    unseen = []
    for _stop in range(60):
        window.page.keyboard.press("Tab")
        if window.page.evaluate("() => document.activeElement === document.body"):
            break
        if not window.page.evaluate(IS_SEEN):
            unseen.append(window.page.evaluate(NAME))
    return unseen
