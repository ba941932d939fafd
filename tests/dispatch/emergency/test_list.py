"""When nothing works, a sheet of paper says who goes where."""

import stat
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from dispatch.database import transaction
from dispatch.emergency import service
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import service as offers
from dispatch.settings import Settings
from tests import factories
from tests.factories import NOW

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def written(now: datetime = NOW) -> str:
    return service.write(now=now).read_text(encoding="utf-8")


@pytest.mark.usefixtures("session")
def test_it_says_who_comes_who_is_asked_and_what_is_open_with_numbers_and_places() -> None:
    mira, ana = factories.interpreter("ro"), factories.interpreter("ro", name="Ana")
    team = factories.asked(interpreters=3, room="Zimmer 12", contact="Frau Beispiel")
    factories.coming(team, mira)
    offers.make(SYSTEM, team.id, ana.id, now=NOW)
    page = written()
    for word in (
        "Mo., 1. März 2027", "Di., 2. März 2027", "10:00–11:00", "Rumänisch", team.reference,
        "Mira Beispiel", "01522 8817386", "Ana Beispiel", "gefragt, noch keine Antwort",
        "1 offen", "Friedensplatz 1", "44135", "Zimmer 12", "Frau Beispiel",
    ):  # fmt: skip
        assert word in page
    assert page.index("Mo., 1. März") < page.index("Di., 2. März") < page.index("Rumänisch")


@pytest.mark.usefixtures("session")
def test_it_reaches_to_the_next_working_day() -> None:
    friday = datetime.fromisoformat("2027-03-05T12:00:00+00:00")
    page = written(friday)
    assert "Fr., 5. März" in page
    assert "Mo., 8. März" in page
    assert "Di., 9. März" not in page


@pytest.mark.usefixtures("session")
def test_no_case_and_no_note_stands_on_it() -> None:
    factories.asked(case_reference="AZ-4711", note="vertraulich")
    page = written()
    assert "AZ-4711" not in page
    assert "vertraulich" not in page


@pytest.mark.usefixtures("session")
def test_what_people_typed_cannot_become_part_of_the_page() -> None:
    factories.asked(room="<script>alert(1)</script>")
    assert "<script" not in written()


@sqlite_only
def test_only_the_owner_reads_it_and_the_old_one_stays_until_the_new_one_is_whole(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    target: Path = settings.emergency_list
    with app.app_context(), transaction():
        service.write(now=NOW)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        before = target.read_text()

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        factories.asked()
        with pytest.raises(OSError, match="No space"):
            service.write(now=NOW)
    assert target.read_text() == before
    assert [one.name for one in target.parent.iterdir() if "emergency" in one.name] == [target.name]
