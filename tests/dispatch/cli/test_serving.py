"""What an installation keeps is its owner's."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch.cli.private import keep_private


@pytest.fixture
def _umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask")
def test_nobody_but_the_owner_reads_what_an_installation_keeps(tmp_path: Path) -> None:
    (tmp_path / "sink").mkdir(mode=0o755)
    (tmp_path / "secret_key").write_text("x")
    keep_private(tmp_path)
    (tmp_path / "sink" / "later.eml").write_text("x")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"sink": 0o700, "secret_key": 0o600, "later.eml": 0o600}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
