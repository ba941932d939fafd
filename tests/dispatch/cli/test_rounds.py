"""Asking for somebody from the command line."""

import pytest
from flask import Flask

from dispatch.database import db, transaction
from dispatch.offers.models import Offer
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_one_request_is_asked_for_by_a_strategy_of_its_own(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        number = factories.asked().reference
        factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
    noted = dragoman("offers", "agree", number, "broadcast")
    assert (noted.code, noted.out, noted.err) == (0, f"{number}: broadcast.\n", "")
    begun = dragoman("offers", "begin", number)
    assert begun.code == 0
    assert "broadcast: 2 people were asked so far." in begun.out
    assert dragoman("offers", "agree", number, "organisation").out == f"{number}: direct.\n"


@pytest.mark.parametrize("strategy", ["direct", "cascade"])
def test_a_proposal_is_adopted_as_direct_offers_or_as_cascades(
    app: Flask, dragoman: Dragoman, strategy: str
) -> None:
    with app.app_context(), transaction():
        factories.asked()
        factories.interpreter(name="Ada")
    planned = dragoman("plan", "--day", "2027-03-02")
    assert planned.out.startswith("Proposal 1:")
    adopted = dragoman("adopt", "1", "--strategy", strategy)
    assert (adopted.code, adopted.out, adopted.err) == (0, "Offers made: 1.\n", "")
    with app.app_context():
        assert db.session.query(Offer).one().round.strategy == strategy
    again = dragoman("adopt", "1")
    assert (again.code, "adopted already" in again.err) == (1, True)
    assert dragoman("adopt", "9").code == 1
