"""What a client hears who writes START or HELP, and what is kept of it: nothing."""

import re

import pytest
import sqlalchemy as sa

from dispatch.clients import service as clients
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import numbers
from dispatch.messaging.models import Message, PhoneNumber
from dispatch.settings import active
from dispatch.sms import service as sms
from dispatch.sms.models import InboundSms
from tests.dispatch.clients.test_reminding import (
    NUMBER,
    needs_a_database,
    on_sqlite,
    remind,
    standing,
    states,
    wanted,
)
from tests.factories import NOW


def writes(text: str) -> str:
    with transaction():
        sms.store(f"SM-{text}", NUMBER, text, "", now=NOW)
    with transaction():
        for one in sms.to_take(NOW):
            sms.take(one, now=NOW)
    latest = sa.select(InboundSms.outcome).order_by(InboundSms.id.desc()).limit(1)
    return db.session.scalars(latest).one()


def told() -> list[str]:
    said = sa.select(Message.body).where(Message.name == "client_answer").order_by(Message.id)
    return list(db.session.scalars(said))


@needs_a_database
@on_sqlite
def test_a_client_who_writes_start_after_stop_is_told_that_the_number_is_not_kept() -> None:
    wanted()
    assert writes("STOP") == "client-stopped"
    assert writes("START") == "not-kept"
    (said,) = told()
    assert "nicht gespeichert" in said
    assert "not kept here" in said
    assert standing() == ["messages", "inbound_sms"]
    assert db.session.get(PhoneNumber, NUMBER) is None
    with transaction():
        sms.forget_old(NOW + sms.KEPT_FOR)
    assert standing() == []


@needs_a_database
@on_sqlite
def test_help_and_start_of_a_client_are_answered_without_a_word_of_interpreting() -> None:
    asked = wanted()
    with transaction():
        numbers.block(NUMBER, NOW)  # the provider still refuses, from an earlier STOP
    assert writes("START") == "started"
    assert not numbers.is_silent(NUMBER)
    assert writes("HELP") == "helped"
    assert len(told()) == 2
    assert active().city.office.phone in told()[0]
    assert not re.search("dolmetsch|interpret", " ".join(told()), re.IGNORECASE)
    remind()
    assert states() == ["queued"]
    with transaction():
        clients.take_back(SYSTEM, asked.id, now=NOW)
    assert standing() == []


@needs_a_database
@on_sqlite
def test_a_number_that_wants_no_sms_is_not_taken_for_a_client() -> None:
    with transaction():
        numbers.stop(NUMBER, NOW)
    with pytest.raises(Conflict) as refused:
        wanted()
    assert refused.value.code == "client-number-silent"
    assert writes("START") == "not-kept"
    assert wanted()
