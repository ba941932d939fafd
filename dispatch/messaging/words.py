"""What went wrong with a message, in words for the people who look after it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.messaging.rules import Channel

REASONS: dict[str, Any] = {
    # before it was tried
    "address-unusable": _l("This is no address that an e-mail can be sent to."),
    "number-unusable": _l("This is no mobile number that an SMS can be sent to."),
    "taken-back": _l("It was not sent: what it says no longer holds."),
    "number-gone": _l("It was not sent: the person has no number for SMS here any more."),
    "switched-off": _l("It was not sent: the person has chosen to hear of it otherwise."),
    "address-changed": _l(
        "It could not be sent to the address or number of then. There is another one now."
    ),
    "too-late": _l("It was not sent: the time it was for has passed."),
    "waits-for-others": _l("It waits to leave in one e-mail with others to the same person."),
    "overtaken": _l(
        "A newer message about the same thing has been written; this one would mislead."
    ),
    "not-written": _l("The message could not be written in a form that may be sent."),
    "not-set-up": _l("No way is set up for messages of this kind."),
    "sink-unwritable": _l("The folder that takes messages cannot be written to."),
    # mail
    "server-away": _l("The mail server cannot be reached."),
    "not-encrypted": _l("No encrypted connection to the mail server is possible."),
    "login-refused": _l("The mail server does not accept our name and password."),
    "server-busy": _l("The mail server is not taking mail at the moment."),
    "sender-refused": _l("The mail server refused our sender address."),
    "recipient-refused": _l("The mail server refused the recipient."),
    "mail-refused": _l("The mail server refused the mail."),
    "connection-broke": _l("The connection broke before the message was handed over."),
    "no-answer": _l("The connection broke while it was handed over; nobody knows if it was taken."),
    "answer-unreadable": _l("The answer cannot be read, so nobody knows whether it was taken."),
    "came-back": _l("It came back: a mail server on the way could not deliver it."),
    "late": _l("It is late: a mail server on the way goes on trying."),
    # SMS
    "opted-out": _l("The recipient wants no SMS (STOP)."),
    "number-invalid": _l("The telephone number is not valid."),
    "own-number-invalid": _l("Our own sender number is not valid."),
    "country-not-enabled": _l("SMS to this country are not switched on."),
    "no-route": _l("There is no way from our number to this one."),
    "not-mobile": _l("The number cannot receive SMS."),
    "credentials-refused": _l("The SMS provider does not accept our credentials."),
    "provider-away": _l("The SMS provider cannot be reached."),
    "provider-busy": _l("The SMS provider has trouble of its own."),
    "day-is-full": _l(
        "As many SMS left within 24 hours as may. Urgent ones still go; the others wait, and go as "
        "far as they still make sense then."
    ),
    "slow-down": _l("The SMS provider asks us to slow down."),
    "no-credit": _l("The account at the SMS provider is empty; it has to be filled up."),
    "sms-refused": _l("The SMS provider refused the message."),
    "handset-away": _l("The telephone was switched off or out of reach."),
    "blocked": _l("The network of the recipient blocks the message."),
    "number-unknown": _l("Nobody has this number."),
    "filtered": _l("The network took the message for unwanted and held it back."),
    "not-delivered": _l("The network could not deliver the SMS and does not say why."),
    # of our own
    "worker-died": _l("The sender was interrupted twice; nobody knows whether it was taken."),
    "unexpected": _l("Something unexpected happened; the log says what."),
}
ADDRESS_IS_DEAD = frozenset(
    {
        "address-unusable",
        "number-unusable",
        "recipient-refused",
        "number-invalid",
        "number-unknown",
        "not-mobile",
    }
)
"""Codes that say: this address or number does not reach the person, whatever the message.

Whoever wants no SMS is known by the number (`numbers.py`), since that may change at any time.
"""


UNUSABLE = {Channel.EMAIL: "address-unusable", Channel.SMS: "number-unusable"}
"""What is said of an address nothing can be sent to, by the channel it was meant for."""


def goes_by_second(name: str) -> str:
    """Return the sentence that says who carries urgent SMS while the first provider does not."""
    return _("Urgent SMS go by %(name)s meanwhile.", name=name)


def reason(code: str, detail: str = "") -> str:
    """Return the sentence for a code, with the provider's own words behind it, if there are any."""
    sentence = str(REASONS.get(code, REASONS["unexpected"])) if code else ""
    return f"{sentence} ({detail})" if sentence and detail else sentence or detail
