"""The coordinator's day as a page: figures, filters, what lies behind."""

import re
from datetime import datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

DAY = factories.TOMORROW_TEN.date()
PAGE = f"/day/{DAY.isoformat()}"
HOERDE, EVING = (51.4893, 7.5009), (51.5541, 7.4710)
pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def at(hour: int) -> datetime:
    return datetime.combine(DAY, time(hour))


def instant(hour: int) -> datetime:
    return clock.localize(at(hour), "Europe/Berlin")


@pytest.fixture
def coordinator(app: Flask) -> FlaskClient:
    """Ana comes at ten, Bela is asked for noon, Cora has nothing; one request is open."""
    with app.app_context(), transaction():
        ana = factories.interpreter("ro", name="Ana", hours=(8, 16))
        bela = factories.interpreter("ro", "ru", name="Bela", hours=(9, 18))
        factories.interpreter("uk", name="Cora", hours=(8, 12))
        asks = factories.account(of=factories.organisation())
        hoerde = factories.site("Bezirksamt", point=HOERDE)
        factories.coming(factories.asked("ro", by=asks, start=at(10)), ana)
        russian = factories.asked("ru", by=asks, at=hoerde, start=at(12))
        offers.make(SYSTEM, russian.id, bela.id, now=NOW)
        factories.asked("uk", by=asks, start=at(14))
        account = factories.account(Role.COORDINATOR)
    return sign_in(app, account)


def rows(page: str) -> list[str]:
    """Who has a row, in order; open requests by the name of their language."""
    found = re.findall(
        r'row__who" href[^>]+><bdi>(\w+) Beispiel|row__who">(\w+)<',
        page,
    )
    return [person or language for person, language in found]


def test_each_figure_leads_to_its_rows(coordinator: FlaskClient) -> None:
    page = coordinator.get(PAGE).text
    figures = re.findall(r'figure--\w+" href="([^"]+)".*?<strong>(\d+)</strong> ([\w ]+)</a>', page)
    assert [(count, label) for _url, count, label in figures] == [
        ("1", "open"), ("1", "asked"), ("1", "confirmed"),
    ]  # fmt: skip
    shown = [rows(coordinator.get(url).text) for url, _count, _label in figures]
    assert shown == [["Ukrainian"], ["Bela"], ["Ana"]]


@pytest.mark.parametrize(
    ("sieve", "shown"),
    [
        ("", ["Ukrainian", "Ana", "Bela", "Cora"]),
        ("?busy=1", ["Ukrainian", "Ana", "Bela"]),
        ("?language=ru", ["Bela"]),
        ("?language=uk", ["Ukrainian", "Cora"]),
        ("?q=bela+beispiel", ["Bela"]),
        ("?q=bezirksamt", ["Bela"]),
        ("?order=free", ["Ukrainian", "Ana", "Cora", "Bela"]),
        ("?state=nonsense&order=nonsense", ["Ukrainian", "Ana", "Bela", "Cora"]),
    ],
)
def test_who_and_what_is_shown(coordinator: FlaskClient, sieve: str, shown: list[str]) -> None:
    assert rows(coordinator.get(PAGE + sieve).text) == shown


def test_a_request_is_found_by_its_number(coordinator: FlaskClient) -> None:
    number = re.search(r"Open, (DO-2027-\w+)", coordinator.get(PAGE).text)
    assert number
    assert rows(coordinator.get(f"{PAGE}?q={number[1].lower()}").text) == ["Ukrainian"]


def test_what_is_filtered_by_can_be_taken_away(coordinator: FlaskClient) -> None:
    page = coordinator.get(f"{PAGE}?language=ru&busy=1").text
    chips = re.findall(r'class="chip" href="([^"]+)"><bdi>([^<]+)', page)
    assert [label for _url, label in chips] == ["Russian", "Idle hidden"]
    assert rows(coordinator.get(chips[0][0]).text) == ["Ukrainian", "Ana", "Bela"]
    assert "Take a filter away" in coordinator.get(f"{PAGE}?q=nobody").text


def test_behind_stands_when_somebody_works_and_is_absent(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter(hours=(8, 16))
        mira.availability.absences = [Absence(starts_at=instant(12), ends_at=instant(14))]
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    page = browser.get(PAGE).text
    assert "works 08:00–12:00, 14:00–16:00; absent 12:00–14:00" in page
    assert 'class="at away h12 H2"' in page


def test_private_time_is_busy_and_not_absent(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter(hours=(8, 16))
        minutes = [int(instant(hour).timestamp()) // 60 for hour in (12, 14)]
        mira.availability.busy_minutes = [minutes]
        account = factories.account(Role.COORDINATOR)
    page = sign_in(app, account).get(PAGE).text
    assert "works 08:00–12:00, 14:00–16:00; privately busy 12:00–14:00" in page
    assert 'class="at away away--busy h12 H2"' in page
    with app.app_context(), transaction():
        first = int(instant(0).timestamp()) // 60
        times = db.session.get_one(Interpreter, mira.id).availability
        times.busy_minutes = [[first, first + 24 * 60]]
    assert "does not work; privately busy all day" in sign_in(app, account).get(PAGE).text


def test_ways_lead_from_home_between_and_home_again(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter(hours=(8, 18), home=EVING)
        for hour, site in ((10, factories.site()), (12, factories.site("Amt", point=HOERDE))):
            factories.coming(factories.asked(at=site, start=at(hour)), mira)
        account = factories.account(Role.COORDINATOR)
    browser = sign_in(app, account)
    assert browser.get(PAGE).text.count('class="at way ') == 3
