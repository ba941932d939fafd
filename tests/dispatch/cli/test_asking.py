"""Asking single people from the command line, and what becomes of their yes."""

from datetime import time
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.offers.models import Offer
from dispatch.requests.models import InterpretationRequest
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BEFORE = "2027-03-01T08:00Z"
ON_THE_DAY = "2027-03-02T05:30Z"


class People:
    """A request for tomorrow, Ada and Ben who could come, and the office."""

    def __init__(self, app: Flask, dragoman: Dragoman) -> None:
        self.call = dragoman
        with app.app_context(), transaction():
            self.number = factories.asked().reference
            self.ada = factories.interpreter(name="Ada").account.email
            self.ben = factories.interpreter(name="Ben").account.email
            self.office = factories.account(Role.COORDINATOR).email

    def do(self, *arguments: str, now: str = BEFORE) -> str:
        done = self.call(*arguments, DRAGOMAN_NOW=now)
        assert (done.code, done.err) == (0, ""), arguments
        return done.out


@pytest.fixture
def people(app: Flask, dragoman: Dragoman) -> People:
    return People(app, dragoman)


def state(app: Flask, model: type[Offer] | type[Assignment] | type[InterpretationRequest]) -> str:
    with app.app_context():
        return str(db.session.query(model).order_by(model.id.desc()).first().state)  # type: ignore[union-attr]


def test_one_person_is_asked_says_yes_on_the_telephone_and_is_released(
    app: Flask, people: People
) -> None:
    found = people.do("offers", "candidates", people.number)
    assert f"Ada Beispiel <{people.ada}>: " in found
    assert f"Ben Beispiel <{people.ben}>: " in found
    assert "Ada Beispiel: asked" in people.do("offers", "make", people.number, people.ada)
    people.do("offers", "answer", people.number, people.ada, "yes")
    assert state(app, InterpretationRequest) == "filled"
    people.do("offers", "pin", people.number, people.ada)
    off = people.do("offers", "release", people.number, people.ada, "--reason", "asked for Ben")
    assert "Ada Beispiel: released" in off
    assert (state(app, Assignment), state(app, InterpretationRequest)) == ("released", "open")
    assigned = people.do("offers", "assign", people.number, people.ben)
    assert "Ben Beispiel: confirmed" in assigned
    assert state(app, InterpretationRequest) == "filled"


def test_a_question_is_taken_back_and_nobody_is_asked_who_is_not_concerned(
    app: Flask, people: People
) -> None:
    people.do("offers", "direct", people.number)
    [asked] = [one for one in (people.ada, people.ben) if _is_asked(app, one)]
    people.do("offers", "take-back", people.number, asked)
    assert state(app, Offer) == "withdrawn"
    for command in ("take-back", "pin"):
        refused = people.call("offers", command, people.number, asked)
        assert (refused.code, "neither asked for" in refused.err) == (1, True)


def test_of_a_window_another_start_is_asked_about(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        wide = factories.asked(latest_start=time(13)).reference
    people.do("offers", "make", wide, people.ada)
    told = people.do("offers", "move", wide, people.ada, "12:00")
    assert "Ada Beispiel: asked, answer by" in told
    with app.app_context():
        [asked] = db.session.query(Offer).filter_by(state="made")
        assert asked.starts_at.astimezone(ZoneInfo("Europe/Berlin")).time() == time(12)
    refused = people.call("offers", "move", wide, people.ada, "15:00", DRAGOMAN_NOW=BEFORE)
    assert (refused.code, "not among the times asked for" in refused.err) == (1, True)


def _is_asked(app: Flask, email: str) -> bool:
    with app.app_context():
        return db.session.query(Offer).one().interpreter.account.email == email


def test_changed_terms_are_agreed_to_on_the_telephone(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    change = ("requests", "change", people.number, "--as", people.office, "--start", "11:00")
    people.do(*change, "--urgent", "--yes")
    assert state(app, Assignment) == "to_reconfirm"
    people.do("offers", "answer", people.number, people.ada, "yes")
    assert state(app, Assignment) == "confirmed"


def test_who_cannot_come_is_replaced_by_who_is_there_first(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    with app.app_context():
        coming = str(db.session.query(Assignment).one().id)
    own = ("--as", people.ada)
    assert "still comes" in people.do("day", "confirm", coming, *own)
    late = people.call("day", "withdraw", coming, *own, "--reason", "exam", DRAGOMAN_NOW=ON_THE_DAY)
    assert late.code == 1
    assert "call" in late.err
    people.do("day", "late", coming, *own, "--minutes", "20", now=ON_THE_DAY)
    listed = people.do("offers", "rescue", people.number, now=ON_THE_DAY)
    assert "Ada Beispiel will be 20 min too late, so it was said. Call first: +49" in listed
    assert "Ben Beispiel: there in time. " in listed
    people.do("day", "cannot-come", coming, *own, "--reason", "ill", now=ON_THE_DAY)
    listed = people.do("offers", "rescue", people.number, now=ON_THE_DAY)
    assert "Ben Beispiel: there in time. " in listed
    people.do("offers", "rescue", people.number, people.ben, now=ON_THE_DAY)
    assert state(app, Offer) == "made"


def test_sick_in_the_morning_and_back_again(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    until = ("--until", "2027-03-04")
    told = people.do("interpreters", "sick", people.ada, *until, now=ON_THE_DAY)
    assert f"{people.number}: somebody else is looked for" in told
    assert state(app, Assignment) == "released"
    assert (
        people.do("interpreters", "back", people.ada, now="2027-03-03T08:00Z") == "There again.\n"
    )
    again = people.call("interpreters", "back", people.ada, DRAGOMAN_NOW="2027-03-03T08:00Z")
    assert (again.code, "is not away now" in again.err) == (1, True)


def test_nobody_is_noted_as_ill_until_a_day_that_is_over(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    sick = people.call(
        "interpreters", "sick", people.ada, "--until", "2027-02-01", DRAGOMAN_NOW=ON_THE_DAY
    )
    assert (sick.code, sick.err) == (1, "This time is over; choose a later end.\n")
    assert state(app, Assignment) == "confirmed"


def test_what_an_absence_left_open_is_decided(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    days = ("--from", "2027-03-02", "--until", "2027-03-02")
    people.do("interpreters", "absent", people.ada, *days, "--each", "ask")
    settle = ("interpreters", "settle", people.ada, people.number)
    assert people.do(*settle, "--keep") == "It stays.\n"
    assert people.call(*settle, "--replace").code == 1
    assert state(app, Assignment) == "confirmed"


def test_what_is_owed_is_waived_by_the_office_with_a_reason(app: Flask, people: People) -> None:
    people.do("offers", "assign", people.number, people.ada)
    cancel = ("requests", "cancel", people.number, "--as", people.office, "--reason", "moved")
    people.do(*cancel, "--yes")
    over = people.call(*cancel)
    assert (over.code, over.out) == (1, "")
    assert "can no longer be changed" in over.err
    with app.app_context():
        coming = str(db.session.query(Assignment).one().id)
    waive = ("day", "waive", coming, "--reason", "agreed so", "--as")
    assert people.call(*waive, people.ada).code == 1
    people.do(*waive, people.office)
    with app.app_context():
        assert db.session.query(CancellationDecision).one().waived_at is not None
    assert people.call(*waive, people.office).code == 1


@pytest.mark.parametrize("command", ["make", "assign"])
def test_who_is_busy_by_a_private_calendar_is_named_with_why_they_cannot_be_asked(
    app: Flask, people: People, command: str
) -> None:
    at = int(factories.TOMORROW_TEN.replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp() // 60)
    with app.app_context(), transaction():
        ada = db.session.query(Interpreter).join(Interpreter.account).filter_by(name="Ada Beispiel")
        ada.one().availability.busy_minutes = [[at, at + 60]]
    assert "cannot: is busy 10:00–11:00 by a private calendar" in people.do(
        "offers", "candidates", people.number
    )
    refused = people.call("offers", command, people.number, people.ada, DRAGOMAN_NOW=BEFORE)
    assert (refused.code, refused.out) == (1, "")
    assert refused.err == "Ada Beispiel: is busy 10:00–11:00 by a private calendar.\n"


def test_whom_no_mail_reaches_is_said_before_they_are_asked(app: Flask, people: People) -> None:
    with app.app_context(), transaction():
        factories.dead(people.ada)
    said = "e-mails do not arrive: call +49"
    assert said in people.do("offers", "candidates", people.number)
    asked = people.do("offers", "make", people.number, people.ada)
    assert asked.index(f"Ada Beispiel: {said}") < asked.index("Ada Beispiel: asked")
