"""The doctor finds what is wrong, names it, says what to do, and changes nothing itself."""

import json
import socket
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from dispatch import clock, engine
from dispatch.app import create_app
from dispatch.cli import database_findings
from dispatch.database import transaction
from dispatch.schema import missing_guards
from dispatch.settings import Settings
from tests import factories
from tests.dispatch.cli.conftest import Dragoman
from tests.dispatch.travel.engines import Osrm, running

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql_only = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def change(settings: Settings, *statements: str) -> None:
    """Do to the database what a careless hand would, past our own connections."""
    with closing(sqlite3.connect(settings.database_url.removeprefix("sqlite:///"))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def bad(dragoman: Dragoman, **environment: str) -> dict[str, str]:
    """Return what the doctor found wrong: name and finding."""
    looked = dragoman("doctor", "--json", **environment)
    found = {one["name"]: one for one in json.loads(looked.out)}
    wrong = {name: str(one["found"]) for name, one in found.items() if not one["well"]}
    assert looked.code == (1 if wrong else 0)
    assert len(looked.err.splitlines()) == len(wrong)
    for name in wrong:
        assert found[name]["remedy"] in looked.err
    return wrong


@sqlite_only
def test_a_good_installation_is_well(dragoman: Dragoman) -> None:
    looked = dragoman("doctor")
    assert (looked.code, looked.err) == (0, "")
    assert "ok   database: sqlite\n" in looked.out
    assert "BAD" not in looked.out


@sqlite_only
def test_a_schema_that_is_behind_is_found(dragoman: Dragoman, installation: Settings) -> None:
    change(installation, "UPDATE alembic_version SET version_num = '0000'")
    assert bad(dragoman)["schema"].startswith("0000, this program needs ")


@pytest.mark.parametrize(
    "guard",
    [
        "no_double_booking_insert",
        "no_double_booking_update",
        "changes_no_update",
        "changes_no_delete",
    ],
)
@sqlite_only
def test_a_guard_that_was_dropped_is_found_and_nothing_starts(
    dragoman: Dragoman, installation: Settings, guard: str
) -> None:
    change(installation, f"DROP TRIGGER {guard}")
    name = "guards against double bookings and changed records"
    assert bad(dragoman) == {name: f"missing: {guard}"}
    for command in (["serve"], ["worker"], ["plan", "--day=2027-03-02"], ["migrate"]):
        refused = dragoman(*command)
        assert refused.code == 1
        assert f"double bookings or changed records ({guard}); restore" in refused.err


@postgresql_only
@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("ALTER TABLE holds DROP CONSTRAINT no_double_booking", "no_double_booking"),
        ("DROP TRIGGER changes_append_only ON changes", "changes_append_only"),
        ("ALTER TABLE changes DISABLE TRIGGER ALL", "changes_append_only"),
    ],
)
def test_a_guard_that_was_dropped_in_postgresql_is_found(
    dragoman: Dragoman, installation: Settings, statement: str, guard: str
) -> None:
    database = sa.create_engine(installation.database_url)
    with database.begin() as connection:
        assert missing_guards(connection) == []
        connection.execute(sa.text(statement))
    database.dispose()
    name = "guards against double bookings and changed records"
    assert bad(dragoman)[name] == f"missing: {guard}"


@postgresql_only
def test_a_server_that_forgets_what_it_confirmed_is_found(dragoman: Dragoman) -> None:
    assert bad(dragoman)["durability"] == (
        "fsync off, full_page_writes off, synchronous_commit off"
    )


@sqlite_only
def test_a_journal_in_which_readers_wait_is_found(
    dragoman: Dragoman, installation: Settings
) -> None:
    change(installation, "PRAGMA journal_mode=DELETE")
    assert bad(dragoman) == {"journal": "delete"}


@sqlite_only
def test_a_damaged_page_is_found_with_the_advice_to_restore(
    dragoman: Dragoman, installation: Settings
) -> None:
    file = Path(installation.database_url.removeprefix("sqlite:///"))
    change(installation, "PRAGMA wal_checkpoint(TRUNCATE)")
    octets = bytearray(file.read_bytes())
    octets[-4096:] = b"\xff" * 4096
    file.write_bytes(octets)
    assert set(bad(dragoman)) == {"integrity"}
    assert "restore the last backup" in dragoman("doctor").err


@sqlite_only
def test_a_journal_that_grows_is_found(dragoman: Dragoman, installation: Settings) -> None:
    file = Path(installation.database_url.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN").execute("SELECT * FROM sites").fetchall()
        with file.with_name(file.name + "-wal").open("ab") as journal:
            journal.truncate(70_000_000)
        assert bad(dragoman) == {"journal size": "70 MB"}


@sqlite_only
def test_a_disk_without_room_is_found(dragoman: Dragoman, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_findings, "LEAST_ROOM_BYTES", 10**18, raising=False)
    assert bad(dragoman)["room on the disk"].endswith(" MB free for the database")
    assert "make room on the disk of the database" in dragoman("doctor").err


@sqlite_only
def test_a_file_that_is_no_database_is_found(dragoman: Dragoman, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database at all" * 100)
    found = bad(dragoman, DRAGOMAN_DATABASE_URL=f"sqlite:///{broken}")
    assert found["database"] == "file is not a database"


@sqlite_only
def test_a_database_that_is_not_there_is_found_and_not_made(
    dragoman: Dragoman, tmp_path: Path
) -> None:
    absent = tmp_path / "absent.sqlite"
    found = bad(dragoman, DRAGOMAN_DATABASE_URL=f"sqlite:///{absent}")
    assert found == {"database": "there is no file absent.sqlite"}
    assert not absent.exists()


@sqlite_only
def test_wrong_settings_are_found(dragoman: Dragoman) -> None:
    found = bad(dragoman, DRAGOMAN_CITY="koeln")
    assert found["settings"].startswith("The setting DRAGOMAN_CITY is wrong: There is no")


@sqlite_only
def test_a_clock_that_stands_is_found(dragoman: Dragoman) -> None:
    assert bad(dragoman, DRAGOMAN_NOW="2027-03-01T08:00Z") == {
        "clock": "stands at 2027-03-01 08:00:00+00:00"
    }


@sqlite_only
def test_others_who_are_reached_by_nothing_are_found(dragoman: Dragoman) -> None:
    found = bad(dragoman, DRAGOMAN_PUBLIC_BASE_URL="https://interpreters.example")
    assert found == {"mail": "goes to the sink sink/", "SMS": "goes to the sink sink/"}


@sqlite_only
def test_a_mail_server_that_does_not_answer_is_found(dragoman: Dragoman) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
        url = f"smtp://127.0.0.1:{port}"
        assert bad(dragoman, DRAGOMAN_SMTP_URL=url) == {"SMS": "is not set up; its messages wait"}
    assert bad(dragoman)["mail"].startswith(f"SMTP at 127.0.0.1:{port} does not answer")


@sqlite_only
def test_a_routing_engine_that_is_away_is_found(dragoman: Dragoman) -> None:
    with running(Osrm) as engine:
        answer = dragoman("doctor", DRAGOMAN_ROUTING_URL=f"car={engine.url}")
        assert f"ok   ways: OSRM at {engine.url}: car" in answer.out
    assert bad(dragoman)["ways"].startswith(f"{engine.url} does not answer")


@sqlite_only
def test_a_timetable_that_has_ended_is_found(dragoman: Dragoman, installation: Settings) -> None:
    change(
        installation,
        "INSERT INTO timetables (publisher, feed_version, file_name, valid_from, valid_until, day,"
        " imported_at, network) VALUES ('', '', 'old.zip', '2020-01-01', '2020-12-12',"
        " '2020-02-03', '2020-01-01 08:00:00', '')",
    )
    assert bad(dragoman)["timetable"] == "ended on 2020-12-12"


@sqlite_only
def test_a_way_that_stands_still_is_found_with_since_when_and_how_many_wait(
    dragoman: Dragoman, installation: Settings
) -> None:
    change(
        installation,
        "INSERT INTO transport_states (channel, state, since, next_try_at, failures, error_code,"
        " error) VALUES ('sms', 'down', '2027-03-01 08:00:00', '2027-03-01 08:01:00', 3,"
        " 'credentials-refused', 'Twilio 20003')",
    )
    assert bad(dragoman) == {
        "SMS delivery": "stands still since 2027-03-01 08:00 UTC"
        " (credentials-refused Twilio 20003); 0 wait"
    }


@sqlite_only
def test_a_key_others_can_read_is_found(dragoman: Dragoman, installation: Settings) -> None:
    installation.secret_key()
    installation.secret_key_file.chmod(0o644)
    assert bad(dragoman) == {"secret key": "readable by others"}


@sqlite_only
def test_an_empty_key_is_found(dragoman: Dragoman, installation: Settings) -> None:
    installation.secret_key_file.touch(mode=0o600)
    assert bad(dragoman)["secret key"] == "empty"


@sqlite_only
def test_a_key_that_can_be_guessed_is_found(dragoman: Dragoman, installation: Settings) -> None:
    installation.secret_key_file.write_text("secret")
    installation.secret_key_file.chmod(0o600)
    assert bad(dragoman)["secret key"] == "too short: 6 of at least 32 characters"


@sqlite_only
def test_work_that_waits_for_a_worker_is_found(dragoman: Dragoman, installation: Settings) -> None:
    _enqueue(installation)
    assert bad(dragoman) == {}
    change(installation, "UPDATE workflow_status SET created_at = created_at - 6 * 60 * 1000")
    assert bad(dragoman)["work"].startswith("jobs that wait: 1, the oldest for 6 min; left behind")


@sqlite_only
def test_work_a_dead_worker_left_behind_is_found(
    dragoman: Dragoman, installation: Settings, tmp_path: Path
) -> None:
    _enqueue(installation)
    change(
        installation,
        f"UPDATE workflow_status SET status = 'PENDING', executor_id = '{'a' * 32}'",
    )
    assert bad(dragoman)["work"].endswith("left behind by workers that died: 1")


def _enqueue(installation: Settings) -> None:
    app = create_app(installation)
    with app.app_context(), transaction():
        engine.enqueue("make_up_for_missed")


@sqlite_only
def test_a_request_whose_zone_got_new_rules_is_named(
    dragoman: Dragoman, installation: Settings
) -> None:
    soon = clock.now().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=20)
    with create_app(installation).app_context(), transaction():
        numbers = [
            factories.asked(start=soon.replace(tzinfo=None) + timedelta(days=day), now=clock.now())
            for day in range(2)
        ]
    assert bad(dragoman) == {}
    change(
        installation,
        "UPDATE interpretation_requests SET wall_start = replace(wall_start, 'T09', 'T10') "
        "WHERE id = 2",
    )
    assert bad(dragoman) == {
        "zones": "1 requests begin at another time on the wall than was agreed: "
        + numbers[1].reference
    }
