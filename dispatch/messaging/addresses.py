"""One message, one recipient: what a single e-mail address or telephone number looks like."""

import re
import secrets
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumber, PhoneNumberType

from dispatch.errors import Refusal
from dispatch.messaging.rules import Channel

RECEIVES_SMS = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
LONGEST_ADDRESS = 64
"""Octets of a sender's address: what a local part alone may have (RFC 5321, 4.5.3.1.1)."""
SHORTEST_TOKEN = 16
"""Hexadecimal digits, so 64 random bits; up to 32 where the address has room."""


def usable(channel: Channel, address: str, region: str = "DE") -> str | None:
    """Return the one address in its normal form, or None when a message cannot go there."""
    try:
        if channel == Channel.SMS:
            return require_mobile(address, region)
        return require_mailbox(address)
    except Refusal:
        return None


def require_mailbox(text: str) -> str:
    """Return the one e-mail address in the form that can be sent: ASCII, its domain in IDNA.

    Raises `Refusal` (field email): not one address, or a mailbox whose name is not ASCII, which
    many servers cannot reach (RFC 6531).
    """
    try:
        found = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, strict=True
        )
        mailbox = found.ascii_email
    except EmailNotValidError as invalid:
        raise Refusal(
            "email-invalid",
            _l(
                "“%(email)s” is not one e-mail address; write one like name@example.org.",
                email=text,
            ),
            field="email",
        ) from invalid
    if mailbox is None or not _is_addr_spec(mailbox):
        raise Refusal(
            "email-not-sendable",
            _l(
                "Before the @ of “%(email)s” are letters that not every mail server can send to; "
                "give an address with a to z, digits, dots and hyphens.",
                email=text,
            ),
            field="email",
        )
    return mailbox


def require_mobile(text: str, region: str = "DE") -> str:
    """Return the one number that can receive SMS in E.164, read as one dials it in the region.

    `region` is an ISO 3166 code such as DE. Raises `Refusal` (field phone) with what would be
    right: letters, an extension, a plus or zero that a spreadsheet dropped, a number that does not
    exist, a landline.
    """
    number = _parsed(text, region)
    if number is not None and number.extension:
        raise _refused(
            "phone-extension",
            _l("“%(number)s” has an extension; give a mobile number without one.", number=text),
        )
    if re.search(r"[^\W\d_]", text):
        raise _refused(
            "phone-letters",
            _l(
                "“%(number)s” has letters in it; write digits only, such as %(example)s.",
                number=text,
                example=_example(region),
            ),
        )
    if number is None:
        raise _invalid(text, region)
    _require_begins_as_dialled(text, number, region)
    if not phonenumbers.is_valid_number(number):
        raise _invalid(text, region)
    if not _receives_sms(number):
        raise _refused(
            "phone-not-mobile",
            _l(
                "“%(number)s” cannot receive text messages; give a mobile number, "
                "such as %(example)s.",
                number=text,
                example=_example(region),
            ),
        )
    return _e164(number)


def mobile_in(text: str, region: str = "DE") -> str | None:
    """Return the first number in a text that receives SMS, in E.164; None where there is none."""
    found = (match.number for match in phonenumbers.PhoneNumberMatcher(text, region))
    return next((_e164(number) for number in found if _receives_sms(number)), None)


@dataclass(frozen=True)
class Number:
    """A telephone number in a text: where it begins, as it is written, in E.164."""

    start: int
    written: str
    e164: str


def numbers_in(text: str, region: str = "DE") -> list[Number]:
    """Return the telephone numbers in a text, in order; an extension is not dialled."""
    found = phonenumbers.PhoneNumberMatcher(text, region)
    return [Number(match.start, match.raw_string, _e164(match.number)) for match in found]


def require_room_for_token(mail_from: str) -> str:
    """Return the address all mail comes from, when a token fits behind its mailbox with a plus.

    Raises `Refusal` (field mail_from): not one address, or too long to carry a token.
    """
    mailbox = require_mailbox(mail_from)
    if _room(mailbox) < SHORTEST_TOKEN:
        raise Refusal(
            "mail-from-too-long",
            _l(
                "“%(address)s” is too long: every mail adds a plus and a token of at least "
                "%(least)d letters to it, and %(most)d octets is all there may be.",
                address=mail_from,
                least=SHORTEST_TOKEN,
                most=LONGEST_ADDRESS,
            ),
            field="mail_from",
        )
    return mailbox


def new_sender(mail_from: str) -> str:
    """Return the address one mail comes from: `mailbox+token@domain`, at most 64 octets in all.

    An answer sent there says which mail it answers (RFC 5233). Raises as `require_room_for_token`.
    """
    mailbox, _, domain = require_room_for_token(mail_from).rpartition("@")
    return f"{mailbox}+{secrets.token_hex(16)[-_room(mail_from) :]}@{domain}"


def token_of(sender: str) -> str:
    """Return the token in an address that `new_sender` made."""
    return sender.rpartition("@")[0].rpartition("+")[2]


def token_in(address: str, mail_from: str) -> str:
    """Return the token in an address that mail was sent to; "" where it is not one of ours."""
    mailbox, _, domain = mail_from.lower().rpartition("@")
    begins, ends = f"{mailbox}+", f"@{domain}"
    written = address.lower()
    if not (written.startswith(begins) and written.endswith(ends)):
        return ""
    return written[len(begins) : -len(ends)]


def _room(mail_from: str) -> int:
    return min(32, LONGEST_ADDRESS - len(mail_from) - len("+"))


def _is_addr_spec(text: str) -> bool:
    """Ask the library that writes the mail whether it takes the address (RFC 5322, 3.4.1)."""
    try:
        return Address(addr_spec=text).addr_spec == text
    except (MessageError, ValueError, IndexError):
        return False


def _parsed(text: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None


def _require_begins_as_dialled(text: str, number: PhoneNumber, region: str) -> None:
    """Refuse digits that begin with neither + nor the zero of the region: a spreadsheet ate it.

    Whether 4915... lacks a plus or is somebody's landline in the region is not for us to guess.
    """
    begins_with_plus = re.search(r"[+＋\d]", text)
    metadata = PhoneMetadata.metadata_for_region(region)
    trunk = metadata.national_prefix if metadata else None
    digits = phonenumbers.normalize_digits_only(text)
    if (begins_with_plus and begins_with_plus[0] in "+＋") or (
        trunk == "0" and digits.startswith("0")
    ):
        return
    abroad = _parsed(f"+{digits}", region)
    readings = ([number] if trunk == "0" else []) + ([abroad] if abroad else [])
    meant = next(filter(_receives_sms, readings), None)
    if meant:
        raise _refused(
            "phone-plus-missing",
            _l(
                "“%(number)s” begins like no number one can dial; "
                "did a spreadsheet drop its plus or zero? If so, write %(meant)s.",
                number=text,
                meant=_e164(meant),
            ),
        )
    if digits.startswith(str(phonenumbers.country_code_for_region(region))):
        raise _invalid(text, region)  # no landline whose area code looks like the country's


def _receives_sms(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in RECEIVES_SMS


def _invalid(text: str, region: str) -> Refusal:
    return _refused(
        "phone-invalid",
        _l(
            "“%(number)s” is not a telephone number that exists; write one like %(example)s.",
            number=text,
            example=_example(region),
        ),
    )


def _refused(code: str, text: object) -> Refusal:
    return Refusal(code, text, field="phone")


def _example(region: str) -> str:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(example, form)) if example else "+49 1512 3456789"


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
