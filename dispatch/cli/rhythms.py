"""Asking for a series from the command line: on which days, and the same on each of them."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.amendments.foreseeing import details_to_ask_again
from dispatch.cli.adding import answerable
from dispatch.cli.context import application
from dispatch.cli.data import DAY
from dispatch.cli.dates import NUMBER
from dispatch.cli.dates import series as series
from dispatch.cli.requesting import AS
from dispatch.database import transaction
from dispatch.requests import queries as requests
from dispatch.series import rules, service
from dispatch.series.rules import OnHoliday, Pattern, Proposed, Rhythm
from dispatch.settings import active
from dispatch.web.formats import local_date, local_datetime


def _pattern(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say on which days a series takes place."""
    for option in (
        click.option(
            "--on-holiday",
            type=click.Choice([one.value for one in OnHoliday]),
            default=OnHoliday.LEAVE_OUT.value,
        ),
        click.option("--school-holidays/--no-school-holidays", default=True, help="Also in these."),
        click.option(
            "--day", "chosen", type=DAY, multiple=True, help="With chosen: one more; repeat it."
        ),
        click.option("--last", type=DAY, help="Or until this day."),
        click.option("--count", type=int, help="How many times."),
        click.option("--every", type=int, default=1, show_default=True, help="Weeks or months."),
        click.option("--rhythm", type=click.Choice([str(one) for one in Rhythm]), default="weekly"),
        click.option("--first", type=DAY, required=True),
    ):
        command = option(command)
    return command


def _proposed(
    first: datetime,
    rhythm: str,
    every: int,
    count: int | None,
    last: datetime | None,
    on_holiday: str,
    chosen: Collection[datetime],
    school_holidays: bool,
) -> list[Proposed]:
    pattern = Pattern(
        rhythm=Rhythm(rhythm),
        first=first.date(),
        every=every,
        last=last.date() if last else None,
        count=count,
        chosen=(first.date(), *(one.date() for one in chosen)),
        on_holiday=OnHoliday(on_holiday),
        in_school_holidays=school_holidays,
    )
    return rules.preview(pattern, active().city)


@series.command()
@_pattern
def preview(**pattern: Any) -> None:
    """Say on which days a series would take place, and which are left out or moved, and why.

    Example: dragoman series preview --first 2027-03-01 --count 6 --on-holiday move
    """
    with application():
        for one in _proposed(**pattern):
            click.echo(_in_words(one))


def _in_words(one: Proposed) -> str:
    day = local_date(one.day) if one.day else f"left out: {local_date(one.planned)}"
    remarks = ", ".join(remark.replace("_", " ") for remark in one.remarks)
    return f"{day} ({remarks})" if remarks else day


@series.command()
@NUMBER
@AS
@click.option("--again", is_flag=True, help="Second ones are meant beside those that are there.")
@click.option("--urgent", is_flag=True, help="It cannot wait, though it begins so soon.")
@_pattern
def ask(number: str, email: str, again: bool, urgent: bool, **pattern: Any) -> None:
    """Ask for the same as in a request on the days of a series, at the same time of the day.

    Example: dragoman series ask DO-2027-K7QF3D --as kim@example.org --first 2027-03-08 --count 6
    """
    with application():
        account, days = accounts.require(email), _proposed(**pattern)
        found = requests.find_numbered(account, number)
        details = details_to_ask_again(found)
        with transaction(), answerable():
            made = service.ask(
                account.actor,
                account,
                replace(details, is_urgent=urgent or details.is_urgent),
                [one.day for one in days if one.day],
                rhythm=Rhythm(pattern["rhythm"]),
                every=pattern["every"],
                now=clock.now(),
                again=again,
            )
        for date in made.dates:
            one = date.interpretation_request
            click.echo(f"{one.reference}: {local_datetime(one.starts_at, one.time_zone)}")
        for left in days:
            if left.day is None:
                click.echo(_in_words(left))
