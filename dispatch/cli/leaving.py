"""Confirming or taking back a yes from the command line, as the day comes near."""

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.attendance import day_before, queries
from dispatch.attendance.rules import require_office, side_of
from dispatch.cancellations import deciding, withdrawing
from dispatch.cli.context import application
from dispatch.cli.day import day as day
from dispatch.cli.requesting import AS
from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import Reasons

REASON = click.option("--reason", default="", help="Only the office reads it.")


@day.command()
@click.argument("number", type=int)
@AS
def confirm(number: int, email: str) -> None:
    """Write down that the interpreter still comes, as is asked the working day before.

    Example: dragoman day confirm 17 --as ada@example.org
    """
    with application():
        account = accounts.require(email)
        with transaction():
            found = queries.find(account, number)
            day_before.confirm(account.actor, found.id, now=clock.now())
        click.echo("Written down: still comes.")


@day.command("cannot-come")
@click.argument("number", type=int)
@AS
@REASON
@click.option("--told", default="", help="The reason that those who asked are told.")
def cannot_come(number: int, email: str, reason: str, told: str) -> None:
    """Take an interpreter off who cannot come, at any time before the start; it is looked anew.

    Example: dragoman day cannot-come 17 --as ada@example.org --reason "ill"
    """
    with application():
        account = accounts.require(email)
        with transaction():
            found, why = queries.find(account, number), Reasons(office=reason, told=told)
            withdrawing.cannot_come(account.actor, found.id, reasons=why, now=clock.now())
        click.echo("Written down; those who asked are told, and somebody else is looked for.")


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--reason", required=True, help="Only the office reads it.")
@click.option("--told", default="", help="The reason that those who asked are told.")
def withdraw(number: int, email: str, reason: str, told: str) -> None:
    """Take a yes back while there is time for it; afterwards there is a number to call.

    Example: dragoman day withdraw 17 --as ada@example.org --reason "an exam"
    """
    with application():
        account = accounts.require(email)
        with transaction():
            found, why = queries.find(account, number), Reasons(office=reason, told=told)
            withdrawing.withdraw(account.actor, found.id, reasons=why, now=clock.now())
        click.echo("Taken back; those who asked are told, and somebody else is looked for.")


@day.command()
@click.argument("number", type=int)
@AS
@click.option("--reason", required=True, help="Only the office reads it.")
def waive(number: int, email: str, reason: str) -> None:
    """Owe nothing after all for an assignment that was taken away late.

    Example: dragoman day waive 17 --as kim@example.org --reason "went home ill"
    """
    with application():
        account = accounts.require(email)
        with transaction():
            require_office(side_of(account.role))
            found, why = queries.find(account, number), Reasons(office=reason)
            decisions = deciding.of_request(found.interpretation_request_id)
            owed = [one.id for one in decisions if one.assignment_id == found.id and one.stands]
            if not owed:
                raise Conflict("nothing-owed", _l("Nothing is owed here any more."))
            deciding.waive(account.actor, owed[0], reasons=why, now=clock.now())
        click.echo("Nothing is owed any more; the decision and its reason are kept.")
