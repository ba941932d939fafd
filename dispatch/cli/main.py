"""The command dragoman: 0 done, 1 refused or failed (one sentence on stderr), 2 wrong usage."""

import sys

import click
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from dispatch.cli import accounts, data, doctor, planning, serving
from dispatch.errors import Refusal, Several


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
    accounts.user,
    accounts.sign_in_link,
    doctor.doctor,
):
    dragoman.add_command(command)


def main() -> None:
    """Run the command line; refusals become one sentence on stderr and exit code 1."""
    try:
        dragoman(prog_name="dragoman")
    except Several as several:
        for refusal in several.refusals:
            click.echo(str(refusal.text), err=True)
        sys.exit(1)
    except Refusal as refusal:
        click.echo(str(refusal.text), err=True)
        sys.exit(1)
    except ValidationError as wrong:
        for fault in wrong.errors():
            name = "DRAGOMAN_" + "_".join(str(part) for part in fault["loc"]).upper()
            click.echo(f"The setting {name.rstrip('_')} is wrong: {fault['msg']}.", err=True)
        sys.exit(1)
    except OperationalError as away:
        reason = str(away.orig).splitlines()[0]
        click.echo(f"The database cannot be used ({reason}); try dragoman migrate.", err=True)
        sys.exit(1)
