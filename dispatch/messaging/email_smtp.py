"""Mail by SMTP, encrypted, with a limit on waiting."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from dispatch.messaging.rules import TransportError

TIMEOUT_SECONDS = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def send_by_smtp(url: str, mail: EmailMessage) -> str:
    """Hand a mail to `smtp://` (STARTTLS) or `smtps://`; return what the server called it.

    A server elsewhere that offers no encryption gets nothing. Raises `TransportError`: permanent
    for 5xx, unknown when the connection broke after the text was handed over.
    """
    sender, recipient = (parseaddr(str(mail[header]))[1] for header in ("From", "To"))
    try:
        server = _connect(url, sender.rpartition("@")[2])
    except (smtplib.SMTPException, OSError) as away:
        raise TransportError(f"the mail server cannot be used ({away})") from away
    try:
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(sender), "the sender")
        _expect(server.rcpt(recipient), "the recipient")
        return _hand_over(server, mail.as_bytes(policy=SMTP))
    except (smtplib.SMTPServerDisconnected, OSError) as broken:
        raise TransportError(f"the connection to the mail server broke ({broken})") from broken
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def _hand_over(server: smtplib.SMTP, text: bytes) -> str:
    try:
        answered: tuple[int, bytes | str] = server.data(text)
    except smtplib.SMTPDataError as refused:
        answered = refused.smtp_code, refused.smtp_error
    except (smtplib.SMTPServerDisconnected, OSError) as broken:
        raise TransportError(
            f"the mail server did not say whether it took the mail ({broken})", unknown=True
        ) from broken
    _expect(answered, "the mail")
    return _words(answered[1])


def _expect(answered: tuple[int, bytes | str], what: str) -> None:
    code, answer = answered
    if code >= 300:
        raise TransportError(
            f"the mail server refused {what}: {code} {_words(answer)}", permanent=code >= 500
        )


def _words(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]


def _connect(url: str, own_name: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, own_name, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, own_name, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls") or host not in LOOPBACK:
            server.starttls(context=context)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
