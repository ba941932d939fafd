"""In by link and by password, not in by a wrong one, and out again."""

import email
import re
from email import policy
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.settings import Settings
from tests.windows import OpenWindow, Window, deliver_messages, newest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PASSWORD = "correct horse battery staple"


@pytest.fixture
def kim(app: Flask, view: dict[str, Any]) -> Account:
    """A coordinator with a password."""
    with app.app_context(), transaction():
        return accounts.add(
            SYSTEM,
            email="kim@example.org",
            name="Kim Muster",
            role="coordinator",
            organisation=None,
            password=PASSWORD,
            now=clock.now(),
            locale=view["locale"],
        )


@pytest.mark.usefixtures("kim")
def test_by_password(open_window: OpenWindow, view: dict[str, Any]) -> None:
    kim = open_window(**view)
    kim.go("/requests")
    sign_in(kim, "wrong horse")
    assert kim.page.url.endswith("/sign-in") or "/sign-in?" in kim.page.url
    expect(kim.page.get_by_role("alert")).to_be_visible()
    expect(kim.page.locator("#email")).to_have_value("kim@example.org")
    sign_in(kim, PASSWORD)
    expect(kim.page.get_by_role("heading", level=1)).to_have_text(kim.word("Requests"))
    sign_out(kim)


@pytest.mark.usefixtures("kim")
def test_by_link(
    app: Flask, settings: Settings, open_window: OpenWindow, view: dict[str, Any]
) -> None:
    kim = open_window(**view)
    kim.go("/sign-in")
    kim.page.locator("#link-email").fill("kim@example.org")
    kim.press("Send me a link")
    assert kim.reads("If there is an account for this address, a link is on its way.")
    deliver_messages(app)
    kim.go(link_in(newest(settings.sink_dir, "*-sign_in_link.eml")))
    kim.press("Sign in")
    assert kim.reads("What needs doing")
    sign_out(kim)


def sign_in(person: Window, password: str) -> None:
    person.page.locator("#email").fill("kim@example.org")
    person.page.locator("#password").fill(password)
    person.page.keyboard.press("Enter")
    person.page.wait_for_load_state()


def sign_out(person: Window) -> None:
    person.page.locator(".menu--right summary").click()
    person.press("Sign out", person.page.locator(".menu--right"))
    person.page.wait_for_url("**/sign-in*")
    person.go("/requests")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(person.word("Sign in"))


def link_in(mail: str) -> str:
    body = email.message_from_string(mail, policy=policy.default).get_body(("plain",))
    assert body
    found = re.search(r"http://\S+/sign-in/link/[\w-]+", body.get_content())
    assert found
    return found.group()
