"""The coordinator's day as a page."""

import re

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW


@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_legend_counts_who_is_asked(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    page = sign_in(app, coordinator).get("/day/2027-03-02").text
    counted = re.findall(r'legend__state">.*?legend__count">(\d+)<', page, re.S)
    assert counted == ["0", "1", "0"]
