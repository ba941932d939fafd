"""Changing, cancelling and bringing back a request from the command line."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.availability.models import Absence
from dispatch.clients import service as clients
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.correspondence import deliver_all, written
from tests.dispatch.cli.conftest import Dragoman
from tests.factories import NOW as FACTORY_NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-03-01T08:00Z"


def test_a_request_is_changed_cancelled_and_brought_back(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context():
        with transaction():
            caseworker = factories.account(of=factories.organisation())
            asked = factories.asked(by=caseworker)
            factories.coming(asked, factories.interpreter())
        number, who = asked.reference, ("--as", caseworker.email)

    def state() -> str:
        with app.app_context():
            return db.session.query(InterpretationRequest).one().state

    def do(*arguments: str) -> str:
        done = dragoman("requests", *arguments, DRAGOMAN_NOW=NOW)
        assert (done.code, done.err) == (0, "")
        return done.out

    later = ("change", number, *who, "--start", "14:00")
    assert do(*later) == "Mira is asked again.\nNothing is changed yet; --yes does it.\n"
    assert state() == "filled"
    assert do(*later, "--yes").endswith("Changed.\n")
    assert state() == "open"
    back = ("change", number, *who, "--room", "14", "--yes")
    assert do(*back) == "Mira hears nothing.\nChanged.\n"
    out = do("cancel", number, *who, "--told", "moved", "--yes")
    told = "Everybody concerned reads: moved\n"
    assert out == f"{told}Mira: 1 h is owed, since it is told so late.\nCancelled.\n"
    assert state() == "cancelled"
    said = f"{number} takes place after all.\n"
    assert do("undo", number, *who) == f"Mira is asked again.\n{said}"
    assert state() == "open"


@pytest.mark.parametrize("act", [("cancel", "--told", "moved"), ("change", "--start", "14:00")])
def test_what_would_be_refused_is_refused_already_when_only_foretold(
    app: Flask, dragoman: Dragoman, act: tuple[str, ...]
) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        number, who = factories.asked(by=caseworker).reference, ("--as", caseworker.email)
    verb, *more = act
    foretold, done = (
        dragoman("requests", verb, number, *who, *more, *yes, DRAGOMAN_NOW="2027-03-05T08:00Z")
        for yes in ((), ("--yes",))
    )
    assert (foretold.code, foretold.err) == (done.code, done.err)
    assert foretold.code == 1


def test_bringing_back_says_so_where_nobody_was_coming(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        number, who = factories.asked(by=caseworker).reference, ("--as", caseworker.email)
    dragoman("requests", "cancel", number, *who, "--told", "moved", "--yes", DRAGOMAN_NOW=NOW)
    done = dragoman("requests", "undo", number, *who, DRAGOMAN_NOW=NOW)
    assert done.out.splitlines() == [
        "Somebody is still wanted, and nobody is asked.",
        f"{number} takes place after all.",
    ]


def test_what_the_office_keeps_to_itself_is_told_to_nobody(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR).email
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker)
        factories.coming(asked, factories.interpreter())
        number = asked.reference
    cancel = ("requests", "cancel", number, "--reason", "Frau Meier ist krank", "--yes", "--as")
    refused = dragoman(*cancel, caseworker.email, DRAGOMAN_NOW=NOW)
    assert "Say in a few words why" in refused.err
    done = dragoman(*cancel, office, "--told", "moved", DRAGOMAN_NOW=NOW)
    assert (done.code, done.out.splitlines()[0]) == (0, "Everybody concerned reads: moved")
    with app.app_context():
        texts = [one.subject + one.body for one in db.session.query(Message)]
    assert any("moved" in text for text in texts)
    assert not any("Meier" in text for text in texts)


def test_a_number_nobody_has_is_said(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        email = factories.account(of=factories.organisation()).email
    done = dragoman("requests", "undo", "DO-2027-NOBODY", "--as", email, DRAGOMAN_NOW=NOW)
    assert done.code == 1
    assert "There is no request DO-2027-NOBODY" in done.err


def test_somebody_must_not_come_and_may_after_all(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context(), transaction():
        office = factories.account(Role.COORDINATOR).email
        mira, asked = factories.interpreter(), factories.asked()
        words = ("requests", "exclude", asked.reference, mira.account.email, "--as", office)
    done = dragoman(*words, DRAGOMAN_NOW=NOW)
    assert done.out == f"Mira Beispiel must not come to {asked.reference}.\n"
    done = dragoman(*words, "--after-all", DRAGOMAN_NOW=NOW)
    assert done.out == f"Mira Beispiel may come to {asked.reference}.\n"


def test_who_asks_reads_nothing_of_an_interpreters_own_time_nor_names_of_who_is_only_asked(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        office = factories.account(Role.COORDINATOR).email
        asked, mira = factories.asked(by=caseworker, interpreters=2), factories.interpreter()
        two = factories.coming(asked, mira).starts_at + timedelta(hours=4)
        offers.make(SYSTEM, asked.id, factories.interpreter(name="Lale").id, now=FACTORY_NOW)
        mira.availability.absences.append(Absence(starts_at=two, ends_at=two + timedelta(hours=1)))
        number, email = asked.reference, caseworker.email

    def preview(who: str) -> str:
        words = ("requests", "change", number, "--as", who, "--start", "14:00")
        return dragoman(*words, DRAGOMAN_NOW=NOW).out

    told = preview(email)
    assert told.startswith("Mira cannot come like this (the nearest start that would do: ")
    assert "away" not in told
    assert "Lale" not in told
    assert "1 who has not answered yet: asked anew." in told
    assert "Mira cannot come like this (is away at this time).\nLale is asked again." in preview(
        office
    )


def test_whoever_cancels_what_the_client_was_reminded_of_is_told_so(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context():
        with transaction():
            caseworker = factories.account(of=factories.organisation())
            who = ("--as", caseworker.email, "--told", "moved")
            asked = factories.asked(by=caseworker)
            offers.assign(SYSTEM, asked.id, factories.interpreter().id, now=FACTORY_NOW)
            clients.give(SYSTEM, asked.id, "0176 04069002", consents=True, now=FACTORY_NOW)
        evening = asked.starts_at - timedelta(hours=15)
        with transaction():
            clients.remind(asked.id, now=evening)
        deliver_all(evening)
        number = asked.reference
    change = ("requests", "change", number, *who[:2], "--start", "11:00")
    done = dragoman(*change, DRAGOMAN_NOW=NOW)
    assert "The client was reminded of Tue, 2 Mar, 10:00: please tell them" in done.out
    done = dragoman("requests", "cancel", number, *who, DRAGOMAN_NOW=NOW)
    assert "The client has already been reminded by SMS" in done.out


@pytest.mark.parametrize("moved", [True, False])
def test_whoever_brings_back_what_the_client_was_reminded_of_is_told_so(
    app: Flask, dragoman: Dragoman, *, moved: bool
) -> None:
    with app.app_context():
        with transaction():
            caseworker = factories.account(of=factories.organisation())
            who = ("--as", caseworker.email)
            asked = factories.asked(by=caseworker)
            offers.assign(SYSTEM, asked.id, factories.interpreter().id, now=FACTORY_NOW)
            clients.give(SYSTEM, asked.id, "0176 04069002", consents=True, now=FACTORY_NOW)
        with transaction():
            clients.remind(asked.id, now=asked.starts_at - timedelta(hours=15))
        deliver_all(asked.starts_at - timedelta(hours=15))
        number = asked.reference
    if moved:
        change = ("requests", "change", number, *who, "--start", "11:00", "--yes")
        dragoman(*change, DRAGOMAN_NOW=NOW)
    cancel = ("requests", "cancel", number, *who, "--told", "moved", "--yes")
    dragoman(*cancel, DRAGOMAN_NOW=NOW)
    done = dragoman("requests", "undo", number, *who, DRAGOMAN_NOW=NOW)
    if moved:
        known = "Tue, 2 Mar, 10:00: please tell them that it takes place, and when"
    else:
        known = "The client was reminded before: please tell them that it takes place after all."
    assert known in done.out
    with app.app_context():
        [mail] = [one for one in written("request_back") if one.channel == "email"]
    assert ("the client still knows another start: Tue, 2 Mar 2027, 10:00." in mail.body) is (moved)
    assert "tell them that it takes place after all" in mail.body
