"""Two people adopt two proposals for one day at once: each gets what still holds (B21)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers.models import Offer
from dispatch.planning.proposals import service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import items_of
from tests import factories
from tests.factories import NOW, TOMORROW_TEN, hours_later
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock")
Adopted = tuple[set[int], dict[int, str]]


@pytest.mark.parametrize("_time", range(3))
def test_each_adopts_what_still_holds_and_hears_of_the_rest_why_not(app: Flask, _time: int) -> None:
    with app.app_context():
        with transaction():
            site = factories.site()
            factories.interpreter(name="Mira")
            factories.interpreter(name="Nour")
            first, both, last = (
                factories.asked(at=site, start=hours_later(TOMORROW_TEN, hours)).id
                for hours in (-1, 2, 5)
            )
        mine, yours = _proposal(), _proposal()
    (taken, dropped), (taken_too, dropped_too) = _at_once(
        app, [(mine, {first, both}), (yours, {both, last})]
    )
    assert taken | taken_too == {first, both, last}
    assert taken & taken_too == set()
    (reason,) = (dropped | dropped_too).values()
    assert {*dropped, *dropped_too} == {both}
    assert reason
    with app.app_context():
        asked = db.session.scalars(sa.select(Offer.interpretation_request_id)).all()
    assert sorted(asked) == sorted([first, both, last])


def _proposal() -> int:
    made = service.compute(TUESDAY, now=NOW)
    with transaction():
        return service.store(SYSTEM, made, now=NOW).id


def _at_once(app: Flask, adoptions: list[tuple[int, set[int]]]) -> list[Adopted]:
    """Adopt of each proposal what concerns the requests; return what was taken and dropped."""
    together = Barrier(len(adoptions))

    def adopt(adoption: tuple[int, set[int]]) -> Adopted:
        proposal_id, wanted = adoption
        with app.app_context():
            proposal = db.session.get_one(Proposal, proposal_id)
            items = items_of(service.plan_of(proposal))
            chosen = {
                (one.request_id, one.interpreter_id) for one in items if one.request_id in wanted
            }
            together.wait()
            try:
                with transaction():
                    adopted = service.adopt(
                        SYSTEM, proposal_id, chosen, zone_name=TUESDAY.zone_name, now=NOW
                    )
                    return (
                        {one.interpretation_request_id for one in adopted.offers},
                        {one.item.request_id: str(one.reason) for one in adopted.dropped},
                    )
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(adoptions)) as pool:
        return list(pool.map(adopt, adoptions))
