"""Hours and absences from the command line."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch.absences.models import AbsenceJob
from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.settings import Settings
from tests import factories
from tests.dispatch.cli.conftest import Dragoman, Outcome
from tests.factories import TOMORROW_TEN

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NOW = "2027-03-01T08:00Z"
TUESDAY = ("--from", "2027-03-02", "--until", "2027-03-02")


@pytest.fixture
def mira(installation: Settings, frozen_clock: object) -> str:
    """The address of somebody who comes to a talk on Tuesday."""
    app = create_app(installation)
    with app.app_context():
        with transaction():
            one = factories.interpreter()
            one.account.email = "mira@example.org"
            factories.coming(factories.asked(), one)
        db.session.remove()
        db.engine.dispose()
    return "mira@example.org"


def resolutions(installation: Settings) -> list[str]:
    engine = sa.create_engine(installation.database_url)
    with engine.connect() as connection:
        found = list(connection.scalars(sa.select(AbsenceJob.resolution)))
    engine.dispose()
    return found


def test_hours_are_shown_and_put_in_the_place_of_others(dragoman: Dragoman, mira: str) -> None:
    def hours(*week: str | Path) -> Outcome:
        return dragoman("interpreters", "hours", mira, *week, DRAGOMAN_NOW=NOW)

    assert hours().out.startswith("mon:07:00-19:00 tue:07:00-19:00")
    assert hours("fri:22:00-06:00").out == "fri:22:00-06:00\n"
    assert hours().out == "fri:22:00-06:00\n"
    wrong = hours("fri:17:00-09:00")
    assert (wrong.code, "fri:17:00-09:00" in wrong.err) == (1, True)


def test_hours_of_some_weeks_and_days_that_are_otherwise(dragoman: Dragoman, mira: str) -> None:
    def do(verb: str, *words: str) -> Outcome:
        return dragoman("interpreters", verb, mira, *words, DRAGOMAN_NOW=NOW)

    summer = ("tue:19:30-21:00", "--from", "2027-06-01", "--ways", "video, telephone")
    assert do("add-hours", *summer).out == "Mira Beispiel can be asked within these times.\n"
    assert "tue:19:30-21:00" in do("hours").out
    assert do("day").out == "No day to come is otherwise than every week.\n"
    assert do("day", "2027-03-05", "off").out == "2027-03-05: not at all\n"
    instead = ("2027-03-05", "instead", "14:00-18:00")
    assert do("day", *instead).out == "2027-03-05: instead, 14:00-18:00\n"
    past = do("day", "2027-02-26", "off")
    assert (past.code, "This day is over" in past.err) == (1, True)
    missing = do("day", "2027-03-08", "also")
    assert (missing.code, "from when to when" in missing.err) == (1, True)
    assert do("day", "2027-03-05", "--as-every-week").out.startswith("No day")
    assert "as every week already" in do("day", "2027-03-05", "--as-every-week").err


def test_notice_regions_holidays_and_travel_mode(dragoman: Dragoman, mira: str) -> None:
    def do(*words: str) -> Outcome:
        return dragoman("interpreters", "conditions", mira, *words, DRAGOMAN_NOW=NOW)

    assert do().out.splitlines() == [
        "Notice: none",
        "Districts: all",
        "Public holidays: yes",
        "School holidays: yes",
        "Travels by: car",
    ]
    changed = do(
        "--notice", "2", "--unit", "working_days", "--region", "Innenstadt-West",
        "--no-public-holidays", "--travel-mode", "public_transport",
    )  # fmt: skip
    assert changed.out.splitlines() == [
        "Notice: 2 working days",
        "Districts: Innenstadt-West",
        "Public holidays: no",
        "School holidays: yes",
        "Travels by: public transport",
    ]
    assert do("--everywhere").out.splitlines()[:2] == ["Notice: 2 working days", "Districts: all"]
    wrong = do("--region", "Atlantis")
    assert (wrong.code, "There is no district “Atlantis”" in wrong.err) == (1, True)


def test_an_absence_lists_what_it_hits_and_needs_a_decision(
    dragoman: Dragoman, mira: str, installation: Settings
) -> None:
    asked = dragoman("interpreters", "absent", mira, *TUESDAY, DRAGOMAN_NOW=NOW)
    assert asked.code == 1
    assert asked.out.startswith("Tue, 2 Mar, 10:00 DO-2027-"), "as everywhere a person reads it"
    assert asked.out.endswith(" Romanian\n")
    assert "--each" in asked.err
    assert resolutions(installation) == []
    done = dragoman("interpreters", "absent", mira, *TUESDAY, "--each=replace", DRAGOMAN_NOW=NOW)
    assert (done.code, done.err) == (0, "")
    assert resolutions(installation) == ["replace"]


def test_an_absence_lists_the_open_questions_it_takes_back_and_waits_for_a_yes(
    dragoman: Dragoman, mira: str, installation: Settings
) -> None:
    app = create_app(installation)
    with app.app_context():
        with transaction():
            asked = factories.asked(start=TOMORROW_TEN + timedelta(days=1))
            [one] = db.session.scalars(sa.select(Interpreter))
            offers.make(SYSTEM, asked.id, one.id, now=factories.NOW)
        number = asked.reference
        db.session.remove()
        db.engine.dispose()
    wednesday = ("absent", mira, "--from", "2027-03-03", "--until", "2027-03-03")
    seen = dragoman("interpreters", *wednesday, DRAGOMAN_NOW=NOW)
    assert (seen.code, "--yes" in seen.err) == (1, True)
    assert seen.out == f"Wed, 3 Mar, 10:00 {number} Romanian, an open question\n"
    done = dragoman("interpreters", *wednesday, "--yes", DRAGOMAN_NOW=NOW)
    assert done.out.endswith("The absence is noted.\n")


def test_what_somebody_has_before_them_is_said_with_what_still_waits_for_the_office(
    dragoman: Dragoman, mira: str, installation: Settings
) -> None:
    def do(verb: str, *words: str) -> Outcome:
        return dragoman("interpreters", verb, mira, *words, DRAGOMAN_NOW=NOW)

    coming = do("show").out
    assert coming.startswith("Assignment 1: Tue, 2 Mar, 10:00, DO-2027-")
    assert coming.endswith(", Romanian, Rathaus Beispiel: confirmed\n")
    hours = (*TUESDAY, "--start", "09:00", "--end", "12:30", "--each", "ask")
    assert do("absent", *hours).code == 0
    lines = do("show").out.splitlines()
    assert lines[1] == "Absence 1: Tue, 2 Mar, 09:00–12:30"
    assert lines[2].endswith("the interpreter has not decided yet; until then it stays")
    assert "not away" in do("back").err
    assert do("back", "--absence", "1").out == "This absence is over.\n"
    assert do("show").out == coming
    assert do("absent", *TUESDAY, "--each", "replace").code == 0
    assert do("back", "--absence", "1").code == 0
    assert do("show").out.startswith("Nothing is planned or asked")


def test_who_is_nobody_of_the_pool_is_named(dragoman: Dragoman, mira: str) -> None:
    unknown = dragoman("interpreters", "hours", "kim@example.org", DRAGOMAN_NOW=NOW)
    assert (unknown.code, "kim@example.org" in unknown.err) == (1, True)
