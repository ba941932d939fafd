"""One message, one recipient: what is one address."""

import pytest

from dispatch.messaging.addresses import usable
from dispatch.messaging.rules import Channel


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("kim@example.org", "kim@example.org"),
        ("kim+day@example.org", "kim+day@example.org"),
        ("kim@example.org, lee@example.org", None),
        ("kim@example.org;lee@example.org", None),
        ("kim@example.org\nBcc: lee@example.org", None),
        ("Kim <kim@example.org>", None),
        ("kim", None),
        ("kim@", None),
        ("@example.org", None),
        ("", None),
    ],
)
def test_a_mail_goes_to_one_mailbox(address: str, normal: str | None) -> None:
    assert usable(Channel.EMAIL, address) == normal


@pytest.mark.parametrize(
    ("number", "normal"),
    [
        ("+4915228817386", "+4915228817386"),
        ("01522 8817386", "+4915228817386"),
        ("+30 691 234 5678", "+306912345678"),
        ("1", None),
        ("no number", None),
        ("+4915228817386,+4915228817387", None),
        ("", None),
    ],
)
def test_an_sms_goes_to_one_number(number: str, normal: str | None) -> None:
    assert usable(Channel.SMS, number) == normal
