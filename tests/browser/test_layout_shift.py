"""Nothing jumps while a page comes: what one is about to press stays where it is.

Below 0.1 is what web.dev calls good (https://web.dev/articles/cls).
"""

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories, stage
from tests.windows import DESKTOP, TELEPHONE, OpenWindow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
GOOD = 0.1
SHIFTED = """() => new Promise((done) => {
  let shifted = 0;
  new PerformanceObserver((list) => {
    for (const each of list.getEntries()) if (!each.hadRecentInput) shifted += each.value;
  }).observe({ type: "layout-shift", buffered: true });
  document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(
    () => setTimeout(() => done(shifted)))));
})"""
PEOPLE = ["caseworker", "lead", "coordinator", "administrator"]
PEOPLE += ["asked_interpreter", "busy_interpreter"]


@pytest.mark.parametrize("width", [TELEPHONE, DESKTOP])
def test_the_first_page_of_everybody_stays_where_it_is(
    app: Flask, open_window: OpenWindow, width: int
) -> None:
    """Also the first time, when letters and styles are still on their way."""
    on_stage = stage.set_up(app)
    people: dict[str, Account] = {role: getattr(on_stage, role) for role in PEOPLE}
    with app.app_context(), transaction():
        people["auditor"] = factories.account(Role.AUDITOR)
    shifted = {}
    for role, account in people.items():
        window = open_window(account, locale="de", width=width)
        browser = window.page.context.new_cdp_session(window.page)
        browser.send("Network.clearBrowserCache")
        window.page.goto("/", wait_until="networkidle")
        shifted[role] = window.page.evaluate(SHIFTED)
    assert {role: each for role, each in shifted.items() if each >= GOOD} == {}
