"""Mail by SMTP, encrypted, with a limit on waiting."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from dispatch.messaging.rules import TransportError

TIMEOUT_SECONDS = 10
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def send_by_smtp(url: str, mail: EmailMessage) -> str:
    """Hand a mail to `smtp://` (STARTTLS) or `smtps://`; return its Message-ID.

    A server elsewhere that offers no encryption gets nothing. Raises `TransportError`.
    """
    try:
        with _connect(url) as server:
            server.send_message(mail)
    except smtplib.SMTPResponseException as refused:
        raise TransportError(
            f"the mail server answered {refused.smtp_code}", permanent=refused.smtp_code >= 500
        ) from refused
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise TransportError(
            f"the mail server refused the address ({code})", permanent=code >= 500
        ) from refused
    except (smtplib.SMTPException, OSError) as away:
        raise TransportError(f"the mail server cannot be reached ({away})") from away
    return str(mail["Message-ID"])


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, context = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if server.has_extn("starttls") or host not in LOOPBACK:
            server.starttls(context=context)
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server
