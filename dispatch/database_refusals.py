"""What a database refuses or cannot do, in words: a conflict, an outage."""

import sqlite3

from flask_babel import lazy_gettext as _l
from sqlalchemy import exc as sa_exc

from dispatch.errors import Conflict, Unavailable

ONE_PLANNING_RUN = "one_planning_run_per_day"
"""The name of the guard that refuses a second planning run over the same day."""


def as_conflict(refused: sa_exc.DBAPIError) -> Conflict | None:
    """Return the refusal for what somebody else did first; None for anything else."""
    code = getattr(refused.orig, "sqlstate", None)
    text = str(refused.orig)
    if "no_double_booking" in text or "double booking" in text:
        return Conflict(
            "double-booking",
            _l("The interpreter was given another assignment at this time a moment ago."),
        )
    if code in {"40P01", "40001", "55P03"}:
        return Conflict(
            "at-the-same-moment",
            _l("Somebody else was changing this at the same moment; please try again."),
        )
    if code == "23505" or "UNIQUE constraint failed" in text or ONE_PLANNING_RUN in text:
        return Conflict(
            "already-there", _l("This was done a moment ago already; look at the page again.")
        )
    return None


def as_outage(failure: BaseException) -> Unavailable | None:
    """Return the refusal for a database that is away, full or busy; None for anything else."""
    if not isinstance(
        failure, sa_exc.OperationalError | sa_exc.InterfaceError | sa_exc.TimeoutError
    ):
        return None
    cause = getattr(failure, "orig", None)
    code, text = getattr(cause, "sqlstate", None), str(cause or failure)
    if "disk is full" in text or code == "53100":
        return Unavailable(
            "database-full",
            _l(
                "The disk of the database is full, and nothing was changed; please try again later."
            ),
        )
    if "locked" in text or "busy" in text or isinstance(failure, sa_exc.TimeoutError):
        return busy()
    if isinstance(cause, sqlite3.OperationalError) and text.startswith(("no such", "near ")):
        return None  # a statement that is wrong is a fault of the program
    return Unavailable(
        "database-away",
        _l("The database cannot be reached right now; please try again in a moment."),
    )


def busy() -> Unavailable:
    """Return the refusal for a database that others keep busy for too long."""
    return Unavailable(
        "database-busy",
        _l("The database is busy, and nothing was changed; please try again in a minute."),
    )
