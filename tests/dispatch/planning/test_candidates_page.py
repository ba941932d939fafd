"""Who could come, and what is said when the question no longer arises."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.audit.rules import SYSTEM
from dispatch.cancellations import service as cancellations
from dispatch.database import transaction
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("ending", ["cancelled", "asked"])
def test_a_request_that_needs_nobody_is_not_said_to_lack_speakers(app: Flask, ending: str) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        mira, asked = factories.interpreter("ro"), factories.asked("ro")
        if ending == "cancelled":
            cancellations.cancel_request(SYSTEM, asked, reason="moved", now=NOW)
        else:
            offers.make(SYSTEM, asked, mira.id, now=NOW)
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "Nobody in the pool" not in page
    assert "Nobody is needed for this request any more." in page


def test_where_nobody_speaks_the_language_that_is_said(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        asked = factories.asked("ro")
    page = sign_in(app, coordinator).get(f"/requests/{asked.id}/candidates").text
    assert "Nobody in the pool speaks Romanian" in page
