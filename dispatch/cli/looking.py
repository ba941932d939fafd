"""Looking at requests from the command line: a list of them, and how one stands."""

from collections.abc import Iterator

import click

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments import queries as assignments
from dispatch.assignments.service import live
from dispatch.availability.rules import Way
from dispatch.cli.adding import requests as requests
from dispatch.cli.adding import what_is_asked, what_is_next
from dispatch.cli.context import application
from dispatch.cli.requesting import AS
from dispatch.cli.standing import in_words
from dispatch.clients import queries as clients
from dispatch.offers import queries as offers
from dispatch.offers.rules import OfferState
from dispatch.requests import finding, queries
from dispatch.requests.finding import Sought, Which
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import WAY_NAMES
from dispatch.web.formats import local_datetime


@requests.command("list")
@AS
@click.option("--which", type=click.Choice([one.value for one in Which]), default="coming")
@click.argument("words", nargs=-1)
def list_requests(email: str, which: str, words: tuple[str, ...]) -> None:
    """List the requests somebody may see: the first 25, found by words where some are given.

    Example: dragoman requests list --as kim@example.org --which open
    """
    with application():
        account, now = accounts.require(email), clock.now()
        sought = Sought(which=Which(which), text=" ".join(words))
        page = finding.requests_page(account, sought, now)
        coming = assignments.people_of([one.id for one in page.rows]).coming
        for one in page.rows:
            names = ", ".join(each.first_name for each in coming.get(one.id, ()))
            who = f", {names}" if names else ""
            state = in_words(one.state)
            click.echo(f"{one.reference}: {what_is_asked(one)}: {state}{who}")
        if not page.rows:
            click.echo("No request is found.")
        elif page.after:
            click.echo("There are more; give words that they are found by.")


@requests.command()
@click.argument("number")
@AS
def show(number: str, email: str) -> None:
    """Say where a request stands, who comes (with the number for dragoman day), what is next.

    Example: dragoman requests show DO-2027-K7QF3D --as kim@example.org
    """
    with application():
        account = accounts.require(email)
        for line in _standing(account, queries.find_numbered(account, number)):
            click.echo(line)


def _standing(account: Account, one: InterpretationRequest) -> Iterator[str]:
    by_office = account.role == Role.COORDINATOR
    yield f"{one.reference}: {in_words(one.state)}"
    yield what_is_asked(one)
    for each in live(one):
        name = each.interpreter.name if by_office else each.interpreter.first_name
        way = "" if each.way == Way.ON_SITE else f" {WAY_NAMES[each.way]}"
        yield f"{name}{way}: {in_words(each.state)}, assignment {each.id}"
    asked = [each for each in offers.of_request(one.id) if each.state == OfferState.MADE]
    if asked:
        by = local_datetime(max(each.answer_by for each in asked), one.time_zone)
        people = "1 person is" if len(asked) == 1 else f"{len(asked)} people are"
        yield f"{people} asked; the last answer is due by {by}."
    if clients.has_started_again(one.id):
        yield "The client wrote STOP, and START since: the number has to be entered again."
    elif clients.has_stopped(one.id):
        yield "The client wants no more SMS (STOP): please tell them another way."
    yield from what_is_next(one)
