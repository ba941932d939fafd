"""Drafts and templates from the command line: what somebody keeps and has not sent."""

from typing import Any

import click

from dispatch import clock
from dispatch.cli.adding import require_asks
from dispatch.cli.context import application
from dispatch.cli.kept import fields_of, given_by, given_by_request, in_words, meant, over
from dispatch.cli.requesting import AS
from dispatch.cli.said import said
from dispatch.database import transaction
from dispatch.drafts import service
from dispatch.drafts.rules import Kind
from dispatch.requests import queries
from dispatch.web.formats import local_date

NAME = click.argument("name")


@click.group()
def drafts() -> None:
    """Look after drafts and templates: only whoever keeps them sees them, and nobody is asked.

    They are the same as on the pages. `dragoman requests add --from NAME` sends one: a draft is
    gone then, a template stays.

    Example: dragoman drafts list --as kim@example.org
    """


@drafts.command("list")
@AS
def list_drafts(email: str) -> None:
    """List what somebody keeps, each with its number and until when.

    Example: dragoman drafts list --as kim@example.org
    """
    with application():
        kept = service.all_of(require_asks(email).id)
        for one in kept:
            until = local_date(one.expires_at)
            click.echo(f"{one.id}. {one.name}: {one.kind}, kept until {until}")
        if not kept:
            click.echo("Nothing is kept.")


@drafts.command()
@NAME
@AS
@click.option("--template", is_flag=True, help="Without day and case; it stays when it is used.")
@click.option("--like", help="A number: all as in this request, but its day.")
@said
def keep(name: str, email: str, template: bool, like: str | None, **options: Any) -> None:
    """Keep under a name what is not sent yet, instead of what has this name already.

    Example: dragoman drafts keep "Parents evening" --as kim@example.org --language ro --duration 90
    """
    with application(), transaction():
        account = require_asks(email)
        kind = Kind.TEMPLATE if template else Kind.DRAFT
        before = {}
        if like:
            before = given_by_request(queries.find_numbered(account, like))
        fields = fields_of(account, over(before, meant(options)))
        same = [one for one in service.all_of(account.id) if (one.kind, one.name) == (kind, name)]
        draft = service.keep(
            account.id,
            kind,
            name,
            fields,
            now=clock.now(),
            instead_of=same[0].id if same else None,
        )
        click.echo(f"Kept as “{draft.name}”; nothing is sent.")


@drafts.command()
@NAME
@AS
def show(name: str, email: str) -> None:
    """Say what is kept under a name or a number of the list, as options of a request.

    Example: dragoman drafts show "Parents evening" --as kim@example.org
    """
    with application():
        account = require_asks(email)
        given, _whom = given_by(account, service.named(account.id, name))
        for line in in_words(given):
            click.echo(line)


@drafts.command()
@NAME
@AS
def delete(name: str, email: str) -> None:
    """Delete what is kept under a name or a number of the list.

    Example: dragoman drafts delete "Parents evening" --as kim@example.org
    """
    with application(), transaction():
        account = require_asks(email)
        service.delete(account.id, service.named(account.id, name).id)
        click.echo("Deleted.")
