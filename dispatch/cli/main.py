"""The command dragoman: 0 done, 1 refused or failed (one sentence on stderr), 2 wrong usage."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from dispatch import settings
from dispatch.cli.failures import FAILURES, sentences
from dispatch.cli.private import keep_private

MODULES = {
    "demo": "serving",
    "doctor": "doctor",
    "interpreters": "pool",
    "migrate": "migrating",
    "offers": "rounds",
    "organisation": "accounts",
    "plan": "planning",
    "requests": "requesting",
    "seed": "data",
    "serve": "serving",
    "sign-in-link": "accounts",
    "sites": "data",
    "travel": "travel",
    "user": "accounts",
    "worker": "serving",
}
"""Where each command is; it is loaded when it is called, so that none waits for another's needs."""


class Commands(click.Group):
    """The commands of `MODULES`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is none of that name."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f"dispatch.cli.{MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command


@click.group(cls=Commands)
def dragoman() -> None:
    """Send an interpreter to the right place at the right time.

    Example: dragoman plan --day 2027-01-12
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; refusals become one sentence each on stderr and exit code 1."""
    keep_private(settings.INSTANCE)
    try:
        dragoman(arguments, prog_name="dragoman")
    except FAILURES as failure:
        for sentence in sentences(failure):
            click.echo(sentence, err=True)
        sys.exit(1)
