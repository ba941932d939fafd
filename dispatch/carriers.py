"""The providers that carry SMS, as far as settings name them, and which of two carries first."""

from collections.abc import Sequence
from typing import NamedTuple


class Carrier(NamedTuple):
    """A provider of SMS: its name, whom a telephone shows as the sender, whether we read answers.

    `reads`: what is sent to its number comes to us, signed.
    """

    name: str
    sender: str
    reads: bool

    @property
    def can_be_answered(self) -> bool:
        """Tell whether people can answer its SMS: a number or a service sends them, not a name."""
        return self.reads and self.sender.startswith(("+", "MG"))


def in_order(carriers: Sequence[Carrier], first: str | None) -> tuple[Carrier, ...]:
    """Return them with the one first that is to carry."""
    return tuple(sorted(carriers, key=lambda one: one.name != first))


def sender_at(carriers: Sequence[Carrier], name: str) -> str:
    """Return whom a telephone shows as the sender of what one of them carries."""
    return next(one.sender for one in carriers if one.name == name)


def require_sound(carriers: Sequence[Carrier], first: str | None) -> None:
    """Raise ValueError where it is not said which of two carries, or only its SMS have answers."""
    if len(carriers) < 2:
        if first is not None:
            raise ValueError("DRAGOMAN_SMS_FIRST chooses between two providers of SMS; set up both")
        return
    if first is None:
        raise ValueError(
            "DRAGOMAN_TWILIO_ACCOUNT_SID and DRAGOMAN_SEVEN_API_KEY name two providers of SMS; "
            "say by DRAGOMAN_SMS_FIRST (twilio or seven) which one carries them and which one "
            "takes over what is urgent, or set one of them"
        )
    usual, second = in_order(carriers, first)
    if usual.can_be_answered and not second.can_be_answered:
        raise ValueError(
            f"SMS by {usual.name} can be answered and those by {second.name} cannot, which takes "
            f"over what is urgent: give it a number (and seven its signing key), or neither one"
        )
