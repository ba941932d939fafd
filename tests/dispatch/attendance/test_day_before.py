"""The day before: who comes is asked once more, confirms with one tap, and silence is called on."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.attendance import day_before, queries, rules
from dispatch.cancellations import service as cancellations
from dispatch.cities import named
from dispatch.cities.working_time import after_quiet, morning_before
from dispatch.database import db, get, transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM, Reasons
from tests import factories
from tests.browsing import TOKEN, send, sign_in
from tests.conftest import FrozenClock
from tests.correspondence import written

DORTMUND = named("dortmund")
needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
MONDAY = datetime(2027, 3, 8, 10, 0)
FRIDAY_TEN = datetime(2027, 3, 5, 9, 0, tzinfo=UTC)
FRIDAY_FOUR = datetime(2027, 3, 5, 15, 0, tzinfo=UTC)
LINK = re.compile(r"/d/[\w-]+")


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


def test_for_monday_one_is_asked_on_friday_and_for_the_day_after_a_holiday_before_it() -> None:
    assert morning_before(utc(8, 9), DORTMUND) == FRIDAY_TEN
    after_easter = utc(30, 8)  # Tuesday; Good Friday is the 26th, Easter Monday the 29th
    assert morning_before(after_easter, DORTMUND) == utc(25, 9)


def test_an_sms_that_can_wait_waits_until_the_quiet_hours_are_over() -> None:
    for at, after in (
        (utc(1, 5, 59), utc(1, 6)),
        (utc(1, 6), utc(1, 6)),
        (utc(1, 19, 59), utc(1, 19, 59)),
        (utc(1, 20), utc(2, 6)),
        (utc(1, 23, 30), utc(2, 6)),
    ):
        assert after_quiet(at, DORTMUND) == after


def test_the_night_the_clocks_go_forward_ends_at_seven_by_the_new_clock() -> None:
    assert after_quiet(utc(27, 22), DORTMUND) == utc(28, 5)


def test_what_was_missed_in_the_day_is_not_made_up_for_at_night() -> None:
    long_ago, start = utc(1, 8), utc(8, 9)
    assert rules.is_to_be_asked(long_ago, start, FRIDAY_FOUR, DORTMUND)
    assert not rules.is_to_be_asked(long_ago, start, utc(5, 21), DORTMUND)
    assert rules.is_to_be_asked(long_ago, start, utc(6, 7), DORTMUND)
    assert not rules.is_to_be_asked(long_ago, start, utc(8, 7, 30), DORTMUND)


def coming(start: datetime = MONDAY) -> Assignment:
    with transaction():
        return factories.coming(factories.asked(start=start), factories.interpreter())


def ask(assignment: Assignment, now: datetime = FRIDAY_TEN) -> None:
    with transaction():
        day_before.ask(assignment.id, now=now)


@needs_a_database
def test_whoever_comes_is_asked_once_by_sms_and_confirms() -> None:
    assignment = coming()
    assert day_before.to_ask(FRIDAY_TEN - timedelta(seconds=1)) == []
    assert day_before.to_ask(FRIDAY_TEN) == [assignment.id]
    ask(assignment)
    ask(assignment)
    [sms] = written("day_before")
    assert (sms.channel, sms.recipient) == ("sms", assignment.interpreter.phone)
    assert day_before.to_ask(FRIDAY_TEN) == []
    assert [one.id for one in queries.out_of_the_ordinary(FRIDAY_FOUR).unconfirmed] == [
        assignment.id
    ]
    with transaction():
        day_before.confirm(SYSTEM, assignment.id, now=FRIDAY_TEN)
        day_before.confirm(SYSTEM, assignment.id, now=FRIDAY_FOUR)
    assert get(Assignment, assignment.id).day_before_confirmed_at == FRIDAY_TEN
    assert queries.out_of_the_ordinary(FRIDAY_FOUR).unconfirmed == []


@needs_a_database
def test_several_of_a_day_are_asked_about_in_one_message() -> None:
    with transaction():
        who = factories.interpreter()
        for hours in (0, 3, 6):
            factories.coming(factories.asked(start=MONDAY + timedelta(hours=hours)), who)
    due = day_before.to_ask(FRIDAY_TEN)
    assert len(due) == 3
    for assignment_id in due:
        with transaction():
            day_before.ask(assignment_id, now=FRIDAY_TEN)
    assert [one.name for one in written() if one.name.startswith("day_before")] == [
        "day_before_several"
    ]


@needs_a_database
def test_silence_is_no_withdrawal_and_reaches_the_office_at_four() -> None:
    assignment = coming()
    ask(assignment)
    assert queries.out_of_the_ordinary(FRIDAY_FOUR - timedelta(seconds=1)).unconfirmed == []
    assert len(queries.out_of_the_ordinary(FRIDAY_FOUR).unconfirmed) == 1
    begun, over = assignment.starts_at + timedelta(minutes=5), assignment.ends_at
    assert len(queries.out_of_the_ordinary(begun).unconfirmed) == 1  # nobody has heard of them
    assert queries.out_of_the_ordinary(over).unconfirmed == []
    assert get(Assignment, assignment.id).state == "confirmed"


@needs_a_database
def test_nobody_is_asked_who_said_yes_that_day_or_is_off() -> None:
    with transaction():
        today = factories.coming(
            factories.asked(start=MONDAY), factories.interpreter(), now=FRIDAY_TEN
        )
    off = coming()
    with transaction():
        cancellations.release(SYSTEM, off.id, reasons=Reasons(office="x"), now=FRIDAY_TEN)
    assert day_before.to_ask(FRIDAY_FOUR) == []
    for one in (today, off):
        ask(one)
    assert written("day_before") == []
    with pytest.raises(Conflict), transaction():
        day_before.confirm(SYSTEM, off.id, now=FRIDAY_TEN)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_tap_on_the_link_confirms_and_looking_does_not(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        assignment = coming()
        ask(assignment)
        found = LINK.search(written("day_before")[0].body)
    assert found
    frozen_clock.move_to(FRIDAY_FOUR)
    browser = app.test_client()
    page = browser.get(found.group()).text
    assert "Ja, ich komme" in page
    assert "Rathaus Beispiel" not in page
    with app.app_context():
        assert get(Assignment, assignment.id).day_before_confirmed_at is None
    token = TOKEN.search(page)
    assert token
    browser.post(found.group(), data={"csrf_token": token.group(1)})
    assert "Die Vermittlung weiß, dass Sie kommen" in browser.get(found.group()).text
    with app.app_context():
        assert get(Assignment, assignment.id).day_before_confirmed_at == FRIDAY_FOUR


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_link_of_a_question_about_several_confirms_each_of_them_and_nobody_elses(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        with transaction():
            who, other = factories.interpreter(), factories.interpreter()
            early, late = (
                factories.coming(factories.asked(start=MONDAY + timedelta(hours=hours)), who)
                for hours in (0, 3)
            )
            foreign = factories.coming(factories.asked(start=MONDAY), other)
        for one in (late, foreign):
            ask(one)
        [message] = written("day_before_several")
        assert message.body.index("10:00") < message.body.index("13:00")
        found = LINK.search(message.body)
    assert found
    frozen_clock.move_to(FRIDAY_FOUR)
    browser, link = app.test_client(), found.group()
    page = browser.get(link).text
    assert "Und zu diesen?" in page
    token = TOKEN.search(page)
    assert token
    marks = {"csrf_token": token.group(1)}
    browser.post(link, data=marks | {"besides": str(late.id)})
    assert browser.post(link, data=marks | {"besides": str(foreign.id)}).status_code == 404
    with app.app_context():
        said = {one.id: one.day_before_confirmed_at for one in db.session.query(Assignment)}
    assert said == {early.id: None, late.id: FRIDAY_FOUR, foreign.id: None}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_office_reads_who_is_silent_and_writes_down_what_was_said(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context():
        assignment = coming()
        ask(assignment)
        with transaction():
            office = factories.account(Role.COORDINATOR)
    frozen_clock.move_to(FRIDAY_FOUR)
    browser = sign_in(app, office)
    assert "has not confirmed for" in browser.get("/").text
    path = f"/assignments/{assignment.id}"
    send(browser, f"{path}/comes", seen_on=path)
    assert "has not confirmed for" not in browser.get("/").text
