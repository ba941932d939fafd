"""Running a command inside the application."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask_babel import force_locale
from pydantic import HttpUrl

from dispatch import schema, settings
from dispatch.cli import running
from dispatch.database import db, transaction
from dispatch.installation import assemble


@contextmanager
def application() -> Iterator[None]:
    """Make the application of this installation and speak English on the command line.

    Links lead to the system that runs, at whatever port. Refuses a database that is behind this
    program or has lost a guard.
    """
    schema.require_current(settings.active().database_url)
    here = {"public_base_url": HttpUrl(running.address())}
    settings.use(settings.active().model_copy(update=here))
    app = assemble(settings.active())
    try:
        with app.app_context(), force_locale("en"):
            yield
    finally:
        with app.app_context():
            db.engine.dispose()


class _OnlyTried(Exception):
    """Takes back what was only to be tried."""


@contextmanager
def tried(*, for_good: bool) -> Iterator[None]:
    """Do everything inside in one transaction, and take it back unless it is `for_good`.

    So what is only said beforehand is refused for whatever would refuse the act itself.
    """
    with suppress(_OnlyTried), transaction():
        yield
        if not for_good:
            raise _OnlyTried
