"""Several requests asked of many at once: one mail, and one page that takes all answers."""

from datetime import timedelta

import pytest

from dispatch.answers import together
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.correspondence import written
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def test_the_mail_leads_to_one_page_that_takes_the_answer_to_all() -> None:
    with transaction():
        people = [factories.interpreter(name=name).id for name in ("Ada", "Ben")]
        wanted = [factories.asked(start=TOMORROW_TEN + timedelta(days=n)).id for n in range(2)]
        for one in wanted:
            offers.make_to_all(SYSTEM, one, people, now=NOW)
    mails = [one for one in written("offer_broadcast_several") if one.channel == "email"]
    assert len(mails) == 2
    assert all(one.body.count("/all\n") == 1 for one in mails)
    first, second = db.session.query(Offer).filter_by(interpreter_id=people[0]).order_by(Offer.id)
    account = first.interpreter.account
    with transaction():
        answered = together.all_by_page(
            account.id, account.actor, first.id, [first.id, second.id], now=NOW
        )
    assert (answered.accepted, answered.refused) == (2, [])
    assert sorted(one.state for one in db.session.query(Offer)) == [
        "accepted",
        "accepted",
        "lost",
        "lost",
    ]
