"""Asking with a client in the room: the form never shows what does not hold any more."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import stage
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
