"""Every page there is, as everybody who may see it sees it: nothing that axe finds."""

from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.web.formats import LOCALES
from tests.browser.test_accessibility import THEMES, barriers_of, barriers_of_large_text
from tests.dispatch.web import stage
from tests.dispatch.web.test_own_language import speak_in_the_city
from tests.windows import DESKTOP, SMALLEST, TABLET, OpenWindow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PEOPLE = ["caseworker", "strange lead", "coordinator", "interpreter"]
PEOPLE += ["auditor", "administrator", "nobody"]
STRANGERS = ["stranger", "strange interpreter"]
"""Who sees what somebody else sees as well, with less on it."""
EVERYBODY = PEOPLE + STRANGERS
ONE_LOOK = [(SMALLEST, "light")]
LOOKS = list(product((SMALLEST, TABLET, DESKTOP), THEMES))


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_has_no_barriers(
    app: Flask, server: str, open_window: OpenWindow, role: str
) -> None:
    """In the language whose words are the longest, on the smallest telephone."""
    assert barriers_for(app, server, open_window, role, "el", ONE_LOOK) == []


@pytest.mark.slow
@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_page_has_no_barriers_in_any_language_at_any_width(
    app: Flask, server: str, open_window: OpenWindow, role: str, locale: str
) -> None:
    assert barriers_for(app, server, open_window, role, locale, LOOKS) == []


def barriers_for(
    app: Flask,
    server: str,
    open_window: OpenWindow,
    role: str,
    locale: str,
    looks: list[tuple[int, str]],
) -> list[str]:
    """Return what stands in the way of this role on any page it may see, after its address."""
    everything = stage.build(app)
    assert set(everything.browsers) == set(EVERYBODY)
    with app.app_context(), transaction():
        db.session.execute(sa.update(Account).values(locale=locale))
    speak_in_the_city(locale)
    browser, window = everything.browsers[role], open_window(locale=locale, width=SMALLEST)
    name = app.config["SESSION_COOKIE_NAME"]
    if cookie := browser.get_cookie(name):
        window.page.context.add_cookies([{"name": name, "value": cookie.value, "url": server}])
    barriers, paths = [], [path for _rule, path in everything.pages(browser)]
    for path in paths:
        window.go(path)
        assert window.page.locator("html").get_attribute("lang") == locale
        barriers += [f"{path} {barrier}" for barrier in barriers_of(window.page, looks)]
        if role != "coordinator":
            barriers += [f"{path} {barrier}" for barrier in barriers_of_large_text(window.page)]
    assert len(paths) > 5
    return barriers
