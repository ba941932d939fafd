"""Beside the board: what would be if, weeks, map and people; who audits and administers."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories, stage
from tests.stage import TOMORROW
from tests.windows import OpenWindow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
View = dict[str, Any]


def test_ask_what_if_somebody_were_away_and_look_at_weeks_and_map(
    app: Flask, open_window: OpenWindow, view: View
) -> None:
    coordinator = open_window(stage.set_up(app).coordinator, **view)
    coordinator.go(f"/day/{TOMORROW}")
    coordinator.follow("What if?")
    coordinator.page.locator("#away").select_option(label="Amal Beispiel")
    coordinator.press("Compare")
    coordinator.reads("Figure by figure")
    lost = coordinator.page.locator("main", has_text=coordinator.word("Open only then"))
    expect(lost).to_contain_text("Grundschule am Beispielplatz")
    coordinator.go("/weeks")
    table = coordinator.page.get_by_role(
        "region", name=coordinator.word("Seats by language and day")
    )
    expect(table.get_by_role("row")).to_have_count(5)  # days, all, and three languages
    coordinator.go(f"/day/{TOMORROW}/map")
    at_first = coordinator.page.locator("svg.map").bounding_box()
    coordinator.page.get_by_role("link", name="2×").click()
    coordinator.page.wait_for_url("**size=2")
    larger = coordinator.page.locator("svg.map").bounding_box()
    assert at_first
    assert larger
    assert larger["width"] > 1.8 * at_first["width"]
    coordinator.page.locator(".map__place").first.click()
    expect(coordinator.page.locator(".mapped__site:target")).to_be_visible()


def test_take_somebody_into_the_pool_after_what_was_missing_is_named(
    app: Flask, open_window: OpenWindow, view: View
) -> None:
    coordinator = open_window(stage.set_up(app).coordinator, **view)
    coordinator.go("/interpreters")
    coordinator.follow("Add a person")
    coordinator.write("First name", "Ioana")
    coordinator.write("E-mail", "ioana@example.org")
    coordinator.press("Add")
    expect(coordinator.page.locator("[aria-invalid=true]").first).to_be_visible()
    assert coordinator.field("First name").input_value() == "Ioana"
    coordinator.write("Mobile number", "0152 28817386")
    coordinator.write("Postcode of home", "44135")
    coordinator.write("Fee in euros an hour", "30")
    coordinator.page.locator("[name=tag]").select_option("ro")
    coordinator.press("Add")
    expect(coordinator.page.get_by_role("heading", level=1)).to_contain_text("Ioana")


def test_see_what_was_done_and_that_the_record_is_whole(
    app: Flask, open_window: OpenWindow, view: View
) -> None:
    people = stage.set_up(app)
    auditor = open_window(somebody(app, Role.AUDITOR), **view)
    auditor.go("/record")
    auditor.write("Number of a request", people.filled.reference)
    auditor.press("Show")
    rows = auditor.page.locator("main tbody tr")
    expect(rows.first).to_contain_text(people.filled.reference)
    assert people.open.reference not in auditor.text
    auditor.follow("Is it whole?")
    auditor.reads("Is the record whole?")


def test_let_somebody_in_and_shut_them_out(app: Flask, open_window: OpenWindow, view: View) -> None:
    administrator = open_window(stage.set_up(app).administrator, **view)
    administrator.go("/installation")
    administrator.reads("Workers within a minute")
    administrator.go("/accounts")
    administrator.page.get_by_text(administrator.word("Add an account")).first.click()
    administrator.write("Name", "Kim Muster")
    administrator.write("E-mail", "kim@example.org")
    administrator.choose("Role", Role.AUDITOR)
    administrator.press("Add")
    row = administrator.page.get_by_role("row").filter(has_text="kim@example.org")
    shut_out = f"{administrator.word('Shut out')}: Kim Muster"
    row.get_by_role("button", name=shut_out).click()
    row = administrator.page.get_by_role("row").filter(has_text="kim@example.org")
    expect(row).to_contain_text(administrator.word("shut out"))


def somebody(app: Flask, role: Role) -> Account:
    with app.app_context(), transaction():
        return factories.account(role, name="Robin Beispiel")
