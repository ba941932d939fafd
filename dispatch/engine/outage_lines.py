"""What DBOS says of a database that is away: a line at the beginning, one a minute, one at the end.

Its threads try again several times a second, each with a warning of many lines.
"""

import logging
import sys

import psycopg

from dispatch.database_refusals import as_outage
from dispatch.engine.trouble import where
from dispatch.repeated import Repeated


class _Outages(logging.Filter):
    """Tells whether a line of DBOS is to be written as it is; of an outage a short one is.

    An outage is known by the failure that is being handled, not by words.
    """

    def __init__(self) -> None:
        super().__init__()
        self._repeated = Repeated(logging.getLogger(__name__))

    def filter(self, _record: logging.LogRecord) -> bool:
        failure = sys.exception()
        if failure is None:
            return True
        outage = as_outage(failure)
        if outage is None and not isinstance(failure, psycopg.OperationalError):
            return True
        code = outage.code if outage else "database-away"
        kind = f"jobs wait ({code}, {type(getattr(failure, 'orig', failure)).__name__})"
        self._repeated.say(kind, f"{kind}: {where(failure)}")
        return False


def keep_from_repeating() -> None:
    """Before DBOS is launched: have what it says of an outage said once a minute."""
    log = logging.getLogger("dbos")
    for one in [one for one in log.filters if isinstance(one, _Outages)]:
        log.removeFilter(one)  # of a worker that was in this process before
    log.addFilter(_Outages())
