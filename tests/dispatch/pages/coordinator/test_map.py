"""The map of a day: sites with what is on, ways, homes as districts and no more."""

import re

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import sign_in
from tests.dispatch.web.test_size import MOST_STATEMENTS, statements
from tests.factories import TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
HOERDE, AT_HOME = (51.4893, 7.5009), (51.51234, 7.46789)


def test_sites_ways_and_districts_are_drawn_and_no_home(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira = factories.interpreter(name="Mira", home=AT_HOME)
        school, clinic = factories.site("Schule"), factories.site("Klinik", point=HOERDE)
        factories.coming(factories.asked(at=school), mira)
        later = factories.hours_later(TOMORROW_TEN, 3)
        factories.coming(factories.asked(at=clinic, start=later), mira)
        factories.asked("tr", at=clinic, start=later)
    browser = sign_in(app, coordinator)
    page = browser.get(f"/day/{TOMORROW_TEN.date()}/map?person={mira.id}").text
    assert page.count('class="map__district ') == 12
    assert "Klinik: 2 appointments" in page
    assert "10:00 Schule → 13:00 Klinik" in page
    assert "from Innenstadt-West" in page
    [way] = re.findall(r'map__way--chosen" points="([^"]+)"', page)
    points = way.split()
    assert len(points) == 4
    assert points[0] == points[3]  # from the district and back to it
    for figure in ("51.512", "7.467"):
        assert figure not in page


def test_the_map_costs_no_more_statements_the_more_there_is(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for number in range(8):
            person = factories.interpreter(name=f"Person {number}")
            factories.coming(factories.asked(at=factories.site(f"Haus {number}")), person)
    browser = sign_in(app, coordinator)
    with statements(app) as said:
        browser.get(f"/day/{TOMORROW_TEN.date()}/map")
    assert len(said) <= MOST_STATEMENTS


def test_the_map_is_drawn_larger_in_a_frame_that_scrolls(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.asked()
    browser = sign_in(app, coordinator)
    path = f"/day/{TOMORROW_TEN.date()}/map"
    whole, twice = browser.get(path).text, browser.get(f"{path}?size=2").text
    assert ('class="map map--1"' in whole, 'class="map map--2"' in twice) == (True, True)
    assert ('r="12.0"' in whole, 'r="6.0"' in twice) == (True, True), "rings keep their size"
    assert 'tabindex="0" role="region" aria-label="Map, enlarged; it scrolls"' in twice
    for nonsense in ("3", "-1", "x", "9" * 30):
        assert 'class="map map--1"' in browser.get(f"{path}?size={nonsense}").text
