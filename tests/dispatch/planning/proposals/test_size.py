"""What adopting a proposal costs: a few statements for each offer, however many there are."""

from collections.abc import Collection
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import items_of
from tests import factories
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PEOPLE, EACH = 4, 4
MOST_FOR_ONE_OFFER_MORE = 12


@pytest.fixture
def proposal() -> Proposal:
    """A plan that gives four people four jobs each."""
    with transaction():
        by, at = factories.account(of=factories.organisation()), factories.site()
        for _ in range(PEOPLE):
            factories.interpreter()
            for number in range(EACH):
                start = TOMORROW_TEN + timedelta(hours=2 * number - 2)
                factories.asked(by=by, at=at, start=start)
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        return service.store(SYSTEM, made, now=NOW)


def statements_to_adopt(proposal: Proposal, chosen: Collection[tuple[int, int]]) -> int:
    """Return how many statements it takes to adopt these."""
    statements: list[str] = []
    db.session.expire_all()
    sa.event.listen(db.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    with transaction():
        adopted = service.adopt(SYSTEM, proposal.id, chosen, zone_name=TUESDAY.zone_name, now=NOW)
        made = len(adopted.offers)
    assert made == len(chosen)
    return len(statements)


def test_an_offer_more_costs_a_dozen_statements_at_most(proposal: Proposal) -> None:
    lines = [(one.request_id, one.interpreter_id) for one in items_of(service.plan_of(proposal))]
    assert len(lines) == PEOPLE * EACH
    first_of_each = {who: (request_id, who) for request_id, who in lines}.values()
    few = statements_to_adopt(proposal, set(first_of_each))
    many = statements_to_adopt(proposal, set(lines) - set(first_of_each))
    assert (many - few) / (len(lines) - 2 * PEOPLE) <= MOST_FOR_ONE_OFFER_MORE
