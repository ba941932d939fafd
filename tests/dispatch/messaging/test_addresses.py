"""One message, one recipient: what is one address, and what nobody meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.cities.telephones import grouped
from dispatch.errors import Refusal
from dispatch.messaging.addresses import (
    LONGEST_ADDRESS,
    new_sender,
    require_mailbox,
    require_mobile,
    require_room_for_token,
    usable,
)
from dispatch.messaging.rules import Channel


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("kim@example.org", "kim@example.org"),
        (" kim@example.org\n", "kim@example.org"),
        ("kim+day@example.org", "kim+day@example.org"),
        ("kim@müller-köln.de", "kim@xn--mller-kln-67a3d.de"),
        ("KIM@EXAMPLE.org", "KIM@example.org"),
    ],
)
def test_a_mailbox_is_kept_in_the_form_that_can_be_sent(address: str, normal: str) -> None:
    assert require_mailbox(address) == normal


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("kim@example.org, lee@example.org", "email-invalid"),
        ("kim@example.org;lee@example.org", "email-invalid"),
        ("kim@example.org\nBcc: lee@example.org", "email-invalid"),
        ("Kim <kim@example.org>", "email-invalid"),
        ("kim", "email-invalid"),
        ("kim@", "email-invalid"),
        ("@example.org", "email-invalid"),
        ("", "email-invalid"),
        ("kim@localhost", "email-invalid"),
        (f"{'k' * 65}@example.org", "email-invalid"),
        ("jörg@example.org", "email-not-sendable"),
    ],
)
def test_what_no_mail_can_be_sent_to_is_refused_by_name(address: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_mailbox(address)
    assert (refused.value.code, refused.value.field) == (code, "email")
    assert usable(Channel.EMAIL, address) is None


@pytest.mark.parametrize(
    ("number", "region", "normal"),
    [
        ("+4915228817386", "DE", "+4915228817386"),
        ("01522 8817386", "DE", "+4915228817386"),
        ("01522/88-17 386", "DE", "+4915228817386"),
        ("+49 (0) 1522 8817386", "DE", "+4915228817386"),
        ("004915228817386", "DE", "+4915228817386"),
        ("+30 691 234 5678", "DE", "+306912345678"),
        ("691 234 5678", "GR", "+306912345678"),
        ("+1 202 555 0123", "DE", "+12025550123"),
        ("\u202a+49 1522 8817386\u202c", "DE", "+4915228817386"),
    ],
)
def test_a_mobile_number_is_read_as_one_dials_it_in_the_city(
    number: str, region: str, normal: str
) -> None:
    assert require_mobile(number, region) == normal


@pytest.mark.parametrize(
    ("number", "region", "code", "right"),
    [
        ("4915228817386", "DE", "phone-plus-missing", "+4915228817386"),
        ("15228817386", "DE", "phone-plus-missing", "+4915228817386"),
        ("306912345678", "GR", "phone-plus-missing", "+306912345678"),
        ("491512345678", "DE", "phone-invalid", "+49 1512 3456789"),
        ("49231501234", "DE", "phone-invalid", "+49 1512 3456789"),
        ("8912345678", "DE", "phone-not-mobile", "+49 1512 3456789"),
        ("4.91523E+12", "DE", "phone-letters", "+49"),
        ("0800 FLOWERS", "DE", "phone-letters", "+49"),
        ("01522 88i7386", "DE", "phone-letters", "+49"),
        ("01522 8817386 ext. 12", "DE", "phone-extension", "without"),
        ("0231 5012345", "DE", "phone-not-mobile", "+49"),
        ("+49 231 5012345", "DE", "phone-not-mobile", "+49"),
        ("0800 3569377", "DE", "phone-not-mobile", "+49"),
        ("+4915228817386,+4915228817387", "DE", "phone-invalid", "+49"),
        ("+49 1522 88173", "DE", "phone-invalid", "+49"),
        ("1", "DE", "phone-invalid", "+49"),
        ("no number", "DE", "phone-letters", "+49"),
        ("", "DE", "phone-invalid", "+49"),
    ],
)
def test_a_number_nobody_meant_is_refused_with_what_would_be_right(
    number: str, region: str, code: str, right: str
) -> None:
    with pytest.raises(Refusal) as refused:
        require_mobile(number, region)
    assert (refused.value.code, refused.value.field) == (code, "phone")
    assert right in str(refused.value.text)
    assert "+4949" not in str(refused.value.text)
    assert usable(Channel.SMS, number, region) is None


@given(st.text(max_size=40))
def test_whatever_is_typed_is_taken_in_normal_form_or_refused(text: str) -> None:
    for require in (require_mailbox, require_mobile):
        try:
            normal = require(text)
        except Refusal:
            continue
        assert require(normal) == normal
        assert normal.isascii()


@pytest.mark.parametrize(
    "mail_from",
    [
        "einsatz@dragoman.example",
        "dolmetschen@stadtverwaltung.dortmund.de",
        "einsatz@dolmetschen.musterhausen-am-see.de",
    ],
)
def test_every_mail_has_a_sender_of_its_own_within_64_octets(mail_from: str) -> None:
    senders = {new_sender(mail_from) for _ in range(50)}
    assert len(senders) == 50
    mailbox, domain = mail_from.split("@")
    for sender in senders:
        assert len(sender.encode()) <= LONGEST_ADDRESS
        assert sender.startswith(f"{mailbox}+")
        assert sender.endswith(f"@{domain}")
        assert require_mailbox(sender) == sender


@pytest.mark.parametrize(
    ("mail_from", "code"),
    [
        ("einsatz.dragoman.example", "email-invalid"),
        ("dolmetscherzentrale@stadtverwaltung-musterhausen.de", "mail-from-too-long"),
    ],
)
def test_a_sender_that_cannot_carry_a_token_is_refused(mail_from: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_room_for_token(mail_from)
    assert refused.value.code == code


def test_a_number_is_grouped_as_people_of_its_region_read_it() -> None:
    assert grouped("+4917604069039") == "0176 04069039"
    assert grouped("+302101234567") == "+30 21 0123 4567"
    assert grouped("ask the desk") == "ask the desk"
