"""Everything by keyboard alone: where the focus goes, that it is seen, and what it can do."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch import clock
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.runs import service as runs
from solver import Progress
from tests import stage
from tests.planning_days import TUESDAY
from tests.windows import TELEPHONE, OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
IS_SEEN = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const shape = here.querySelector?.(".block__shape") ?? here;
  const drawn = getComputedStyle(shape), beside = here.nextElementSibling;
  const framed = parseFloat(drawn.outlineWidth) > 0 && drawn.outlineStyle !== "none";
  const stroked = shape !== here && parseFloat(drawn.strokeWidth) >= 4;
  const chip = beside && getComputedStyle(beside).outlineStyle !== "none";
  return box.width > 0 && box.bottom > 0 && (framed || stroked || chip);
}"""
NAME = "() => document.activeElement.outerHTML.slice(0, 120)"

WHERE_STOPS_END = """() => [...document.querySelectorAll("main a, main button, main summary")]
  .map((one) => one.getBoundingClientRect().bottom).filter((end) => end > 500)"""
BEHIND_A_BAR = """() => {
  const here = document.activeElement, box = here.getBoundingClientRect();
  const bars = ".main-nav, .site-header, .actions--sticky";
  if (here === document.body || here.closest(bars)) return null;
  const over = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2].map((y) =>
    document.elementFromPoint(box.left + box.width / 2, y));
  const hidden = over.some((one) => !one || one.closest(bars));
  return hidden ? here.outerHTML.slice(0, 120) : null;
}"""


def test_the_first_stop_leads_past_the_navigation(app: Flask, open_window: OpenWindow) -> None:
    window = open_window(stage.set_up(app).coordinator)
    window.page.keyboard.press("Tab")
    skip = window.page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.page.keyboard.press("Enter")
    expect(window.page.locator("main")).to_be_focused()
    window.page.keyboard.press("Tab")
    expect(window.page.get_by_role("link", name="Plan tomorrow")).to_be_focused()


def test_enter_in_the_search_for_a_site_picks_instead_of_sending(
    app: Flask, open_window: OpenWindow
) -> None:
    window = open_window(stage.set_up(app).caseworker)
    window.go("/requests/new")
    window.page.locator("#site").press_sequentially("schule")
    window.page.keyboard.press("Enter")
    first = window.page.locator('#site-results input[type="radio"]').first
    expect(first).to_be_checked()
    expect(first).to_be_focused()
    expect(window.page.locator(".error-summary")).to_have_count(0)


@pytest.mark.parametrize("path", ["/requests/new", f"/day/{stage.TOMORROW}", "/requests"])
def test_every_stop_is_seen(app: Flask, open_window: OpenWindow, path: str) -> None:
    people = stage.set_up(app)
    window = open_window(people.caseworker if "new" in path else people.coordinator)
    window.go(path)
    unseen = []
    for _stop in range(40):
        window.page.keyboard.press("Tab")
        if window.page.evaluate("() => document.activeElement === document.body"):
            break
        if not window.page.evaluate(IS_SEEN):
            unseen.append(window.page.evaluate(NAME))
    assert unseen == []


@pytest.mark.parametrize("path", ["/", "/availability"])
def test_no_stop_of_a_telephone_lies_behind_a_bar(
    app: Flask, open_window: OpenWindow, path: str
) -> None:
    window = open_window(stage.set_up(app).busy_interpreter, width=TELEPHONE)
    window.go(path)
    ends = window.page.evaluate(WHERE_STOPS_END)
    assert ends
    for end in ends[:4]:  # a window so high that this one lies where the bar is
        window.page.set_viewport_size({"width": TELEPHONE, "height": int(end) + 8})
        window.go(path)
        for _ in range(25):
            window.page.keyboard.press("Tab")
            assert window.page.evaluate(BEHIND_A_BAR) is None, (path, end)


def test_asking_without_a_mouse(app: Flask, open_window: OpenWindow) -> None:
    window = open_window(stage.set_up(app).caseworker)
    window.go("/requests/new")
    keys = window.page.keyboard
    window.field("Language").focus()
    keys.type("Rumänsch")
    window.page.get_by_role("radio", name="Romanian").wait_for()
    keys.press("Enter")
    expect(window.page.get_by_role("radio", name="Romanian")).to_be_checked()
    keys.press("Enter")
    expect(window.page.locator("#day")).to_be_focused()  # site and setting are as last time
    window.page.locator("#site").focus()
    keys.type("grundschule")
    window.page.get_by_role("radio", name="Grundschule").wait_for()
    for key in ("Tab", "Space", "Tab"):
        keys.press(key)
    keys.type("School")
    keys.press("Tab")
    keys.type("03152027")
    expect(window.field("Day")).to_have_value("2027-03-15")
    tab_to(window, "start")
    keys.type("0130PM")
    tab_to(window, "duration-2")
    keys.press("ArrowRight")
    beside = window.page.get_by_role("complementary", name="Your request")
    for told in ("Romanian", "Grundschule am Beispielplatz", "15 March 2027", "13:30", "90"):
        expect(beside).to_contain_text(told)
    keys.press("Enter")
    expect(window.page.get_by_role("status")).to_contain_text("DO-2027-")
    assert "1 h 30 min" in window.text or "13:30–15:00" in window.text


def test_a_no_asks_once_more_and_escape_takes_it_back(app: Flask, open_window: OpenWindow) -> None:
    window = open_window(stage.set_up(app).asked_interpreter, width=TELEPHONE)
    window.go("/offers")
    decline = window.page.locator("summary", has_text="Decline")
    decline.focus()
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("dialog")).to_be_visible()
    window.page.keyboard.press("Escape")
    expect(window.page.get_by_role("dialog")).to_be_hidden()
    expect(decline).to_be_focused()
    window.page.keyboard.press("Enter")
    window.press("Yes, decline")
    assert window.reads("Thank you for answering. The office looks for somebody else.")


def tab_to(window: Window, field_id: str) -> None:
    for _stop in range(8):
        if window.page.evaluate("() => document.activeElement.id") == field_id:
            return
        window.page.keyboard.press("Tab")
    raise AssertionError(f"{field_id} is not reached, but {window.page.evaluate(NAME)}")


def test_who_has_reached_the_button_stays_there_while_the_page_asks_how_far_it_is(
    app: Flask, open_window: OpenWindow
) -> None:
    people = stage.set_up(app)
    with app.app_context(), transaction():
        run, _new = runs.begin(SYSTEM, TUESDAY, disturb_at_most=0, weights=[1], now=clock.now())
    window = open_window(people.coordinator)
    window.go(f"/planning/{run.id}")
    button = window.page.get_by_role("button", name="Stop and keep the best so far")
    button.focus()
    for seconds in (1.5, 2.5):
        with app.app_context(), transaction():
            runs.note(run.id, [Progress(seconds, "coverage", 1, 0, 1.0)])
        expect(window.page.get_by_text(f"{int(seconds)} s", exact=True)).to_be_visible()
    expect(button).to_be_focused()
