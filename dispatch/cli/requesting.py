"""Changing, cancelling and bringing back one request."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.rules import Role
from dispatch.amendments import naming
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import Foreseen, details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.cancellations import deciding, undoing
from dispatch.cancellations import service as cancellations
from dispatch.cli.context import application
from dispatch.cli.data import DAY, requests
from dispatch.cli.pool import require_interpreter
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.requests import queries, reviewing

AS = click.option("--as", "email", required=True, help="The account that does it.")
YES = click.option("--yes", is_flag=True, help="Do it; otherwise it is only said what it means.")
WORDS = {
    Fate.UNTOUCHED: "hears nothing",
    Fate.TOLD: "is told; the yes still holds",
    Fate.ASKED_AGAIN: "is asked again",
    Fate.LEAVES: "cannot come like this",
}


@requests.command()
@click.argument("number")
@AS
@click.option("--day", type=DAY)
@click.option("--start", type=click.DateTime(["%H:%M"]), help="Wall time at the site.")
@click.option(
    "--latest-start",
    type=click.DateTime(["%H:%M"]),
    help="Where a window is asked for: it begins at the latest then, the same day.",
)
@click.option("--duration", type=int, help="Minutes.")
@click.option("--interpreters", type=int)
@click.option("--room")
@click.option("--contact")
@click.option("--ways", help="Such as on_site,video: the next only where nobody is found.")
@click.option("--video-link", help="For whoever interprets by video.")
@click.option("--dial-in", help="For whoever interprets by telephone.")
@click.option(
    "--only-same-person/--any-person",
    default=None,
    help="Of those who came to the case before, nobody else.",
)
@click.option("--urgent", is_flag=True, help="It cannot wait, though it begins sooner than asked.")
@YES
def change(
    number: str,
    email: str,
    day: datetime | None,
    start: datetime | None,
    latest_start: datetime | None,
    yes: bool,
    ways: str | None,
    urgent: bool,
    **texts: str | int | None,
) -> None:
    """Change a request, or say first what that means for everybody concerned.

    A new start without a latest start is the only one.

    Example: dragoman requests change DO-2027-K7QF3D --as kim@example.org --start 14:00 --yes
    """
    with application():
        account = accounts.require(email)
        found = queries.find(account, queries.by_reference(number).id)
        now, details = clock.now(), details_of(found)
        wall = datetime.combine(
            day.date() if day else details.wall_start.date(),
            start.time() if start else details.wall_start.time(),
        )
        names = {"duration": "duration_minutes", "interpreters": "interpreter_count"}
        changed: dict[str, Any] = {
            names.get(name, name): value for name, value in texts.items() if value is not None
        }
        latest = None if start else details.latest_start
        latest = latest_start.time() if latest_start else latest
        if ways is not None:
            changed["ways"] = tuple(one.strip() for one in ways.split(","))
        same = wall == details.wall_start
        wanted = replace(
            details,
            wall_start=wall,
            second_occurrence=details.second_occurrence if same else None,
            latest_start=latest,
            is_urgent=urgent,
            **changed,
        )
        for line in _lines(foresee(found, wanted, now=now)):
            click.echo(line)
        if yes:
            with transaction():
                amendments.amend(account.actor, found.id, wanted, now=now)
        click.echo("Changed." if yes else "Nothing is changed yet; --yes does it.")


@requests.command()
@click.argument("number")
@click.argument("interpreter")
@AS
@click.option("--after-all", is_flag=True, help="Take it back: they may come.")
def exclude(number: str, interpreter: str, email: str, after_all: bool) -> None:
    """Note that an interpreter, named by e-mail address, must not come; they do not hear of it.

    Example: dragoman requests exclude DO-2027-K7QF3D mira@example.org --as office@example.org
    """
    with application(), transaction():
        account = accounts.require(email)
        found = queries.find(account, queries.by_reference(number).id)
        person = require_interpreter(interpreter)
        act = naming.admit if after_all else naming.exclude
        by_office = account.role == Role.COORDINATOR
        act(account.actor, found.id, [person.id], by_office=by_office, now=clock.now())
        click.echo(f"{person.name} {'may' if after_all else 'must not'} come to {found.reference}.")


@requests.command()
@click.argument("number")
@AS
@click.option("--reason", required=True, help="Told to everybody concerned.")
@YES
def cancel(number: str, email: str, reason: str, yes: bool) -> None:
    """Cancel a request, or say first what is owed then.

    Example: dragoman requests cancel DO-2027-K7QF3D --as kim@example.org --reason moved --yes
    """
    with application():
        account = accounts.require(email)
        found = queries.find(account, queries.by_reference(number).id)
        for one in deciding.foresee(found, clock.now()):
            owed = f"{one.owed.minutes} minutes are owed" if one.owed.minutes else "nothing is owed"
            click.echo(f"{one.assignment.interpreter.first_name}: {owed} ({one.owed.rule}).")
        if yes:
            why = Reasons(office=reason, told=reason)
            with transaction():
                cancellations.cancel_request(account.actor, found.id, reasons=why, now=clock.now())
        click.echo("Cancelled." if yes else "Nothing is cancelled yet; --yes does it.")


@requests.command()
@click.argument("number")
@AS
def undo(number: str, email: str) -> None:
    """Take a cancellation back: the same people come again, if they are free.

    Example: dragoman requests undo DO-2027-K7QF3D --as kim@example.org
    """
    with application():
        account = accounts.require(email)
        found = queries.find(account, queries.by_reference(number).id)
        with transaction():
            back = undoing.undo(account.actor, found.id, now=clock.now())
        for one in back.coming:
            click.echo(f"{one.interpreter.first_name} comes again.")
        for asked in back.asked:
            click.echo(f"{asked.interpreter.first_name} is asked again.")
        for one in back.gone:
            click.echo(f"{one.interpreter.first_name} does not come again.")
        click.echo(f"{found.reference} takes place after all.")


@requests.command()
@click.argument("number")
def approve(number: str) -> None:
    """Approve what the office looks at first: from now on somebody is looked for.

    Example: dragoman requests approve DO-2027-K7QF3D
    """
    with application(), transaction():
        found = queries.by_reference(number)
        reviewing.approve(SYSTEM, found.id, now=clock.now())
        click.echo(f"{found.reference} is approved; those who asked hear it.")


@requests.command()
@click.argument("number")
@click.option("--reason", required=True, help="Only the office reads it.")
@click.option("--told", default="", help="What those who asked are told.")
def refuse(number: str, reason: str, told: str) -> None:
    """Refuse what the office looks at first, for good; those who asked hear it.

    Example: dragoman requests refuse DO-2027-K7QF3D --reason "asked for every day"
    """
    with application(), transaction():
        found = queries.by_reference(number)
        why = Reasons(office=reason, told=told)
        reviewing.refuse(SYSTEM, found.id, reasons=why, now=clock.now())
        click.echo(f"{found.reference} is refused; those who asked hear it.")


def _lines(foreseen: Foreseen) -> Iterator[str]:
    for one in foreseen.people:
        why = f" ({one.why})" if one.why else ""
        yield f"{one.interpreter.first_name} {WORDS[one.fate]}{why}."
