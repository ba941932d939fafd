"""Undo and redo on pages: what would be sent is said before, and only what one did is undone."""

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.offers import queries as offer_queries
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.fixture
def people(app: Flask) -> tuple[Account, Assignment]:
    with app.app_context(), transaction():
        coming = factories.coming(factories.asked(), factories.interpreter(name="Ada"))
        return factories.account(Role.COORDINATOR), coming


def go(browser: FlaskClient, way: str) -> str:
    count = "2" if 'name="count" value="2"' in browser.get(f"/board/{way}").text else "1"
    answer = send(browser, f"/board/{way}", seen_on=f"/board/{way}", count=count)
    return browser.get(answer.location).text


def pinned(app: Flask, assignment: Assignment) -> bool:
    with app.app_context():
        return db.session.get_one(Assignment, assignment.id).pinned


def test_pins_are_undone_and_done_again_in_the_order_they_were_set(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    assert "Nothing to undo" in browser.get("/board/undo").text
    page = f"/assignments/{coming.id}"
    send(browser, f"{page}/pin", seen_on=page, pinned="1")
    assert "Plans may move Ada Beispiel again; nothing is sent." in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    assert not pinned(app, coming)
    assert "Nothing to undo" in browser.get("/board/undo").text
    assert "Done again." in go(browser, "redo")
    assert pinned(app, coming)


def test_a_release_is_undone_and_nobody_else_can_undo_it(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}/release"
    with app.app_context():
        deliver_all()
    send(browser, page, seen_on=page, reason_office="by mistake")
    said = browser.get("/board/undo").text
    assert "Ada Beispiel has not heard of it yet" in said
    with app.app_context(), transaction():
        other = factories.account(Role.COORDINATOR)
    assert "Nothing to undo" in sign_in(app, other).get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    assert "Ada Beispiel" in browser.get(f"/board/requests/{coming.interpretation_request_id}").text


def test_whoever_asked_and_was_told_of_it_is_named_before_it_is_undone(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser, page = sign_in(app, account), f"/assignments/{coming.id}/release"
    with app.app_context():
        deliver_all()
        asked = db.session.get_one(InterpretationRequest, coming.interpretation_request_id)
        who = asked.account.name
    send(browser, page, seen_on=page, reason_office="by mistake")
    assert f"{who}, who asked" not in browser.get("/board/undo").text
    with app.app_context():
        deliver_all()
    said = browser.get("/board/undo").text
    assert f"{who}, who asked, has known of it since" in said
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        assert written()[-1].name == "interpreter_found"


def test_what_does_not_hold_any_more_says_why_and_stands_in_nobodys_way(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}/release"
    send(browser, page, seen_on=page, reason_office="by mistake")
    with app.app_context(), transaction():
        asked = db.session.get_one(InterpretationRequest, coming.interpretation_request_id)
        factories.coming(asked, factories.interpreter(name="Ben"))
    assert "This cannot be undone any more: Somebody else has the seat" in go(browser, "undo")
    assert "Nothing to undo" in browser.get("/board/undo").text


def test_a_step_other_than_the_one_shown_is_not_undone(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser = sign_in(app, account)
    page = f"/assignments/{coming.id}"
    send(browser, f"{page}/pin", seen_on=page, pinned="1")
    answer = send(browser, "/board/undo", seen_on="/board/undo", count="7")
    told = browser.get(answer.location, follow_redirects=True).text
    assert "There is nothing to undo." in told
    assert pinned(app, coming)


def test_the_start_that_a_drag_chose_is_open_again_when_it_is_undone_and_closed_when_redone(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    with app.app_context(), transaction():
        wide = factories.asked(latest_start=time(12), at=factories.site())
        ada = factories.interpreter(name="Cem")
        first, latest = wide.starts_at, wide.latest_start_at
    browser, page = sign_in(app, people[0]), f"/requests/{wide.id}/candidates"
    chosen, there = first + timedelta(hours=1), f"{page}/{ada.id}/assign"
    send(browser, there, seen_on=page, start=chosen.isoformat())

    def starts() -> tuple[datetime, datetime]:
        with app.app_context():
            one = db.session.get_one(InterpretationRequest, wide.id)
            return one.starts_at, one.latest_start_at

    assert starts() == (chosen, chosen)
    assert "Undone." in go(browser, "undo")
    assert starts() == (first, latest)
    assert "Done again." in go(browser, "redo")
    assert starts() == (chosen, chosen)
    assert "Undone." in go(browser, "undo")
    assert starts() == (first, latest)


def test_a_question_about_another_start_is_taken_back_and_put_again(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
    browser, page = sign_in(app, people[0]), f"/board/requests/{asked.id}/start"
    send(browser, page, seen_on=page, start="13:30")
    said = browser.get("/board/undo").text
    assert "The question “13:30?” is taken back; Kim Muster has not had it yet" in said
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        assert db.session.get_one(InterpretationRequest, asked.id).proposed_start_at is None
        [mail] = db.session.query(Message).filter_by(name="question")
        assert mail.state == "settled"
    assert "Kim Muster is asked about 13:30, by e-mail." in browser.get("/board/redo").text
    assert "Done again." in go(browser, "redo")
    assert "Asked already: 13:30." in browser.get(page).text


def test_a_cancellation_by_the_office_that_nobody_has_heard_of_is_undone_without_a_word(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser, page = sign_in(app, account), f"/requests/{coming.interpretation_request_id}/cancel"
    with app.app_context():
        deliver_all()
    send(browser, page, seen_on=page, reason_office="by mistake", reason_told="A mistake.")
    assert "Ada Beispiel has not heard of it yet" in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        deliver_all()
        for name in ("assignment_cancelled", "request_cancelled"):
            assert {one.state for one in written(name)} == {"settled"}
        assert not (written("assignment_back"))
        assert not (written("request_back"))
    assert "Done again." in go(browser, "redo")
    with app.app_context():
        deliver_all()
        assert "sent" in {one.state for one in written("assignment_cancelled")}
    assert "has known of it since" in browser.get("/board/undo").text


def test_a_yes_noted_by_mistake_is_undone_and_the_question_put_anew(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    with app.app_context(), transaction():
        asked, ben = factories.asked(), factories.interpreter(name="Ben")
        offer = offers.make(people[0].actor, asked.id, ben.id, now=NOW)
    browser, page = sign_in(app, people[0]), f"/board/requests/{asked.id}"
    send(browser, f"/offers/{offer.id}/said/yes", seen_on=page)
    assert "Ben Beispiel is asked anew" in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        [again] = offer_queries.open_for(asked.id)
        assert again.interpreter_id == ben.id
        assert again.id != offer.id


def test_a_no_noted_by_mistake_is_taken_back_and_the_question_put_anew(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    with app.app_context(), transaction():
        asked, ben = factories.asked(), factories.interpreter(name="Ben")
        offer = offers.make(people[0].actor, asked.id, ben.id, now=NOW)
    browser, page = sign_in(app, people[0]), f"/board/requests/{asked.id}"
    send(browser, f"/offers/{offer.id}/said/no", seen_on=page)
    said = browser.get("/board/undo").text
    assert "The no of Ben Beispiel is taken back" in said
    assert "Ben Beispiel is asked anew" in said
    assert "that nobody is found" not in said
    with app.app_context():
        deliver_all()
    assert "who asked, has known since" in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        [again] = offer_queries.open_for(asked.id)
        assert (again.interpreter_id, again.id != offer.id) == (ben.id, True)
    assert (
        "It is written down again that Ben Beispiel has said no" in browser.get("/board/redo").text
    )
    assert "Done again." in go(browser, "redo")
    with app.app_context():
        assert [one.state for one in offer_queries.of_request(asked.id)] == [
            "withdrawn",
            "declined",
        ]


def test_that_somebody_does_not_come_is_undone_and_written_down_again_in_their_name(
    app: Flask, people: tuple[Account, Assignment]
) -> None:
    account, coming = people
    browser, page = sign_in(app, account), f"/assignments/{coming.id}/withdrawn"
    with app.app_context():
        deliver_all()
    send(browser, page, seen_on=page, reason_office="has a cold")
    assert "Ada Beispiel has not heard of it yet" in browser.get("/board/undo").text
    assert "Undone." in go(browser, "undo")
    with app.app_context():
        deliver_all()
        assert {one.state for one in written("assignment_withdrawn")} == {"settled"}
        assert {one.state for one in written("interpreter_withdrawn")} == {"settled"}
    said = browser.get("/board/redo").text
    assert "Ada Beispiel does not come, for the same reasons; both sides are told." in said
    assert "Done again." in go(browser, "redo")
    told = browser.get(f"/requests/{coming.interpretation_request_id}").text
    assert told.count("for the office: has a cold") == 2
    with app.app_context():
        gone = db.session.query(Assignment).order_by(Assignment.id).all()
        assert [one.withdrawn_at is not None for one in gone] == [False, True]
