"""An interpreter's telephone where there is no connection."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from tests import factories
from tests.browser.test_accessibility import barriers_of
from tests.conftest import FrozenClock
from tests.windows import TELEPHONE, OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
UNTIL_KEPT = """async () => {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await (await caches.open("pages")).match("/next-days")) return true;
    await new Promise((done) => setTimeout(done, 25));
  }
  return false;
}"""
REGISTERED = """async () => {
  await navigator.serviceWorker.register("/service-worker.js");
}"""
"""Waits for what a page does once it is open: one that is left before complains."""
AS_IT_STANDS = (
    "() => !('kept' in document.documentElement.dataset) && document.readyState === 'complete'"
)
ALL_THAT_IS_KEPT = """async () => {
  const names = (await caches.keys()).filter((name) => name !== "files");
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map((one) => one.url);
}"""


def test_the_next_days_are_read_and_what_is_tapped_is_sent_later(
    app: Flask, frozen_clock: FrozenClock, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        asked = factories.asked(room="Zimmer 7", contact="Frau Yilmaz, 0231 5012345")
        first = factories.coming(asked, mira)
        evening = factories.hours_later(factories.TOMORROW_TEN, 3)
        second = factories.coming(factories.asked(start=evening), mira)
    frozen_clock.move_to(first.starts_at - timedelta(minutes=20))
    window = open_window(account, locale="de", width=TELEPHONE)
    page = window.page
    page.clock.set_fixed_time(frozen_clock.now)
    assert page.evaluate(UNTIL_KEPT)
    without_connection(window)
    window.go("/assignments")
    page.wait_for_url("**/next-days")
    assert window.reads("No connection")
    assert "Zimmer 7" in window.text
    tap(window, "I am on the way", 0)
    tap(window, "I am on the way", 1)
    assert page.get_by_text(window.word(WAITS)).count() == 2
    with app.app_context(), transaction():
        assert db.session.get_one(Assignment, first.id).state == "confirmed"
        moved = Reasons(told="moved", office="moved")
        cancellations.release(SYSTEM, second.id, reasons=moved, now=frozen_clock.now)
    with_connection(window)
    assert window.reads("Sent later.")
    assert window.reads("Sent later, and it did not count any more:")
    assert page.get_by_text(window.word(WAITS)).count() == 0
    with app.app_context():
        assert db.session.get_one(Assignment, first.id).state == "on_the_way"
    page.wait_for_function(AS_IT_STANDS)  # the kept page gives way to what is so now
    assert barriers_of(page) == []
    # what counted goes by itself once it was seen, what did not is put away by hand
    assert window.reads("Sent later.")
    page.evaluate(REGISTERED)
    window.go("/assignments")
    assert window.reads("Sent later, and it did not count any more:")
    assert page.get_by_text(window.word("Sent later."), exact=True).count() == 0
    page.locator("#taps").get_by_role("button").click()
    page.evaluate(REGISTERED)
    window.go("/assignments")
    assert page.locator("#taps .notice").count() == 0
    page.locator(".menu--right summary").click()
    window.press("Sign out")
    page.wait_for_url("**/sign-in")
    assert page.evaluate(ALL_THAT_IS_KEPT) == []


def test_how_much_longer_a_talk_takes_is_kept_and_sent_as_it_was_meant(
    app: Flask, frozen_clock: FrozenClock, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        running = factories.coming(factories.asked(), mira)
    frozen_clock.move_to(running.starts_at + timedelta(minutes=20))
    window = open_window(account, locale="de", width=TELEPHONE)
    window.page.clock.set_fixed_time(frozen_clock.now)
    assert window.page.evaluate(UNTIL_KEPT)
    without_connection(window)
    window.go("/assignments")
    window.page.wait_for_url("**/next-days")
    tap(window, "It has begun", 0)
    longer = window.page.locator("summary", has_text=window.word("It takes longer"))
    longer.click()
    tap(window, "%(count)d min longer", 0, waiting=2, count=15)
    with_connection(window)
    assert window.reads("Sent later.")
    with app.app_context():
        assert db.session.get_one(Assignment, running.id).lasts_until == (
            running.ends_at + timedelta(minutes=15)
        )


def test_who_cannot_come_is_told_that_nobody_knows_it_yet_and_whom_to_call(
    app: Flask, frozen_clock: FrozenClock, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        coming = factories.coming(factories.asked(), mira)
    window = open_window(account, locale="de", width=TELEPHONE)
    page = window.page
    assert page.evaluate(UNTIL_KEPT)
    without_connection(window)
    window.go("/assignments")
    page.wait_for_url("**/next-days")
    say_off(window)
    assert barriers_of(page) == []
    call = page.locator("#taps a[href^='tel:']")
    assert call.is_visible()
    page.get_by_role("button", name=window.word("Do not send it")).click()
    call.wait_for(state="detached")
    say_off(window)
    with_connection(window)
    assert window.reads("Sent later.")
    with app.app_context():
        assert db.session.get_one(Assignment, coming.id).withdrawn_at == frozen_clock.now


def test_what_is_kept_forgets_the_place_at_the_end_by_the_clock_of_the_telephone(
    app: Flask, frozen_clock: FrozenClock, open_window: OpenWindow
) -> None:
    frozen_clock.move_to(LONG_AGO)  # over for every telephone, to come for the server
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        start = LONG_AGO.replace(tzinfo=None) + timedelta(hours=3)
        asked = factories.asked(start=start, room="Zimmer 7", now=LONG_AGO)
        factories.coming(asked, mira, now=LONG_AGO)
    window = open_window(account, locale="de", width=TELEPHONE)
    assert window.page.evaluate(UNTIL_KEPT)
    window.go("/next-days")
    assert "Zimmer 7" in window.text
    without_connection(window)
    window.go("/assignments")
    window.page.wait_for_url("**/next-days")
    assert window.reads("No connection")
    for told in ("Zimmer 7", "Rathaus", "Friedensplatz"):
        assert told not in window.text
    assert "Friedensplatz" not in window.page.evaluate(KEPT_PAGE)


def test_a_kept_page_offers_nothing_before_its_time_and_everything_then(
    app: Flask, frozen_clock: FrozenClock, open_window: OpenWindow
) -> None:
    with app.app_context(), transaction():
        mira, account = (one := factories.interpreter()), one.account
        begins = factories.coming(factories.asked(), mira).starts_at
    window = open_window(account, locale="de", width=TELEPHONE)
    page, word = window.page, window.word
    offered = page.locator(".only-kept")
    assert page.evaluate(UNTIL_KEPT)
    without_connection(window)
    for before, seen in (
        (timedelta(hours=20), []),
        (timedelta(hours=3), ["I am on the way"]),
        (timedelta(hours=1), ["I am on the way", "I have arrived"]),
        (-timedelta(minutes=5), ["I am on the way", "I have arrived", "It has begun"]),
    ):
        page.clock.set_fixed_time(begins - before)
        window.go("/assignments")
        page.wait_for_url("**/next-days")
        buttons = offered.get_by_role("button").all_inner_texts()
        said = [text for text in buttons if text in {word(one) for one in SAID_ON_THE_DAY}]
        assert said == [word(one) for one in seen]
        assert offered.get_by_text(word("It is over"), exact=True).first.is_visible() == (
            before < timedelta(0)
        )
        assert offered.locator("details.confirm summary").is_visible()


SAID_ON_THE_DAY = ("I am on the way", "I have arrived", "It has begun")
LONG_AGO = datetime(2021, 3, 2, 8, tzinfo=UTC)
KEPT_PAGE = """async () => (await (await caches.open("pages")).match("/next-days")).text()"""
NOBODY_KNOWS = (
    "Nobody knows it yet: there is no connection. It is sent by itself as soon as there is one. "
    "Call the office now:"
)
WAITS = "Not sent yet: there is no connection. It is sent by itself as soon as there is one."


def tap(
    window: Window, english: str, number: int, waiting: int | None = None, **values: int
) -> None:
    """Press the button of so many that say this, and see that so many things wait then."""
    button = window.page.get_by_role("button", name=window.word(english, **values), exact=True)
    button.nth(number).click()
    window.page.get_by_text(window.word(WAITS)).nth((waiting or number + 1) - 1).wait_for()


def say_off(window: Window) -> None:
    """Press "I cannot come" on the kept page, and once more where it asks."""
    name = window.word("I cannot come")
    window.page.locator(".only-kept details.confirm summary").click()
    window.page.get_by_role("dialog").get_by_role("button", name=name).click()
    assert window.reads(NOBODY_KNOWS)


def without_connection(window: Window) -> None:
    window.page.context.set_offline(True)
    window.complaints.clear()


def with_connection(window: Window) -> None:
    window.page.context.set_offline(False)
    window.complaints.clear()  # what did not reach the server is what this is about
