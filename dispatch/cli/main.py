"""The command dragoman: 0 done, 1 refused or failed (one sentence on stderr), 2 wrong usage."""

import sys
from collections.abc import Sequence

import click

from dispatch import settings
from dispatch.cli import accounts, data, doctor, planning, serving
from dispatch.cli.context import keep_private
from dispatch.cli.failures import FAILURES, sentences


@click.group()
def dragoman() -> None:
    """Send an interpreter to the right place at the right time.

    Example: dragoman plan --day 2027-01-12
    """


for command in (
    serving.demo,
    serving.serve,
    serving.worker,
    serving.migrate,
    data.seed,
    data.requests,
    data.interpreters,
    data.sites,
    planning.plan,
    accounts.organisation,
    accounts.user,
    accounts.sign_in_link,
    doctor.doctor,
):
    dragoman.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; refusals become one sentence each on stderr and exit code 1."""
    keep_private(settings.INSTANCE)
    try:
        dragoman(arguments, prog_name="dragoman")
    except FAILURES as failure:
        for sentence in sentences(failure):
            click.echo(sentence, err=True)
        sys.exit(1)
