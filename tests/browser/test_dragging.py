"""Dragging on the board: what flies says what letting go would do, and nothing leads away."""

import re
from datetime import time

import pytest
from flask import Flask
from playwright.sync_api import FloatRect, Locator, expect

from dispatch import clock
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories, stage
from tests.browser.test_accessibility import barriers_of
from tests.browser.test_board import at_the_board, block
from tests.windows import OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

ASKER = "Anna Beispiel"


def box(element: Locator) -> FloatRect:
    found = element.bounding_box()
    assert found
    return found


def lift(window: Window, reference: str) -> tuple[float, float]:
    """Take the block of a request up with the mouse, and return where the mouse is."""
    begin = box(window.page.locator(f"#{block(window, reference)}"))
    x, y = begin["x"] + 5, begin["y"] + 8
    window.page.mouse.move(x, y)
    window.page.mouse.down()
    window.page.mouse.move(x + 6, y, steps=3)
    expect(window.page.locator(".ghost")).to_be_visible()
    return x, y


def minutes_wide(window: Window, minutes: int) -> float:
    """How many pixels so many minutes are."""
    hours = window.page.locator(".axis__hour")
    first, second = box(hours.nth(0)), box(hours.nth(1))
    return (second["x"] - first["x"]) * minutes / 60


def test_what_is_open_says_while_it_flies_what_letting_go_would_do(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    said, ghost = window.page.locator("#board-said"), window.page.locator(".ghost b")
    x, y = lift(window, people.open.reference)
    expect(said).not_to_contain_text("released")
    own = ghost.inner_text()
    window.page.mouse.move(x + minutes_wide(window, 60), y, steps=3)
    expect(said).to_contain_text("whoever asked is asked about this start.")
    assert ghost.inner_text() != own
    window.page.mouse.up()
    expect(window.page.get_by_role("dialog")).to_contain_text("Ask for another start?")


def test_a_window_is_not_asked_about_but_chosen_on_a_row(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        wide = factories.asked(latest_start=time(12)).reference
    window = at_the_board(people, open_window)
    x, y = lift(window, wide)
    window.page.mouse.move(x + minutes_wide(window, 60), y, steps=3)
    window.page.mouse.up()
    expect(window.page.locator("#board-said")).to_contain_text("The window is agreed")
    expect(window.page.get_by_role("dialog")).to_have_count(0)


def test_another_time_of_who_comes_is_a_change_that_says_who_has_to_agree(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    said = window.page.locator("#board-said")
    x, y = lift(window, people.filled.reference)
    window.page.mouse.move(x + minutes_wide(window, 60), y, steps=3)
    expect(said).to_contain_text("09:30: that is a change of the request; put down, it says who")
    expect(window.page.locator(".ghost b")).to_contain_text("09:30")
    window.page.mouse.up()
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Begin at 09:30 instead?")
    expect(dialog).to_contain_text("Elena Beispiel could come then, has to agree anew")
    assert barriers_of(window.page) == []
    dialog.get_by_role("link", name="Change request").click()
    expect(window.page.locator("#start")).to_have_value("09:30")


def test_another_time_of_who_is_asked_is_a_question_to_those_who_asked(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    x, y = lift(window, people.asked.reference)
    window.page.mouse.move(x + minutes_wide(window, 60), y, steps=3)
    expect(window.page.locator("#board-said")).to_contain_text("11:30: whoever asked is asked")
    window.page.mouse.up()
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Mihai Beispiel could come then and is asked anew.")
    window.press("Ask", within=dialog)
    window.reads("%(name)s is asked by e-mail, and can answer with one press.", name=ASKER)


def test_of_a_team_that_lacks_somebody_those_who_asked_are_asked(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        team = factories.asked(interpreters=2)
        who = factories.interpreter("ro", name="Radu", hours=(8, 18))
        factories.coming(team, who, now=clock.now())
    window = at_the_board(people, open_window)
    confirmed = window.page.locator(".people .block", has_text=team.reference)
    confirmed.focus()
    for key in (" ", *4 * ["ArrowRight"]):
        window.page.keyboard.press(key)
    said = window.page.locator("#board-said")
    expect(said).to_contain_text("11:00: whoever asked is asked about this start.")
    window.page.keyboard.press(" ")
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Ask for another start?")
    expect(dialog).to_contain_text("Radu Beispiel could come then, has to agree anew and is asked.")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_another_time_in_the_window_is_asked_of_the_person_alone(
    app: Flask, open_window: OpenWindow, by: str
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        wide = factories.asked(latest_start=time(12))
        who = factories.interpreter("ro", name="Radu", hours=(8, 18))
        offers.make(SYSTEM, wide.id, who.id, now=clock.now())
    window = at_the_board(people, open_window)
    said, dialog = window.page.locator("#board-said"), window.page.get_by_role("dialog")
    words = "11:00, within the window: whoever is asked is asked anew about this start."
    if by == "mouse":
        x, y = lift(window, wide.reference)
        window.page.mouse.move(x + minutes_wide(window, 60), y, steps=3)
        expect(said).to_contain_text(words)
        window.page.mouse.up()
    else:
        window.page.locator(f"#{block(window, wide.reference)}").focus()
        for key in (" ", *4 * ["ArrowRight"]):
            window.page.keyboard.press(key)
        expect(said).to_contain_text(words)
        window.page.keyboard.press(" ")
    expect(dialog).to_contain_text("Ask Radu Beispiel about another start?")
    assert barriers_of(window.page) == []
    window.press("Ask anew", within=dialog)
    window.reads("%(name)s is asked anew, about the other start.", name="Radu Beispiel")
    moved = window.page.locator(f"#{block(window, wide.reference)}")
    expect(moved).to_have_attribute("title", re.compile("^11:00"))
    expect(window.page.locator("#panel-title")).to_be_focused()
    window.page.keyboard.press("z")
    expect(dialog).to_contain_text("Radu Beispiel is asked about 10:00 again instead of 11:00.")


def test_what_is_open_is_asked_about_by_keyboard_as_well(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    window.page.locator(f"#{block(window, people.open.reference)}").focus()
    for key in (" ", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        window.page.keyboard.press(key)
    said = window.page.locator("#board-said")
    expect(said).to_contain_text("11:30: whoever asked is asked about this start.")
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("dialog")).to_contain_text("Ask for another start?")


def test_who_releases_by_dragging_reads_of_which_job_and_stays_on_the_board(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    x, _y = lift(window, people.filled.reference)
    lane = box(window.page.locator("#lane"))
    window.page.mouse.move(x, lane["y"] + 10, steps=5)
    window.page.mouse.up()
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Release Elena Beispiel")
    expect(dialog).to_contain_text("08:30")
    expect(dialog.get_by_text("Back", exact=True)).to_have_count(1)
    window.press("Back", within=dialog)
    expect(window.page.locator("#board")).to_be_visible()


def test_the_names_of_what_is_open_stay_in_sight_when_the_board_is_scrolled_sideways(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    window.page.set_viewport_size({"width": 1100, "height": 800})
    name = window.page.locator(".lane .row__name").first
    before = box(name)["x"]
    window.page.locator("#board").evaluate("(board) => board.scrollTo(150, 0)")
    expect(window.page.locator("#board")).to_have_attribute("style", re.compile("150px"))
    after = box(name)["x"]
    assert abs(before - after) < 1
