"""Several dates on the pages: what is to be done with which of them is shown before it is done."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.assignments.models import Assignment
from dispatch.clients import service as clients
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.requests.models import InterpretationRequest
from dispatch.series.models import Series
from tests import cast, factories
from tests.browsing import send, sign_in
from tests.correspondence import deliver_all

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
SEEN = re.compile(r'name="(series-)?seen"[^>]*value="(\w+)"')
TICKED = re.compile(r'name="date" value="([\d-]+)" checked')
ASKED = {
    "language": "ro", "day": "2027-03-08", "start": "10:00", "duration": "60",
    "setting": "school", "interpreter_count": "1",
    "series-repeats": "weekly", "series-count": "6", "series-every": "1",
    "series-on_holiday": "leave_out",
}  # fmt: skip
REASONS = {"reason_office": "is on a course", "reason_told": "is on a course"}


@dataclass
class House:
    """A site, Mira who interprets, and the browsers of those who ask and who coordinate."""

    app: Flask
    site: str
    mira: str
    caseworker: FlaskClient
    coordinator: FlaskClient
    stranger: FlaskClient

    def ask(self, **fields: object) -> TestResponse:
        """Send the asking form, or the page with the dates once it has shown them."""
        path = "/series/new" if "series-seen" in fields else "/requests/new"
        page = self.caseworker.get("/requests/new").text
        token = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert token
        sent = {"csrf_token": token.group(1), "site": self.site, **ASKED, **fields}
        answer = self.caseworker.post(path, data=sent)
        # A browser sends the same form once more to where a 307 leads.
        return self.caseworker.post(answer.location, data=sent) if path != "/series/new" else answer

    def series(self, **fields: object) -> str:
        """Ask for a series as a person would, and return the path of its page."""
        shown = self.ask(**fields)
        dates = TICKED.findall(shown.text)
        answer = self.ask(**fields, **{"series-seen": seen(shown), "date": dates})
        assert answer.status_code == 302, answer.text
        return answer.location

    def states(self) -> list[str]:
        with self.app.app_context():
            rows = db.session.query(InterpretationRequest)
            return [one.state for one in rows.order_by(InterpretationRequest.starts_at)]


def seen(answer: TestResponse) -> str:
    found = SEEN.search(answer.text)
    assert found, answer.text
    return found.group(2)


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        people = cast.assemble()
        with transaction():
            mira, site = factories.interpreter(), factories.site()
        site_id, mira_id = str(site.id), str(mira.id)
    return House(
        app,
        site_id,
        mira_id,
        sign_in(app, people.caseworker),
        sign_in(app, people.coordinator),
        sign_in(app, people.stranger),
    )


def test_the_dates_are_shown_with_their_holidays_before_anything_is_asked_for(house: House) -> None:
    shown = house.ask()
    assert shown.status_code == 200
    assert "left out: Easter Monday" in shown.text
    assert "school holidays" in shown.text
    easter = date(2027, 3, 29)
    assert TICKED.findall(shown.text) == [
        str(date(2027, 3, 8) + timedelta(weeks=weeks))
        for weeks in range(6)
        if date(2027, 3, 8) + timedelta(weeks=weeks) != easter
    ]
    assert house.states() == []


def test_only_ticked_dates_are_asked_for_and_each_has_a_number(house: House) -> None:
    shown = house.ask()
    answer = house.ask(**{"series-seen": seen(shown), "date": ["2027-03-08", "2027-03-29"]})
    assert answer.status_code == 302
    page = house.caseworker.get(answer.location).text
    assert "Series of 2 dates" in page
    assert "Easter Monday" in page
    assert house.states() == ["open", "open"]
    assert house.stranger.get(answer.location).status_code == 404


def test_another_rhythm_than_was_seen_is_shown_again(house: House) -> None:
    shown = house.ask()
    again = house.ask(**{"series-seen": seen(shown), "date": ["2027-03-08"], "series-every": "2"})
    assert again.status_code == 200
    assert house.states() == []


def test_a_day_that_does_not_exist_is_named_beside_its_field(house: House) -> None:
    answer = house.ask(**{"series-repeats": "chosen", "series-chosen": "31.04.2027"})
    assert answer.status_code == 422
    assert "“31.04.2027” is no day" in answer.text


def test_nothing_is_asked_for_where_nothing_is_ticked(house: House) -> None:
    answer = house.ask(**{"series-seen": seen(house.ask())})
    assert answer.status_code == 422
    assert "Choose at least one date" in answer.text


def test_cancelling_names_the_dates_and_does_it_once(house: House) -> None:
    path = house.series()
    page = house.caseworker.get(f"{path}/cancel?number=3&scope=following")
    assert "These 3 dates are cancelled" in page.text
    sent = {"number": "3", "scope": "following", "seen": seen(page), "reason_told": "moved"}
    first = send(house.caseworker, f"{path}/cancel", seen_on=f"{path}/cancel", **sent)
    assert first.status_code == 302
    again = send(house.caseworker, f"{path}/cancel", seen_on=f"{path}/cancel", **sent)
    assert again.status_code == 409
    assert house.states() == ["open"] * 2 + ["cancelled"] * 3
    back = send(house.caseworker, f"{path}/undo", seen_on=path, number="4", scope="one")
    assert back.status_code == 302
    assert house.states() == ["open"] * 2 + ["cancelled", "open", "cancelled"]


def test_changing_says_for_each_date_what_it_means_and_does_only_that(house: House) -> None:
    path = house.series()
    wanted = {
        **{name: text for name, text in ASKED.items() if not name.startswith("series")},
        "site": house.site, "number": "4", "scope": "following",
        "day": "2027-04-05", "start": "11:00",
    }  # fmt: skip
    shown = send(house.caseworker, f"{path}/change", seen_on=f"{path}/change", **wanted)
    assert "Change these 2 dates" in shown.text
    done = send(house.caseworker, f"{path}/change", seen_on=path, **wanted, seen=seen(shown))
    assert done.status_code == 302
    page = house.caseworker.get(path).text
    assert page.count("11:00–12:00") == 2
    assert page.count("10:00–11:00") == 3


def test_the_office_gives_all_dates_to_one_person_and_sees_where_she_cannot_come(
    house: House,
) -> None:
    path = house.series()
    with house.app.app_context(), transaction():
        mira = db.session.get_one(Interpreter, int(house.mira))
        factories.coming(factories.asked(start=factories.TOMORROW_TEN + timedelta(days=13)), mira)
    people = f"{path}/people"
    assert "free on 4 of 5 dates" in house.coordinator.get(f"{people}?scope=all").text
    wanted = {"number": "1", "scope": "all", "interpreter": house.mira, "how": "assign"}
    shown = send(house.coordinator, people, seen_on=people, **wanted)
    assert "can come to 4 of 5 dates" in shown.text
    named = shown.text.partition('id="means"')[2].partition("</section>")[0]
    assert named.count("Mira Beispiel") == 2  # who comes, and to whom they are given
    assert "another assignment" in shown.text
    done = send(house.coordinator, people, seen_on=people, **wanted, seen=seen(shown))
    assert done.status_code == 302
    assert house.states().count("open") == 1
    with house.app.app_context():
        series = db.session.query(Series).one()
        open_one = next(
            one.interpretation_request_id
            for one in series.dates
            if one.interpretation_request.state == "open"
        )
    candidates = house.coordinator.get(f"/requests/{open_one}/candidates").text
    assert "Mira" in candidates
    assert house.caseworker.get(people).status_code == 403


def test_who_works_at_other_hours_is_listed_the_same_before_and_after_choosing(
    house: House,
) -> None:
    path = house.series()
    with house.app.app_context(), transaction():
        mira = db.session.get_one(Interpreter, int(house.mira))
        mira.availability.weekly_hours.clear()
    people = f"{path}/people"
    said = "can be asked for 0 of 5 dates, agreed by telephone for 5"
    assert said in house.coordinator.get(f"{people}?scope=all").text
    wanted = {"number": "1", "scope": "all", "interpreter": house.mira, "how": "assign"}
    shown = send(house.coordinator, people, seen_on=people, **wanted)
    assert said in shown.text
    assert "can come to 5 of 5 dates" in shown.text


def test_a_date_that_was_otherwise_already_says_that_it_keeps_its_own(house: House) -> None:
    path = house.series()
    asked = {name: text for name, text in ASKED.items() if not name.startswith("series")}
    one = {**asked, "site": house.site, "number": "3", "scope": "one", "day": "2027-03-22"}
    wanted = {**one, "start": "11:30"}
    shown = send(house.caseworker, f"{path}/change", seen_on=f"{path}/change", **wanted)
    send(house.caseworker, f"{path}/change", seen_on=path, **wanted, seen=seen(shown))
    later = {**asked, "site": house.site, "number": "2", "scope": "following"}
    wanted = {**later, "day": "2027-03-15", "start": "11:00"}
    shown = send(house.caseworker, f"{path}/change", seen_on=f"{path}/change", **wanted)
    assert "it keeps what holds for it" in shown.text
    assert "Nothing is different" not in shown.text


def test_of_dates_whose_client_was_reminded_the_pages_say_it_before_they_are_cancelled_or_moved(
    house: House,
) -> None:
    path = house.series()
    with house.app.app_context():
        first = db.session.query(Series).one().dates[0].interpretation_request
        with transaction():
            mira = db.session.get_one(Interpreter, int(house.mira))
            factories.coming(db.session.get_one(InterpretationRequest, first.id), mira)
            clients.give(SYSTEM, first.id, "0176 04069002", consents=True, now=factories.NOW)
        saturday = first.starts_at - timedelta(hours=40)  # nobody answers on a Sunday
        with transaction():
            clients.remind(first.id, now=saturday)
        deliver_all(saturday)
        coming = db.session.query(Assignment).order_by(Assignment.id.desc()).first()
        assert coming
        release, one = f"/assignments/{coming.id}/release", f"/requests/{first.id}/change"
        version = db.session.get_one(InterpretationRequest, first.id).version
    whole = "?number=1&scope=all"
    shown = house.caseworker.get(f"{path}/cancel{whole}").text
    assert shown.count("the client has already been reminded") == 1
    assert "hears nothing more from us" in shown
    assert "reminded" not in house.caseworker.get(f"{path}/cancel?number=2&scope=following").text
    asked = {name: text for name, text in ASKED.items() if not name.startswith("series")}
    wanted = {**asked, "site": house.site, "start": "11:00"}
    change = f"{path}/change"
    moved = send(house.caseworker, change, seen_on=change, number="1", scope="all", **wanted)
    assert moved.text.count("please tell them the new start") == 1
    assert "The client was reminded by SMS" in house.coordinator.get(release).text
    sole = send(house.caseworker, one, seen_on=one, **wanted, version=version)
    assert "the client still knows another start" in sole.text
