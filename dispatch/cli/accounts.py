"""Adding people and letting them in."""

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts import links, queries, service
from dispatch.accounts.rules import Role
from dispatch.cli import running
from dispatch.cli.context import application
from dispatch.database import transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.organisations import service as organisations
from dispatch.organisations.rules import Strategy
from dispatch.web.formats import local_datetime


@click.group()
def organisation() -> None:
    """Look after those who ask for interpreters.

    Example: dragoman organisation add --kind school "Grundschule Beispiel"
    """


@organisation.command("add")
@click.argument("name")
@click.option("--kind", default="city_department", show_default=True, help="Such as school.")
def add_organisation(name: str, kind: str) -> None:
    """Add an organisation, so that caseworkers can belong to it.

    Example: dragoman organisation add --kind school "Grundschule Beispiel"
    """
    with application(), transaction():
        added = organisations.add(SYSTEM, name=name, kind=kind, now=clock.now())
        click.echo(f"Added {added.name}.")


@organisation.command("agree")
@click.argument("name")
@click.option("--strategy", type=click.Choice([one.value for one in Strategy]), required=True)
@click.option("--directly/--in-writing", default=True, show_default=True)
@click.option("--by-itself/--by-office", default=False, show_default=True)
@click.option("--reviewed/--not-reviewed", default=False, show_default=True)
@click.option("--two-above", type=int, help="Minutes above which two interpret in turn.")
def agree(
    name: str,
    strategy: str,
    two_above: int | None,
    *,
    directly: bool,
    by_itself: bool,
    reviewed: bool,
) -> None:
    """Note how interpreters are asked for an organisation, and whether directly assigned.

    With --by-itself asking begins as soon as a request comes in; with --reviewed the office looks
    at each request before anybody is asked.

    Example: dragoman organisation agree --strategy cascade --in-writing "Grundschule Beispiel"
    """
    with application(), transaction():
        agreed = organisations.agree(
            SYSTEM,
            organisations.named(name).id,
            strategy=Strategy(strategy),
            assigns_directly=directly,
            by_itself=by_itself,
            is_reviewed=reviewed,
            two_above_minutes=two_above,
            now=clock.now(),
        )
        click.echo(f"{agreed.name}: {agreed.strategy}.")


@click.group()
def user() -> None:
    """Look after accounts.

    Example: dragoman user add --role coordinator --name "Kim Muster" kim@example.org
    """


@user.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--name", required=True, help="How the person is called on pages.")
@click.option("--organisation", help="Name of the organisation (caseworkers and leads).")
@click.option(
    "--locale",
    help="What the pages speak to the person, of what the city offers; without it, the first.",
)
@click.option("--password", help="Without one, the person signs in with links by e-mail.")
@click.option("--phone", help="Mobile number for urgent text messages (caseworkers and leads).")
def add(
    email: str,
    role: str,
    name: str,
    organisation: str | None,
    locale: str | None,
    password: str | None,
    phone: str | None,
) -> None:
    """Add an account; interpreters are taken into the pool with interpreters import.

    Example: dragoman user add --role coordinator --name "Kim Muster" kim@example.org
    """
    with application(), transaction():
        if role == Role.INTERPRETER:
            raise Refusal(
                "interpreter-of-the-pool",
                _l(
                    "Interpreters get their account with their place in the pool; take them over "
                    "with dragoman interpreters import FILE, or add them on the page “Pool”."
                ),
                field="role",
            )
        account = service.add(
            SYSTEM,
            email=email,
            name=name,
            role=role,
            organisation=organisation,
            password=password,
            locale=locale,
            phone=phone,
            now=clock.now(),
        )
        click.echo(f"Added {account.email} as {account.role}.")


@user.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Shut somebody out; their sessions and links end at once.

    Example: dragoman user disable kim@example.org
    """
    with application(), transaction():
        click.echo(f"Shut out {service.disable(SYSTEM, email, now=clock.now()).email}.")


@user.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let somebody in again; they sign in anew.

    Example: dragoman user enable kim@example.org
    """
    with application(), transaction():
        click.echo(f"Let in {service.enable(SYSTEM, email, now=clock.now()).email} again.")


@user.command("sessions")
@click.argument("email")
@click.option("--end", is_flag=True, help="Sign them out everywhere; they can sign in again.")
def sessions(email: str, *, end: bool) -> None:
    """List where somebody is signed in, or end all of it and the links not used yet.

    Example: dragoman user sessions --end kim@example.org
    """
    with application(), transaction():
        account = service.require(email)
        rows = queries.sessions_of(account.id, clock.now())
        for row in rows:
            since, seen = local_datetime(row.began_at), local_datetime(row.seen_at)
            click.echo(f"signed in since {since}, last used {seen}")
        if end:
            service.end_sessions(SYSTEM, account.email, now=clock.now())
            click.echo(f"Signed out {account.email} everywhere.")
        elif not rows:
            click.echo(f"{account.email} is signed in nowhere.")


@click.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a link that signs somebody in once within 72 hours.

    Example: dragoman sign-in-link kim@example.org
    """
    with application(), transaction():
        click.echo(link_for(email))


def link_for(email: str) -> str:
    """Return a new sign-in link for the account with this address.

    Raises `Conflict` for an account that is shut out: no link would let it in.
    """
    account = service.require(email)
    if not account.active:
        raise Conflict(
            "shut-out",
            _l(
                "%(email)s is shut out; let them in first: dragoman user enable %(email)s",
                email=account.email,
            ),
        )
    token = links.issue(account, clock.now())
    return f"{running.address()}/sign-in/link/{token}"
