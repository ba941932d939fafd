"""Another start: the office asks, those who asked answer with one press, nothing changes before."""

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.factories import NOW

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


def test_who_says_yes_after_the_office_noted_a_no_reads_that_and_what_can_be_done(
    app: Flask, both: Both
) -> None:
    asked, office, caseworker = both
    put(office, asked, "13:30")
    assert "13:30 instead of 10:00?" in caseworker.get(f"/requests/{asked.id}").text
    answer(office, asked, "2027-03-02T12:30:00+00:00", "no")
    told = answer(caseworker, asked, "2027-03-02T12:30:00+00:00", "yes")
    assert "The office noted a no to this question, " in told
    assert "it stays at 10:00. If that was not meant, change the request" in told
    assert start_of(app, asked) == timedelta(0)


def test_who_answers_twice_reads_what_was_answered_before(app: Flask, both: Both) -> None:
    asked, office, caseworker = both
    put(office, asked, "13:30")
    answer(office, asked, "2027-03-02T12:30:00+00:00", "yes")
    told = answer(caseworker, asked, "2027-03-02T12:30:00+00:00", "no")
    assert "A yes was noted before" in told
    put(office, asked, "14:00")
    answer(caseworker, asked, "2027-03-02T13:00:00+00:00", "no")
    again = answer(caseworker, asked, "2027-03-02T13:00:00+00:00", "yes")
    assert "A no to this question was given, " in again


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


def test_whoever_is_asked_is_named_beside_the_question_and_counts_among_who_could_come(
    app: Flask, both: Both
) -> None:
    asked, office, _caseworker = both
    with app.app_context(), transaction():
        mira = db.session.query(Interpreter).one()
        offer = offers.make(SYSTEM, asked.id, mira.id, now=NOW)
    shown = office.get(of_offer(offer, 810)).text
    assert "Mira Beispiel could come then and is asked anew." in shown
    assert "At this start 1 person could come." in shown
    late = office.get(of_offer(offer, 1260)).text
    assert "Mira Beispiel cannot come then: " in late


def of_offer(offer: Offer, minute: int) -> str:
    """The dialog of a block that was dropped at a minute of its own row."""
    request_id = offer.interpretation_request_id
    return f"/board/requests/{request_id}/start?kind=offer&instead={offer.id}&at={minute}"


@pytest.fixture
def in_a_window(app: Flask) -> tuple[Offer, FlaskClient]:
    """Mira, asked for ten of a window from ten to one, and the office."""
    with app.app_context(), transaction():
        wide = factories.asked(latest_start=time(13))
        offer = offers.make(SYSTEM, wide.id, factories.interpreter(hours=(8, 18)).id, now=NOW)
        office = factories.account(Role.COORDINATOR)
    return offer, sign_in(app, office)


def start_asked(app: Flask) -> datetime:
    with app.app_context():
        return db.session.query(Offer).filter_by(state="made").one().starts_at


def test_within_a_window_the_person_alone_is_asked_anew_and_it_can_be_undone(
    app: Flask, in_a_window: tuple[Offer, FlaskClient]
) -> None:
    offer, office = in_a_window
    page = of_offer(offer, 720)
    shown = office.get(page).text
    assert "Ask Mira Beispiel about another start?" in shown
    assert "Mira Beispiel could come then and is asked anew." in shown
    answer = send(office, f"/board/offers/{offer.id}/start", seen_on=page, start="12:00")
    assert "is asked anew, about the other start" in office.get(answer.location).text
    assert start_asked(app) == offer.starts_at + timedelta(hours=2)
    undo = office.get("/board/undo").text
    assert "Mira Beispiel is asked about 10:00 again instead of 12:00." in undo
    send(office, "/board/undo", seen_on="/board/undo", count="1")
    assert start_asked(app) == offer.starts_at
    send(office, "/board/redo", seen_on="/board/redo", count="1")
    assert start_asked(app) == offer.starts_at + timedelta(hours=2)


def test_a_start_at_which_the_person_cannot_come_is_refused_on_the_page(
    app: Flask, in_a_window: tuple[Offer, FlaskClient]
) -> None:
    offer, office = in_a_window
    page, path = of_offer(offer, 720), f"/board/offers/{offer.id}/start"
    refused = send(office, path, seen_on=page, start="15:00")
    assert "is not among the times asked for" in refused.text
    assert "Give a time, such as 13:30." in send(office, path, seen_on=page, start="").text
    assert start_asked(app) == offer.starts_at


def test_outside_a_window_it_is_a_change_with_the_start_filled_in(
    in_a_window: tuple[Offer, FlaskClient],
) -> None:
    offer, office = in_a_window
    shown = office.get(of_offer(offer, 900)).text
    assert "Begin at 15:00 instead?" in shown
    change = f"/requests/{offer.interpretation_request_id}/change?start=15:00"
    assert change in shown
    form = office.get(change).text
    assert 'value="15:00"' in form
    assert 'value="13:00"' not in form


def test_another_start_of_who_comes_is_a_change_that_says_who_has_to_agree(
    app: Flask, both: Both
) -> None:
    asked, office, _caseworker = both
    with app.app_context(), transaction():
        coming = factories.coming(asked, db.session.query(Interpreter).one())
    page = f"/board/requests/{asked.id}/start?kind=assignment&instead={coming.id}"
    shown = office.get(f"{page}&at=810").text
    assert "Begin at 13:30 instead?" in shown
    assert "Mira Beispiel could come then, has to agree anew and is asked." in shown
    assert "This is not possible as things stand:" in office.get(f"{page}&at=600").text
    assert office.get(f"/requests/{asked.id}/change?start=soon").status_code == 200
