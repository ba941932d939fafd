"""Writing a message: what its templates make of its facts, for the way it takes."""

import json
import secrets
import warnings
from dataclasses import asdict, make_dataclass
from typing import TYPE_CHECKING, Any

from dispatch.database import remembered
from dispatch.messaging import codes, otherwise, texting
from dispatch.messaging.addresses import new_sender
from dispatch.messaging.imprint import with_imprint
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import render
from dispatch.messaging.rules import without_secrets
from dispatch.settings import active

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WHOLLY_HIDDEN = "code"
"""The fact that is a secret as a whole: what confirms a number."""


class TooLong(UserWarning):
    """A text message takes more segments than it may; it is sent all the same."""


def keep_facts(message: Message, facts: "DataclassInstance") -> None:
    """Keep what a message is made of, of each name once a transaction, without secrets."""
    seen = remembered("facts kept")
    if message.name not in seen:
        seen[message.name] = True
        message.facts = without_secrets_of(asdict(facts))


def without_secrets_of(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as they are kept, without what makes links and codes work."""
    plain = json.dumps(facts, default=str, ensure_ascii=False)
    kept: dict[str, Any] = json.loads(plain, object_hook=_without_secrets)
    return kept


def as_facts(kept: dict[str, Any]) -> Any:
    """Return kept facts as what a message is made of, to say the rest of it once more."""
    return make_dataclass("KeptFacts", kept)(**kept)


def _without_secrets(of: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_secret(name, value) if isinstance(value, str) else value
        for name, value in of.items()
    }


def _without_secret(name: str, value: str) -> str:
    return "…" if name == WHOLLY_HIDDEN else without_secrets(value)


def write_mail(
    message: Message, facts: "DataclassInstance", sender: str | None, instead: str = ""
) -> None:
    """Write subject and text of a mail, and the address it comes from."""
    write_text(message, facts, instead)
    message.sender = sender or new_sender(active().mail_from)
    message.mail_id = f"{secrets.token_hex(16)}@{message.sender.rpartition('@')[2]}"


def write_text(message: Message, facts: "DataclassInstance", instead: str = "") -> None:
    """Write subject and text of a mail.

    `instead`: there is a text for an SMS only, and a mail with its own subject says it; this is why
    it is no SMS (`otherwise.py`).
    """
    name, locale = message.name, message.locale
    message.subject = " ".join(render(name, "subject", locale, facts).split())
    if instead:
        text = render(name, "sms", locale, codes.without(facts))
        message.name = name = otherwise.NAME
        facts = otherwise.facts_of(message, text, instead)
    message.body = with_imprint(render(name, "body", locale, facts), locale)


def write_sms(message: Message, facts: "DataclassInstance") -> None:
    """Write the text of an SMS, brought into the length it may have; warns where that fails."""
    name, locale = message.name, message.locale
    message.sender = active().sms_sender
    message.body = texting.write_short(lambda some: render(name, "sms", locale, some), facts)
    message.segments = texting.segments(message.body)
    if not texting.fits(message.body):
        warnings.warn(f"{name} takes {message.segments} SMS", TooLong, stacklevel=2)
