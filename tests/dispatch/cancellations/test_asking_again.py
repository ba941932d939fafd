"""Who was asked when a request was cancelled is asked again when it takes place after all."""

import pytest
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.amendments import restoring
from dispatch.assignments.rules import Via
from dispatch.cancellations import service
from dispatch.cancellations.undoing import Back
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers
from dispatch.offers.rules import Strategy
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW, TOMORROW_TEN

on_both = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def wanted() -> tuple[InterpretationRequest, Account]:
    with transaction():
        caseworker = factories.account(of=factories.organisation())
        return factories.asked(by=caseworker, start=TOMORROW_TEN), caseworker


def people(*names: str) -> list[Interpreter]:
    with transaction():
        return [factories.interpreter(name=name) for name in names]


def cancelled_and_back(asked: InterpretationRequest, by: Account) -> Back:
    with transaction():
        service.cancel_request(by.actor, asked.id, reasons=Reasons(told="moved"), now=NOW)
    deliver_all()
    with transaction():
        back = restoring.undo(by.actor, asked.id, now=NOW)
    deliver_all()
    return back


def who_is_asked(asked: InterpretationRequest) -> list[str]:
    return sorted(one.interpreter.first_name for one in queries.open_for(asked.id))


@on_both
def test_who_was_asked_alone_is_asked_again_and_hears_it() -> None:
    asked, caseworker = wanted()
    [ada] = people("Ada")
    with transaction():
        offers.make(SYSTEM, asked.id, ada.id, now=NOW)
    deliver_all()
    back = cancelled_and_back(asked, caseworker)
    assert (back.asked_anew, back.nobody_asked) == (1, False)
    assert who_is_asked(asked) == ["Ada"]
    assert [one.name for one in written() if one.recipient_name == ada.name][-2:] == 2 * ["offer"]
    first, again = [one.body for one in written("offer") if one.channel == "email"]
    assert "It had been cancelled and takes place after all" not in first
    assert "It had been cancelled and takes place after all" in again
    assert "1 person is asked again. We are looking" in written("request_back")[-1].body


@on_both
def test_those_who_were_asked_at_once_are_asked_at_once_again() -> None:
    asked, caseworker = wanted()
    ids = [one.id for one in people("Ada", "Ben")]
    with transaction():
        offers.make_to_all(SYSTEM, asked.id, ids, strategy=Strategy.BROADCAST, now=NOW)
    deliver_all()
    back = cancelled_and_back(asked, caseworker)
    assert (back.asked_anew, who_is_asked(asked)) == (2, ["Ada", "Ben"])
    [offer_round] = {one.round for one in queries.open_for(asked.id)}
    assert offer_round.strategy == Strategy.BROADCAST


@on_both
def test_who_has_said_no_is_not_asked_again_and_the_office_reads_that_nobody_is() -> None:
    asked, caseworker = wanted()
    [ada] = people("Ada")
    with transaction():
        offer = offers.make(SYSTEM, asked.id, ada.id, now=NOW)
    with transaction():
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    back = cancelled_and_back(asked, caseworker)
    assert (back.asked_anew, back.nobody_asked) == (0, True)
    assert who_is_asked(asked) == []


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_page_says_who_is_asked_again_and_where_nobody_is(app: Flask) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker, start=TOMORROW_TEN)
        ada = factories.interpreter(name="Ada")
        offers.make(SYSTEM, asked.id, ada.id, now=NOW)
        request_id, who, actor = asked.id, ada.id, caseworker.actor
    browser, page = sign_in(app, caseworker), f"/requests/{request_id}"
    for says in ("1 person who had been asked is asked once more.", "at the moment nobody is"):
        with app.app_context(), transaction():
            service.cancel_request(actor, request_id, reasons=Reasons(told="moved"), now=NOW)
            db.session.get_one(Interpreter, who).active = "more" in says
        send(browser, f"{page}/undo", seen_on=page)
        shown = browser.get(page).text
        assert "It takes place after all" in shown
        assert says in shown
