"""The day itself from the command line: what somebody says of an assignment, written down."""

from datetime import datetime, time

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import correcting, queries, rules, service
from dispatch.attendance.rules import NO_TIMES, Times
from dispatch.cli.context import application
from dispatch.cli.requesting import AS
from dispatch.cli.standing import in_words
from dispatch.database import transaction
from dispatch.ledger.rules import Reasons
from dispatch.web.formats import local_time

CLOCK = click.DateTime(["%H:%M"])
MISSING = {
    "client": AssignmentState.NO_SHOW_CLIENT,
    "interpreter": AssignmentState.NO_SHOW_INTERPRETER,
}


@click.group()
def day() -> None:
    """Write down what happens on the day: on the way, arrived, late, finished, did not come.

    Example: dragoman day arrived 17 --as ada@example.org
    """


@day.command("on-the-way")
@click.argument("number", type=int)
@AS
def on_the_way(number: int, email: str) -> None:
    """Write down that the interpreter of an assignment has set out.

    Example: dragoman day on-the-way 17 --as ada@example.org
    """
    _say(number, email, AssignmentState.ON_THE_WAY)


@day.command()
@click.argument("number", type=int)
@AS
def arrived(number: int, email: str) -> None:
    """Write down that the interpreter is there.

    Example: dragoman day arrived 17 --as ada@example.org
    """
    _say(number, email, AssignmentState.ARRIVED)


@day.command()
@click.argument("number", type=int)
@AS
def begun(number: int, email: str) -> None:
    """Write down that the talk has begun; until it is finished, it may last longer than agreed.

    Example: dragoman day begun 17 --as ada@example.org
    """
    _say(number, email, AssignmentState.RUNNING)


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--minutes", type=int, required=True, help="Than agreed; past that start, from now.")
def late(number: int, email: str, minutes: int) -> None:
    """Write down that the interpreter comes so many minutes later; those who wait hear it.

    Example: dragoman day late 17 --as ada@example.org --minutes 20
    """
    with application():
        account = accounts.require(email)
        with transaction():
            found = queries.find(account, number)
            expected_at = service.late(account.actor, number, minutes, now=clock.now())
            told = local_time(expected_at, found.interpretation_request.time_zone)
        click.echo(f"Those who wait are told: there at about {told}.")


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--minutes", type=int, required=True, help="Than agreed; past that end, from now.")
def longer(number: int, email: str, minutes: int) -> None:
    """Write down that a talk that runs takes so many minutes longer; the office sees who waits.

    Example: dragoman day longer 17 --as ada@example.org --minutes 30
    """
    with application():
        account = accounts.require(email)
        with transaction():
            found = queries.find(account, number)
            until = service.longer(account.actor, number, minutes, now=clock.now())
            told = local_time(until, found.interpretation_request.time_zone)
        click.echo(f"Written down: it takes until about {told}.")


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--began", type=CLOCK, help="Wall time at the place; with --ended.")
@click.option("--ended", type=CLOCK, help="Wall time at the place; without both it ends now.")
def finished(number: int, email: str, began: datetime | None, ended: datetime | None) -> None:
    """Write down that it is over, and its real times; both sides hear them.

    Example: dragoman day finished 17 --as ada@example.org --began 10:05 --ended 11:10
    """
    if (began is None) != (ended is None):
        raise click.UsageError("Give --began and --ended together, or neither.")
    walls = (began.time(), ended.time()) if began and ended else None
    _say(number, email, AssignmentState.COMPLETED, walls)


@day.command("no-show")
@click.argument("number", type=int)
@AS
@click.option("--of", "who", type=click.Choice(list(MISSING)), required=True)
def no_show(number: int, email: str, who: str) -> None:
    """Write down that the client or the interpreter did not come; both sides hear it.

    Example: dragoman day no-show 17 --as kim@example.org --of interpreter
    """
    _say(number, email, MISSING[who])


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--to", "really", type=click.Choice(["completed", *MISSING]), required=True)
@click.option("--reason", required=True, help="Only the office reads it.")
@click.option("--began", type=CLOCK, help="Wall time at the place; with --ended.")
@click.option("--ended", type=CLOCK, help="Wall time at the place.")
def correct(
    number: int,
    email: str,
    really: str,
    reason: str,
    began: datetime | None,
    ended: datetime | None,
) -> None:
    """Correct what came of an assignment: it took place, or this side did not come.

    Example: dragoman day correct 17 --as kim@example.org --to completed --reason "wrong room"
    """
    state = MISSING.get(really, AssignmentState.COMPLETED)
    with application():
        account = accounts.require(email)
        with transaction():
            found = queries.find(account, number)
            took_place = state == AssignmentState.COMPLETED
            walls = (began.time(), ended.time()) if took_place and began and ended else None
            times, why = _times(found, walls), Reasons(office=reason)
            correcting.correct(account.actor, number, state, times, reasons=why, now=clock.now())
        click.echo(f"Corrected: {in_words(state)}.")


def _say(
    number: int, email: str, state: AssignmentState, walls: tuple[time, time] | None = None
) -> None:
    with application():
        account = accounts.require(email)
        with transaction():
            times = _times(queries.find(account, number), walls)
            service.say(account.actor, number, state, times, now=clock.now())
        click.echo(f"Written down: {in_words(state)}.")


def _times(found: Assignment, walls: tuple[time, time] | None) -> Times:
    """Return the real times of an assignment from wall times at its place; none without any."""
    if walls is None:
        return NO_TIMES
    agreed = found.starts_at, found.ends_at
    return rules.times_at(agreed, *walls, found.interpretation_request.time_zone)
