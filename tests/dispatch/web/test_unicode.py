"""Names are found however their letters are put together, and stand alone in a page."""

import unicodedata

import pytest
from flask import Flask

from dispatch import texts
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True),
]
FORMS = ("NFC", "NFD")
NAMES = ("Zoë", "Ångström", "Müller", "Đặng", "Ελένη Νικολαΐδου", "Йосиф", "Nguyễn", "Çağrı", "رؤى")


@pytest.mark.parametrize("typed", FORMS)
@pytest.mark.parametrize("sought", FORMS)
def test_a_name_is_found_in_either_form(app: Flask, typed: str, sought: str) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        for name in NAMES:
            written = texts.name(unicodedata.normalize(typed, name))  # type: ignore[arg-type]
            factories.interpreter(name=written)
            factories.organisation(written)
            factories.site(written)
    browser = sign_in(app, coordinator)
    for name in NAMES:
        asked = unicodedata.normalize(sought, name)  # type: ignore[arg-type]
        for page in ("/interpreters", "/organisations", "/sites"):
            found = browser.get(page, query_string={"q": asked}).text
            assert unicodedata.normalize("NFC", name) in found.split("<main")[1], (page, name)


def test_a_twin_of_a_name_that_is_there_is_refused(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        factories.organisation("Café Ångström")
    browser = sign_in(app, coordinator)
    twin = unicodedata.normalize("NFD", "Café Ångström")
    for name in (twin, f"\u200b{twin}", f"{twin}\u202e", "Café\u00a0Ångström"):
        answer = send(
            browser, "/organisations/new", seen_on="/organisations/new", name=name, kind="school"
        )
        assert answer.status_code in {409, 422}, ascii(name)
