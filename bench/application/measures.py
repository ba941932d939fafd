"""What is measured: each prepares a world in an empty database and gives back the act."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta

from dispatch.absences import queries, service
from dispatch.absences.rules import Resolution
from dispatch.accounts.models import Account
from dispatch.amendments.foreseeing import details_of
from dispatch.cities.working_time import at_wall
from dispatch.database import transaction
from dispatch.languages.rules import offered
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.planning.proposals import service as planning
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.details import RequestDetails
from dispatch.series import changing, giving
from dispatch.series import service as series
from dispatch.series.ability import How
from dispatch.series.giving import Gift
from dispatch.series.queries import dates_of as of_series
from dispatch.series.rules import Choice, Scope
from dispatch.settings import active
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

Act = Callable[[], None]
A_DAY = timedelta(days=1)
JOBS, JOBS_A_DAY, POOL = 20, 2, 90
OFFERS, LANGUAGES = 400, 40
DATES = [TOMORROW_TEN.date() + timedelta(weeks=1 + number) for number in range(50)]


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


def series_asked() -> Act:
    """Somebody asks for fifty dates, a week apart."""
    with transaction():
        caseworker, details = _fifty_dates()

    def act() -> None:
        series.ask(caseworker.actor, caseworker, details, DATES, now=NOW)

    return act


def series_assigned() -> Act:
    """One person of a pool of 91 is assigned to all dates of a series of fifty."""
    series_id, interpreter_id = _series()

    def act() -> None:
        gift = Gift(interpreter_id, How.ASSIGN)
        done = giving.give(SYSTEM, series_id, Choice(1, Scope.ALL), gift, now=NOW)
        assert len(done.done) == len(DATES)

    return act


def series_changed() -> Act:
    """From the second of fifty dates on a series to which somebody comes begins an hour later."""
    series_id, interpreter_id = _series()
    with transaction():
        gift = Gift(interpreter_id, How.ASSIGN)
        giving.give(SYSTEM, series_id, Choice(1, Scope.ALL), gift, now=NOW)

    def act() -> None:
        [second] = [one for one in of_series(series_id) if one.number == 2]
        details = details_of(second.interpretation_request)
        later = replace(details, wall_start=details.wall_start + timedelta(hours=1))
        done = changing.amend(SYSTEM, series_id, Choice(2, Scope.FOLLOWING), later, now=NOW)
        assert len(done.done) == len(DATES) - 1

    return act


def series_cancelled() -> Act:
    """All dates of a series of fifty to which somebody comes are cancelled."""
    series_id, interpreter_id = _series()
    with transaction():
        gift = Gift(interpreter_id, How.ASSIGN)
        giving.give(SYSTEM, series_id, Choice(1, Scope.ALL), gift, now=NOW)

    def act() -> None:
        why = Reasons(office="moved", told="moved")
        series.cancel(SYSTEM, series_id, Choice(1, Scope.ALL), reasons=why, now=NOW)

    return act


def adoption_of_400() -> Act:
    """Somebody adopts a proposal of five days as a whole: four hundred offers to forty people."""
    with transaction():
        by, at = factories.account(of=factories.organisation()), factories.site()
        for tag in sorted(spoken.tag for spoken in offered())[:LANGUAGES]:
            factories.interpreter(tag)
            for number in range(OFFERS // LANGUAGES):
                factories.asked(tag, by=by, at=at, start=_start(number))
    first = TOMORROW_TEN.date()
    last = _start(OFFERS // LANGUAGES - 1).date()
    made = planning.compute(Horizon(first, last, active().time_zone), now=NOW)
    with transaction():
        proposal_id = planning.store(SYSTEM, made, now=NOW).id

    def act() -> None:
        adopted = planning.adopt(SYSTEM, proposal_id, None, zone_name=active().time_zone, now=NOW)
        assert len(adopted.offers) == OFFERS

    return act


def _series() -> tuple[int, int]:
    """Return a series of fifty dates and somebody of a pool of 91."""
    with transaction():
        caseworker, details = _fifty_dates()
        asked = series.ask(caseworker.actor, caseworker, details, DATES, now=NOW)
        who = factories.interpreter()
        for _ in range(POOL):
            factories.interpreter()
    return asked.id, who.id


def _fifty_dates() -> tuple[Account, RequestDetails]:
    caseworker = factories.account(of=factories.organisation())
    details = RequestDetails("ro", factories.site().id, TOMORROW_TEN, 60, "school", is_urgent=True)
    return caseworker, details


def _start(number: int) -> datetime:
    days, of_day = divmod(number, JOBS_A_DAY)
    return TOMORROW_TEN + days * A_DAY + timedelta(hours=4 * of_day)


MEASURES: dict[str, Callable[[], Act]] = {
    "adoption": adoption_of_400,
    "absence": absence_of_twenty_jobs,
    "series asked": series_asked,
    "series assigned": series_assigned,
    "series changed": series_changed,
    "series cancelled": series_cancelled,
}
"""By the name with which `--only` chooses them."""
