"""Mails as clients understand them, with or without an invitation (RFC 6047)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from dispatch.messaging import html
from dispatch.messaging.models import Message
from dispatch.messaging.rules import TransportError
from dispatch.settings import active

LONGEST_NAME = 60
LONGEST_SUBJECT = 200
OUR_HEADERS = frozenset(
    {
        "from", "to", "subject", "date", "message-id", "in-reply-to", "references",
        "mime-version", "content-type", "content-transfer-encoding", "content-language",
        "auto-submitted",
    }
)  # fmt: skip
UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"  # line ends and what turns text around
    r"|=\?|\?="  # what would be read as an encoded word, with anything in it (RFC 2047)
)
EXACTLY_ONCE = ("From", "To", "Subject", "Date", "Message-ID")
ALIKE = frozenset(
    {
        "mime-version", "content-type", "content-transfer-encoding", "content-disposition",
        "content-language", "auto-submitted", "from",
    }
)  # fmt: skip
"""Headers that say the same in nearly every mail."""


class _Kinds(HeaderRegistry):
    """Makes the class of each kind of header once; the library's makes it anew for each header."""

    @lru_cache(maxsize=64)  # noqa: B019 - there is one, and it lives as long as the program
    def __getitem__(self, name: str) -> type[Any]:
        return super().__getitem__(name)


KINDS = _Kinds()


@lru_cache(maxsize=64)
def _header(name: str, value: str) -> Any:
    """Return a header as the library understands it, which takes it longer than all the rest."""
    return KINDS(name, value)


class _EverySpace(EmailPolicy):
    """Folds a subject with other letters as the older class of the library does.

    The newer way drops a space where it parts two encoded words (RFC 2047, 6.2: what stands
    between them is not shown), about once in ten long subjects in German or Greek.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return a header as it is kept; what is alike in all mails is understood once."""
        if name.lower() in ALIKE and type(value) is str:
            return name, _header(name, value)
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: str) -> str:
        """Return a header as lines of at most 76 characters, every space kept."""
        if name.lower() != "subject" or str(value).isascii():
            folded: str = super().fold(name, value)
            return folded
        words = Header(str(value), "utf-8", maxlinelen=75, header_name=name)
        return f"{name}: {words.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the same as octets; of what is alike in all mails it is found once."""
        return self._alike(name, value) if name.lower() in ALIKE else self._octets(name, value)

    @lru_cache(maxsize=64)  # noqa: B019 - there is one, and it lives as long as the program
    def _alike(self, name: str, value: str) -> bytes:
        return self._octets(name, value)

    def _octets(self, name: str, value: str) -> bytes:
        if name.lower() != "subject" or str(value).isascii():
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


SMTP = _EverySpace(linesep="\r\n", header_factory=KINDS)
"""Lines end in CRLF inside base64 too (RFC 5545, 3.1)."""
READING = EmailPolicy(header_factory=KINDS)


@dataclass(frozen=True)
class WrittenMail:
    """A mail as it is handed over: whole, with the one sender and recipient of its envelope."""

    sender: str
    recipient: str
    octets: bytes


def sender_name() -> str:
    """Return the name that every mail comes from, and that calendars show as the organizer's."""
    return _one_line(active().city.office.name, LONGEST_NAME)


def written(message: Message, at: datetime, earlier: Sequence[str] = ()) -> WrittenMail:
    """Return the mail to exactly one recipient, read once more before anybody gets it.

    `earlier` are the Message-IDs of mails to the same person about the same thing, oldest first.
    Raises `TransportError` (permanent) when what was written does not read as one mail from us to
    that one person.
    """
    try:
        octets = mail_of(message, at, earlier).as_bytes(policy=SMTP)
    except Exception as fault:  # a library's own refusals of what is in a header have no one type
        raise TransportError("not-written", str(fault), permanent=True) from fault
    _require_reads_back(octets, message)
    return WrittenMail(message.sender, message.recipient, octets)


def mail_of(message: Message, at: datetime, earlier: Sequence[str] = ()) -> EmailMessage:
    """Return the mail, not yet read again.

    Text and HTML are alternatives that say the same. With a calendar part it is multipart/mixed:
    text, HTML and text/calendar as alternatives, and the same calendar text as an attachment for
    clients that look only there. The Message-ID stays the same however often the mail is handed
    over.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = str(Address(sender_name(), addr_spec=message.sender))
    mail["To"] = Address(
        _one_line(message.recipient_name, LONGEST_NAME), addr_spec=message.recipient
    )
    mail["Subject"] = _one_line(message.subject, LONGEST_SUBJECT)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.mail_id}>"
    if earlier:  # RFC 5322, 3.6.4
        mail["In-Reply-To"] = f"<{earlier[-1]}>"
        mail["References"] = " ".join(f"<{one}>" for one in earlier)
    mail.set_content(message.body + "\n", cte="base64")
    page = html.page_of(message.body, title=message.subject, locale=message.locale)
    mail.add_alternative(page, subtype="html", cte="base64")
    if not message.calendar_text or not message.calendar_method:
        mail["Auto-Submitted"] = "auto-generated"  # RFC 3834; not on invitations, which are asked
    else:
        _add_calendar(mail, message.calendar_text, message.calendar_method)
    mail["Content-Language"] = message.locale  # last, since setting content drops such headers
    return mail


def _require_reads_back(octets: bytes, message: Message) -> None:
    mail = BytesHeaderParser(policy=READING).parsebytes(octets)
    names = [name.lower() for name in mail]
    faults = [name for name in EXACTLY_ONCE if names.count(name.lower()) != 1]
    faults += sorted(set(names) - OUR_HEADERS)
    faults += [type(defect).__name__ for defect in mail.defects]
    if not faults:
        faults = [
            header
            for header, address in (("From", message.sender), ("To", message.recipient))
            if [one.addr_spec for one in mail[header].addresses] != [address]
        ]
    if faults:
        raise TransportError("not-written", ", ".join(faults), permanent=True)


def _one_line(text: str, longest: int) -> str:
    """Return the text without line breaks and signs nobody sees, cut where clients cut anyway."""
    line = " ".join(UNSEEN.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _add_calendar(mail: EmailMessage, text: str, method: str) -> None:
    mail.add_alternative(
        text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method}
    )
    mail.make_mixed()
    mail.add_attachment(
        text.encode(), maintype="application", subtype="ics", filename="invite.ics",
        params={"name": "invite.ics"},
    )  # fmt: skip
