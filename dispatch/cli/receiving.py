"""What comes in by mail, from the command line."""

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings
from dispatch.cli.context import application
from dispatch.cli.data import counted
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.inbound import queries, service, words
from dispatch.inbound.mailbox import MailboxAway


@click.group()
def inbound() -> None:
    """Look after mail that comes in.

    Example: dragoman inbound read
    """


@inbound.command()
def read() -> None:
    """Read the mailbox once, and do what the new mails say; a worker does it by itself.

    Example: dragoman inbound read
    """
    url = settings.active().imap_url
    if url is None:
        raise Refusal(
            "no-mailbox",
            _l(
                "No mailbox is set up; set "
                "DRAGOMAN_IMAP_URL=imaps://user:password@mail.example/INBOX."
            ),
        )
    with application():
        try:
            stored = service.read(url, clock.now)
        except MailboxAway as away:
            raise Refusal("mailbox-away", words.reason(away.code, away.detail)) from None
        for mail_id in service.to_take(clock.now()):
            with transaction():
                service.take(mail_id, now=clock.now())
        click.echo(f"{counted(stored, 'new mail')}; waiting for a person: {queries.open_count()}.")
