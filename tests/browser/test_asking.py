"""Asking with a client in the room: the form never shows what does not hold any more."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch.database import transaction
from tests import factories, stage
from tests.windows import OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def with_times(app: Flask, open_window: OpenWindow) -> Window:
    """The form with language, site and length, and the possible times of a week."""
    window = open_window(stage.set_up(app).caseworker)
    window.go("/requests/new")
    window.find_language("roman", "ro")
    window.field("Site").press_sequentially("friedenspl gru")
    window.page.get_by_role("radio", name="Grundschule am Beispielplatz").check()
    window.page.get_by_role("radio", name="90", exact=True).check()
    window.press("See when somebody could come")
    expect(window.page.locator("#times table")).to_be_visible()
    return window


def test_a_time_that_is_picked_stands_in_the_summary(app: Flask, open_window: OpenWindow) -> None:
    window = with_times(app, open_window)
    slot = window.page.locator("[name=possible_start]").first
    _day, clock = str(slot.get_attribute("value")).split("T")
    slot.check(force=True)
    expect(window.page.locator('[data-of="start"] dd')).to_have_text(clock)


def test_times_go_when_what_they_were_looked_up_for_is_changed(
    app: Flask, open_window: OpenWindow
) -> None:
    window = with_times(app, open_window)
    window.page.get_by_role("radio", name="60", exact=True).check()
    expect(window.page.locator("#times table")).to_have_count(0)
    expect(window.page.locator("#times")).to_contain_text("look again when somebody could come")
    window.press("See when somebody could come")
    expect(window.page.locator("#times table")).to_be_visible()


def test_who_could_come_follows_what_is_typed_and_never_stands_for_something_else(
    app: Flask, open_window: OpenWindow
) -> None:
    window = with_times(app, open_window)
    told = window.page.locator("#outlook")
    expect(told).to_be_empty()
    window.page.locator("[name=possible_start]").first.check(force=True)
    expect(told).to_contain_text("could come. It is nobody’s promise yet.")
    expect(told).to_contain_text("Estimated cost")
    window.field("Start time").fill("23:30")
    expect(told).to_be_empty()
    expect(told).to_contain_text("nobody could come")
    window.field("Start time").fill("")
    expect(told).to_be_empty()


def filled_in(app: Flask, open_window: OpenWindow) -> Window:
    """The form with language and site, and the focus in the day."""
    window = open_window(stage.set_up(app).caseworker)
    window.go("/requests/new")
    window.find_language("roman", "ro")
    window.field("Site").press_sequentially("friedenspl gru")
    window.page.get_by_role("radio", name="Grundschule am Beispielplatz").check()
    window.choose("Setting", "school")
    window.field("Day").focus()
    return window


def test_whether_it_can_wait_is_asked_as_soon_as_the_day_is_known(
    app: Flask, open_window: OpenWindow
) -> None:
    window = filled_in(app, open_window)
    box = window.page.get_by_label("Yes, it cannot wait")
    expect(box).to_be_hidden()
    window.write("Day", "2027-03-15")
    expect(box).to_be_hidden()
    window.write("Day", "2027-03-03")
    expect(box).to_be_visible()
    expect(window.page.locator("main")).to_contain_text("begins in less than 5 working days")
    box.check()
    expect(window.page.locator('[data-of="is_urgent"]')).to_have_text("UrgentYes")
    window.write("Day", "2027-03-15")
    expect(box).to_be_hidden()
    expect(box).not_to_be_checked()


def test_several_dates_stand_in_the_summary_and_the_button_says_what_it_leads_to(
    app: Flask, open_window: OpenWindow
) -> None:
    window = filled_in(app, open_window)
    window.page.locator("summary", has_text="Several dates").click()
    beside = window.page.locator("[data-rhythm]")
    expect(beside).to_be_hidden()
    expect(window.page.get_by_role("button", name="Send request")).to_be_visible()
    window.page.get_by_label("Every week, or every few weeks").check()
    window.write("How many times", "6")
    expect(beside).to_have_text("Several datesevery week, 6 times")
    window.write("Every so many weeks or months", "2")
    window.write("How many times", "")
    window.write("Or until", "2027-06-30")
    expect(beside).to_have_text("Several datesevery 2 weeks, until Wed, 30 June 2027")
    expect(window.page.get_by_role("button", name="Send request")).to_have_count(0)
    expect(window.page.get_by_role("button", name="See the dates")).to_be_visible()
    window.page.get_by_label("Once", exact=True).check()
    expect(beside).to_be_hidden()
    expect(window.page.get_by_role("button", name="Send request")).to_be_visible()


def test_enter_goes_on_to_what_is_still_empty_and_sends_only_then(
    app: Flask, open_window: OpenWindow
) -> None:
    window = filled_in(app, open_window)
    window.write("Day", "2027-03-15")
    window.field("Day").focus()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("#start")).to_be_focused()
    expect(window.page.locator(".error-summary")).to_have_count(0)
    window.write("Start time", "10:00")
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("status")).to_contain_text("DO-2027-")


def test_enter_at_the_name_of_a_draft_keeps_it_instead_of_sending(
    app: Flask, open_window: OpenWindow
) -> None:
    window = filled_in(app, open_window)
    window.write("Day", "2027-03-15")
    window.write("Start time", "10:00")
    window.page.locator("summary", has_text="Keep it for later").click()
    window.write("Name", "Elternabend")
    window.page.keyboard.press("Enter")
    expect(window.page.locator("main")).to_contain_text("nothing is sent")


def test_of_a_change_only_an_earlier_start_is_asked_whether_it_can_wait(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = open_window(people.caseworker)
    window.go(f"/requests/{people.open.id}/change")
    box = window.page.get_by_label("Yes, it cannot wait")
    window.write("Start time", "12:00")
    expect(box).to_be_hidden()
    window.write("Start time", "10:00")
    expect(box).to_be_visible()


def test_enter_takes_no_place_that_is_only_of_the_kind_that_was_typed(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        for name in ("Regenbogen", "Sonnenschein"):
            factories.site(name).kind = "kita"
    window = open_window(people.caseworker)
    window.go("/requests/new")
    window.field("Site").press_sequentially("kindergarten")
    expect(window.page.locator("#site-results [data-unsure]")).to_be_visible()
    window.page.keyboard.press("Enter")
    first = window.page.get_by_role("radio", name="Regenbogen")
    expect(first).to_be_focused()
    expect(first).not_to_be_checked()
    window.page.keyboard.press("Space")
    expect(first).to_be_checked()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_another_language_keeps_what_was_typed(
    app: Flask, open_window: OpenWindow, script: bool
) -> None:
    window = open_window(stage.set_up(app).caseworker, java_script_enabled=script)
    window.go("/requests/new")
    window.field("Day").fill("2027-03-15")
    window.field("Start time").fill("10:30")
    window.page.get_by_role("radio", name="90", exact=True).check(force=True)
    window.page.get_by_role("button", name="Deutsch").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Sprachmittlung anfragen")
    assert window.page.url.endswith("/requests/new")
    expect(window.page.locator("#day")).to_have_value("2027-03-15")
    expect(window.page.locator("#start")).to_have_value("10:30")
    expect(window.page.get_by_role("radio", name="90", exact=True)).to_be_checked()
