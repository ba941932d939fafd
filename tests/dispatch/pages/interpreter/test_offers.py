"""Answering offers by link."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.accounts.models import Account
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import written
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")


@pytest.mark.parametrize("who", [Interpreter, Account])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_links_of_somebody_who_was_shut_out_are_dead(
    app: Flask, who: type[Interpreter] | type[Account]
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        offers.make(SYSTEM, factories.asked().id, mira.id, now=NOW)
    with app.app_context():
        path = _path()
    client = app.test_client()
    client.get(path)
    with app.app_context(), transaction():
        person = mira.id if who is Interpreter else mira.account_id
        db.session.get_one(who, person).active = False  # type: ignore[attr-defined]
    over = client.get(path)
    assert over.status_code == 410
    assert 'href="tel:+493023125000"' in over.text
    send(client, f"{path}/accept", seen_on="/sign-in")
    with app.app_context():
        assert db.session.scalars(sa.select(Offer.state)).all() == ["made"]


def _path() -> str:
    found = re.search(r"/o/[\w-]+", " ".join(db.session.scalars(sa.select(Message.body))))
    assert found
    return found.group()


def test_the_link_of_a_yes_that_was_released_says_that_nobody_is_to_come(app: Flask) -> None:
    with app.app_context():
        with transaction():
            offer = offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
        link = re.search(r"/o/\S+", written("offer")[0].body)
        assert link
        with transaction():
            assignment = offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
            assignment_id = assignment.id
        with transaction():
            cancellations.release(SYSTEM, assignment_id, reasons=Reasons(office="ill"), now=NOW)
    page = app.test_client().get(link.group(), headers={"Accept-Language": "en"}).text
    assert "Please do not come" in page
    assert "You have accepted" not in page


def three_questions(app: Flask) -> str:
    """Ask one person for three dates by one action, and return the way the mail leads to."""
    with app.app_context():
        with transaction():
            mira = factories.interpreter()
            caseworker = factories.account(of=factories.organisation())
            for days in (7, 8, 9):
                start = factories.hours_later(factories.TOMORROW_TEN, 24 * days)
                asked = factories.asked(by=caseworker, start=start)
                offers.make(SYSTEM, asked.id, mira.id, now=NOW)
        [link] = re.findall(r"/o/\S+", written("offer_several")[0].body)
    return str(link)


def states(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Offer.state).order_by(Offer.starts_at)))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_press_answers_all_that_was_asked_together_date_by_date(app: Flask) -> None:
    path = three_questions(app)
    client = app.test_client()
    page = client.get(path).text
    first, _second, third = re.findall(r'name="one" value="(\d+)" checked', page)
    answer = send(client, path, seen_on=path, one=[first, third])
    assert answer.status_code == 302
    assert states(app) == ["accepted", "declined", "accepted"]
    with app.app_context():
        assert [one.channel for one in written("interpreter_found_several")] == ["email"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_ticked_is_a_no_only_where_it_says_so(app: Flask) -> None:
    path = three_questions(app)
    client = app.test_client()
    send(client, path, seen_on=path)
    assert states(app) == ["made"] * 3
    send(client, path, seen_on=path, none="1")
    assert states(app) == ["declined"] * 3


def test_what_was_asked_together_is_reminded_of_and_ends_in_one_message(app: Flask) -> None:
    three_questions(app)
    with app.app_context():
        first = db.session.scalars(sa.select(Offer).order_by(Offer.id)).first()
        assert first
        assert first.remind_at
        with transaction():
            offers.remind(first.id, now=first.remind_at)
        with transaction():
            offers.expire(first.id, now=first.answer_by)
        assert [one.channel for one in written("offer_reminder_several")] == ["sms"]
        assert [one.channel for one in written("offer_expired_several")] == ["email"]
        assert written("offer_reminder") == written("offer_expired") == []


def three_changes(app: Flask) -> tuple[str, Interpreter]:
    """Change three dates of one person by one action; return the way the mail leads to, and who."""
    with app.app_context():
        with transaction():
            mira = factories.interpreter()
            caseworker = factories.account(of=factories.organisation())
            coming = [
                factories.coming(
                    factories.asked(
                        by=caseworker,
                        start=factories.hours_later(factories.TOMORROW_TEN, 24 * days),
                    ),
                    mira,
                )
                for days in (7, 8, 9)
            ]
        with transaction():
            for one in coming:
                asked = one.interpretation_request
                details = details_of(asked)
                later = replace(details, wall_start=details.wall_start + timedelta(hours=1))
                amendments.amend(caseworker.actor, asked.id, later, now=NOW)
        [link] = set(re.findall(r"/c/\S+", written("assignment_asked_again_several")[0].body))
    return str(link), mira


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_press_answers_all_that_changed_together_date_by_date(app: Flask) -> None:
    path, _mira = three_changes(app)
    client = app.test_client()
    page = client.get(path, headers={"Accept-Language": "en"}).text
    assert page.count("before: ") == 3
    first, _second, third = re.findall(r'name="one" value="(\d+)" checked', page)
    send(client, path, seen_on=path)
    with app.app_context():
        assert set(db.session.scalars(sa.select(Assignment.state))) == {"to_reconfirm"}
    assert send(client, path, seen_on=path, one=[first, third]).status_code == 302
    with app.app_context():
        states = db.session.scalars(sa.select(Assignment.state).order_by(Assignment.id)).all()
        assert states == ["confirmed", "released", "confirmed"]
        [again] = written("interpreter_found_several")
        assert again.subject.startswith("2 ")
    assert "answered or over" in client.get(path, headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_is_signed_in_answers_all_that_changed_together_too(app: Flask) -> None:
    _path, mira = three_changes(app)
    with app.app_context():
        account = db.session.get_one(Account, mira.account_id)
        number = db.session.scalars(sa.select(Assignment.id)).first()
    client = sign_in(app, account)
    path = f"/assignments/{number}/terms/all"
    assert path in client.get(f"/assignments/{number}").text
    send(client, path, seen_on=path, none="1")
    with app.app_context():
        assert set(db.session.scalars(sa.select(Assignment.state))) == {"released"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_questions_that_can_be_answered_at_once_are_listed_by_their_dates(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        for hour in (9, 11, 13, 15, 17):
            one = factories.asked(start=datetime(2027, 3, 2, hour), minutes=30)
            offers.make(SYSTEM, one.id, mira.id, now=NOW)
    page = sign_in(app, mira.account).get("/offers").text
    assert "Answer all 5 questions at once" in page
    dates = "; ".join(f"Tue, 2 Mar, {hour}" for hour in ("09:00", "11:00", "13:00", "15:00"))
    assert f"{dates} and one more date<" in page
