"""The day on its pages: one tap for who is there, for who waits, and for the office."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from tests import factories
from tests.browsing import send, sign_in
from tests.conftest import FrozenClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Day:
    """The address of an assignment that begins in ten minutes, its request, and the people."""

    path: str
    request_path: str
    interpreter: FlaskClient
    caseworker: FlaskClient
    office: FlaskClient
    stranger: FlaskClient


@pytest.fixture
def day(app: Flask, frozen_clock: FrozenClock) -> Day:
    with app.app_context(), transaction():
        caseworker = factories.account(of=factories.organisation())
        stranger = factories.account(of=factories.organisation("Other"))
        office, mira = factories.account(Role.COORDINATOR), factories.interpreter()
        assignment = factories.coming(factories.asked(by=caseworker), mira)
        people = [mira.account, caseworker, office, stranger]
    frozen_clock.move_to(assignment.starts_at - timedelta(minutes=10))
    return Day(
        f"/assignments/{assignment.id}",
        f"/requests/{assignment.interpretation_request_id}",
        *(sign_in(app, one) for one in people),
    )


def test_one_tap_says_that_one_is_on_the_way_and_everybody_sees_it(day: Day) -> None:
    answer = send(day.interpreter, f"{day.path}/day/on_the_way", seen_on=day.path)
    assert answer.location == day.path
    assert "I have arrived" in day.interpreter.get(day.path).text
    assert "On the way" in day.caseworker.get(day.request_path).text


def test_that_it_takes_longer_is_one_tap_while_it_runs(day: Day) -> None:
    assert "/longer" not in day.interpreter.get(day.path).text
    send(day.interpreter, f"{day.path}/day/running", seen_on=day.path)
    send(day.interpreter, f"{day.path}/longer", seen_on=day.path, minutes="20")
    assert "it takes until about 11:20" in day.interpreter.get(day.path).text
    assert "Takes longer" in day.office.get(day.path).text


def test_ten_minutes_late_is_one_tap_and_stands_in_the_worklist(day: Day) -> None:
    send(day.interpreter, f"{day.path}/late", seen_on=day.path, minutes="10")
    assert "comes 10 min late" in day.office.get("/").text
    assert "10 min late" in day.caseworker.get(day.request_path).text
    assert send(day.interpreter, f"{day.path}/late", seen_on=day.path, minutes="x").location


def test_of_what_has_begun_one_says_in_how_many_minutes_one_is_there(
    day: Day, frozen_clock: FrozenClock
) -> None:
    assert "once it has begun, from now on" in day.interpreter.get(day.path).text
    frozen_clock.advance(minutes=25)
    assert day.interpreter.get(day.path).status_code == 200
    frozen_clock.advance(minutes=25)
    page = day.interpreter.get(day.path).text
    assert "I am there in … minutes" in page
    assert "late by" not in page
    send(day.interpreter, f"{day.path}/late", seen_on=day.path, minutes="15")
    assert "at about 10:55" in day.interpreter.get(day.path).text


def test_it_is_over_with_its_real_times(day: Day, frozen_clock: FrozenClock) -> None:
    for _ in range(3):
        frozen_clock.advance(minutes=25)
        assert day.interpreter.get("/").status_code == day.office.get("/").status_code == 200
    page = f"{day.path}/finished"
    assert "11:05" in day.interpreter.get(page).text
    wrong = send(day.interpreter, page, seen_on=page, began="10:00", ended="09:00")
    assert wrong.status_code == 422
    assert "cannot have ended" in wrong.text
    right = send(day.interpreter, page, seen_on=page, began="10:05", ended="11:05")
    assert right.status_code == 302
    assert "10:05–11:05" in day.office.get(day.path).text


def test_those_who_wait_say_that_nobody_came(day: Day, frozen_clock: FrozenClock) -> None:
    frozen_clock.advance(minutes=25)
    answer = send(day.caseworker, f"{day.path}/day/no_show_interpreter", seen_on=day.request_path)
    assert answer.location == day.request_path
    assert "Nobody came." in day.caseworker.get(day.request_path).text
    assert "did not come" in day.office.get("/").text


def test_the_office_writes_down_what_was_said_on_the_telephone(day: Day) -> None:
    assert "Said on the telephone" in day.office.get(day.path).text
    send(day.office, f"{day.path}/day/arrived", seen_on=day.path)
    assert "Arrived" in day.interpreter.get(day.path).text


def test_what_belongs_to_another_organisation_is_not_there(day: Day) -> None:
    for act in ("day/arrived", "late", "finished"):
        answer = send(day.stranger, f"{day.path}/{act}", seen_on="/requests", minutes="5")
        assert answer.status_code == 404


def test_whoever_said_how_late_they_are_reads_it_and_is_asked_no_more_than_whether_it_changed(
    day: Day,
) -> None:
    send(day.interpreter, f"{day.path}/late", seen_on=day.path, minutes="20")
    send(day.interpreter, f"{day.path}/late", seen_on=day.path, minutes="15")
    said = "15 min late, there at about 10:15"
    for path in ("/", "/next-days", day.path):
        assert said in day.interpreter.get(path).text, path
    assert "Earlier or later than that?" in day.interpreter.get("/").text
    for waits in (day.caseworker, day.office):
        page = waits.get(day.request_path).text
        assert said in page
        assert page.count("(15 min)") == 1  # what was said before is not kept


def test_what_is_over_shows_those_who_asked_its_real_times_beside_the_planned_ones(
    day: Day, frozen_clock: FrozenClock
) -> None:
    for _ in range(3):
        frozen_clock.advance(minutes=25)
        assert day.interpreter.get("/").status_code == day.caseworker.get("/").status_code == 200
    over = f"{day.path}/finished"
    send(day.interpreter, over, seen_on=over, began="10:05", ended="11:03")
    page = day.caseworker.get(day.request_path).text
    assert "Really: 10:05–11:03" in page
    assert "planned: 10:00–11:00" in page
