"""Falling ill, coming back and what an absence left open, from the command line."""

from datetime import date

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings
from dispatch.absences import queries, service
from dispatch.cli.context import application
from dispatch.cli.data import DAY, as_date
from dispatch.cli.pool import interpreters as interpreters
from dispatch.cli.pool import require_interpreter
from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.web.formats import local_datetime


@interpreters.command()
@click.argument("email")
@click.option("--until", "last", type=DAY, required=True, help="The last day away.")
def sick(email: str, last: date) -> None:
    """Note that somebody is ill from now on: off every assignment, and all of them are replaced.

    Example: dragoman interpreters sick mira@example.org --until 2027-03-05
    """
    with application():
        now, zone_name = clock.now(), settings.active().time_zone
        until = clock.day_bounds(as_date(last), zone_name)[1]
        who = require_interpreter(email).id
        hit = queries.hit_by(who, (now, until), now)
        lines = [
            f"{local_datetime(one.starts_at, zone_name)} {one.interpretation_request.reference}"
            for one in hit.jobs
        ]
        with transaction():
            service.sick(SYSTEM, who, until, now=now)
        for line in lines:
            click.echo(f"{line}: somebody else is looked for")
        click.echo("Noted; those who asked are told.")


@interpreters.command()
@click.argument("email")
@click.option("--absence", "number", type=int, help="This one, also before it begins.")
def back(email: str, number: int | None) -> None:
    """Note that somebody is there again, or does not go; what was given away stays away.

    `dragoman interpreters show` says the numbers of absences.

    Example: dragoman interpreters back mira@example.org
    """
    with application(), transaction():
        now, who = clock.now(), require_interpreter(email)
        to_come = [one for one in who.availability.absences if now < one.ends_at]
        away = [one for one in to_come if one.id == (number or one.id)]
        if number is None:
            away = [one for one in away if one.starts_at <= now]
        if not away:
            raise Conflict("not-away", _l("%(email)s is not away now.", email=email))
        for one in away:
            service.come_back(SYSTEM, one.id, now=now)
        click.echo("There again." if number is None else "This absence is over.")


@interpreters.command()
@click.argument("email")
@click.argument("reference")
@click.option("--keep/--replace", required=True, help="It stays, or somebody else is looked for.")
def settle(email: str, reference: str, *, keep: bool) -> None:
    """Decide on an assignment that an absence left open: it stays, or somebody else comes.

    Example: dragoman interpreters settle mira@example.org DO-2027-K7QF3D --replace
    """
    with application(), transaction():
        now, who = clock.now(), require_interpreter(email)
        number = reference.strip().upper()
        for one in queries.undecided_of(who.id, now):
            if one.assignment.interpretation_request.reference == number:
                service.settle(SYSTEM, one.id, keeps=keep, now=now)
                click.echo("It stays." if keep else "Somebody else is looked for.")
                return
        raise Conflict("nothing-open", _l("No absence of %(email)s left this open.", email=email))
