"""Series from the command line: its dates, and changing, cancelling or giving some of them."""

from collections.abc import Iterator
from typing import Any

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.amendments.foreseeing import Foreseen, details_of
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance.rules import require_office, side_of
from dispatch.cli.context import application, tried
from dispatch.cli.pool import require_interpreter
from dispatch.cli.requesting import (
    AS,
    CLIENT_HEARS_NOTHING,
    REASON,
    TOLD,
    YES,
    client_knows,
    client_to_hear,
    not_named,
    reasons_of,
    say_who_reads,
    words_for,
)
from dispatch.cli.said import differently, said
from dispatch.cli.standing import in_words
from dispatch.clients import queries as clients
from dispatch.database import transaction
from dispatch.errors import NotFound
from dispatch.ledger.rules import Reasons
from dispatch.requests import queries as requests
from dispatch.series import changing, giving, queries, rules, service
from dispatch.series.ability import How
from dispatch.series.changing import DateForeseen
from dispatch.series.giving import Gift
from dispatch.series.models import Series, SeriesDate
from dispatch.series.rules import Choice, Scope
from dispatch.series.service import Outcome
from dispatch.web.formats import local_datetime, local_time

REMINDED = "; the client has already been reminded"
NUMBER = click.argument("number")
SCOPE = click.option(
    "--dates",
    "scope",
    type=click.Choice([one.value for one in Scope]),
    default=Scope.ONE.value,
    show_default=True,
    help="Only the date of this number, it and all later ones, or all that are to come.",
)


@click.group()
def series() -> None:
    """Look after series: the same at the same time on several dates.

    A series is named by the number of any of its requests.

    Example: dragoman series show DO-2027-K7QF3D --as kim@example.org
    """


@series.command()
@NUMBER
@AS
def show(number: str, email: str) -> None:
    """Say of each date of a series when it is, where it stands and who comes.

    Example: dragoman series show DO-2027-K7QF3D --as kim@example.org
    """
    with application():
        _account, found, _date = _found(number, email)
        for one in queries.standing(queries.dates_of(found.id)):
            names = ", ".join(map(_who, one.coming)) or "nobody yet"
            head = f"{one.date.number}. {_when(one.date)}, {one.interpretation_request.reference}"
            click.echo(f"{head}: {in_words(one.interpretation_request.state)}, {names}")


@series.command()
@NUMBER
@AS
@SCOPE
@said
@YES
def change(number: str, email: str, scope: str, yes: bool, **given: Any) -> None:
    """Change one or more dates, or say first what that means for each.

    What is left out stays as it is on each date; an empty text (--room "") is none.

    Example: dragoman series change DO-2027-K7QF3D --as kim@example.org --dates all --room 14 --yes
    """
    with application():
        account, found, date = _found(number, email)
        choice, now = Choice(date.number, Scope(scope)), clock.now()
        wanted = differently(account, details_of(date.interpretation_request), given)
        for line in changing.foresee(_named(found, choice), choice.number, wanted, now=now):
            words = list(_people(account.role, line.foreseen)) if line.foreseen else []
            if line.foreseen:
                words.append(client_knows(line.date.interpretation_request, line.foreseen))
            click.echo(f"{_when(line.date)}: {'; '.join(filter(None, [_what(line), *words]))}")
        with tried(for_good=yes):
            changing.amend(account.actor, found.id, choice, wanted, now=now)
        click.echo("Changed." if yes else "Nothing is changed yet; --yes does it.")


@series.command()
@NUMBER
@AS
@SCOPE
@REASON
@TOLD
@YES
def cancel(number: str, email: str, scope: str, reason: str, told: str, yes: bool) -> None:
    """Cancel one or more dates, or say first which.

    Those who asked say why by --told, the office by --reason.

    Example: dragoman series cancel DO-2027-K7QF3D --as kim@example.org --told moved --yes
    """
    with application():
        account, found, date = _found(number, email)
        why = reasons_of(account, reason, told)
        choice = Choice(date.number, Scope(scope))
        named = _named(found, choice)
        reminded = clients.reminded_of([one.interpretation_request_id for one in named])
        dates = [
            f"{_when(one)}{REMINDED if one.interpretation_request_id in reminded else ''}"
            for one in named
        ]
        with tried(for_good=yes):
            service.cancel(account.actor, found.id, choice, reasons=why, now=clock.now())
        say_who_reads(why)
        for one in dates:
            click.echo(one)
        if reminded:
            click.echo(CLIENT_HEARS_NOTHING)
        click.echo("Cancelled." if yes else "Nothing is cancelled yet; --yes does it.")


@series.command()
@NUMBER
@AS
@SCOPE
def undo(number: str, email: str, scope: str) -> None:
    """Take the cancellation of one or more dates back: the same people come, if they are free.

    Example: dragoman series undo DO-2027-K7QF3D --as kim@example.org --dates following
    """
    with application():
        account, found, date = _found(number, email)
        with transaction():
            done = service.undo(
                account.actor, found.id, Choice(date.number, Scope(scope)), now=clock.now()
            )
        _say(done, "takes place after all")
        for one, back in done.back:
            if told := client_to_hear(back, one.interpretation_request.time_zone):
                click.echo(f"{_when(one)}: {told}")


@series.command()
@NUMBER
@AS
@SCOPE
@click.option("--interpreter", "who", required=True, help="The e-mail address of who is to come.")
@click.option("--instead-of", help="The e-mail address of who comes or is asked now.")
@click.option("--reason", default="", help="Why somebody is released; only the office reads it.")
@click.option("--offer", is_flag=True, help="Ask; otherwise it was agreed and is assigned.")
def give(
    number: str,
    email: str,
    scope: str,
    who: str,
    instead_of: str | None,
    reason: str,
    offer: bool,
) -> None:
    """Give one or more dates to one person, also instead of somebody else.

    Example: dragoman series give DO-2027-K7QF3D --as dana@example.org --interpreter m@example.org
    """
    with application():
        account, found, date = _found(number, email)
        # What keeps somebody from a date is said of each, and that is for the office alone.
        require_office(side_of(account.role))
        gift = Gift(
            _interpreter_id(who),
            How.OFFER if offer else How.ASSIGN,
            _interpreter_id(instead_of) if instead_of else None,
            Reasons(office=reason),
        )
        with transaction():
            done = giving.give(
                account.actor,
                found.id,
                Choice(date.number, Scope(scope)),
                gift,
                now=clock.now(),
            )
        _say(done, "is offered" if offer else "is assigned")


def _found(number: str, email: str) -> tuple[Account, Series, SeriesDate]:
    """Return who acts, the series of a request's number, and which of its dates that is."""
    account = accounts.require(email)
    request_id = requests.find_numbered(account, number).id
    date = queries.of_request(request_id)
    if date is None:
        raise NotFound(
            "no-series", _l("%(number)s is no date of a series; it stands alone.", number=number)
        )
    return account, date.series, date


def _named(found: Series, choice: Choice) -> list[SeriesDate]:
    now = clock.now()
    dates = [one for one in queries.dates_of(found.id) if queries.is_to_come(one, now)]
    return rules.named(dates, choice)


def _who(coming: Assignment) -> str:
    name = coming.interpreter.first_name
    if coming.state != AssignmentState.TO_RECONFIRM:
        return name
    return f"{name} ({in_words(coming.state)})"


def _what(line: DateForeseen) -> str:
    if line.foreseen is None:
        return f"stays as it is ({line.why})"
    before, after = line.date.interpretation_request, line.foreseen.demand
    if (before.starts_at, before.ends_at) == (after.starts_at, after.ends_at):
        return "changes"
    zone = before.time_zone
    until = local_time(after.ends_at, zone)
    return f"becomes {local_datetime(after.starts_at, zone)}–{until}"


def _people(role: str, foreseen: Foreseen) -> Iterator[str]:
    yield from (words for _one, words in words_for(role, foreseen))
    yield from not_named(role, foreseen)


def _interpreter_id(email: str) -> int:
    return require_interpreter(email).id


def _when(date: SeriesDate) -> str:
    return local_datetime(date.starts_at, date.interpretation_request.time_zone)


def _say(done: Outcome, what: str) -> None:
    for line in _lines(done, what):
        click.echo(line)


def _lines(done: Outcome, what: str) -> Iterator[str]:
    yield from (f"{_when(one)}: {what}." for one in done.done)
    yield from (f"{_when(one)}: stays as it is ({why})" for one, why in done.left)
