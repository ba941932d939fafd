"""What is agreed with an organisation counts for plans, and for who may be assigned directly."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.organisations import service
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import Strategy
from dispatch.planning.proposals import service as planning
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock")


def agree(organisation: Organisation, strategy: Strategy, *, directly: bool = True) -> None:
    with transaction():
        service.agree(
            SYSTEM, organisation.id, strategy=strategy, assigns_directly=directly, now=NOW
        )


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("agreed", "begun"),
    [(Strategy.DIRECT, Strategy.DIRECT), (Strategy.INTEREST, Strategy.CASCADE)],
)
def test_a_plan_is_adopted_as_is_agreed(agreed: Strategy, begun: Strategy) -> None:
    with transaction():
        asked, _who = factories.asked(), factories.interpreter()
    agree(asked.organisation, agreed)
    made = planning.compute(TUESDAY, now=NOW)
    with transaction():
        proposal = planning.store(SYSTEM, made, now=NOW)
        adopted = planning.adopt(SYSTEM, proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)
    assert [one.round.strategy for one in adopted.offers] == [begun]


@pytest.mark.usefixtures("session")
def test_where_everybody_is_asked_in_writing_nobody_is_assigned_directly() -> None:
    with transaction():
        asked, who = factories.asked(), factories.interpreter()
    agree(asked.organisation, Strategy.DIRECT, directly=False)
    with pytest.raises(Conflict) as refused, transaction():
        offers.assign(SYSTEM, asked.id, who.id, now=NOW)
    assert refused.value.code == "not-directly"
    with transaction():
        offers.make(SYSTEM, asked.id, who.id, now=NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_coordinator_notes_what_is_agreed(app: Flask) -> None:
    with app.app_context(), transaction():
        school = factories.organisation("Schule")
        coordinator = factories.account(Role.COORDINATOR)
        db.session.flush()
        number = school.id
    browser = sign_in(app, coordinator)
    page = f"/organisations/{number}"
    done = send(browser, f"{page}/agreement", seen_on=page, strategy="cascade")
    assert "Noted for Schule" in browser.get(done.location).text
    with app.app_context():
        agreed = db.session.get_one(Organisation, number)
        assert (agreed.strategy, agreed.assigns_directly) == ("cascade", False)
