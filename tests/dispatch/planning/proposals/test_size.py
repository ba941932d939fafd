"""What adopting a proposal costs: a few statements for each offer, however many there are."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.proposals import service
from tests import factories
from tests.factories import NOW, TOMORROW_TEN
from tests.planning_days import TUESDAY

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
MOST_FOR_ONE_OFFER_MORE = 11


def statements_to_adopt(people: int) -> int:
    """Return how many statements it takes to adopt two offers to each of so many people."""
    with transaction():
        by, at = factories.account(of=factories.organisation()), factories.site()
        for _ in range(people):
            factories.interpreter()
            for hours in (0, 4):
                start = TOMORROW_TEN + timedelta(hours=hours)
                factories.asked(by=by, at=at, start=start)
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        proposal_id = service.store(SYSTEM, made, now=NOW).id
    statements: list[str] = []
    db.session.expire_all()
    sa.event.listen(db.engine, "before_cursor_execute", lambda *about: statements.append(about[2]))
    with transaction():
        adopted = service.adopt(SYSTEM, proposal_id, None, zone_name=TUESDAY.zone_name, now=NOW)
        made_now = len(adopted.offers)
    assert made_now == 2 * people
    return len(statements)


def test_an_offer_more_costs_eleven_statements_at_most() -> None:
    few = statements_to_adopt(2)
    many = statements_to_adopt(8)
    assert (many - few) / 12 <= MOST_FOR_ONE_OFFER_MORE
