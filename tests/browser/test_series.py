"""A series in a real browser: asked for by keyboard, given to somebody, answered, cancelled."""

import re

import pytest
from flask import Flask

from dispatch.database import transaction
from tests import factories, stage
from tests.browser.test_accessibility import barriers_of
from tests.correspondence import written
from tests.windows import OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
TOGETHER = re.compile(r"(http\S+/o/\S+/all)")


def barriers_here(window: Window, name: str) -> list[str]:
    """Return what axe finds on the page that is shown, under a name for the report."""
    return [f"{name}: {barrier}" for barrier in barriers_of(window.page)]


def test_a_series_from_asking_to_answering_has_no_barriers(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        mira = factories.interpreter("ro", name="Mira", locale="de")
    asks = open_window(people.caseworker, locale="de")
    asks.go("/requests/new")
    asks.find_language("rum", "ro")
    asks.page.locator("#site").press_sequentially("schule")
    asks.page.get_by_role("radio", name="Grundschule").check()
    asks.choose("Setting", "school")
    asks.write("Day", "2027-03-15")
    asks.write("Start time", "10:00")
    asks.page.locator("summary", has_text=asks.word("Several dates")).focus()
    asks.page.keyboard.press("Enter")
    asks.page.get_by_label(asks.word("Every week, or every few weeks")).check()
    asks.write("How many times", "4")
    barriers = barriers_here(asks, "form")
    asks.press("See the dates")
    assert asks.reads("Only ticked dates are asked for. Nothing is sent yet.")
    assert "Ostermontag" in asks.text
    barriers += barriers_here(asks, "dates")
    asks.press("Ask for the ticked dates")
    assert "3 Termine sind angefragt." in asks.text
    barriers += barriers_here(asks, "series")
    path = asks.page.url.split("/series/")[1]
    gives = open_window(people.coordinator, locale="de")
    gives.go(f"/series/{path}/people?scope=all")
    gives.choose("Who is to come", str(mira.id))
    gives.press("See to which dates")
    barriers += barriers_here(gives, "people")
    gives.page.get_by_role("button", name="Diese 3 Termine an Mira").click()
    comes = open_window(mira.account, locale="de")
    comes.go(link_of_the_mail(app))
    barriers += barriers_here(comes, "together")
    comes.press("I come to the ticked dates")
    assert comes.reads("All of this is answered or over. Thank you.")
    asks.go(f"/series/{path}/cancel?number=2&scope=following")
    assert "Mira" in asks.text
    barriers += barriers_here(asks, "cancel")
    asks.go(f"/series/{path}/change?number=2&scope=following")
    asks.write("Start time", "11:00")
    asks.press("See what this change means")
    assert "11:00" in asks.text
    barriers += barriers_here(asks, "change")
    assert barriers == []


def link_of_the_mail(app: Flask) -> str:
    """Return where the mail with all questions leads."""
    with app.app_context():
        [mail, _sms] = written("offer_several")
        found = TOGETHER.search(mail.body)
    assert found
    return found.group(1)
