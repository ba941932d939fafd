"""Asking for somebody from the command line: beginning a round, where it stands, stopping it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from dispatch import clock, settings
from dispatch.assignments import service as assignments
from dispatch.cli.context import application
from dispatch.cli.helps import saying_why_nobody
from dispatch.cli.pool import require_interpreter
from dispatch.cli.standing import in_words
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import agency, queries, rules
from dispatch.offers import service as offers_service
from dispatch.offers.long_ways import with_words
from dispatch.offers.rules import Strategy
from dispatch.pages import rounds as wording
from dispatch.planning.rounds import service
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_datetime

AS_ORGANISATION = "organisation"


@click.group()
def offers() -> None:
    """Ask interpreters for a request.

    Example: dragoman offers show DO-2027-ABCDEF
    """


@offers.command()
@click.argument("reference")
@click.argument("strategy", type=click.Choice([*(one.value for one in Strategy), AS_ORGANISATION]))
def agree(reference: str, strategy: str) -> None:
    """Note how interpreters are asked for one request, whatever is agreed with its organisation.

    Example: dragoman offers agree DO-2027-ABCDEF cascade
    """
    wanted = None if strategy == AS_ORGANISATION else Strategy(strategy)
    with application(), transaction():
        found = requests.by_reference(reference)
        offers_service.ask_by(SYSTEM, found.id, wanted, now=clock.now())
        click.echo(f"{found.reference}: {found.agreed_strategy}.")


@offers.command()
@click.argument("reference")
def begin(reference: str) -> None:
    """Ask as is agreed for the request, or else with its organisation.

    Example: dragoman offers begin DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        service.begin(SYSTEM, request_id, now=clock.now())


@offers.command()
@click.argument("reference")
def cascade(reference: str) -> None:
    """Ask the best there is for each free seat; the next best follow by themselves.

    Example: dragoman offers cascade DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        service.cascade(SYSTEM, request_id, now=clock.now())


@offers.command()
@click.argument("reference")
def broadcast(reference: str) -> None:
    """Ask at once whoever could come; whoever accepts first comes, the others hear it.

    Example: dragoman offers broadcast DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        service.broadcast(SYSTEM, request_id, now=clock.now())


@offers.command()
@click.argument("reference")
def interest(reference: str) -> None:
    """Ask at once whoever could come whether they would; then `dragoman offers choose`.

    Example: dragoman offers interest DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        service.interest(SYSTEM, request_id, now=clock.now())


@offers.command()
@click.argument("reference")
@click.argument("email")
def choose(reference: str, email: str) -> None:
    """Ask somebody who said that they could come for a sure yes; their time is held meanwhile.

    Example: dragoman offers choose DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        who = require_interpreter(email).id
        mine = [one for one in queries.open_for(request_id) if one.interpreter_id == who]
        if not mine:
            raise rules.not_interested()
        offers_service.choose(SYSTEM, mine[0].id, now=clock.now())


@offers.command()
@click.argument("reference")
@click.option("--wait-minutes", type=int, help="Of answering hours; default: as the city decided.")
def tiers(reference: str, wait_minutes: int | None) -> None:
    """Ask at once staff, after a while freelancers as well, and then volunteers.

    Example: dragoman offers tiers DO-2027-ABCDEF --wait-minutes 120
    """
    with doing(reference) as request_id:
        service.tiers(SYSTEM, request_id, wait_minutes=wait_minutes, now=clock.now())


@offers.command()
@click.argument("reference")
def show(reference: str) -> None:
    """Say who is asked for a request, and how rounds that go on by themselves stand.

    Example: dragoman offers show DO-2027-ABCDEF
    """
    with application():
        _show(requests.by_reference(reference).id)


@offers.command("agency")
@click.argument("reference")
@click.argument("name")
@click.option("--cost", default="", help="What it takes in euros, such as 142.50.")
def by_agency(reference: str, name: str, cost: str) -> None:
    """Note that a partner agency sends whoever is missing for a request; nobody else is asked.

    Example: dragoman offers agency DO-2027-ABCDEF "Partneragentur Beispiel" --cost 142.50
    """
    with doing(reference) as request_id:
        agency.cover(SYSTEM, request_id, name, cents=agency.cents_of(cost), now=clock.now())


@offers.command("agency-off")
@click.argument("reference")
def agency_off(reference: str) -> None:
    """Note that the partner agency sends nobody after all; somebody is looked for again.

    Example: dragoman offers agency-off DO-2027-ABCDEF
    """
    with doing(reference) as request_id:
        agency.uncover(SYSTEM, request_id, now=clock.now())


@offers.command("long-ways")
def long_ways() -> None:
    """Say which ways wait for the office, and until when it has to decide.

    Example: dragoman offers long-ways
    """
    with application():
        waiting = queries.to_approve(clock.now())
        for one, way in with_words(waiting):
            until = local_datetime(one.answer_by, settings.active().time_zone)
            said = way or "within what the city sends people by now"
            number = one.interpretation_request.reference
            click.echo(f"{number}, {one.interpreter.name}: {said}; decide by {until}")
        if not waiting:
            click.echo("No way waits for a decision.")


@offers.command("approve-way")
@click.argument("reference")
@click.argument("email")
def approve_way(reference: str, email: str) -> None:
    """Have an interpreter be asked for a request, however long the way is.

    Example: dragoman offers approve-way DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        offers_service.approve(SYSTEM, waiting_for(request_id, email), now=clock.now())


@offers.command("refuse-way")
@click.argument("reference")
@click.argument("email")
@click.option("--reason", default="", help="Only the office reads it.")
def refuse_way(reference: str, email: str, reason: str) -> None:
    """Have an interpreter not be asked for a request, because the way is too long.

    Example: dragoman offers refuse-way DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        why = Reasons(office=reason)
        offers_service.refuse(SYSTEM, waiting_for(request_id, email), reasons=why, now=clock.now())


def waiting_for(request_id: int, email: str) -> int:
    """Return the question to this person that waits for a decision; raises `Conflict` without."""
    who = require_interpreter(email).id
    waiting = [one for one in queries.open_for(request_id) if one.interpreter_id == who]
    if not waiting:
        raise rules.nothing_to_approve()
    return waiting[0].id


@offers.command()
@click.argument("reference")
def stop(reference: str) -> None:
    """Stop the rounds of a request; who is being asked hears that it is not needed any more.

    Example: dragoman offers stop DO-2027-ABCDEF
    """
    with application(), transaction():
        interpretation_request = requests.by_reference(reference)
        going_on = wording.standing(queries.of_request(interpretation_request.id))
        for one in going_on:
            offers_service.stop(SYSTEM, one.round.id, now=clock.now())
        click.echo(f"Rounds stopped: {len(going_on)}.")


@contextmanager
def doing(reference: str) -> Iterator[int]:
    """Do something to the request of this number, and print how it stands then.

    Raises `Several` where nobody could be asked: why, and what would help.
    """
    with application():
        with saying_why_nobody(requests.by_reference(reference), clock.now()), transaction():
            request_id = requests.by_reference(reference).id
            yield request_id
        _show(request_id)


def _show(request_id: int) -> None:
    """Print a line for everybody asked, and one for each round that goes on."""
    made = queries.of_request(request_id)
    zone_name, outcomes = settings.active().time_zone, queries.became_of(made)
    for offer in made:
        state = in_words(outcomes.get(offer.id, offer.state))
        comment = f" ({offer.comment})" if offer.comment else ""
        waits = offer.state in rules.UNDECIDED
        until = f", answer by {local_datetime(offer.answer_by, zone_name)}" if waits else ""
        click.echo(f"{offer.interpreter.name}: {state}{comment}{until}")
    for one in wording.standing(made):
        click.echo(f"{one.round.strategy}: {one.sentence}")
    said_yes = {one.interpreter_id for one in made if one.state == rules.OfferState.ACCEPTED}
    coming = assignments.live(get(InterpretationRequest, request_id))
    for each in coming:
        if each.interpreter_id not in said_yes:
            click.echo(f"{each.interpreter.name}: {in_words(each.state)}")
    if not made and not coming:
        click.echo("Nobody has been asked yet.")
