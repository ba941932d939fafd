"""A database that is away is said once and summed up each minute; nothing else is left out."""

import logging

import pytest
import sqlalchemy as sa

from dispatch.engine import outage_lines
from dispatch.repeated import Repeated

LOG = logging.getLogger("dbos")


@pytest.fixture(autouse=True)
def _heard(monkeypatch: pytest.MonkeyPatch) -> None:
    outage_lines.keep_from_repeating()
    monkeypatch.setattr(LOG, "propagate", True)


def complain(failure: Exception) -> None:
    """Say what DBOS says where something fails."""
    try:
        raise failure
    except Exception as trouble:
        LOG.warning("Database connection failed: %s", trouble, exc_info=True)


def away(reason: str) -> sa.exc.OperationalError:
    return sa.exc.OperationalError("SELECT 'Amal K.'", None, ConnectionError(reason))


def test_hundreds_of_lines_about_one_outage_are_one_and_another_failure_stands_beside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for number in range(300):
        complain(away(f"connection refused, attempt {number}"))
    complain(ZeroDivisionError("something else"))
    LOG.warning("something without a failure")
    first, *others = [one.getMessage() for one in caplog.records]
    assert first.startswith("jobs wait (database-away, ConnectionError): OperationalError")
    assert others == [
        "Database connection failed: something else", "something without a failure",
    ]  # fmt: skip
    assert "Amal" not in caplog.text


def test_each_minute_says_how_many_there_were_and_the_last_that_it_ended(
    caplog: pytest.LogCaptureFixture,
) -> None:
    pages = Repeated(logging.getLogger("dispatch.test"))
    for page in ("/", "/requests", "/board"):
        pages.say("503 (database-away)", f"GET {page}: 503 (database-away)")
    pages.say("503 (database-full)", "POST /requests/new: 503 (database-full)")
    pages.sum_up("503 (database-away)")
    pages.sum_up("503 (database-away)")
    pages.say("503 (database-away)", "GET /day: 503 (database-away)")
    assert [one.getMessage() for one in caplog.records] == [
        "GET /: 503 (database-away)",
        "POST /requests/new: 503 (database-full)",
        "503 (database-away): 2 times more within a minute",
        "503 (database-away): not once within the last minute",
        "GET /day: 503 (database-away)",
    ]
