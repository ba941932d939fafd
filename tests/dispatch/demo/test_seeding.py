import socket
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from dispatch import cities
from dispatch import settings as installation
from dispatch.absences.models import AbsenceJob
from dispatch.availability.models import Absence
from dispatch.cli import demonstration
from dispatch.cli.main import main
from dispatch.database import Base, db
from dispatch.demo import people
from dispatch.demo import service as demo
from dispatch.demo.chance import stream
from dispatch.errors import NotFound, Refusal
from dispatch.requests.models import InterpretationRequest
from dispatch.series.models import SeriesDate
from dispatch.settings import Settings
from tests.conftest import MONDAY_MORNING

PLANNED_FROM = MONDAY_MORNING + timedelta(hours=15)
"""Midnight in Dortmund, when the planned day begins."""

SECRET = {"fs_uniquifier", "token_hash", "uid", "token"}
UNTOUCHED_BY_THE_PLAN = (
    "accounts",
    "availabilities",
    "held_qualifications",
    "interpreters",
    "organisations",
    "sites",
    "weekly_hours",
    "working_languages",
)


@pytest.fixture
def dragoman(monkeypatch, capsys):
    """Run the command and return exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["dragoman", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        printed = capsys.readouterr()
        return left.value.code, printed.out, printed.err

    return run


def invented():
    """Return all that the seed alone decides: no secrets, nothing the planned day changed."""
    lines = []
    for name in UNTOUCHED_BY_THE_PLAN:
        table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.name not in SECRET]
        lines += [str(tuple(row)) for row in db.session.execute(sa.select(*columns).order_by("id"))]
    of_the_planned_day = sa.select(AbsenceJob.absence_id)
    away = sa.select(Absence.availability_id, Absence.starts_at, Absence.ends_at)
    away = away.where(Absence.id.not_in(of_the_planned_day)).order_by(Absence.id)
    lines += [str(tuple(row)) for row in db.session.execute(away)]
    asked = InterpretationRequest
    of_a_series = sa.select(SeriesDate.interpretation_request_id)
    # the series, and what has just come in, is asked for once the day is planned
    seeded = asked.id.not_in(of_a_series) & ~(asked.is_urgent | asked.needs_review)
    for of_each, those in (
        ((asked.reference, asked.site_id, asked.language, asked.submitted_at), seeded),
        # on the planned day the first yes chooses among the starts of a window
        ((asked.reference, asked.starts_at), seeded & (asked.starts_at < PLANNED_FROM)),
    ):
        rows = db.session.execute(sa.select(*of_each).where(those).order_by(asked.id))
        lines += [str(tuple(row)) for row in rows]
    history = sa.select(asked.state).where(asked.starts_at <= MONDAY_MORNING).order_by(asked.id)
    lines += [str(tuple(row)) for row in db.session.execute(history)]
    return lines


def test_the_second_start_keeps_the_data(demo_data, capsys):
    before = invented()
    demonstration.prepare()
    assert "is kept" in capsys.readouterr().out
    assert invented() == before


def test_seeding_twice_is_refused_in_one_sentence_and_changes_nothing(demo_data, dragoman):
    before = invented()
    code, _out, err = dragoman("seed", "--seed", "2")
    assert code == 1
    assert err.strip().count("\n") == 0
    assert "data already" in err
    assert invented() == before


def test_a_city_nobody_knows_is_refused_in_one_sentence(demo_data, dragoman):
    code, _out, err = dragoman("seed", "--city", "atlantis")
    assert code == 1
    assert err == "There is no city “atlantis”; there is: athens, dortmund.\n"


def test_a_city_without_data_is_refused_in_one_sentence(demo_data):
    sparta = cities.named("athens").model_copy(update={"key": "sparta"})
    with pytest.raises(NotFound) as refused:
        demo.require_city(sparta)
    said = "There is no demo data for “sparta”; there is some for: athens, dortmund."
    assert str(refused.value.text) == said


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2027, 3, 6), date(2027, 3, 26)])
def test_a_day_that_is_over_a_weekend_or_a_holiday_is_refused_with_the_next_that_is_right(
    demo_data, day
):
    with pytest.raises(Refusal) as refused:
        demo.seed(cities.named("dortmund"), 1, day, MONDAY_MORNING)
    assert refused.value.code == "not-a-working-day-to-come"
    assert refused.value.field == "day"


def test_a_port_that_is_taken_is_refused_before_anything_is_set_up(dragoman, tmp_path):
    database = tmp_path / "new.sqlite"
    installation.use(Settings(database_url=f"sqlite:///{database}"))
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        port = somebody.getsockname()[1]
        code, _out, err = dragoman("demo", "--port", str(port))
    assert code == 1
    assert f"Port {port} cannot be used" in err
    assert not database.exists()


def test_the_day_is_said_to_be_over_once_it_is(demo_data):
    assert not demo.is_over(MONDAY_MORNING + timedelta(days=1))
    assert demo.is_over(MONDAY_MORNING + timedelta(days=2))


def test_another_seed_invents_other_people():
    one, other = (next(people.names(stream(seed, "names"))) for seed in (1, 2))
    assert one != other


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_same_seed_makes_the_same_data_on_another_database(
    first_start, settings, inside, dragoman
):
    with inside(first_start.settings):
        on_sqlite = invented()
    on_monday = settings.model_copy(update={"now": MONDAY_MORNING})
    installation.use(on_monday)
    assert dragoman("seed", "--seed", "1", "--day", "2027-03-02") == (
        0,
        "Demo data is in; 2027-03-02 is the day to plan.\n",
        "",
    )
    with inside(on_monday):
        assert invented() == on_sqlite
