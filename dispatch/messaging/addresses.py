"""One message, one recipient: what a single e-mail address or telephone number looks like."""

import re
from email.errors import MessageError
from email.headerregistry import Address

import phonenumbers

from dispatch import settings
from dispatch.messaging.rules import Channel


def usable(channel: Channel, address: str) -> str | None:
    """Return the one address in its normal form, or None when a message cannot go there.

    An e-mail address is one addr-spec (RFC 5322, 3.4.1) in ASCII, a number is in E.164.
    """
    return _number(address) if channel == Channel.SMS else _mailbox(address)


def _mailbox(text: str) -> str | None:
    if not text.isascii() or re.search(r"[\s,;:<>\"]", text):
        return None
    try:
        found = Address(addr_spec=text)
    except (MessageError, ValueError, IndexError):
        return None
    return found.addr_spec if found.username and found.domain else None


def _number(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, settings.active().city.phone_region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
