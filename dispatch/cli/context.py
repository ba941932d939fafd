"""Running a command inside the application."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask_babel import force_locale

from dispatch import schema, settings
from dispatch.app import create_app


@contextmanager
def application() -> Iterator[None]:
    """Make the application of this installation and speak English on the command line.

    Refuses a database that is behind this program or has lost a guard.
    """
    schema.require_current(settings.active().database_url)
    app = create_app(settings.active())
    with app.app_context(), force_locale("en"):
        yield


def keep_private(instance: Path) -> None:
    """Let nobody but the owner read what an installation keeps, also what is made later."""
    os.umask(0o077)
    if instance.is_dir():
        for path in (instance, *instance.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
