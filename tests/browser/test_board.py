"""The coordinator's board in a real browser: keys, panel, dragging, what others change."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments.rules import Via
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from tests import factories, stage
from tests.browser.test_accessibility import barriers_of
from tests.stage import Stage
from tests.windows import TELEPHONE, OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
IN_THE_BOARD = "() => document.activeElement.closest('#board') !== null"
FOCUSED = "() => document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"


def at_the_board(people: Stage, open_window: OpenWindow, **more: object) -> Window:
    window = open_window(people.coordinator, **more)
    window.go(f"/day/{stage.TOMORROW}")
    return window


def block(window: Window, reference: str) -> str:
    """The id of the block of a request."""
    found = window.page.locator(".block", has_text=reference).first.get_attribute("id")
    assert found
    return found


def test_one_tab_stop_leads_into_the_board_and_arrows_from_row_to_row(
    app: Flask, open_window: OpenWindow
) -> None:
    window = at_the_board(stage.set_up(app), open_window)
    expect(window.page.locator('#board [tabindex="0"]')).to_have_count(1)
    window.page.locator('#board [tabindex="0"]').focus()
    seen = [window.page.evaluate(FOCUSED)]
    for key in ("ArrowDown", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowUp"):
        window.page.keyboard.press(key)
        seen.append(window.page.evaluate(FOCUSED))
    assert [re.sub(r"–.*", "", text) for text in seen] == [
        "09:00", "11:00", "08:30", "Elena Beispiel", "Mihai Beispiel", "Elena Beispiel",
    ]  # fmt: skip


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_panel_tells_of_a_request_and_a_key_writes_down_what_was_said(
    app: Flask, open_window: OpenWindow, locale: str
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window, locale=locale)
    asked = block(window, people.asked.reference)
    window.page.locator(f"#{asked}").focus()
    window.page.keyboard.press("Enter")
    panel = window.page.locator("#panel")
    expect(panel.locator("#panel-title")).to_be_focused()
    for told in (people.asked.reference, "Anna Beispiel", "01522\xa08817386", "Mihai Beispiel"):
        expect(panel).to_contain_text(told)
    window.page.keyboard.press("y")
    window.reads("Written down: what %(name)s said on the telephone counts.", name="Mihai Beispiel")
    expect(panel).to_contain_text(window.word("Filled"))
    expect(window.page.locator(".people .block--confirmed")).to_have_count(2)
    assert barriers_of(window.page) == []
    window.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_closing_the_panel_leads_back_to_the_block_it_was_opened_from(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    opened = block(window, people.open.reference)
    window.page.locator(f"#{opened}").click()
    expect(window.page.locator(".panel__best")).to_contain_text("Amal Beispiel")
    window.press("Close")
    expect(window.page.locator(f"#{opened}")).to_be_focused()


def test_on_a_telephone_a_block_leads_to_its_page(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window, width=TELEPHONE)
    window.page.locator(".row--open .block").first.click()
    window.page.wait_for_url("**/candidates")


def test_single_keys_do_nothing_while_somebody_types(app: Flask, open_window: OpenWindow) -> None:
    window = at_the_board(stage.set_up(app), open_window)
    window.page.keyboard.press("/")
    expect(window.page.locator("#q")).to_be_focused()
    window.page.keyboard.type("elena?")
    expect(window.page.locator("#q")).to_have_value("elena?")
    expect(window.page.locator("#keys")).not_to_have_attribute("open", "")


def test_a_question_mark_shows_the_keys_and_escape_leads_back_to_the_block(
    app: Flask, open_window: OpenWindow
) -> None:
    window = at_the_board(stage.set_up(app), open_window)
    block = window.page.locator("a.block").first
    block.focus()
    window.page.keyboard.press("?")
    expect(window.page.locator("#keys")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.locator("#keys")).to_be_hidden()
    expect(block).to_be_focused()
    window.page.keyboard.press("m")
    window.page.wait_for_url("**/change")


def test_what_others_do_appears_and_the_focus_stays(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    asked = window.page.locator(f"#{block(window, people.asked.reference)}")
    asked.focus()
    with app.app_context(), transaction():
        accept(people)
    look_again(window)
    expect(window.page.locator(".people .block--confirmed")).to_have_count(2)
    expect(window.page.locator(".figure--confirmed")).to_contain_text("2 confirmed")
    filled = window.page.locator(f"#{block(window, people.filled.reference)}")
    filled.focus()
    with app.app_context(), transaction():
        factories.asked("ro", start=stage.at(15))
    look_again(window)
    expect(window.page.locator(".row--open")).to_have_count(3)
    expect(filled).to_be_focused()
    expect(window.page.locator('#board [tabindex="0"]')).to_have_count(1)


def test_who_comes_too_late_reads_why(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    window.page.locator(f"#{block(window, people.asked.reference)}").click()
    panel = window.page.locator("#panel")
    expect(panel.locator('[data-key="n"]')).to_be_visible()
    with app.app_context(), transaction():
        accept(people)
    panel.locator('[data-key="n"]').click()
    window.reads("You have accepted this already; nothing changed.")
    expect(panel).to_contain_text("Filled")
    expect(window.page.locator(".people .block--confirmed")).to_have_count(2)


def accept(people: Stage) -> None:
    """Mihai says yes to what he is asked for."""
    [offer] = offers.open_for(people.asked.id)
    offer_service.accept(SYSTEM, offer.id, via=Via.LINK, now=clock.now())


def look_again(window: Window) -> None:
    """Ask what is new at once, as whoever comes back to the window does."""
    window.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def test_the_line_of_now_crosses_no_name_however_far_one_scrolls(
    app: Flask, open_window: OpenWindow
) -> None:
    window = open_window(stage.set_up(app).coordinator)
    window.page.set_viewport_size({"width": 1040, "height": 700})
    window.go(f"/day/{clock.now().date()}")
    name = window.page.locator(".people .row__name").first
    before = name.screenshot()
    scrolled = window.page.locator("#board").evaluate("(one) => (one.scrollLeft = 320)")
    assert scrolled == 320
    assert name.screenshot() == before


def test_a_block_taken_with_space_is_given_to_the_best(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window, locale="de")
    said = window.page.locator("#board-said")
    window.page.locator(f"#{block(window, people.open.reference)}").focus()
    window.page.keyboard.press("Space")
    expect(window.page.locator(".is-best")).to_contain_text("Amal Beispiel")
    expect(window.page.locator(".row.is-no")).to_have_count(3)
    assert barriers_of(window.page) == []
    window.page.keyboard.press("ArrowDown")
    expect(said).to_contain_text("Amal Beispiel")
    window.page.keyboard.press("Escape")
    expect(said).to_have_text(window.word("Laid back; nothing has changed."))
    expect(window.page.locator(".verdict")).to_have_count(0)
    window.page.keyboard.press("Space")
    expect(window.page.locator(".is-best")).to_have_count(1)
    for key in ("ArrowDown", "Space"):
        window.page.keyboard.press(key)
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Amal Beispiel")
    window.press("Make an offer", within=dialog)
    window.reads("The offer to %(name)s is made.", name="Amal Beispiel")
    expect(window.page.locator(".people .block--asked")).to_have_count(2)
    expect(window.page.locator("#panel")).to_contain_text("Amal Beispiel")


def test_a_day_of_ten_requests_is_filled_by_keyboard_alone(
    app: Flask, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for name in ("Ada", "Bo", "Cem"):
            factories.interpreter("ro", name=name)
        for number in range(10):
            factories.asked(start=stage.at(8 + number % 8, 30 * (number // 8)), minutes=30)
    window = open_window(coordinator, locale="de")
    window.go(f"/day/{stage.TOMORROW}")
    keys, lane = window.page.keyboard, window.page.locator(".row--open")
    while not window.page.evaluate(IN_THE_BOARD):
        keys.press("Tab")
    for still_open in range(10, 0, -1):
        expect(lane).to_have_count(still_open)
        keys.press("Control+Home")
        keys.press("Space")
        expect(window.page.locator(".is-best")).to_have_count(1)
        for key in ("ArrowDown", "Space"):
            keys.press(key)
        dialog = window.page.get_by_role("dialog")
        expect(dialog.get_by_role("button").first).to_be_focused()
        keys.press("Enter")
        expect(window.page.locator("#panel-title")).to_be_focused()
        keys.press("Escape")
    expect(lane).to_have_count(0)
    expect(window.page.locator(".people .block--asked")).to_have_count(10)


def test_keys_are_of_the_block_with_the_focus_where_two_are_asked_for_one_request(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        team = factories.asked("ro", interpreters=2)
        both = [factories.interpreter("ro", name=name) for name in ("Rada", "Sorin")]
        for one in both:
            offer_service.make(SYSTEM, team.id, one.id, now=clock.now())
    window = at_the_board(people, open_window)
    sorin = window.page.locator(".row", has_text="Sorin Beispiel").locator("a.block")
    sorin.focus()
    window.page.keyboard.press("n")
    window.reads("Written down: what %(name)s said on the telephone counts.", name="Sorin Beispiel")
    expect(sorin).to_have_count(0)
    rada = window.page.locator(".row", has_text="Rada Beispiel").locator(".block--asked")
    expect(rada).to_have_count(1)
    rada.focus()
    window.page.keyboard.press("y")
    confirmed = window.page.locator(".row", has_text="Rada Beispiel").locator(".block--confirmed")
    expect(confirmed).to_have_count(1)
    expect(window.page.locator("#panel [data-key='p']")).to_have_count(1)
    window.page.keyboard.press("p")
    expect(window.page.locator("#panel")).to_contain_text("Kept by plans")


def test_somebody_who_cannot_come_is_dropped_on_in_vain(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    drag(window, people.open.reference, "Olena Beispiel")
    expect(window.page.locator("#board-said")).to_have_text(
        "Impossible: does not work in this language. Nothing has changed."
    )
    expect(window.page.get_by_role("dialog")).to_have_count(0)
    expect(window.page.locator("#panel")).to_be_hidden()


def test_a_block_that_somebody_rests_on_is_looked_at_before_it_is_taken(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    asked: list[str] = []
    window.page.on("request", lambda one: asked.append(one.url) if "/verdicts" in one.url else None)
    begin = window.page.locator(f"#{block(window, people.open.reference)}").bounding_box()
    assert begin
    with window.page.expect_response(lambda one: "/verdicts" in one.url):
        window.page.mouse.move(begin["x"] + 5, begin["y"] + 5)
    drag(window, people.open.reference, "Amal Beispiel")
    expect(window.page.get_by_role("dialog")).to_contain_text("Amal Beispiel")
    assert len(asked) == 1


def test_who_drags_without_a_connection_reads_so_and_tries_again(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    said = window.page.locator("#board-said")
    window.page.context.set_offline(True)
    window.page.locator(f"#{block(window, people.open.reference)}").focus()
    window.page.keyboard.press("Space")
    expect(said).to_have_text("The server does not answer. Nothing has changed; try again.")
    window.page.context.set_offline(False)
    window.complaints.clear()  # the browser's own, of having been without a connection
    window.page.keyboard.press("Space")
    expect(window.page.locator(".verdict").first).to_be_attached()


def test_who_comes_is_moved_to_somebody_else_with_a_reason_in_one_step(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        factories.interpreter("ro", name="Rares", hours=(7, 18))
    window = at_the_board(people, open_window)
    drag(window, people.filled.reference, "Rares Beispiel")
    dialog = window.page.get_by_role("dialog")
    expect(dialog).to_contain_text("Rares Beispiel instead of Elena Beispiel?")
    dialog.get_by_label("Reason for the office").fill("Elena is ill.")
    window.press("Make an offer to Rares Beispiel", within=dialog)
    window.reads("Moved to %(name)s; everyone concerned is told.", name="Rares Beispiel")
    rares = window.page.locator(".row", has_text="Rares Beispiel")
    expect(rares.locator(".block--asked")).to_contain_text("08:30")
    elena = window.page.locator(".row", has_text="Elena Beispiel")
    expect(elena.locator(".block")).to_have_count(0)


def drag(window: Window, reference: str, name: str) -> None:
    """Drag the block of a request onto somebody's row, and wait there until the row says how."""
    mouse = window.page.mouse
    begin = window.page.locator(f"#{block(window, reference)}").bounding_box()
    row = window.page.locator(".people > .row", has_text=name)
    end = row.bounding_box()
    assert begin
    assert end
    mouse.move(begin["x"] + 5, begin["y"] + 5)
    mouse.down()
    mouse.move(begin["x"] + 15, begin["y"] + 15, steps=3)
    expect(row.locator(".verdict")).to_be_attached()
    mouse.move(begin["x"] + 15, end["y"] + 10, steps=5)
    expect(row).to_have_class(re.compile("is-aimed"))
    mouse.up()


def test_rows_out_of_sight_are_drawn_once_they_come_into_sight(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        for number in range(160):
            factories.interpreter("ro", name=f"Zoe{number:03d}")
    window = at_the_board(people, open_window)
    rows = window.page.locator(".people > .row")
    heights = rows.evaluate_all("(all) => all.map((row) => Math.round(row.offsetHeight))")
    assert len(heights) > 160
    assert set(heights[-50:]) == {heights[-1]}
    drawn = "(row) => row.querySelector('.row__who').checkVisibility({contentVisibilityAuto: true})"
    assert rows.first.evaluate(drawn)
    assert not rows.last.evaluate(drawn)
    rows.last.scroll_into_view_if_needed()
    last = "document.querySelector('.people').lastElementChild"
    window.page.wait_for_function(f"() => ({drawn})({last})")


def test_a_key_that_can_do_nothing_says_so(app: Flask, open_window: OpenWindow) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    said = window.page.locator("#board-said")
    window.page.locator(f"#{block(window, people.nobody.reference)}").focus()
    window.page.keyboard.press("y")
    expect(said).to_have_text("That cannot be done here now.")
    expect(window.page.locator("#panel")).to_contain_text("does not work at this time")
    window.page.keyboard.press("o")
    expect(said).to_contain_text("does not work at this time")


def test_a_key_pressed_while_the_panel_is_on_its_way_acts_once_it_is_there(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    window.page.route("**/board/requests/*", lambda _route: None)  # it is held up
    window.page.locator(f"#{block(window, people.filled.reference)}").focus()
    with window.page.expect_request("**/board/requests/*"):
        window.page.keyboard.press("Enter")
    window.page.keyboard.press("p")
    expect(window.page.locator("#board-said")).to_have_text("")
    window.page.unroute("**/board/requests/*")  # and goes on
    expect(window.page.locator("#panel")).to_contain_text("Unpin")


def test_ctrl_home_leads_to_the_first_that_is_open_from_anywhere(
    app: Flask, open_window: OpenWindow
) -> None:
    window = at_the_board(stage.set_up(app), open_window)
    window.page.locator(".daybar a").first.focus()
    window.page.keyboard.press("Control+Home")
    expect(window.page.locator(".lane a.block").first).to_be_focused()


def test_beside_what_is_open_stands_how_many_could_come(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    window = at_the_board(people, open_window)
    lane = window.page.locator("#lane")
    expect(lane.locator(".row__could", has_text="1 could")).to_have_count(1)
    expect(lane.locator(".row__could--nobody")).to_have_count(1)
