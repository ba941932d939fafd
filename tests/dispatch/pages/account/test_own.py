"""Those who ask look after the number that urgent news goes to."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts import service
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import transports
from dispatch.messaging.models import Message, PhoneNumber
from dispatch.messaging.rules import TransportError
from dispatch.settings import Settings, use
from dispatch.sms import confirming
from tests import factories
from tests.browsing import send, sign_in
from tests.cast import assemble
from tests.conftest import FrozenClock
from tests.correspondence import deliver_all
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def number_of(account_id: int) -> str | None:
    return db.session.scalars(sa.select(Account.phone).where(Account.id == account_id)).one()


def code_sent(app: Flask) -> str:
    with app.app_context():
        codes = db.session.query(Message).filter_by(name="number_code").order_by(Message.id).all()
        found = re.search(r": (\d{6}) ", codes[-1].body)
    assert found
    return found.group(1)


def test_a_number_is_kept_once_its_code_comes_back_and_can_be_taken_away_again(app: Flask) -> None:
    with app.app_context():
        anna = assemble().caseworker
        anna_id = anna.id
    browser = sign_in(app, anna)
    page = "/account/number"
    send(browser, page, seen_on=page, phone="0176 04069001")
    with app.app_context():
        assert number_of(anna_id) is None
    asked = browser.get(page).text
    assert "With the code you agree" in asked
    assert "kern-label__optional" not in asked
    code = code_sent(app)
    wrong = "000000" if code != "000000" else "111111"
    answer = send(browser, f"{page}/confirm", seen_on=page, code=wrong)
    assert answer.status_code == 422
    assert "not the code of the last SMS" in answer.text
    send(browser, f"{page}/confirm", seen_on=page, code=f"{code[:3]} {code[3:]}")
    assert "Urgent news goes to +4917604069001 by text message" in browser.get("/account").text
    with app.app_context():
        assert number_of(anna_id) == "+4917604069001"
        known = db.session.get_one(PhoneNumber, "+4917604069001")
        assert (known.confirmed_at, known.consent_version) == (NOW, confirming.CONSENT_BY_NAME)
    again = send(browser, f"{page}/confirm", seen_on=page, code=code)
    assert (again.status_code, "not valid any more" in again.text) == (410, True)
    send(browser, f"{page}/remove", seen_on=page)
    with app.app_context():
        assert number_of(anna_id) is None


def test_a_code_is_worth_nothing_after_ten_minutes_or_after_another(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        account = mira.account
    browser = sign_in(app, account)
    page = "/account/number"
    send(browser, page, seen_on=page, phone="0176 04069001")
    first = code_sent(app)
    send(browser, page, seen_on=page, phone="0176 04069002")
    assert first == code_sent(app) or (
        send(browser, f"{page}/confirm", seen_on=page, code=first).status_code == 422
    )
    frozen_clock.advance(minutes=10)
    assert send(browser, f"{page}/confirm", seen_on=page, code=code_sent(app)).status_code == 410
    send(browser, page, seen_on=page, phone="0176 04069002")
    send(browser, f"{page}/confirm", seen_on=page, code=code_sent(app))
    assert "+4917604069002" in browser.get(page).text
    with app.app_context():
        assert db.session.get_one(Interpreter, mira.id).phone == "+4917604069002"


def test_codes_are_not_guessed_and_not_sent_without_end(app: Flask) -> None:
    with app.app_context():
        anna = assemble().caseworker
    browser, page = sign_in(app, anna), "/account/number"
    asked = [
        send(browser, page, seen_on=page, phone=f"0176 0406{number:04}") for number in range(30)
    ]
    assert asked[0].status_code == 302
    assert (asked[-1].status_code, asked[-1].headers.get("Retry-After")) == (429, "60")
    assert "Too many tries; wait 1 minute." in asked[-1].text, "who is signed in needs no link"


def test_a_code_that_did_not_arrive_is_said_so_and_neither_read_nor_sent_again_by_the_office(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_message: object) -> str:
        raise TransportError("recipient-refused", "21635", permanent=True)

    with app.app_context():
        cast = assemble()
        anna, office = cast.caseworker, cast.coordinator
    browser, page = sign_in(app, anna), "/account/number"
    send(browser, page, seen_on=page, phone="0176 04069001")
    code = code_sent(app)
    assert "We have sent a code to" in browser.get(f"{page}?language=en").text
    desk = sign_in(app, office)
    assert code not in desk.get("/messages?language=en").text
    monkeypatch.setattr(transports, "send", refuses)
    with app.app_context():
        deliver_all()
    shown = browser.get(page).text
    assert "We have sent a code to" not in shown
    assert "did not arrive" in shown
    failed = desk.get("/messages?state=failed").text
    assert code not in failed
    assert 'action="/messages/send-again"' not in failed


@pytest.mark.parametrize(("sender", "can_stop"), [("+4915792300001", True), (None, False)])
def test_stop_is_spoken_of_only_where_somebody_can_answer(
    app: Flask, settings: Settings, sender: str | None, can_stop: bool
) -> None:
    twilio = {"twilio_account_sid": "AC1", "twilio_auth_token": "token", "twilio_from": sender}
    use(settings.model_copy(update=twilio))
    with app.app_context():
        anna = assemble().caseworker
    browser, page = sign_in(app, anna), "/account/number"
    send(browser, page, seen_on=page, phone="0176 04069001")
    for path in (page, "/account/messages"):
        assert ("STOP" in browser.get(path).text) == can_stop


def test_a_number_that_cannot_receive_sms_comes_back_as_it_was_typed(app: Flask) -> None:
    with app.app_context():
        anna = assemble().caseworker
    browser = sign_in(app, anna)
    answer = send(browser, "/account/number", seen_on="/account/number", phone="0231 5012345")
    assert answer.status_code == 422
    assert "cannot receive text messages; give a mobile number" in answer.text
    assert 'value="0231 5012345"' in answer.text


def test_only_those_who_ask_find_the_page(app: Flask) -> None:
    with app.app_context():
        cast = assemble()
    asks, office = sign_in(app, cast.caseworker), sign_in(app, cast.coordinator)
    assert 'href="/account"' in asks.get("/").text
    assert 'href="/account"' not in office.get("/").text
    assert office.get("/account").status_code == 403


@pytest.mark.usefixtures("session")
def test_a_number_that_nothing_is_sent_to_is_not_kept() -> None:
    def add(role: str, organisation: str | None, phone: str) -> Account:
        return service.add(
            SYSTEM,
            email=f"{role}@example.org",
            name="Kim",
            role=role,
            organisation=organisation,
            password=None,
            phone=phone,
            now=NOW,
        )

    factories.organisation("Schule")
    assert add(Role.CASEWORKER, "Schule", "0176 04069001").phone == "+4917604069001"
    with pytest.raises(Refusal, match="Leave it out here \\(role: Coordinator\\)"):
        add(Role.COORDINATOR, None, "0176 04069001")
    with pytest.raises(Refusal, match="is not a telephone number that exists"):
        add(Role.ORGANISATION_LEAD, "Schule", "12")
