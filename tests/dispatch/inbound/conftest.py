"""An installation whose mailbox is read."""

from pathlib import Path

import pytest

from dispatch.settings import Settings


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        database_url=database_url,
        secret_key_file=tmp_path / "secret_key",
        sink_dir=tmp_path / "sink",
        imap_url="imap://einsatz:secret@127.0.0.1:9/INBOX",
    )
