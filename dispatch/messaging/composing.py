"""Writing a message: what its templates make of its facts, for the way it takes."""

import secrets
from typing import TYPE_CHECKING

from dispatch.messaging import codes, otherwise, texting
from dispatch.messaging.addresses import new_sender
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def write_mail(
    message: Message, facts: "DataclassInstance", sender: str | None, *, instead_of_sms: bool
) -> None:
    """Write subject and text of a mail, and the address it comes from.

    `instead_of_sms`: there is a text for an SMS only, and a mail says it.
    """
    name, locale = message.name, message.locale
    if instead_of_sms:
        text = render(name, "sms", locale, codes.without(facts))
        message.name = name = otherwise.NAME
        facts = otherwise.facts_of(message, text, otherwise.CHOSEN)
    message.sender = sender or new_sender(active().mail_from)
    message.mail_id = f"{secrets.token_hex(16)}@{message.sender.rpartition('@')[2]}"
    message.subject = " ".join(render(name, "subject", locale, facts).split())
    message.body = render(name, "body", locale, facts)


def write_sms(message: Message, facts: "DataclassInstance") -> None:
    """Write the text of an SMS, brought into the length it may have."""
    name, locale = message.name, message.locale
    message.sender = active().sms_sender
    message.body = texting.write_short(lambda some: render(name, "sms", locale, some), facts)
    message.segments = texting.segments(message.body)
