"""What is measured: each prepares a world in an empty database and gives back the act."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from dispatch.absences import queries, service
from dispatch.absences.rules import Resolution
from dispatch.cities.working_time import at_wall
from dispatch.database import transaction
from dispatch.settings import active
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

Act = Callable[[], None]
A_DAY = timedelta(days=1)
JOBS, JOBS_A_DAY, POOL = 20, 2, 90


def absence_of_twenty_jobs() -> Act:
    """Somebody of a pool of 91 falls ill for twelve days with twenty assignments, all replaced."""
    with transaction():
        away = factories.interpreter()
        for _ in range(POOL):
            factories.interpreter()
        for number in range(JOBS):
            factories.coming(factories.asked(start=_start(number)), away)
    first = at_wall(TOMORROW_TEN.date(), time.min, active().city)
    span = (first, first + 12 * A_DAY)

    def act() -> None:
        hit = queries.hit_by(away.id, span, NOW)
        assert len(hit.jobs) == JOBS
        decided = dict.fromkeys([one.id for one in hit.jobs], Resolution.REPLACE)
        service.save(away.account.actor, away.id, span, decided, now=NOW)

    return act


def _start(number: int) -> datetime:
    days, of_day = divmod(number, JOBS_A_DAY)
    return TOMORROW_TEN + days * A_DAY + timedelta(hours=4 * of_day)


MEASURES: dict[str, Callable[[], Act]] = {"absence": absence_of_twenty_jobs}
"""By the name with which `--only` chooses them."""
