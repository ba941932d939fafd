"""Changing, cancelling and bringing back one request."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments import naming, proposing, restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import Concerned, Foreseen, details_of, foresee
from dispatch.amendments.rules import Fate
from dispatch.amendments.telling import reason_for
from dispatch.assignments.models import Assignment
from dispatch.cancellations import deciding, undoing
from dispatch.cancellations import service as cancellations
from dispatch.cancellations.owing import Rule
from dispatch.cli.context import application, tried
from dispatch.cli.data import requests
from dispatch.cli.pool import require_interpreter
from dispatch.cli.said import CLOCK, differently, said
from dispatch.clients import queries as clients
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM, Reasons, require_reason
from dispatch.requests import queries, reviewing
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import duration, local_datetime

AS = click.option("--as", "email", required=True, help="The account that does it.")
CLIENT_HEARS_NOTHING = (
    "The client has already been reminded by SMS and hears nothing more from us: whoever asked has "
    "to tell them."
)
YES = click.option("--yes", is_flag=True, help="Do it; otherwise it is only said what it means.")
REASON = click.option(
    "--reason", default="", help="Only the office reads it, an illness for example."
)
TOLD = click.option(
    "--told",
    default="",
    help="Everybody concerned reads it: nothing that tells who the client is.",
)
WORDS = {
    Fate.UNTOUCHED: "hears nothing",
    Fate.TOLD: "is told; the yes still holds",
    Fate.ASKED_AGAIN: "is asked again",
    Fate.STANDS: "comes as agreed; the yes stands, as nobody was asked yet",
    Fate.LEAVES: "cannot come like this",
}
OWED = {
    Rule.LATE: "since it is told so late",
    Rule.IN_TIME: "since it is told in time",
    Rule.NOT_BY_JOB: "as the city pays them nothing for what is called off",
}
ASKED_WORDS = {Fate.ASKED_AGAIN: "asked anew", Fate.LEAVES: "not asked any more"}


@requests.command()
@click.argument("number")
@AS
@said
@YES
def change(number: str, email: str, yes: bool, **given: Any) -> None:
    """Change a request, or say first what that means for everybody concerned.

    What is left out stays as it is; an empty text (--room "") is none. A new start without a latest
    start is the only one.

    Example: dragoman requests change DO-2027-K7QF3D --as kim@example.org --start 14:00 --yes
    """
    with application():
        account = accounts.require(email)
        found = queries.find_numbered(account, number)
        now, wanted = clock.now(), differently(account, details_of(found), given)
        foreseen = foresee(found, wanted, now=now)
        for line in _lines(account.role, foreseen, now):
            click.echo(line)
        if known := client_knows(found, foreseen):
            click.echo(known)
        with tried(for_good=yes):
            amendments.amend(account.actor, found.id, wanted, now=now)
        click.echo("Changed." if yes else "Nothing is changed yet; --yes does it.")


@requests.command("another-start")
@click.argument("number")
@click.argument("start", type=CLOCK)
@click.option("--sure", is_flag=True, help="You know of somebody who could come then.")
def another_start(number: str, start: datetime, *, sure: bool) -> None:
    """Ask those who asked whether it may begin at another time of the day; nothing changes yet.

    Example: dragoman requests another-start DO-2027-K7QF3D 13:30
    """
    # Here, since it brings the solver: no other command of these should take a second to begin.
    from dispatch.planning.advice.questions import require_somebody_at

    with application(), transaction():
        found = queries.by_reference(number)
        wall = datetime.combine(found.day, start.time())
        starts_at = clock.localize(wall, found.time_zone)
        if not sure:
            require_somebody_at(found, starts_at, now=clock.now())
        proposing.propose_start(SYSTEM, found.id, starts_at, now=clock.now())
        click.echo(f"{found.account.name} is asked by e-mail.")


@requests.command("answer-start")
@click.argument("number")
@click.argument("answer", type=click.Choice(["yes", "no"]))
@AS
def answer_start(number: str, answer: str, email: str) -> None:
    """Answer whether it may begin at the other time the office has asked about.

    Example: dragoman requests answer-start DO-2027-K7QF3D yes --as kim@example.org
    """
    with application(), transaction():
        account = accounts.require(email)
        found = queries.find_numbered(account, number)
        starts_at = proposing.require_proposed(found)
        agreed = answer == "yes"
        proposing.answer_start(account.actor, found.id, starts_at, agreed=agreed, now=clock.now())
        click.echo("Changed." if agreed else "It stays as it was asked for.")


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
        found = queries.find_numbered(account, number)
        person = require_interpreter(interpreter)
        act = naming.admit if after_all else naming.exclude
        by_office = account.role == Role.COORDINATOR
        act(account.actor, found.id, [person.id], by_office=by_office, now=clock.now())
        click.echo(f"{person.name} {'may' if after_all else 'must not'} come to {found.reference}.")


@requests.command()
@click.argument("number")
@AS
@REASON
@TOLD
@YES
def cancel(number: str, email: str, reason: str, told: str, yes: bool) -> None:
    """Cancel a request, or say first what is owed then.

    Those who asked say why by --told, the office by --reason.

    Example: dragoman requests cancel DO-2027-K7QF3D --as kim@example.org --told moved --yes
    """
    with application():
        account = accounts.require(email)
        found = queries.find_numbered(account, number)
        why, now = reasons_of(account, reason, told), clock.now()
        with tried(for_good=yes):
            foreseen = deciding.foresee(found, now)
            is_reminded = clients.is_reminded(found.id)
            cancellations.cancel_request(account.actor, found.id, reasons=why, now=now)
        say_who_reads(why)
        for one in foreseen:
            owed = (
                f"{duration(one.owed.minutes)} is owed" if one.owed.minutes else "nothing is owed"
            )
            click.echo(f"{one.assignment.interpreter.first_name}: {owed}, {OWED[one.owed.rule]}.")
        if is_reminded:
            click.echo(CLIENT_HEARS_NOTHING)
        click.echo("Cancelled." if yes else "Nothing is cancelled yet; --yes does it.")


def client_knows(one: InterpretationRequest, foreseen: Foreseen) -> str:
    """Return that the client was reminded of another start than a change makes it, or ""."""
    known = clients.other_start_known(one.id, foreseen.demand.starts_at)
    if known is None:
        return ""
    when = local_datetime(known, one.time_zone)
    return f"The client was reminded of {when}: please tell them the new start."


def client_to_hear(back: undoing.Back, time_zone: str) -> str:
    """Return that a client who was reminded before has to be told that it takes place, or ""."""
    if back.client is None:
        return ""
    if back.client.other_start is None:
        return "The client was reminded before: please tell them that it takes place after all."
    when = local_datetime(back.client.other_start, time_zone)
    return f"The client was reminded of {when}: please tell them that it takes place, and when."


def reasons_of(account: Account, reason: str, told: str) -> Reasons:
    """Return both reasons; `Refusal` where the needed one lacks."""
    reasons = Reasons(office=reason, told=told)
    require_reason(reasons, by_office=account.role not in ASKS)
    return reasons


def say_who_reads(reasons: Reasons) -> None:
    """Say what others read of it, if they do."""
    if reasons.told:
        click.echo(f"Everybody concerned reads: {reasons.told}")


@requests.command()
@click.argument("number")
@AS
def undo(number: str, email: str) -> None:
    """Take a cancellation back: the same people come again, if they are free.

    Example: dragoman requests undo DO-2027-K7QF3D --as kim@example.org
    """
    with application():
        account = accounts.require(email)
        found = queries.find_numbered(account, number)
        with transaction():
            back = restoring.undo(account.actor, found.id, now=clock.now())
        for one in back.coming:
            click.echo(f"{one.interpreter.first_name} comes again.")
        for asked in back.asked:
            click.echo(f"{asked.interpreter.first_name} is asked again.")
        for one in back.gone:
            click.echo(f"{one.interpreter.first_name} does not come again.")
        if back.asked_anew:
            click.echo(f"{back.asked_anew} who had been asked are asked once more.")
        if back.nobody_asked:
            click.echo("Somebody is still wanted, and nobody is asked.")
        click.echo(f"{found.reference} takes place after all.")
        if told := client_to_hear(back, found.time_zone):
            click.echo(told)


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
    """Refuse what waits for the office, for good; those who asked hear it.

    That is what it looks at first, and what is in a language nobody could find out.

    Example: dragoman requests refuse DO-2027-K7QF3D --reason "asked for every day"
    """
    with application(), transaction():
        found = queries.by_reference(number)
        why = Reasons(office=reason, told=told)
        reviewing.refuse(SYSTEM, found.id, reasons=why, now=clock.now())
        click.echo(f"{found.reference} is refused; those who asked hear it.")


def words_for(role: str, foreseen: Foreseen) -> Iterator[tuple[Concerned, str]]:
    """Yield each person this role may read of by name, and what the change means for them.

    Those who ask learn names with a yes.
    """
    for one in foreseen.people:
        if role == Role.COORDINATOR or isinstance(one.by, Assignment):
            yield one, f"{one.interpreter.first_name} {WORDS[one.fate]}"


def not_named(role: str, foreseen: Foreseen) -> Iterator[str]:
    """Yield how many who have not answered yet a change concerns, for those who read no names."""
    if role == Role.COORDINATOR:
        return
    for fate, what in ASKED_WORDS.items():
        if count := len(foreseen.asked_of(fate)):
            yield f"{count} who {'has' if count == 1 else 'have'} not answered yet: {what}"


def _lines(role: str, foreseen: Foreseen, now: datetime) -> Iterator[str]:
    for one, words in words_for(role, foreseen):
        reason = reason_for(role, foreseen, one, now)
        yield f"{words} ({reason})." if reason else f"{words}."
    yield from (f"{line}." for line in not_named(role, foreseen))
