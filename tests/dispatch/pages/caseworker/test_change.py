"""Changing a request on the page: it says what the change means before it is done."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.availability.models import Absence
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.requests.models import InterpretationRequest
from tests import cast, factories
from tests.browsing import send, sign_in
from tests.factories import NOW, TOMORROW_TEN

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SEEN = re.compile(r'name="seen"[^>]*value="(\w+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
LINK = re.compile(r"/c/([\w-]+)")
ASKED = {
    "language": "ro", "day": "2027-03-02", "start": "10:00", "duration": "60",
    "setting": "school", "interpreter_count": "1",
}  # fmt: skip


@dataclass
class House:
    """A request to which Mira comes, and the browsers of those who read it."""

    app: Flask
    path: str
    site: str
    caseworker: FlaskClient
    coordinator: FlaskClient
    mira: FlaskClient

    def send(self, browser: FlaskClient, seen: str = "", **changed: str) -> TestResponse:
        page = browser.get(self.path).text
        version = VERSION.search(page)
        assert version
        fields = {**ASKED, "site": self.site, "version": version.group(1), "seen": seen, **changed}
        return send(browser, self.path, seen_on=self.path, **fields)

    def change(self, browser: FlaskClient, **changed: str) -> TestResponse:
        """Look at what the change means, then do it."""
        seen = SEEN.search(self.send(browser, **changed).text)
        assert seen
        return self.send(browser, seen.group(1), **changed)

    def state(self) -> str:
        with self.app.app_context():
            return db.session.query(Assignment).one().state

    def request(self) -> InterpretationRequest:
        with self.app.app_context():
            return db.session.query(InterpretationRequest).one()

    def link(self) -> str:
        """Return the way to the newest question about changed terms."""
        with self.app.app_context():
            mails = db.session.query(Message).filter_by(name="assignment_asked_again")
            found = LINK.search(mails.order_by(Message.id.desc()).limit(1).one().body)
        assert found
        return f"/c/{found.group(1)}"


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        people = cast.assemble()
        with transaction():
            mira, site = factories.interpreter(), factories.site()
            asked = factories.asked(
                by=people.caseworker, at=site, note="blue forms", case_reference="AZ-7"
            )
            factories.coming(asked, mira)
        path, site_id, account = f"/requests/{asked.id}/change", str(site.id), mira.account
    return House(
        app,
        path,
        site_id,
        sign_in(app, people.caseworker),
        sign_in(app, people.coordinator),
        sign_in(app, account),
    )


def test_the_page_says_who_is_asked_again_before_anything_is_done(house: House) -> None:
    answer = house.send(house.caseworker, start="14:00", note="blue forms", case_reference="AZ-7")
    assert answer.status_code == 200
    assert "Has to agree again, and is asked now" in answer.text
    assert "Mira" in answer.text
    assert house.state() == AssignmentState.CONFIRMED
    done = house.change(house.caseworker, start="14:00", note="blue forms", case_reference="AZ-7")
    assert done.status_code == 302
    assert house.state() == AssignmentState.TO_RECONFIRM


def test_while_a_change_waits_every_page_says_what_is_agreed_beside_what_is_asked(
    house: House,
) -> None:
    house.change(house.caseworker, start="14:00", note="blue forms", case_reference="AZ-7")
    request_page = house.path.removesuffix("/change")
    assignment = "/assignments/1"
    for browser, paths in (
        (house.mira, ("/", "/assignments", "/next-days", assignment)),
        (house.caseworker, (request_page,)),
        (house.coordinator, (request_page, assignment, "/board" + request_page)),
    ):
        for path in paths:
            page = browser.get(path).text.split("<main")[1]
            assert "10:00–11:00" in page, path
            assert "14:00–15:00" in page.replace("Tue, 2 Mar, ", ""), path
            assert re.search("Asked now|Asked instead|agreed: ", page), path
    listed = house.caseworker.get("/requests").text
    assert "Mira" in listed
    assert "is asked whether the change will do" in listed
    assert "nobody is asked yet" not in listed


def test_who_was_merely_asked_is_counted_for_who_asks_and_named_for_office(
    house: House,
) -> None:
    with house.app.app_context(), transaction():
        first = db.session.query(InterpretationRequest).one()
        asked = factories.asked(
            by=first.account, at=first.site, note="blue forms", case_reference="AZ-7"
        )
        offers.make_to_all(SYSTEM, asked.id, [factories.interpreter(name="Lale").id], now=NOW)
        house.path = f"/requests/{asked.id}/change"
    kept = {"note": "blue forms", "case_reference": "AZ-7"}
    page = house.send(house.caseworker, start="14:00", **kept).text
    assert "One interpreter who has not answered yet is asked anew." in page
    assert "Lale" not in page
    page = house.send(house.coordinator, start="14:00").text
    assert "Has not answered yet, and is asked anew" in page
    assert "Lale" in page
    page = house.send(house.caseworker, language="ary", **kept).text
    assert "One interpreter who has not answered yet is not asked any more." in page


@pytest.mark.parametrize("taken", ["away", "works"])
def test_who_asks_never_reads_what_takes_an_interpreters_time_and_the_office_does(
    house: House, taken: str
) -> None:
    with house.app.app_context(), transaction():
        assignment = db.session.query(Assignment).one()
        mira, two = assignment.interpreter, assignment.starts_at + timedelta(hours=4)
        if taken == "away":
            mira.availability.absences.append(
                Absence(starts_at=two, ends_at=two + timedelta(hours=1))
            )
        else:
            site = db.session.query(InterpretationRequest).one().site
            factories.coming(
                factories.asked(at=site, start=TOMORROW_TEN + timedelta(hours=4)), mira
            )
    kept = {"note": "blue forms", "case_reference": "AZ-7"}
    page = house.send(house.caseworker, start="14:00", **kept).text
    card = page.split('id="means"')[1].split("</ul>")[0]
    assert "Cannot come like this; somebody else is looked for" in card
    assert "the nearest start that would do: Tue, 2 Mar, 15:00" in card
    assert not re.search("away|another assignment|minutes", card)
    office = house.send(house.coordinator, start="14:00").text
    assert re.search("is away at this time|there is another assignment", office)


def test_while_a_change_waits_the_next_one_is_foreseen_from_what_is_asked_now(house: House) -> None:
    kept = {"note": "blue forms", "case_reference": "AZ-7"}
    house.change(house.caseworker, start="14:00", **kept)
    # Another time once more: she has not agreed to two, and is asked again about three.
    later = house.send(house.caseworker, start="15:00", **kept).text
    assert "Has to agree again, and is asked now" in later
    assert "Mira" in later.split("Has to agree again")[1]
    # Another room is nobody's to agree to, and she hears of it with her yes.
    room = house.send(house.caseworker, start="14:00", room="14", **kept).text
    assert "Nobody has to be told or asked again." in room
    # Back at ten it is as she had agreed; until she says so again nobody is sure.
    back = house.send(house.caseworker, start="10:00", is_urgent="y", **kept).text
    assert "Has to agree again, and is asked now" in back
    # What she does not speak she cannot come to, and who looks is told before.
    other = house.send(house.caseworker, start="14:00", language="ary", **kept).text
    assert "Cannot come like this; somebody else is looked for" in other
    assert house.state() == AssignmentState.TO_RECONFIRM, "looking changes nothing"


def test_something_else_than_what_was_seen_is_shown_again_instead_of_done(house: House) -> None:
    kept = {"note": "blue forms", "case_reference": "AZ-7"}
    seen = SEEN.search(house.send(house.caseworker, room="14", **kept).text)
    assert seen
    answer = house.send(house.caseworker, seen.group(1), start="14:00", room="14", **kept)
    assert answer.status_code == 200
    assert "Has to agree again" in answer.text
    assert house.state() == AssignmentState.CONFIRMED


def test_the_office_changes_a_request_without_reading_what_is_not_for_it(house: House) -> None:
    page = house.coordinator.get(house.path).text
    assert "blue forms" not in page
    assert "AZ-7" not in page
    assert house.change(house.coordinator, room="14").status_code == 302
    asked = house.request()
    assert (asked.room, asked.note, asked.case_reference) == ("14", "blue forms", "AZ-7")


def test_whoever_looked_at_an_older_version_decides_anew(house: House) -> None:
    answer = house.send(house.caseworker, room="14", version="1")
    assert answer.status_code == 409
    assert "Somebody changed this while you were looking at it" in answer.text


def test_a_time_that_does_not_exist_is_said_at_its_field_and_what_was_typed_stays(
    house: House,
) -> None:
    answer = house.send(house.caseworker, day="2027-03-28", start="02:30", room="14")
    assert answer.status_code == 422
    assert "does not exist" in answer.text
    assert 'value="14"' in answer.text


def test_the_link_shows_old_and_new_and_takes_one_answer(house: House) -> None:
    house.change(house.caseworker, start="14:00", note="blue forms")
    first = house.link()
    anybody = house.app.test_client()
    page = anybody.get(first).text
    assert "10:00–11:00" in page
    assert "14:00–15:00" in page
    house.change(house.caseworker, start="15:00", note="blue forms")
    answer = send(anybody, f"{first}/accept", seen_on=first)
    page = unescape(anybody.get(answer.location).text)
    assert "Das hat sich geändert, während Ihre Antwort unterwegs war." in page
    assert house.state() == AssignmentState.TO_RECONFIRM
    newest = house.link()
    send(anybody, f"{newest}/accept", seen_on=newest)
    assert house.state() == AssignmentState.CONFIRMED
    assert "Sie haben der Änderung zugestimmt." in anybody.get(newest).text


def test_a_change_that_is_taken_back_is_one_sentence_and_no_table_of_equal_rows(
    house: House,
) -> None:
    kept = {"note": "blue forms", "case_reference": "AZ-7"}
    house.change(house.caseworker, start="14:00", **kept)
    house.change(house.caseworker, start="10:00", is_urgent="y", **kept)
    link, back = house.link(), "Time, place and language are to be as you had agreed after all"
    request_page = house.path.removesuffix("/change")
    for path, said in (
        ("/assignments/1", back),
        ("/", back),
        (
            "/assignments",
            "Time, place and language to be as you had agreed after all; your answer is missing.",
        ),
    ):
        page = house.mira.get(path).text
        assert said in page, path
        assert "Asked now" not in page, path
    page = house.caseworker.get(request_page).text
    assert "Time, place and language are to be as agreed after all" in page
    assert "Asked now" not in page
    page = unescape(house.app.test_client().get(link).text)
    assert "Kommen Sie, wie Sie zugesagt hatten, Mira?" in page
    assert "Zeit, Ort und Sprache sollen doch so sein, wie Sie zugesagt hatten" in page
    assert "Können Sie auch so kommen" not in page
    assert "Jetzt gefragt" not in page


def test_the_interpreter_answers_on_the_page_and_the_office_for_the_telephone(
    house: House,
) -> None:
    house.change(house.caseworker, start="14:00", note="blue forms")
    with house.app.app_context():
        path = f"/assignments/{db.session.query(Assignment).one().id}"
    assert "I come like this" in house.mira.get(path).text
    assert "Friedensplatz" in house.mira.get(path).text
    assert "Said no" in house.coordinator.get(path).text
    send(house.coordinator, f"{path}/terms/2/decline", seen_on=path)
    assert house.state() == AssignmentState.RELEASED


def test_who_is_asked_again_after_an_undone_cancellation_is_not_said_to_be_gone(
    house: House,
) -> None:
    house.change(house.caseworker, start="14:00")
    page = house.path.removesuffix("/change")
    cancel = f"{page}/cancel"
    send(house.caseworker, cancel, seen_on=cancel, reason_told="moved")
    answer = send(house.caseworker, f"{page}/undo", seen_on=page)
    told = house.caseworker.get(answer.location).text
    assert "Mira had not agreed to the change yet and is asked again." in told
    assert "not free any more" not in told
