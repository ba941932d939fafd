"""Whom those who ask would like to come again, from the command line."""

from collections.abc import Sequence

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.amendments import naming
from dispatch.amendments.naming import People
from dispatch.assignments import queries as assignments
from dispatch.assignments.queries import Helper
from dispatch.cli.adding import require_asks
from dispatch.cli.context import application
from dispatch.cli.looking import requests as requests
from dispatch.cli.requesting import AS
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.requests import queries
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_date


@requests.command()
@click.argument("number")
@AS
@click.option("--person", "names", multiple=True, help="A first name of the list; repeat it.")
@click.option("--only", is_flag=True, help="Nobody else may come.")
@click.option("--nobody", is_flag=True, help="Take the wish back.")
def wish(number: str, email: str, names: tuple[str, ...], only: bool, nobody: bool) -> None:
    """Name whom you would like to come again, or list who helped you before.

    It is a wish, not a promise, and takes the place of an earlier one.

    Example: dragoman requests wish DO-2027-K7QF3D --as kim@example.org --person Mira
    """
    with application():
        account, now = require_asks(email), clock.now()
        found = queries.find_numbered(account, number)
        helpers = assignments.helpers_of(found.organisation_id, found.language, now)
        if not names and not nobody:
            for one in helpers:
                day = local_date(one.last_at, found.time_zone)
                when = f"comes on {day}" if one.last_at > now else f"last here on {day}"
                click.echo(f"{one.interpreter.first_name}, {when}")
            if not helpers:
                click.echo("Nobody has helped you in this language before.")
            return
        people = People([_of_name(helpers, name) for name in names], _excluded(found), only)
        with transaction():
            naming.name_people(account.actor, found.id, people, now=now)
        click.echo("Noted; it is a wish." if names else "Your wish is taken back.")


def _excluded(found: InterpretationRequest) -> list[int]:
    """Return who must not come; that stays as it is."""
    return [one.interpreter_id for one in found.excluded_interpreters if not one.by_office]


def _of_name(helpers: Sequence[Helper], name: str) -> int:
    """Return whom a first name means; `Refusal` where it means nobody or several."""
    wanted = name.strip().casefold()
    meant = [one for one in helpers if one.interpreter.first_name.casefold() == wanted]
    if len(meant) != 1:
        raise Refusal(
            "unknown-helper",
            _l(
                "“%(name)s” is not the first name of exactly one who helped you before; look at "
                "the list, or ask the office.",
                name=name[:40],
            ),
        )
    return meant[0].interpreter.id
