"""Saying on the telephone when to be asked, and that one is away."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.availability.models import Availability
from dispatch.database import db, transaction
from tests import factories
from tests.browsing import TOKEN, sign_in
from tests.conftest import FrozenClock
from tests.factories import TOMORROW_TEN, hours_later

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
AVAILABILITY = "/interpreters/1/availability"
HALF_PAST_SIX = datetime(2027, 3, 2, 5, 30, tzinfo=UTC)
A_DAY_AND_TWO_HOURS_BEFORE_THE_SECOND = datetime(2027, 3, 1, 11, 0, tzinfo=UTC)


@pytest.fixture
def people(app: Flask) -> dict[str, Account]:
    """Mira, who comes to two talks tomorrow, a colleague, and the office."""
    with app.app_context():
        with transaction():
            mira, nour = factories.interpreter(), factories.interpreter(name="Nour")
            for hours in (0, 4):
                start = hours_later(TOMORROW_TEN, hours)
                factories.coming(factories.asked(start=start), mira)
            office = factories.account(Role.COORDINATOR)
        return {"mira": mira.account, "nour": nour.account, "office": office}


@pytest.fixture
def browsers(app: Flask, people: dict[str, Account]) -> dict[str, FlaskClient]:
    """Each of them signed in."""
    return {name: sign_in(app, account) for name, account in people.items()}


def press(client: FlaskClient, path: str, fields: Mapping[str, Any], *, page: str) -> TestResponse:
    """Look at the page, send its form, and see where it leads."""
    token = TOKEN.search(client.get(page).text)
    assert token
    return client.post(path, data={"csrf_token": token[1], **fields}, follow_redirects=True)


def states(app: Flask) -> list[str]:
    with app.app_context():
        return [one.state for one in db.session.query(Assignment).order_by(Assignment.id)]


def test_sick_in_three_taps(
    app: Flask, people: dict[str, Account], frozen_clock: FrozenClock
) -> None:
    frozen_clock.move_to(HALF_PAST_SIX)
    mira, office = sign_in(app, people["mira"]), sign_in(app, people["office"])
    assert 'href="/sick"' in mira.get("/").text
    page = mira.get("/sick").text
    assert "10:00–11:00" in page
    assert "14:00–15:00" in page
    assert states(app) == ["confirmed"] * 2
    answer = press(mira, "/sick", {"until": "2027-03-02"}, page="/sick")
    assert "Get well soon" in answer.text
    assert states(app) == ["released"] * 2
    needed = office.get("/").text
    assert needed.count("find a replacement") == 2
    pool = office.get("/interpreters/1/availability").text
    assert "Krank gemeldet." in pool
    assert "Krank" not in mira.get("/availability").text


def test_an_absence_shows_what_it_hits_before_it_is_saved(app: Flask, browsers) -> None:
    mira = browsers["mira"]
    looked = "/interpreters/1/absences/new?first=2027-03-02&last=2027-03-02"
    page = mira.get(looked).text
    assert page.count(">Look for somebody else") == 2
    assert "Cancel the request" not in page
    days = {"first": "2027-03-02", "last": "2027-03-02", "reason": "surgery"}
    again = press(mira, "/interpreters/1/absences", days | {"job-1": "replace"}, page=looked)
    assert again.status_code == 409
    assert "look at the list again" in again.text
    assert states(app) == ["confirmed"] * 2
    choices = {"job-1": "replace", "job-2": "ask"}
    press(mira, "/interpreters/1/absences", days | choices, page=looked)
    assert states(app) == ["released", "confirmed"]
    start = browsers["office"].get("/").text
    assert "asks whether somebody else could come" in start
    waits = "The office has not decided yet; until then the assignment stays yours."
    assert waits in mira.get("/availability").text
    assert waits in mira.get("/assignments/2").text
    assert "You have not decided yet" in browsers["office"].get(AVAILABILITY).text
    assert waits not in browsers["office"].get("/assignments/2").text
    press(browsers["office"], "/absences/jobs/2/keep", {}, page="/")
    assert "asks whether" not in browsers["office"].get("/").text
    assert waits not in mira.get("/availability").text


def test_nothing_is_chosen_beforehand_for_what_begins_within_a_day(
    app: Flask, people: dict[str, Account], frozen_clock: FrozenClock
) -> None:
    looked = "/interpreters/1/absences/new?first=2027-03-02&last=2027-03-03"
    assert sign_in(app, people["mira"]).get(looked).text.count("checked") == 2
    frozen_clock.move_to(HALF_PAST_SIX)
    assert sign_in(app, people["mira"]).get(looked).text.count("checked") == 0


def test_what_begins_within_a_day_is_decided_by_the_person_and_named_afterwards(
    app: Flask, people: dict[str, Account], frozen_clock: FrozenClock
) -> None:
    frozen_clock.move_to(A_DAY_AND_TWO_HOURS_BEFORE_THE_SECOND)
    mira = sign_in(app, people["mira"])
    looked = "/interpreters/1/absences/new?first=2027-03-02&last=2027-03-03"
    page = mira.get(looked).text
    assert page.count("checked") == 1  # the talk at 14:00, 26 hours away
    assert page.count("It begins in less than 24 hours. Please call the office.") == 1
    assert "sit there without an interpreter" in page
    days = {"first": "2027-03-02", "last": "2027-03-03", "shown": ["1", "2"], "job-2": "keep"}
    again = press(mira, "/interpreters/1/absences", days, page=looked)
    assert again.status_code == 422
    assert "Say of each assignment what is to become of it; nothing is saved yet." in again.text
    assert again.text.count("Choose what is to become of it.") == 1
    assert states(app) == ["confirmed"] * 2
    said = press(mira, "/interpreters/1/absences", days | {"job-1": "replace"}, page=looked).text
    assert states(app) == ["released", "confirmed"]
    assert "You are off: Tue, 2 Mar, 10:00–11:00, Romanian." in said
    assert "Stays yours, in spite of the absence: Tue, 2 Mar, 14:00–15:00" in said
    assert "Tue, 2 March 2027 – Wed, 3 March 2027" in said


def test_the_office_reads_what_became_of_which_assignment(app: Flask, browsers) -> None:
    office = browsers["office"]
    looked = "/interpreters/1/absences/new?first=2027-03-02&last=2027-03-02"
    days = {"first": "2027-03-02", "last": "2027-03-02", "job-1": "replace", "job-2": "cancel"}
    said = press(office, "/interpreters/1/absences", days, page=looked).text
    assert "is off: Tue, 2 Mar, 10:00–11:00" in said
    assert "The request is cancelled, and everyone concerned is told: Tue, 2 Mar, 14:00" in said
    assert "<div>Tue, 2 March 2027\n" in said


def test_nobody_decides_for_a_colleague(app: Flask, browsers) -> None:
    days = {"first": "2027-03-02", "last": "2027-03-02", "job-1": "keep", "job-2": "keep"}
    nour = browsers["nour"]
    assert press(nour, "/interpreters/1/absences", days, page="/").status_code == 404
    assert nour.get("/interpreters/1/absences/new").status_code == 404


def test_hours_are_said_on_the_telephone_and_what_is_wrong_stands_at_its_field(
    app: Flask, browsers
) -> None:
    mira, page = browsers["mira"], "/availability"
    hours = "/interpreters/1/availability/hours"
    said = {"week-weekdays": "0", "week-start": "17:00", "week-ways": "on_site"}
    wrong = press(mira, hours, said | {"week-end": "09:00"}, page=page)
    assert wrong.status_code == 422
    assert "09:00 lies before 17:00" in wrong.text
    assert 'value="17:00"' in wrong.text
    right = press(mira, hours, said | {"week-end": "20:30"}, page=page)
    assert "Noted." in right.text
    assert "17:00–20:30" in right.text


def test_conditions_are_noted_and_holidays_are_asked_about(app: Flask, browsers) -> None:
    office, page = browsers["office"], "/interpreters/1/availability"
    said = {
        "all-notice": "2", "all-notice_unit": "working_days", "all-travel_mode": "bicycle",
        "all-regions": "Innenstadt-West", "all-version": "1",
    }  # fmt: skip
    press(office, f"{page}/conditions", said, page=page)
    with app.app_context():
        kept = db.session.get_one(Availability, 1)
        assert (kept.notice, kept.notice_unit, kept.regions) == (
            2, "working_days", ["Innenstadt-West"],
        )  # fmt: skip
        assert (kept.on_public_holidays, kept.in_school_holidays) == (False, False)
