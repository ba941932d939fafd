"""SMS by Twilio, with a limit on waiting and its answers read by what they ask for."""

import json
import logging
from typing import Any

from requests import RequestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from dispatch.carriers import sender_at
from dispatch.messaging.calling import (
    TIMEOUT_SECONDS,
    never_connected,
    seconds_asked,
    session,
)
from dispatch.messaging.models import Message
from dispatch.messaging.providers import valid_seconds
from dispatch.messaging.rules import TransportError
from dispatch.settings import Settings

OPTED_OUT = 21610
RECEIPTS = "/sms/receipts/{}"
"""Where receipts for a message come in (`pages/sms.py`)."""
REASON_OF = {
    OPTED_OUT: "opted-out",
    21211: "number-invalid",
    21212: "own-number-invalid",
    21408: "country-not-enabled",
    21612: "no-route",
    21614: "not-mobile",
    21635: "not-mobile",
    20003: "credentials-refused",
}

_quiet = logging.getLogger(f"{__name__}.http")
_quiet.setLevel(logging.WARNING)  # at INFO the library writes numbers and texts to the log


class Twilio:
    """SMS by Twilio."""

    name = "Twilio"

    def send(self, settings: Settings, message: Message) -> str:
        """Hand an SMS over and return its SID; raises `TransportError`."""
        return _send(settings, message)


def _send(settings: Settings, message: Message) -> str:
    """Hand an SMS over and return its SID.

    Raises `TransportError`: an outage for 401, 403, 429 and troubles of Twilio's own, permanent for
    other refusals, unknown when the message may have been taken but no answer says so: a broken
    connection, a gateway (502, 504), an answer that cannot be read.
    """
    client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=_Http())
    if settings.twilio_base_url:
        client.api.base_url = str(settings.twilio_base_url).rstrip("/")
    try:
        sent = client.messages.create(
            to=message.recipient,
            body=message.body,
            validity_period=valid_seconds(message),
            status_callback=settings.base_url + RECEIPTS.format(message.id),
            **_from(sender_at(settings.sms_carriers, "twilio")),
        )
    except RequestException as broken:
        if never_connected(broken):
            raise TransportError("provider-away", type(broken).__name__, outage=True) from broken
        raise TransportError("no-answer", type(broken).__name__, unknown=True) from broken
    except TransportError:
        raise
    except Exception as fault:  # on which side of the hand-over, nobody can say
        raise TransportError("no-answer", type(fault).__name__, unknown=True) from fault
    return str(sent.sid)


def _from(sender: str) -> dict[str, str]:
    """Return the sender as Twilio wants it: a number, a name, or a service that picks one."""
    return {"messaging_service_sid" if sender.startswith("MG") else "from_": sender}


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The library's client with limits on waiting; it lets through what says that it was taken."""

    def __init__(self) -> None:
        super().__init__(
            pool_connections=False, timeout=TIMEOUT_SECONDS, max_retries=0, logger=_quiet
        )

    def request(self, *arguments: Any, **options: Any) -> Response:
        """Make the request; raise `TransportError` for every answer but one with a SID."""
        with session() as calls:
            self.session = calls
            response = super().request(*arguments, **options)
        _require_taken(response)
        return response


def _require_taken(response: Response) -> None:
    status, content = int(response.status_code), _content(response.text)
    if 200 <= status < 300:
        if not content.get("sid"):
            raise TransportError("answer-unreadable", f"HTTP {status}", unknown=True)
        return
    code = content.get("code") if isinstance(content.get("code"), int) else None
    detail = f"Twilio {code}" if code else f"HTTP {status}"
    if status == 429:
        raise TransportError(
            "slow-down", detail, outage=True, retry_after=seconds_asked(response.headers)
        )
    if status in {401, 403}:
        raise TransportError("credentials-refused", detail, outage=True)
    if status >= 500:
        # What answered may be a gateway that lost sight of Twilio; its own errors carry a code.
        if status in {502, 504} or not code:
            raise TransportError("no-answer", detail, unknown=True)
        raise TransportError("provider-busy", detail, outage=True)
    raise TransportError(
        REASON_OF.get(code or 0, "sms-refused"), detail, permanent=True, opted_out=code == OPTED_OUT
    )


def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
