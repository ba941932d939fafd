"""An SMS of several questions takes answers by the codes of those that still stand."""

import pytest

from dispatch.database import db
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel
from tests.correspondence import written
from tests.dispatch.messaging.test_several import ask_for, withdraw

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


def test_an_sms_takes_answers_by_the_codes_of_what_remains() -> None:
    first, *others = ask_for([2, 4, 5])
    [sms] = [one for one in written("offer_several") if one.channel == Channel.SMS]
    each = (sms.parts or {})["each"]
    kept = {one["about"]: one["facts"].get("yes_code") for one in each}
    withdraw(first)
    body = db.session.get_one(Message, sms.id, populate_existing=True).body
    assert kept[f"offer:{first}"] not in body
    assert all(kept[f"offer:{one}"] in body for one in others)
