"""When, how long before and where to somebody wants to be asked, from the command line."""

from datetime import date, datetime, time
from typing import Any

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.availability import rules, service, writing
from dispatch.availability.models import Availability, ExceptionalDay
from dispatch.availability.rules import (
    ConditionDetails,
    DayDetails,
    Exceptional,
    NoticeUnit,
    WeeklyDetails,
)
from dispatch.cities.working_time import local_day
from dispatch.cli.away import interpreters as interpreters
from dispatch.cli.context import application
from dispatch.cli.data import DAY, as_date
from dispatch.cli.pool import require_interpreter
from dispatch.database import transaction
from dispatch.errors import NotFound
from dispatch.interpreters import service as people
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.requests import ways as request_ways
from dispatch.requests.ways import WAY_NAMES
from dispatch.settings import active
from dispatch.sites.queries import districts
from dispatch.travel.estimate import Mode

EMAIL = click.argument("email")
WAYS = click.option("--ways", help="Such as “on site, video”; otherwise all of them.")
WORDS = {Exceptional.OFF: "not at all", Exceptional.INSTEAD: "instead", Exceptional.ALSO: "also"}


@interpreters.command("add-hours")
@EMAIL
@click.argument("week", nargs=-1, required=True)
@click.option("--from", "first", type=DAY, help="Only from this day on.")
@click.option("--until", "last", type=DAY, help="Only until this day.")
@WAYS
def add_hours(
    email: str,
    week: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    ways: str | None,
) -> None:
    """Add weekly hours to those that are there, also for some weeks or ways only.

    Example: dragoman interpreters add-hours mira@example.org tue:14:00-18:00 --from 2027-04-01
    """
    with application(), transaction():
        one = require_interpreter(email)
        for weekday, start, end in [writing.read(word, "week") for word in week]:
            details = WeeklyDetails(
                [weekday],
                start,
                end,
                as_date(first) if first else None,
                as_date(last) if last else None,
                _ways(ways),
            )
            service.add_hours(
                SYSTEM, one.availability_id, details, whose=_whose(one), now=clock.now()
            )
        click.echo(f"{one.name} can be asked within these times.")


@interpreters.command("day")
@EMAIL
@click.argument("day", type=DAY, required=False)
@click.argument("kind", type=click.Choice([str(one) for one in Exceptional]), required=False)
@click.argument("hours", required=False)
@WAYS
@click.option("--as-every-week", is_flag=True, help="Take back what was said of this day.")
def exceptional_day(
    email: str,
    day: datetime | None,
    kind: str | None,
    hours: str | None,
    ways: str | None,
    as_every_week: bool,
) -> None:
    """Say what is otherwise on one day, or show the days to come on which something is.

    Off is not at all, instead these hours and not those of the week, also these hours, too.

    Example: dragoman interpreters day mira@example.org 2027-03-05 instead 14:00-18:00
    """
    with application(), transaction():
        one = require_interpreter(email)
        if day is not None and as_every_week:
            _take_back(one, as_date(day))
        elif day is not None and kind is not None:
            start, end = _hours(hours)
            details = DayDetails(as_date(day), Exceptional(kind), start, end, _ways(ways))
            service.add_day(
                SYSTEM,
                one.availability_id,
                details,
                whose=_whose(one),
                now=clock.now(),
                city=active().city,
            )
        today = local_day(clock.now(), active().city)
        shown = [each for each in one.availability.exceptional_days if each.day >= today]
        for each in sorted(shown, key=lambda each: each.day):
            click.echo(_line(each))
        if not shown:
            click.echo("No day to come is otherwise than every week.")


@interpreters.command("conditions")
@EMAIL
@click.option("--notice", type=int, help="So long before the start at the latest; 0: any time.")
@click.option("--unit", type=click.Choice([str(one) for one in NoticeUnit]), help="Of the notice.")
@click.option("--region", "regions", multiple=True, help="A district to go to; may be repeated.")
@click.option("--everywhere", is_flag=True, help="To all districts.")
@click.option("--public-holidays/--no-public-holidays", default=None, help="Also on these.")
@click.option("--school-holidays/--no-school-holidays", default=None, help="Also in these.")
@click.option("--travel-mode", type=click.Choice([str(one) for one in Mode]))
def conditions(email: str, everywhere: bool, travel_mode: str | None, **given: Any) -> None:
    """Say how long before, where to and on which holidays somebody wants to be asked; or show it.

    What is left out stays as it is.

    Example: dragoman interpreters conditions mira@example.org --notice 2 --unit working_days
    """
    with application(), transaction():
        one, now = require_interpreter(email), clock.now()
        details = _conditions(one.availability, everywhere=everywhere, **given)
        service.set_conditions(
            SYSTEM,
            one.availability_id,
            details,
            districts=districts(),
            whose=_whose(one),
            now=now,
        )
        if travel_mode is not None:
            people.travel_by(SYSTEM, one.id, Mode(travel_mode), now=now)
        for line in _shown(details, travel_mode or one.travel_mode):
            click.echo(line)


def _conditions(
    said: Availability,
    *,
    everywhere: bool,
    notice: int | None,
    unit: str | None,
    regions: tuple[str, ...],
    public_holidays: bool | None,
    school_holidays: bool | None,
) -> ConditionDetails:
    holidays = said.on_public_holidays if public_holidays is None else public_holidays
    school = said.in_school_holidays if school_holidays is None else school_holidays
    return ConditionDetails(
        notice=said.notice if notice is None else notice,
        notice_unit=NoticeUnit(unit or said.notice_unit),
        regions=() if everywhere else regions or said.regions,
        on_public_holidays=holidays,
        in_school_holidays=school,
    )


def _shown(details: ConditionDetails, travel_mode: str) -> list[str]:
    unit = details.notice_unit.replace("_", " ")
    return [
        f"Notice: {details.notice} {unit}" if details.notice else "Notice: none",
        f"Districts: {', '.join(details.regions) or 'all'}",
        f"Public holidays: {'yes' if details.on_public_holidays else 'no'}",
        f"School holidays: {'yes' if details.in_school_holidays else 'no'}",
        f"Travels by: {travel_mode.replace('_', ' ')}",
    ]


def _take_back(one: Interpreter, day: date) -> None:
    found = [each.id for each in one.availability.exceptional_days if each.day == day]
    if not found:
        raise NotFound("no-exception", _l("This day is as every week already."), field="day")
    for each in found:
        service.remove_day(SYSTEM, one.availability_id, each, whose=_whose(one), now=clock.now())


def _hours(written: str | None) -> tuple[time | None, time | None]:
    """Return from when to when, as `14:00-18:00`; nothing where nothing is written."""
    if written is None:
        return None, None
    _weekday, start, end = writing.read(f"mon:{written}", "hours")
    return start, end


def _line(one: ExceptionalDay) -> str:
    hours = ""
    if one.start is not None and one.end is not None:
        hours = f", {one.start.strftime('%H:%M')}-{one.end.strftime('%H:%M')}"
        if set(one.ways) != set(rules.Way):
            hours += f", {', '.join(str(WAY_NAMES[way]) for way in one.ways)}"
    return f"{one.day.isoformat()}: {WORDS[Exceptional(one.kind)]}{hours}"


def _ways(written: str | None) -> tuple[str, ...]:
    return tuple(rules.Way) if written is None else request_ways.read(written)


def _whose(one: Interpreter) -> Concerning:
    return Concerning(interpreter=one.id)
