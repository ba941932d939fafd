"""The texts of messages are called as people call them, not as files are."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.contacts.notices import SEVERAL
from dispatch.database import transaction
from dispatch.messaging import texts as service
from dispatch.pages.coordinator.text_names import NAMES
from tests import factories
from tests.browsing import sign_in


def test_every_message_has_a_name() -> None:
    assert set(NAMES) == {name.removesuffix(SEVERAL) for name in service.names()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lists_show_names_and_beginnings_without_the_language_of_templates(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    page = browser.get("/texts?language=en").text
    assert "Question to one person" in page
    for raw in ("offer_broadcast<", "{{", "{%"):
        assert raw not in page
    assert "Question to one person (several at once)" in browser.get(
        "/texts/offer_several/body/en"
    ).text  # fmt: skip
