"""The page on which a day is planned."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_of_a_full_day_the_first_open_requests_are_shown_and_the_others_counted(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator, site = factories.account(Role.COORDINATOR), factories.site()
        asks = factories.account(of=factories.organisation())
        for _ in range(60):
            factories.asked(by=asks, at=site)
    page = sign_in(app, coordinator).get("/plan/2027-03-02").text
    assert page.count("/candidates") == 25
    assert "35 more are open on this day" in page
    assert len(page.encode()) < 100_000


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_days_that_are_over_are_not_planned(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    answer = send(
        sign_in(app, coordinator), "/plan/2026-12-31", seen_on="/plan/2027-03-02", span="day"
    )
    assert answer.status_code == 422
    assert "These days are over; choose today or a later day." in answer.text
