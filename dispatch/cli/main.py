"""The command dragoman: 0 done, 1 refused or failed (one sentence on stderr), 2 wrong usage."""

import gc
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

import click

from dispatch import settings
from dispatch.cli.failures import FAILURES, sentences
from dispatch.cli.private import keep_private


class Listed(NamedTuple):
    """A command: the module it is in, and what the list of all commands says of it."""

    module: str
    summary: str


COMMANDS = {
    "adopt": Listed("planning", "Make the offers of a proposal."),
    "backup": Listed("backups", "Back the database up while everybody works."),
    "calendar": Listed("calendars", "Look after calendars to subscribe to."),
    "day": Listed("leaving", "Write down what happens on the day."),
    "demo": Listed("serving", "Set up invented people at real places and serve it all."),
    "doctor": Listed("doctor", "Look at settings, database, guards, work and transports."),
    "drafts": Listed("keeping", "Look after drafts and templates."),
    "emergency-list": Listed("paper", "Write the list for the day when nothing works."),
    "inbound": Listed("receiving", "Look after mail that comes in."),
    "interpreters": Listed("person", "Look after the pool."),
    "migrate": Listed("migrating", "Bring the database to the newest schema."),
    "offers": Listed("saying", "Ask interpreters for a request."),
    "organisation": Listed("accounts", "Look after those who ask for interpreters."),
    "plan": Listed("planning", "Plan one or more days and store the proposal."),
    "requests": Listed("wishing", "Look after requests."),
    "restore": Listed("backups", "Bring a backup back where there is no database."),
    "seed": Listed("seeding", "Fill an empty database with invented people at real places."),
    "series": Listed("rhythms", "Look after series: the same at the same time on several dates."),
    "serve": Listed("serving", "Serve the pages."),
    "sign-in-link": Listed("accounts", "Print a link that signs somebody in once."),
    "sites": Listed("data", "Look after the site register."),
    "stop-planning": Listed(
        "planning", "Have the plan of a day that runs end with the best it has."
    ),
    "travel": Listed("travel", "Look after how long ways take."),
    "user": Listed("accounts", "Look after accounts."),
    "worker": Listed("serving", "Do the background work until told to stop."),
}
"""Each is loaded when it is called, so that none waits for what another needs."""
TWILIO = "twilio.rest"


class Commands(click.Group):
    """The commands of `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = _loaded(f"dispatch.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, listed.summary) for name, listed in COMMANDS.items()])


def _loaded(name: str) -> ModuleType:
    """Load a module of commands.

    Not looking for garbage meanwhile, of which there is none, spares a tenth of every start.
    """
    gc.disable()
    try:
        with _without_twilio():
            return import_module(name)
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _without_twilio() -> Iterator[None]:
    """Let nobody import Twilio's library meanwhile.

    Flask-Security does wherever it is installed, for second factors by SMS that nobody has here,
    and takes a tenth of every start for it. What sends SMS imports it when the first is sent.
    """
    if TWILIO in sys.modules:
        yield
        return
    sys.modules[TWILIO] = None  # type: ignore[assignment] # an import of it fails
    try:
        yield
    finally:
        del sys.modules[TWILIO]


@click.group(cls=Commands)
def dragoman() -> None:
    """Send an interpreter to the right place at the right time.

    Example: dragoman plan --day 2027-01-12
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; refusals become one sentence each on stderr and exit code 1."""
    keep_private(settings.INSTANCE)
    if not sys.warnoptions:  # what libraries warn of is for whoever changes the program
        warnings.simplefilter("ignore")
    try:
        dragoman(arguments, prog_name="dragoman")
    except FAILURES as failure:
        for sentence in sentences(failure):
            click.echo(sentence, err=True)
        sys.exit(1)
