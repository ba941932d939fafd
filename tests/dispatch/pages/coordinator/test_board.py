"""What the day's board shows of a night."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.pages.coordinator.board import board_of
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.web.test_size import MOST_OCTETS, MOST_STATEMENTS, statements

BERLIN = "Europe/Berlin"
MIRA = "Mira Beispiel"
TUESDAY = factories.TOMORROW_TEN.date()
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
pytestmark = pytest.mark.usefixtures("frozen_clock")


def a_night(*, somebody_comes: bool) -> None:
    """A talk on Tuesday from 23:00 to 1:00."""
    with transaction():
        mira = factories.interpreter(hours=(0, 0))
        asked = factories.asked(start=datetime.combine(TUESDAY, time(23)), minutes=120)
        if somebody_comes:
            factories.coming(asked, mira)


def blocks(app: Flask, day: date) -> list[tuple[int, int]]:
    """The blocks of a day, as minutes since its midnight."""
    with app.test_request_context():
        board = board_of(day, BERLIN)
    rows = [*board.rows, *([board.open_row] if board.open_row else [])]
    return [(block.start, block.end) for row in rows for lane in row.lanes for block in lane]


@pytest.mark.parametrize("somebody_comes", [True, False])
def test_a_night_stands_on_both_days(app: Flask, somebody_comes: bool) -> None:
    with app.app_context():
        a_night(somebody_comes=somebody_comes)
        assert blocks(app, TUESDAY) == [(1380, 1500)]
        assert blocks(app, WEDNESDAY) == [(-60, 60)]
        assert blocks(app, THURSDAY) == []


def test_the_page_shows_the_wall_times_on_both_days(app: Flask) -> None:
    with app.app_context():
        a_night(somebody_comes=True)
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
        client = sign_in(app, coordinator)
    for day in (TUESDAY, WEDNESDAY):
        assert "23:00–01:00" in client.get(f"/day/{day.isoformat()}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_a_full_day_everybody_stands_on_some_page_and_no_page_is_large(app: Flask) -> None:
    people, open_seats = 40, 40
    with app.app_context(), transaction():
        coordinator, asks = factories.account(Role.COORDINATOR), somebody_who_asks()
        at = factories.site()
        names = [f"Mira{number:02}" for number in range(people)]
        pool = [factories.interpreter(name=name, hours=(0, 0)) for name in names]
        for number in range(people * 2 + open_seats):
            asked = factories.asked(by=asks, at=at, start=start(9 + number // people * 3))
            if number < people * 2:
                factories.coming(asked, pool[number % people])
    browser, path, seen = sign_in(app, coordinator), f"/day/{TUESDAY.isoformat()}", list[str]()
    for _page in range(3):
        browser.get(path)
        with statements(app) as asked_of_the_database:
            text = browser.get(path).text
        assert len(text.encode()) < MOST_OCTETS
        assert len(asked_of_the_database) <= MOST_STATEMENTS
        assert "40 seats" in text
        assert "25 more open seats are not drawn here" in text
        assert text.count('class="legend__count">80<') == 1, "counted over the whole day"
        seen += re.findall(r"<strong><bdi>(Mira\d\d) Beispiel", text)
        path = next(iter(re.findall(r'href="(/day/[^"]+after=\d+)"', text)), path)
    assert seen == names


def somebody_who_asks() -> Account:
    return factories.account(of=factories.organisation())


def start(hour: int) -> datetime:
    return datetime.combine(TUESDAY, time(hour))
