"""What the day's board shows of a night."""

import gzip
import re
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.pages.coordinator.board.picture import picture_of
from dispatch.pages.coordinator.board.reading import day_of
from dispatch.pages.coordinator.board.sieve import Sieve
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.web.test_size import MOST_STATEMENTS, statements
from tests.factories import NOW

MOST_OCTETS_ON_THE_WAY, MOST_OCTETS_COLD = 50_000, 200_000
WEIGHTS = (400, 500, 600)
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


def blocks(app: Flask, day: date) -> list[tuple[str, str, str]]:
    """Where the blocks of a day lie, and the clock at both ends."""
    with app.test_request_context():
        picture = picture_of(day_of(day, BERLIN), Sieve(), NOW)
    drawn = [row.block for row in picture.open_rows]
    drawn += [block for row in picture.rows for block in row.blocks]
    return [(block.place, block.start, block.end) for block in drawn]


@pytest.mark.parametrize("somebody_comes", [True, False])
def test_a_night_stands_on_both_days(app: Flask, somebody_comes: bool) -> None:
    with app.app_context():
        a_night(somebody_comes=somebody_comes)
        assert blocks(app, TUESDAY) == [("h23 H1 goes-on", "23:00", "01:00")]
        assert blocks(app, WEDNESDAY) == [("h0 H1 from-before", "23:00", "01:00")]
        assert blocks(app, THURSDAY) == []


def test_the_page_shows_the_wall_times_on_both_days(app: Flask) -> None:
    with app.app_context():
        a_night(somebody_comes=True)
        with transaction():
            coordinator = factories.account(Role.COORDINATOR)
        client = sign_in(app, coordinator)
    for day, on in ((TUESDAY, "goes on the day after"), (WEDNESDAY, "from the day before")):
        page = client.get(f"/day/{day.isoformat()}").text
        assert "23:00–01:00 Romanian" in page
        assert on in page


LAST_SUMMER_NIGHT = date(2027, 10, 31)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("where", ["", "/map"])
@pytest.mark.parametrize(("locale", "summer"), [("de", "Sommerzeit"), ("el", "θερινή ώρα")])
def test_of_an_hour_that_comes_twice_the_day_says_which_is_meant(
    app: Flask, where: str, locale: str, summer: str
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR, locale=locale)
        mira = factories.interpreter(hours=(0, 0))
        begins = datetime.combine(LAST_SUMMER_NIGHT, time(2, 30))
        factories.coming(factories.asked(start=begins, second_occurrence=False), mira)
    page = sign_in(app, coordinator).get(f"/day/{LAST_SUMMER_NIGHT}{where}").text
    assert f"02:30 ({summer})" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_lasts_over_the_hour_that_comes_twice_is_drawn(app: Flask) -> None:
    with app.app_context():
        with transaction():
            for hour, second in ((time(1), None), (time(2, 30), False)):
                begins = datetime.combine(LAST_SUMMER_NIGHT, hour)
                factories.asked(start=begins, minutes=90, second_occurrence=second)
            over = datetime.combine(LAST_SUMMER_NIGHT, time(2, 15))
            factories.asked(start=over, minutes=60, second_occurrence=False)
        assert blocks(app, LAST_SUMMER_NIGHT) == [
            ("h1 H1 M30", "01:00", "02:30 (Sommerzeit)"),
            ("h2 m15 H1", "02:15 (Sommerzeit)", "02:15 (Winterzeit)"),
            ("h2 m30 M30", "02:30 (Sommerzeit)", "03:00"),
        ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ninety_people_and_what_is_open_stand_on_one_light_page(app: Flask) -> None:
    people, open_seats = 90, 40
    with app.app_context(), transaction():
        coordinator, asks = factories.account(Role.COORDINATOR), somebody_who_asks()
        at = factories.site()
        names = [f"Mira{number:02}" for number in range(people)]
        pool = [factories.interpreter(name=name, hours=(0, 0)) for name in names]
        for number in range(people + open_seats):
            asked = factories.asked(by=asks, at=at, start=start(9 + number // people * 3))
            if number < people:
                factories.coming(asked, pool[number])
    browser, path = sign_in(app, coordinator), f"/day/{TUESDAY.isoformat()}"
    browser.get(path)
    with statements(app) as asked_of_the_database:
        text = browser.get(path).text
    assert len(asked_of_the_database) <= MOST_STATEMENTS
    assert re.findall(r"<bdi>(Mira\d\d) Beispiel", text) == names
    assert text.count('class="row row--open"') == open_seats
    by_a_person = {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "none"}
    sent = browser.get(path, headers=by_a_person)
    assert gzip.decompress(sent.data).count(b'class="row row--open"') == open_seats
    assert len(sent.data) < MOST_OCTETS_ON_THE_WAY
    assert weight_of_files(app, text) + len(sent.data) < MOST_OCTETS_COLD


def weight_of_files(app: Flask, page: str) -> int:
    """Octets of all that a page names, and of the fonts a page in English or German needs."""
    browser = app.test_client()
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    folder = named[0].rpartition("/")[0].split("/vendor")[0]
    named += [f"{folder}/vendor/files/fira-sans-latin-{one}-normal.woff2" for one in WEIGHTS]
    answers = [browser.get(one, headers={"Accept-Encoding": "gzip"}) for one in sorted(set(named))]
    assert {one.status_code for one in answers} == {200}
    return sum(len(one.data) for one in answers)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_that_another_site_asks_for_is_not_compressed(app: Flask) -> None:
    with app.app_context(), transaction():
        account = factories.account(Role.COORDINATOR)
    sent = sign_in(app, account).get(
        f"/day/{TUESDAY.isoformat()}",
        headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"},
    )
    assert "Content-Encoding" not in sent.headers


def somebody_who_asks() -> Account:
    return factories.account(of=factories.organisation())


def start(hour: int) -> datetime:
    return datetime.combine(TUESDAY, time(hour))
