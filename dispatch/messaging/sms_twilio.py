"""SMS by Twilio, with a limit on waiting and its errors read by what they ask for."""

import logging
from typing import Any

from requests import ConnectionError as NoConnection
from requests import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from dispatch.messaging.models import Message
from dispatch.messaging.rules import TransportError
from dispatch.settings import Settings

TIMEOUT_SECONDS = 10.0
VALID_SECONDS = 4 * 3600
VALID_SECONDS_WHEN_URGENT = 900
OPTED_OUT = 21610
IN_PLAIN_WORDS = {
    OPTED_OUT: "the recipient wants no SMS (STOP)",
    21211: "the telephone number is not valid",
    21212: "our own sender number is not valid",
    21408: "SMS to this country are not switched on",
    21612: "there is no way from our number to this one",
    21614: "the number cannot receive SMS",
    21635: "the number is a landline",
    20003: "Twilio does not accept our credentials",
}

_quiet = logging.getLogger(f"{__name__}.http")
_quiet.setLevel(logging.WARNING)  # at INFO the library writes numbers and texts to the log


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The library's client with a limit on waiting, which heeds Retry-After."""

    def __init__(self) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS, max_retries=0, logger=_quiet)

    def request(self, *arguments: Any, **options: Any) -> Response:
        """Make the request; raise `TransportError` when Twilio asks to slow down."""
        response = super().request(*arguments, **options)
        if response.status_code == 429:
            wait = str(response.headers.get("Retry-After", ""))
            raise TransportError(
                "Twilio asks us to slow down", retry_after=float(wait) if wait.isdigit() else 0
            )
        return response


def send_by_twilio(settings: Settings, message: Message) -> str:
    """Hand an SMS over and return its SID.

    Raises `TransportError`: temporary for 401, 429 and 5xx, permanent for other refusals, unknown
    when the connection broke after the message may have been taken.
    """
    client = Client(settings.twilio_account_sid, settings.twilio_auth_token, http_client=_Http())
    if settings.twilio_base_url:
        client.api.base_url = str(settings.twilio_base_url).rstrip("/")
    try:
        sent = client.messages.create(
            to=message.recipient,
            from_=settings.twilio_from,
            body=message.body,
            validity_period=VALID_SECONDS_WHEN_URGENT if message.urgent else VALID_SECONDS,
        )
    except TwilioRestException as refused:
        raise _refusal(refused) from refused
    except TwilioException as refused:
        raise TransportError(f"Twilio refused the SMS ({refused})", permanent=True) from refused
    except RequestException as broken:
        raise TransportError(
            f"the connection to Twilio broke ({type(broken).__name__})",
            unknown=not _never_connected(broken),
        ) from broken
    return str(sent.sid)


def _refusal(refused: TwilioRestException) -> TransportError:
    code = refused.code or refused.status
    return TransportError(
        f"{IN_PLAIN_WORDS.get(code, refused.msg)} (Twilio {code})",
        permanent=refused.status != 401 and refused.status < 500,
        opted_out=code == OPTED_OUT,
    )


def _never_connected(broken: RequestException) -> bool:
    if isinstance(broken, ConnectTimeout):
        return True
    cause = broken.args[0] if isinstance(broken, NoConnection) and broken.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError)
