"""What somebody did on the board and something has happened to since is not undone, and why."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.amendments import proposing
from dispatch.assignments.models import Assignment
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all, written
from tests.factories import NOW

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
WHY = Reasons(office="ill")


@pytest.fixture
def office(app: Flask) -> FlaskClient:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    return sign_in(app, coordinator)


def undone(office: FlaskClient) -> str:
    answer = send(office, "/board/undo", seen_on="/board/undo", count="1")
    return office.get(answer.location, follow_redirects=True).text


def nothing_left(office: FlaskClient) -> bool:
    return "Nothing to undo" in office.get("/board/undo").text


def test_what_was_given_and_taken_back_by_the_person_since_is_not_undone(
    app: Flask, office: FlaskClient
) -> None:
    with app.app_context(), transaction():
        asked, ada = factories.asked(start=_in_two_weeks()), factories.interpreter(name="Ada")
        page = f"/requests/{asked.id}/candidates"
        there, request_id = f"{page}/{ada.id}/assign", asked.id
    send(office, there, seen_on=page)
    with app.app_context(), transaction():
        [coming] = db.session.query(Assignment).all()
        withdrawing.withdraw(SYSTEM, coming.id, reasons=WHY, now=NOW)
    before = _messages(app)
    assert "This cannot be undone any more:" in undone(office)
    assert nothing_left(office)
    assert _messages(app) == before
    with app.app_context():
        assert db.session.get_one(InterpretationRequest, request_id).state == "open"


def test_a_question_that_was_answered_since_is_not_taken_back(
    app: Flask, office: FlaskClient
) -> None:
    with app.app_context(), transaction():
        asked = factories.asked()
        page, start = f"/board/requests/{asked.id}/start", asked.starts_at
    send(office, page, seen_on=page, start="13:30", sure="y")
    with app.app_context(), transaction():
        half_past_one = start + timedelta(hours=3, minutes=30)
        proposing.answer_start(SYSTEM, asked.id, half_past_one, agreed=True, now=NOW)
    assert "This cannot be undone any more: A yes was noted before" in undone(office)
    with app.app_context():
        one = db.session.get_one(InterpretationRequest, asked.id)
        assert one.starts_at == half_past_one, "what they agreed to stays"


def test_a_pin_of_who_does_not_come_any_more_is_not_undone(app: Flask, office: FlaskClient) -> None:
    with app.app_context(), transaction():
        coming = factories.coming(factories.asked(), factories.interpreter())
        page = f"/assignments/{coming.id}"
    send(office, f"{page}/pin", seen_on=page, pinned="1")
    with app.app_context(), transaction():
        cancellations.release(SYSTEM, coming.id, reasons=WHY, now=NOW)
    assert "This cannot be undone any more: This assignment changed meanwhile" in undone(office)
    assert nothing_left(office)


def test_a_cancellation_that_somebody_else_took_back_since_is_not_undone_again(
    app: Flask, office: FlaskClient
) -> None:
    with app.app_context(), transaction():
        coming = factories.coming(factories.asked(), factories.interpreter())
        path, request_id = (
            f"/requests/{coming.interpretation_request_id}",
            coming.interpretation_request_id,
        )
        other = factories.account(Role.COORDINATOR, name="Dana Muster")
    with app.app_context():
        deliver_all()
    cancel = f"{path}/cancel"
    send(office, cancel, seen_on=cancel, reason_office="by mistake", reason_told="A mistake.")
    colleague = sign_in(app, other)
    assert send(colleague, f"{path}/undo", seen_on=path).status_code == 302
    assert "This cannot be undone any more:" in undone(office)
    with app.app_context():
        assert db.session.get_one(InterpretationRequest, request_id).state == "filled"


def _in_two_weeks() -> datetime:
    return factories.TOMORROW_TEN + timedelta(days=14)


def _messages(app: Flask) -> int:
    with app.app_context():
        return len(written())
