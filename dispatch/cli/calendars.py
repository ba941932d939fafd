"""Calendars to subscribe to, from the command line."""

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.cli.context import application
from dispatch.database import transaction
from dispatch.feeds import service
from dispatch.ledger.rules import SYSTEM


@click.group()
def calendar() -> None:
    """Look after calendars to subscribe to.

    Example: dragoman calendar end ada@example.org
    """


@calendar.command()
@click.argument("email")
def renew(email: str) -> None:
    """Give somebody a new address and print it; the one before leads nowhere any more.

    Example: dragoman calendar renew ada@example.org
    """
    with application():
        with transaction():
            address = service.renew(SYSTEM, accounts.require(email), now=clock.now())
        click.echo(address)


@calendar.command()
@click.argument("email")
def end(email: str) -> None:
    """Let somebody's address lead nowhere, for instance because others got to know it.

    Example: dragoman calendar end ada@example.org
    """
    with application():
        with transaction():
            service.end(SYSTEM, accounts.require(email), now=clock.now())
        click.echo("The address leads nowhere any more.")
