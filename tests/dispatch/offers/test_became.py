"""What became of everybody asked, as the office reads it."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def became(request_id: int) -> dict[str, str]:
    offers = queries.of_request(request_id)
    return {one.interpreter.first_name: queries.became_of(offers)[one.id] for one in offers}


def test_whose_yes_is_none_any_more_is_not_listed_as_one_who_comes(app: Flask) -> None:
    with transaction():
        office = factories.account(Role.COORDINATOR)
        wanted = factories.asked(interpreters=3)
        ill, sent_away, _comes = (
            factories.coming(wanted, factories.interpreter(name=name))
            for name in ("Elena", "Teo", "Ani")
        )
    with transaction():
        withdrawing.cannot_come(SYSTEM, ill.id, reasons=Reasons(office="ill"), now=NOW)
        why = Reasons(office="needed elsewhere")
        cancellations.release(SYSTEM, sent_away.id, reasons=why, owes=False, now=NOW)
    gone = {"Elena": "could_not_come", "Teo": "released"}
    assert became(wanted.id) == {**gone, "Ani": "accepted"}
    page = sign_in(app, office).get(f"/requests/{wanted.id}").text
    assert "Konnte dann nicht kommen" in page
