"""What a client hears who writes START or HELP, and what is kept of it: nothing."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.clients import service as clients
from dispatch.database import db, transaction
from dispatch.errors import Conflict
from dispatch.interpreters import keeping
from dispatch.interpreters.rules import Employment
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import numbers
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message, PhoneNumber, StoppedNumber
from dispatch.offers import service as offers
from dispatch.settings import active
from dispatch.sms import service as sms
from dispatch.sms import settling
from dispatch.sms.models import InboundSms
from dispatch.travel.estimate import Mode, Point
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.dispatch.clients.test_reminding import (
    EVENING,
    NUMBER,
    needs_a_database,
    on_sqlite,
    remind,
    standing,
    states,
    wanted,
)
from tests.factories import NOW


def writes(text: str, at: datetime = NOW) -> str:
    with transaction():
        sms.store(f"SM-{text}", NUMBER, text, "", now=at)
    with transaction():
        for one in sms.to_take(at):
            sms.take(one, now=at)
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
    assert active().city.office_phone in told()[0]
    assert not re.search("dolmetsch|interpret", " ".join(told()), re.IGNORECASE)
    remind()
    assert states() == ["queued"]
    with transaction():
        clients.take_back(SYSTEM, asked.id, now=NOW)
    assert standing() == []


@needs_a_database
@on_sqlite
def test_a_client_who_wrote_stop_is_not_given_again_until_they_write_start() -> None:
    asked = wanted()
    assert writes("STOP") == "client-stopped"
    with pytest.raises(Conflict, match="with the client on another way") as refused, transaction():
        clients.give(SYSTEM, asked.id, NUMBER, consents=True, now=NOW)
    assert refused.value.code == "client-number-silent"
    kept = db.session.execute(sa.select(StoppedNumber)).scalars().one()
    assert NUMBER[-7:] not in kept.digest
    assert db.session.get(PhoneNumber, NUMBER) is None
    assert writes("Start") == "not-kept"
    assert db.session.scalars(sa.select(StoppedNumber)).all() == []
    with transaction():
        clients.give(SYSTEM, asked.id, NUMBER, consents=True, now=NOW)
    remind()
    assert states() == ["queued"]


@needs_a_database
@on_sqlite
def test_stop_after_the_appointment_leaves_nothing_but_a_hash() -> None:
    asked = wanted()
    with transaction():
        clients.forget(asked.id, now=NOW)
    assert writes("STOP") == "stopped"
    assert standing() == ["inbound_sms"]
    with transaction():
        for one in settling.to_settle(NOW):
            settling.settle_by_itself(one, now=NOW)
        sms.forget_old(NOW + sms.KEPT_FOR)
    assert standing() == []
    assert numbers.is_silent(NUMBER)


@needs_a_database
@on_sqlite
def test_who_comes_into_the_pool_with_a_number_that_said_stop_gets_no_sms_there() -> None:
    with transaction():
        numbers.stop(NUMBER, NOW)
    with transaction():
        mira = factories.interpreter("el")
        mira.phone = NUMBER
    with transaction():
        offers.make(SYSTEM, factories.asked("el").id, mira.id, now=NOW)
    deliver_all()
    said = [(one.channel, one.state, one.error_code) for one in written("offer")]
    assert said == [("email", "sent", ""), ("sms", "settled", "opted-out")]


@needs_a_database
@on_sqlite
@pytest.mark.parametrize("is_reminded", [False, True])
def test_whoever_asked_hears_once_that_the_client_wants_no_sms(*, is_reminded: bool) -> None:
    asked = wanted()
    if is_reminded:
        remind()
        deliver_all(EVENING)
    writes("STOP")
    writes("Stopp")
    (mail,) = written("client_stopped")
    assert (mail.channel, mail.recipient) == ("email", asked.account.email)
    assert ("has already gone out" in mail.body) is is_reminded
    assert ("We do not remind them" in mail.body) is not is_reminded
    assert NUMBER[-7:] not in mail.subject + mail.body


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_pages_say_that_the_client_wants_no_sms_until_another_number_is_given(app: Flask) -> None:
    with app.app_context():
        asked = wanted()
        writes("STOP")
        account = db.session.get_one(Account, asked.account_id)
        office = factories.account(Role.COORDINATOR)
        pages = [f"/requests/{asked.id}", f"/requests/{asked.id}/client-reminder"]
        db.session.commit()
    for browser in (sign_in(app, account), sign_in(app, office)):
        shown = [browser.get(page).text for page in pages]
        assert all("they are not reminded by SMS" in one for one in shown)
        assert "Number ending in" not in shown[1]
    refused = send(browser, pages[1], seen_on=pages[1], phone=NUMBER, consents="y")
    assert "asked for no more SMS" in refused.text
    send(browser, pages[1], seen_on=pages[1], phone="0176 04069003", consents="y")
    assert not any("not reminded by SMS" in browser.get(page).text for page in pages)


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


@needs_a_database
@on_sqlite
def test_who_writes_start_at_night_is_answered_at_once_and_not_after_the_number_came_again() -> (
    None
):
    asked = wanted()
    writes("STOP")
    writes("START")
    [said] = written("client_answer")
    assert (said.state, said.quiet_hours) == ("queued", "")  # they hold the telephone in their hand
    with transaction():
        clients.give(SYSTEM, asked.id, NUMBER, consents=True, now=NOW)
    [said] = written("client_answer")
    assert said.state == "settled", "it says that no SMS comes, and now one does"


@needs_a_database
@on_sqlite
def test_an_answer_takes_along_at_night_a_reminder_that_rests() -> None:
    wanted()
    remind()
    night = EVENING + timedelta(hours=5, minutes=11)
    (reminder,) = written("client_reminder")
    assert (messaging.deliver(reminder.id, night) or 0) > 60
    writes("HELP", night)
    (answer,) = written("client_answer")
    assert messaging.deliver(answer.id, night) == 5
    assert messaging.deliver(reminder.id, night) is None
    assert messaging.deliver(answer.id, night) is None
    assert [one.state for one in written()[-2:]] == ["sent", "sent"]


@needs_a_database
@on_sqlite
def test_that_a_number_is_nobodys_is_not_sent_once_somebody_comes_into_the_pool_with_it() -> None:
    assert writes("START") == "not-kept"
    with transaction():
        details = keeping.Details(
            "Mira", "Beispiel", "mira@example.org", NUMBER, "de", "44135",
            Point(*factories.CITY_HALL), Mode.CAR, Employment.FREELANCE, None, 3000, 600, 2400, "",
        )  # fmt: skip
        keeping.add(SYSTEM, details, ("el", 3), now=NOW)
    (said,) = written("client_answer")
    assert (said.state, said.error_code) == ("settled", "taken-back")


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_who_waits_for_start_reads_that_it_came(app: Flask) -> None:
    with app.app_context():
        asked = wanted()
        writes("STOP")
        account = db.session.get_one(Account, asked.account_id)
        pages = [f"/requests/{asked.id}", f"/requests/{asked.id}/client-reminder"]
        db.session.commit()
    browser = sign_in(app, account)
    assert not any("START since" in browser.get(page).text for page in pages)
    with app.app_context():
        writes("START")
        assert standing() == ["messages", "inbound_sms"], "no more than before"
    shown = [browser.get(page).text for page in pages]
    assert all("they want SMS again" in one for one in shown)
    assert not any("they are not reminded by SMS" in one for one in shown)
