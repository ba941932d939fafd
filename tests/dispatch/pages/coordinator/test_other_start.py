"""Another start: the office asks, those who asked answer with one press, nothing changes before."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
Both = tuple[InterpretationRequest, FlaskClient, FlaskClient]


@pytest.fixture
def both(app: Flask) -> Both:
    """A request at ten, the office and who asked."""
    with app.app_context(), transaction():
        asks = factories.account(of=factories.organisation())
        asked = factories.asked(by=asks)
        factories.interpreter(hours=(8, 18))
        office = factories.account(Role.COORDINATOR)
    return asked, sign_in(app, office), sign_in(app, asks)


def put(office: FlaskClient, asked: InterpretationRequest, start: str) -> str:
    page = f"/board/requests/{asked.id}/start"
    answer = send(office, page, seen_on=page, start=start)
    return office.get(answer.location).text if answer.location else answer.text


def answer(browser: FlaskClient, asked: InterpretationRequest, start: str, said: str) -> str:
    page = f"/requests/{asked.id}"
    sent = send(browser, f"{page}/start-question", seen_on=page, start=start, answer=said)
    return browser.get(sent.location).text


def start_of(app: Flask, asked: InterpretationRequest) -> timedelta:
    """How much later it begins than it was asked for."""
    with app.app_context():
        return db.session.get_one(InterpretationRequest, asked.id).starts_at - asked.starts_at


def test_nobody_is_asked_about_a_start_at_which_nobody_could_come(app: Flask, both: Both) -> None:
    asked, office, _caseworker = both
    page = f"/board/requests/{asked.id}/start"
    assert "At this start 1 person could come." in office.get(f"{page}?at=810").text
    assert "At this start nobody could come as things stand." in office.get(f"{page}?at=1260").text
    assert "Ask only if you know of somebody." in put(office, asked, "21:00")
    with app.app_context():
        assert db.session.query(Message).filter_by(name="question").count() == 0
    send(office, page, seen_on=page, start="21:00", sure="y")
    with app.app_context():
        assert db.session.query(Message).filter_by(name="question").count() == 1


def test_a_yes_changes_the_start_with_one_press(app: Flask, both: Both) -> None:
    asked, office, caseworker = both
    dropped = office.get(f"/board/requests/{asked.id}/start?at=810").text
    assert 'value="13:30"' in dropped
    assert "is asked by e-mail, and can answer with one press." in put(office, asked, "13:30")
    with app.app_context():
        mail = db.session.query(Message).filter_by(name="question").one()
        assert "Would 13:30 do instead of 10:00?" in mail.body
    assert start_of(app, asked) == timedelta(0)
    shown = caseworker.get(f"/requests/{asked.id}").text
    assert "13:30 instead of 10:00?" in shown
    told = answer(caseworker, asked, "2027-03-02T12:30:00+00:00", "yes")
    assert "Changed: it begins at the other time" in told
    assert "13:30 instead of" not in told
    assert start_of(app, asked) == timedelta(hours=3.5)


def test_a_no_leaves_everything_and_the_office_reads_it(app: Flask, both: Both) -> None:
    asked, office, caseworker = both
    put(office, asked, "13:30")
    assert "it stays as you asked" in answer(caseworker, asked, "2027-03-02T12:30:00+00:00", "no")
    assert start_of(app, asked) == timedelta(0)
    assert "said no to another start" in office.get(f"/requests/{asked.id}").text


def test_an_answer_to_a_question_that_does_not_stand_changes_nothing(
    app: Flask, both: Both
) -> None:
    asked, office, caseworker = both
    put(office, asked, "13:30")
    put(office, asked, "14:00")
    told = answer(caseworker, asked, "2027-03-02T12:30:00+00:00", "yes")
    assert "This question does not stand any more" in told
    assert "Open the page of the request" in answer(caseworker, asked, "tomorrow", "yes")
    assert start_of(app, asked) == timedelta(0)


@pytest.mark.parametrize("start", ["10:00", "", "25:00"])
def test_what_is_no_other_time_of_the_day_is_named(both: Both, start: str) -> None:
    asked, office, _caseworker = both
    shown = put(office, asked, start)
    assert "Give another time of the same day" in shown or "Give a time, such as 13:30." in shown


def test_where_a_window_is_named_nobody_is_asked(app: Flask, both: Both) -> None:
    _asked, office, _caseworker = both
    with app.app_context(), transaction():
        wide = factories.asked()
        wide.latest_start_at = wide.starts_at + timedelta(hours=2)
        wide.ends_at += timedelta(hours=2)
    assert "choose the start in it with the person" in put(office, wide, "15:00")
