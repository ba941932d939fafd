"""The day itself from the command line."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db, transaction
from tests import factories
from tests.dispatch.cli.conftest import Dragoman

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "2027-03-02T09:00Z"


def test_a_day_is_written_down_step_by_step(app: Flask, dragoman: Dragoman) -> None:
    with app.app_context():
        with transaction():
            mira = factories.interpreter()
            coming = factories.coming(factories.asked(), mira)
        number, own = str(coming.id), ("--as", mira.account.email)

    def do(*arguments: str, now: str = START) -> str:
        done = dragoman("day", *arguments, DRAGOMAN_NOW=now)
        assert (done.code, done.err) == (0, "")
        return done.out

    assert do("on-the-way", number, *own) == "Written down: on the way.\n"
    assert do("late", number, *own, "--minutes", "20") == (
        "Those who wait are told: there at about 10:20.\n"
    )
    assert do("arrived", number, *own) == "Written down: arrived.\n"
    assert do("begun", number, *own, now="2027-03-02T09:20Z") == "Written down: running.\n"
    longer = ("longer", number, *own, "--minutes", "15")
    told = do(*longer, now="2027-03-02T09:50Z")
    assert told == "Written down: it takes until about 11:15.\n"
    over = ("finished", number, *own, "--began", "10:20", "--ended", "11:10")
    assert do(*over, now="2027-03-02T10:30Z") == "Written down: completed.\n"
    with app.app_context():
        kept = db.session.query(Assignment).one()
        assert kept.began_at is not None
        assert kept.ended_at is not None
        assert (kept.state, kept.late_minutes) == ("completed", 20)
        assert (kept.ended_at - kept.began_at).total_seconds() == 50 * 60


def test_an_interpreter_cannot_say_of_themselves_that_they_did_not_come(
    app: Flask, dragoman: Dragoman
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        number = str(factories.coming(factories.asked(), mira).id)
        office, own = factories.account(Role.COORDINATOR).email, mira.account.email
    missing = ("no-show", number, "--of", "interpreter", "--as")
    refused = dragoman("day", *missing, own, DRAGOMAN_NOW="2027-03-02T09:30Z")
    assert refused.code == 1
    assert "somebody else" in refused.err
    done = dragoman("day", *missing, office, DRAGOMAN_NOW="2027-03-02T09:30Z")
    assert (done.code, done.out) == (0, "Written down: the interpreter did not come.\n")
    correct = ("correct", number, "--to", "completed", "--reason", "another room", "--as")
    assert dragoman("day", *correct, own, DRAGOMAN_NOW="2027-03-02T10:30Z").code == 1
    mended = dragoman("day", *correct, office, DRAGOMAN_NOW="2027-03-02T10:30Z")
    assert (mended.code, mended.out) == (0, "Corrected: completed.\n")
