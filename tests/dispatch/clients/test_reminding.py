"""A client is reminded once, if somebody comes, and the number is nowhere afterwards."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.cities import named
from dispatch.clients import rules, service
from dispatch.database import Base, db, get, transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging import numbers
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import MessageState
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from dispatch.sms import service as sms
from dispatch.sms.models import InboundSms
from dispatch.sms.words import OUTCOMES
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all, written
from tests.factories import NOW, hours_later

needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TYPED = "0176 04069002"
NUMBER = "+4917604069002"
DIGITS = "4069002"
EVENING = datetime(2027, 3, 1, 17, tzinfo=UTC)
"""Six o'clock in Dortmund before the Tuesday on which it begins at ten."""


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=named("dortmund").zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "typed", "goes"),
    [
        (local(2, 10), local(1, 9), local(1, 18)),
        (local(2, 10), local(1, 19), local(2, 8)),
        (local(2, 10), local(2, 9), None),
        (local(2, 8), local(1, 19), None),  # at six in the morning nobody is written to
        (local(8, 10), local(1, 9), local(6, 18)),  # nobody answers on a Sunday
        (local(8, 10), local(7, 9), local(8, 8)),
    ],
)
def test_it_goes_the_evening_before_or_two_hours_before(
    starts: datetime, typed: datetime, goes: datetime | None
) -> None:
    city = named("dortmund")
    assert rules.goes_at(starts, typed, city) == goes
    if goes:
        assert rules.is_due(starts, typed, goes, city)
        assert not rules.is_due(starts, typed, goes - timedelta(minutes=1), city)
        assert not rules.is_due(starts, typed, starts - timedelta(minutes=10), city)


def test_on_a_saturday_it_goes_although_people_answer_no_more_by_the_time_a_worker_comes() -> None:
    city, starts, typed = named("dortmund"), local(8, 10), local(1, 9)
    for late in (timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=59)):
        assert rules.is_due(starts, typed, local(6, 18) + late, city)
    assert not rules.is_due(starts, typed, local(6, 21), city)
    assert not rules.is_due(starts, typed, local(7, 12), city)


@pytest.mark.parametrize(
    ("starts", "now", "goes"),
    [
        (local(8, 10), local(6, 18, 5), local(6, 18)),
        (local(8, 10), local(7, 12), local(8, 7)),  # no worker ran: when people answer again
        (local(8, 10), local(8, 8), local(8, 8)),
        (local(8, 7), local(7, 12), None),
        (local(8, 10), local(8, 9, 45), None),
    ],
)
def test_what_is_said_of_when_it_goes_does_not_lie_behind(
    starts: datetime, now: datetime, goes: datetime | None
) -> None:
    assert rules.still_goes_at(starts, local(1, 9), now, named("dortmund")) == goes


def wanted(language: str = "el", *, comes: bool = True) -> InterpretationRequest:
    """A request whose client is to be reminded."""
    with transaction():
        asked = factories.asked(language)
        if comes:
            offers.assign(SYSTEM, asked.id, factories.interpreter(language).id, now=NOW)
        service.give(SYSTEM, asked.id, TYPED, consents=True, now=NOW)
    deliver_all()
    return asked


def remind(at: datetime = EVENING) -> None:
    with transaction():
        for request_id in service.to_remind(at):
            service.remind(request_id, now=at)


def states() -> list[str]:
    return [one.state for one in written("client_reminder")]


def standing() -> list[str]:
    """Return every table in which the number stands in any form."""
    return [
        table.name
        for table in Base.metadata.sorted_tables
        if any(
            DIGITS in str(value) for row in db.session.execute(sa.select(table)) for value in row
        )
    ]


@needs_a_database
def test_after_the_appointment_the_number_is_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asked = wanted()
    assert standing() == ["client_reminders"]
    remind()
    remind(EVENING + timedelta(minutes=5))
    (said,) = written("client_reminder")
    assert (said.recipient, said.locale, said.segments) == (NUMBER, "el", 1)
    assert "10:00" in said.body
    for tells in ("Dolmetsch", "Rathaus", "Diermineia", asked.reference):
        assert tells not in said.body
    assert messaging.deliver(said.id, EVENING) is None
    with transaction():
        numbers.block(NUMBER, NOW)
        assert service.to_forget(asked.ends_at - timedelta(minutes=1)) == []
        assert service.to_forget(asked.ends_at) == [asked.id]
        service.forget(asked.id, now=asked.ends_at)
    assert standing() == []
    assert states() == ["sent"]
    assert DIGITS not in caplog.text


@needs_a_database
def test_what_is_cancelled_before_it_left_is_not_sent_and_the_number_is_deleted() -> None:
    asked = wanted()
    remind()
    with transaction():
        reasons = Reasons(office="off", told="off")
        cancellations.cancel_request(SYSTEM, asked.id, reasons=reasons, now=EVENING)
        assert service.to_forget(EVENING) == [asked.id]
        service.forget(asked.id, now=EVENING)
    assert states() == ["settled"]
    assert standing() == []


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_of_what_moves_the_client_hears_the_new_time_and_that_it_is_new(app: Flask) -> None:
    with app.app_context():
        asked = wanted()
        pages = [f"/requests/{asked.id}", f"/requests/{asked.id}/client-reminder"]
        remind()
        (old,) = written("client_reminder")
        assert messaging.deliver(old.id, EVENING) is None
        with transaction():
            eleven = hours_later(factories.TOMORROW_TEN, 1)
            later = replace(details_of(get(InterpretationRequest, asked.id)), wall_start=eleven)
            amendments.amend(SYSTEM, asked.id, later, now=EVENING)
        (mail,) = written("request_changed")
        assert "the client still knows another start: Tue, 2 Mar 2027, 10:00" in mail.body
        account = db.session.get_one(Account, asked.account_id)
    browser = sign_in(app, account)
    for page in pages:
        assert "the client still knows another start" in browser.get(page).text
    with app.app_context():
        remind(EVENING)
        assert len(written("client_reminder")) == 1  # whoever comes has not agreed to it yet
        with transaction():
            (coming,) = db.session.scalars(sa.select(Assignment))
            amendments.accept(SYSTEM, coming.confirmations[-1].id, via=Via.PAGE, now=EVENING)
        remind(EVENING)
        assert ["10:00" in one.body for one in written("client_reminder")] == [True, False]
        assert "11:00" in written("client_reminder")[1].body
        assert "AΛΛAΓH" in written("client_reminder")[1].body
        assert written("client_reminder")[1].segments == 1
    for page in pages:
        assert "the client still knows another start" not in browser.get(page).text


@needs_a_database
@on_sqlite
def test_nobody_is_reminded_of_what_nobody_comes_to() -> None:
    wanted(comes=False)
    remind()
    assert states() == []
    wanted("tr")
    remind()
    with transaction():
        (coming,) = db.session.scalars(sa.select(Assignment))
        cancellations.release(SYSTEM, coming.id, reasons=Reasons(office="ill"), now=EVENING)
    assert states() == ["settled"]
    remind()
    assert states() == ["settled"]


@needs_a_database
@on_sqlite
@pytest.mark.parametrize(("text", "is_left"), [("STOP", False), ("We come later", True)])
def test_a_client_who_writes_stop_is_forgotten_and_all_else_is_read_without_the_number(
    text: str, *, is_left: bool
) -> None:
    asked = wanted()
    with transaction():
        sms.store("SM1", NUMBER, text, "", now=NOW)
    with transaction():
        for one in sms.to_take(NOW):
            sms.take(one, now=NOW)
    (came,) = db.session.scalars(sa.select(InboundSms))
    assert (came.sender, came.interpretation_request_id) == ("", asked.id)
    assert came.state == "open"  # the office reads both
    assert came.outcome == ("letter" if is_left else "client-stopped")
    assert "Mails go on" not in str(OUTCOMES[came.outcome])
    assert standing() == (["client_reminders"] if is_left else [])
    remind()
    assert states() == ["queued"] * is_left


@needs_a_database
@on_sqlite
def test_without_consent_or_a_mobile_number_nothing_is_kept() -> None:
    with transaction():
        asked = factories.asked()
    for number, consents, field in ((TYPED, False, "consents"), ("0231 50123456", True, "phone")):
        with pytest.raises(Refusal) as refused, transaction():
            service.give(SYSTEM, asked.id, number, consents=consents, now=NOW)
        assert refused.value.field == field
    assert standing() == []


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_who_asked_types_the_number_reads_when_it_goes_and_deletes_it(app: Flask) -> None:
    with app.app_context(), transaction():
        anna = factories.account(of=factories.organisation())
        romanian = factories.asked("ro", by=anna).id
    page = f"/requests/{romanian}/client-reminder"
    browser = sign_in(app, anna)
    assert page in browser.get(f"/requests/{romanian}").text
    assert "Nobody has checked a text in Romanian yet" in browser.get(page).text
    assert send(browser, page, seen_on=page, phone=TYPED).status_code == 422
    send(browser, page, seen_on=page, phone=TYPED, consents="y")
    shown = browser.get(page).text
    assert "Number ending in 02" in shown
    assert DIGITS not in shown + browser.get(f"/requests/{romanian}").text
    send(browser, f"{page}/forget", seen_on=page)
    assert "Number ending in" not in browser.get(page).text
    with app.app_context():
        assert standing() == []
        assert MessageState.QUEUED not in states()


@on_sqlite
@pytest.mark.parametrize("is_kept", [False, True], ids=["no number yet", "a number is kept"])
def test_too_late_for_a_reminder_the_page_says_so_and_neither_language_nor_time_of_one(
    app: Flask, frozen_clock: FrozenClock, is_kept: bool
) -> None:
    with app.app_context(), transaction():
        anna = factories.account(of=factories.organisation())
        romanian = factories.asked("ro", by=anna).id
    page = f"/requests/{romanian}/client-reminder"
    browser = sign_in(app, anna)
    if is_kept:
        send(browser, page, seen_on=page, phone=TYPED, consents="y")
    frozen_clock.move_to(local(2, 9, 45))
    shown = sign_in(app, anna).get(page).text
    assert "It begins too soon to remind anybody." in shown
    assert not any(one in shown for one in ("Nobody has checked", "reminder goes", 'name="phone"'))
    assert ("Delete the number" in shown) is is_kept


CLIENT_TOLD_BY_WHO_ASKED = "The client has already been reminded by SMS and hears nothing more"


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_whoever_cancels_after_the_reminder_reads_that_the_client_has_to_be_told(
    app: Flask,
) -> None:
    with app.app_context(), transaction():
        anna = factories.account(of=factories.organisation())
        reminded, other = (to_be_reminded(anna, hour).id for hour in (0, 3))
    with app.app_context():
        with transaction():
            service.remind(reminded, now=EVENING)
        deliver_all(EVENING)
    browser = sign_in(app, anna)
    page = f"/requests/{reminded}"
    assert CLIENT_TOLD_BY_WHO_ASKED in browser.get(f"{page}/cancel").text
    assert CLIENT_TOLD_BY_WHO_ASKED not in browser.get(f"/requests/{other}/cancel").text
    assert CLIENT_TOLD_BY_WHO_ASKED not in browser.get(page).text
    for one in (reminded, other):
        cancel = f"/requests/{one}/cancel"
        send(browser, cancel, seen_on=cancel, reason_told="put off")
    shown = browser.get(f"{page}/client-reminder").text
    assert "Kept until the appointment is over" not in shown
    assert "nobody is reminded any more" in shown
    with app.app_context(), transaction():
        service.forget(reminded, now=EVENING)
    assert CLIENT_TOLD_BY_WHO_ASKED in browser.get(page).text
    assert CLIENT_TOLD_BY_WHO_ASKED not in browser.get(f"/requests/{other}").text


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_where_nobody_comes_any_more_the_page_says_that_the_client_was_reminded(app: Flask) -> None:
    with app.app_context(), transaction():
        anna = factories.account(of=factories.organisation())
        page = f"/requests/{to_be_reminded(anna).id}"
    with app.app_context():
        remind()
        deliver_all(EVENING)
    said = "The client was reminded by SMS of the appointment."
    assert said not in sign_in(app, anna).get(page).text
    with app.app_context(), transaction():
        (coming,) = db.session.scalars(sa.select(Assignment))
        cancellations.release(SYSTEM, coming.id, reasons=Reasons(office="ill"), now=NOW)
    assert said in sign_in(app, anna).get(page).text


@needs_a_database
@on_sqlite
@pytest.mark.parametrize("has_left", [True, False])
def test_when_the_office_cancels_the_mail_says_that_the_client_was_reminded(
    *, has_left: bool
) -> None:
    asked = wanted()
    remind()
    if has_left:
        deliver_all(EVENING)
    with transaction():
        asked.account.phone = "+4917604069001"
        reasons = Reasons(office="off", told="off")
        cancellations.cancel_request(SYSTEM, asked.id, reasons=reasons, now=EVENING)
    mail, said = written("request_cancelled")
    assert ("reminder by SMS has already gone to the client" in mail.body) is has_left
    assert ("Please tell the client" in said.body) is has_left
    assert ("Nobody will come" in said.body) is not has_left


def to_be_reminded(by: Account, hours: int = 0) -> InterpretationRequest:
    """Return what somebody comes to, so many hours after ten, whose client is to be reminded."""
    asked = factories.asked("el", by=by, start=hours_later(factories.TOMORROW_TEN, hours))
    offers.assign(SYSTEM, asked.id, factories.interpreter("el").id, now=NOW)
    service.give(SYSTEM, asked.id, TYPED, consents=True, now=NOW)
    return asked


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_who_brings_a_request_back_reads_that_the_client_has_to_be_told(app: Flask) -> None:
    with app.app_context():
        asked = wanted()
        remind()
        deliver_all(EVENING)
        account = db.session.get_one(Account, asked.account_id)
        db.session.commit()
    page = f"/requests/{asked.id}"
    browser = sign_in(app, account)
    with app.app_context(), transaction():
        cancellations.cancel_request(
            account.actor, asked.id, reasons=Reasons(told="moved"), now=EVENING
        )
    send(browser, f"{page}/undo", seen_on=page)
    assert "please tell them that it takes place after all" in browser.get(page).text
