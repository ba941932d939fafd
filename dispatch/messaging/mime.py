"""Mails as clients understand them, with or without an invitation (RFC 6047)."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from markupsafe import Markup, escape

from dispatch.messaging.models import Message

SENDER_NAME = "Dragoman"


def mail_of(message: Message, at: datetime) -> EmailMessage:
    """Return the mail to exactly one recipient.

    With a calendar part it is multipart/mixed: text, HTML and text/calendar as alternatives, and
    the same calendar text as an attachment for clients that look only there. The Message-ID stays
    the same however often the mail is handed over.
    """
    mail = EmailMessage(policy=SMTP)  # lines end in CRLF inside base64 too (RFC 5545, 3.1)
    local, domain = message.sender.split("@")
    mail["From"] = Address(SENDER_NAME, local, domain)
    mail["To"] = Address(message.recipient_name, addr_spec=message.recipient)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<message-{message.id}@{domain}>"
    mail.set_content(message.body + "\n", cte="base64")
    if not message.calendar_text or not message.calendar_method:
        mail["Auto-Submitted"] = "auto-generated"
    else:
        _add_calendar(mail, message, message.calendar_text, message.calendar_method)
    mail["Content-Language"] = message.locale  # last, since setting content drops such headers
    return mail


def _add_calendar(mail: EmailMessage, message: Message, text: str, method: str) -> None:
    mail.add_alternative(_html(message), subtype="html", cte="base64")
    mail.add_alternative(
        text, subtype="calendar", charset="utf-8", cte="base64", params={"method": method}
    )
    mail.make_mixed()
    mail.add_attachment(
        text.encode(), maintype="application", subtype="ics", filename="invite.ics",
        params={"name": "invite.ics"},
    )  # fmt: skip


def _html(message: Message) -> str:
    lines = [_line(line) for line in message.body.splitlines()]
    page = Markup('<!doctype html>\n<html lang="{}"><body><p>{}</p></body></html>\n')
    return str(page.format(message.locale, Markup("<br>\n").join(lines)))


def _line(line: str) -> Markup:
    words = [
        Markup('<a href="{0}">{0}</a>').format(word)
        if word.startswith(("http://", "https://"))
        else escape(word)
        for word in line.split(" ")
    ]
    return Markup(" ").join(words)
