"""Whoever reads “call us” reads the number there, on every page and in every message."""

import re

import pytest
from flask import Flask

from dispatch import settings
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.settings import ROOT
from tests import factories
from tests.browsing import sign_in

MESSAGES = ROOT / "templates" / "messages"
CALL = re.compile(
    r"\bcalls?\b|\b(an|r)?ruf(en|t)?\b|\btelefonieren|καλέστε|τηλεφωνήστε|ΚΑΛΕΣΤΕ|ΤΗΛΕΦΩΝΗΣΤΕ", re.I
)
INCLUDED = re.compile(r'include "(shared/[^"]+)"')


def test_every_message_that_says_call_us_says_where() -> None:
    without = [
        str(path.relative_to(MESSAGES))
        for path in MESSAGES.rglob("*.txt")
        if path.name.startswith(("body.", "sms."))
        and CALL.search(text := with_what_it_includes(path.read_text(encoding="utf-8")))
        and not re.search(r"{{[^}]*phone", text)
    ]
    assert without == []


def with_what_it_includes(text: str) -> str:
    return INCLUDED.sub(lambda found: (MESSAGES / found.group(1)).read_text(encoding="utf-8"), text)


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_page_shows_the_number_of_the_office(app: Flask) -> None:
    with app.app_context(), transaction():
        asks = factories.account(of=factories.organisation())
        interpreter = factories.interpreter().account
        coordinator = factories.account(Role.COORDINATOR)
    shown = f'href="tel:{settings.active().city.office.phone}"'
    assert shown in app.test_client().get("/sign-in").text
    for account, pages in (
        (asks, ("/", "/requests/new", "/requests")),
        (interpreter, ("/", "/availability", "/me")),
        (coordinator, ("/", "/pool", "/requests/0")),
    ):
        browser = sign_in(app, account)
        for page in pages:
            assert shown in browser.get(page, follow_redirects=True).text, page


def test_every_page_is_made_from_the_one_that_shows_it() -> None:
    pages = [
        path
        for folder in ("pages", "errors")
        for path in (ROOT / "templates" / folder).rglob("*.html")
        if not path.name.startswith("_")
    ]
    own = {path.name for path in pages if "extends" not in path.read_text(encoding="utf-8")}
    # the last says nothing but that it is to be tried again
    assert own == {"outage.html"}
