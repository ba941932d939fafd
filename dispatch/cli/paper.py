"""The emergency list from the command line."""

import click

from dispatch import clock
from dispatch.cli.context import application
from dispatch.emergency import service


@click.command()
def emergency_list() -> None:
    """Write the list for the day when nothing works, and say where it is.

    The days up to the next working day, on one page to print.
    A worker writes it every hour; it holds names, numbers and addresses.

    Example: dragoman emergency-list
    """
    with application():
        click.echo(service.write(now=clock.now()))
