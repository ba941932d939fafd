"""Files for which there is no room: nothing of them is left, what was there before stays."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from dispatch import whole_files
from dispatch.database import transaction
from dispatch.emergency import service as emergency
from dispatch.settings import ROOT, Settings
from tests import factories
from tests.factories import NOW

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def room_for(octets: int) -> Iterator[None]:
    """Let no file of this process grow beyond so much, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_has_no_room_leaves_nothing_and_what_was_there_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "list.html"
    whole_files.write(file, b"before")
    with room_for(1_000), pytest.raises(OSError, match="too large"):
        whole_files.write(file, b"x" * 2_000)
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


@sqlite_only
@pytest.mark.usefixtures("frozen_clock")
def test_the_list_for_the_day_when_nothing_works_stays_while_the_disk_is_full(
    app: Flask, settings: Settings
) -> None:
    target = settings.emergency_list
    with app.app_context():
        emergency.write(now=NOW)
        before = target.read_bytes()
        with transaction():
            factories.asked(room="Zimmer 12")
        with room_for(len(before)), pytest.raises(OSError, match="too large"):
            emergency.write(now=NOW)
        assert target.read_bytes() == before
        emergency.write(now=NOW)
        assert b"Zimmer 12" in target.read_bytes()


ON_A_FULL_DISK = """
import resource
from dispatch.cli.main import main
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
main()
"""


@sqlite_only
def test_a_backup_onto_a_full_disk_is_refused_and_nothing_of_it_is_left(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, "backup", str(folder / "today")],
        cwd=ROOT,
        env=os.environ | {"DRAGOMAN_DATABASE_URL": settings.database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing of it is kept; see that there is room, and try again" in done.stderr
    assert list(folder.iterdir()) == []
