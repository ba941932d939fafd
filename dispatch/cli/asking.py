"""One interpreter and one request from the command line: who could come, asking, what they said."""

from collections.abc import Sequence
from datetime import datetime

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.amendments import moving
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.attendance.queries import Missed
from dispatch.cancellations import service as cancellations
from dispatch.cli.context import application
from dispatch.cli.helps import NOBODY_OF_THE_LANGUAGE, by_two, looked, questions, would_help
from dispatch.cli.pool import require_interpreter
from dispatch.cli.rounds import doing
from dispatch.cli.rounds import offers as offers
from dispatch.cli.said import CLOCK
from dispatch.database import get, transaction
from dispatch.errors import Conflict
from dispatch.interpreters import reached
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import queries
from dispatch.offers import service as offers_service
from dispatch.offers.models import Offer
from dispatch.planning.advice import assigning
from dispatch.planning.advice import rescue as rescuing
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.remedies import help_page
from dispatch.planning.rounds import service
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import duration

REASON = click.option("--reason", required=True, help="Only the office reads it.")
TOLD = click.option("--told", default="", help="The reason that those concerned are told.")


@offers.command()
@click.argument("reference")
def candidates(reference: str) -> None:
    """Say who could come to a request, the best first, and what stops the others.

    Each with the address by which `offers make` asks them.

    Example: dragoman offers candidates DO-2027-ABCDEF
    """
    with application():
        wanted = requests.by_reference(reference)
        page = candidates_page(wanted, clock.now())
        if page is None:
            click.echo("Nobody is needed.")
            return
        for one in page.lines:
            why = ", ".join(map(str, one.reasons))
            said = one.note if one.fits else f"cannot: {why}"
            click.echo(f"{one.interpreter.name} <{one.interpreter.account.email}>: {said}")
        if not page.lines:
            click.echo(NOBODY_OF_THE_LANGUAGE)
        elif page.obstacles:
            click.echo(page.obstacles)
        if not any(one.fits for one in page.lines):
            for line in by_two(wanted):
                click.echo(line)


@offers.command("help")
@click.argument("reference")
@click.option("--put", "number", type=int, help="Ask those who asked this by e-mail.")
def what_helps(reference: str, number: int | None) -> None:
    """Say what would help a request nobody can come to, each thing solved and checked.

    Example: dragoman offers help DO-2027-ABCDEF --put 1
    """
    with application():
        now, one = clock.now(), requests.by_reference(reference)
        kept = advice.last(one.id)
        if number is None:
            for line in would_help(looked(one, now)):
                click.echo(line)
            return
        with transaction():
            asked = questions(help_page(one, kept))
            if kept is None or not 0 < number <= len(asked):
                raise click.UsageError(f"There is no such question; first: offers help {reference}")
            advice.put(SYSTEM, kept.id, asked[number - 1].number, now=now)
        click.echo(f"{one.account.name} is asked by e-mail.")


@offers.command()
@click.argument("reference")
def direct(reference: str) -> None:
    """Ask the best there is for each free seat; nobody follows by itself.

    Example: dragoman offers direct DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        service.direct(SYSTEM, request_id, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email")
def make(reference: str, email: str) -> None:
    """Ask this interpreter for a request; the time is held until the answer is due.

    Example: dragoman offers make DO-2027-ABCDEF ada@example.org
    """
    _give(reference, email, directly=False)


@offers.command()
@click.argument("reference")
@click.argument("email")
def assign(reference: str, email: str) -> None:
    """Confirm what was agreed with an interpreter in person; no plan changes it.

    Example: dragoman offers assign DO-2027-ABCDEF ada@example.org
    """
    _give(reference, email, directly=True)


def _give(reference: str, email: str, *, directly: bool) -> None:
    with application():
        now, one = clock.now(), requests.by_reference(reference)
        person = require_interpreter(email)
        wanted = assigning.require_able_now(one, person.id, now=now)
        if not directly:
            for channels in reached.unreached([person.id]).values():
                click.echo(f"{person.name}: {reached.in_words(person, channels)}")
    with doing(reference) as request_id:
        who = require_interpreter(email).id
        assigning.by_hand(SYSTEM, request_id, who, wanted, directly=directly, now=now)


@offers.command("take-back")
@click.argument("reference")
@click.argument("email")
def take_back(reference: str, email: str) -> None:
    """Take the question to an interpreter back; whoever may have read it hears that.

    Example: dragoman offers take-back DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        asked = asked_of(request_id, require_interpreter(email).id)
        if not asked:
            raise neither()
        offers_service.withdraw(SYSTEM, asked[-1].id, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email")
@click.argument("start", type=CLOCK)
def move(reference: str, email: str, start: datetime) -> None:
    """Ask an interpreter who has not answered yet anew, about another start of the window.

    Example: dragoman offers move DO-2027-ABCDEF ada@example.org 13:30
    """
    with doing(reference) as request_id:
        asked = asked_of(request_id, require_interpreter(email).id)
        if not asked:
            raise neither()
        starts_at = moving.instant_of(asked[-1].interpretation_request, start.time())
        moving.move_start(SYSTEM, asked[-1].id, starts_at, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email")
@REASON
@TOLD
def release(reference: str, email: str, reason: str, told: str) -> None:
    """Take an interpreter off who comes to a request; both sides hear it, and the seat is open.

    Example: dragoman offers release DO-2027-ABCDEF ada@example.org --reason "asked for somebody"
    """
    with doing(reference) as request_id:
        coming, why = coming_to(request_id, email), Reasons(office=reason, told=told)
        cancellations.release(SYSTEM, coming.id, reasons=why, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email")
@click.option("--off", is_flag=True, help="Take the mark off: a plan may change it.")
def pin(reference: str, email: str, off: bool) -> None:
    """Mark that an interpreter comes as a person's decision, which no plan changes.

    Example: dragoman offers pin DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        coming = coming_to(request_id, email)
        assignments.pin(SYSTEM, coming.id, pinned=not off, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email", required=False)
def rescue(reference: str, email: str | None) -> None:
    """Say who could come instead where somebody falls out, and when; with a name, ask them.

    Example: dragoman offers rescue DO-2027-ABCDEF
    """
    with application():
        now, one = clock.now(), requests.by_reference(reference)
        found = rescuing.rescue(one, now)
        if email is None:
            for line in _replacements(found, one.time_zone):
                click.echo(line)
            return
        wanted = rescuing.require_replacement(one, require_interpreter(email).id, now)
    with doing(reference) as request_id:
        rescuing.ask(SYSTEM, request_id, require_interpreter(email).id, wanted, now=now)


def _replacements(found: rescuing.Rescue | None, zone_name: str) -> Sequence[str]:
    if found is None:
        return ["Nobody falls out of it."]
    lines = [
        f"{one.interpreter.name}: {_there(one, zone_name)}. {one.note}"
        for one in found.replacements
    ]
    moving = [
        f"{one.change.mover.name} would have to move; {_there(one, zone_name)}."
        for one in found.changes
    ]
    return [*_too_late(found.missed), *(lines + moving or ["Nobody could come instead."])]


def _too_late(missed: Missed | None) -> list[str]:
    """Return who comes, but not in time, and why; whoever is asked takes their place."""
    if missed is None:
        return []
    who, before = missed.assignment.interpreter, missed.because_of
    why = (
        "so it was said" if before == missed.assignment else f"assignment {before.id} lasts longer"
    )
    late = f"{who.name} will be {duration(missed.minutes)} too late, {why}."
    return [f"{late} Call first: {who.phone}."]


def _there(one: rescuing.Replacement | rescuing.Moving, zone_name: str) -> str:
    """Return whether somebody is there in time, and how late who is not; of the day itself."""
    at = clock.at_place(one.arrival.at, zone_name)
    if one.late_minutes:
        return f"there at {at:%H:%M} at the earliest, {duration(one.late_minutes)} late"
    return f"there in time, at {at:%H:%M} at the earliest" if one.is_near else "there in time"


def asked_of(request_id: int, interpreter_id: int) -> list[Offer]:
    """Return the open questions to an interpreter about a request."""
    every = queries.open_for(request_id)
    return [one for one in every if one.interpreter_id == interpreter_id]


def coming_to(request_id: int, email: str) -> Assignment:
    """Return by what an interpreter comes to a request; raises `Conflict` where they do not."""
    who, one = require_interpreter(email).id, get(InterpretationRequest, request_id)
    for each in assignments.live(one):
        if each.interpreter_id == who:
            return each
    raise neither()


def neither() -> Conflict:
    """Return the refusal for somebody who has nothing to do with a request."""
    return Conflict(
        "neither-asked-nor-coming",
        _l("This person is neither asked for the request nor comes to it; look who is."),
    )
