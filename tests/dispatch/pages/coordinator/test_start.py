"""What needs doing is what nobody has been asked for yet."""

import pytest
from sqlalchemy.orm import Session, scoped_session

from dispatch.accounts.rules import Role
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.pages.coordinator import start
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


def test_a_request_somebody_is_asked_for_does_not_wait_for_the_coordinator(
    session: scoped_session[Session],
) -> None:
    mira, asked, team = (
        factories.interpreter("ro"),
        factories.asked("ro"),
        factories.asked("ro", interpreters=2, start=factories.TOMORROW_TEN.replace(hour=15)),
    )
    coordinator = factories.account(Role.COORDINATOR)
    assert start.coordinator_figures(NOW).open_soon == 2
    for one in (asked, team):
        offers.make(SYSTEM, one.id, mira.id, now=NOW)
    figures = start.coordinator_figures(NOW)
    assert (figures.open_soon, figures.asked) == (1, 2)
    assert start.next_open(coordinator, NOW) == [team]
