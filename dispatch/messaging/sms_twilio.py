"""SMS by Twilio, with a limit on waiting and its errors read by what they ask for."""

from requests import RequestException
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from dispatch.messaging.models import Message
from dispatch.messaging.rules import TransportError
from dispatch.settings import Settings

TIMEOUT_SECONDS = 10
VALID_SECONDS = 4 * 3600
TRY_AGAIN = {429, 500, 502, 503, 504}


def send_by_twilio(settings: Settings, message: Message) -> str:
    """Hand an SMS over and return its SID.

    Raises `TransportError`: temporary for 429 and 5xx, permanent for other refusals, unknown when
    the connection broke after the message may have been taken.
    """
    client = Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token,
        http_client=TwilioHttpClient(timeout=TIMEOUT_SECONDS, max_retries=0),
    )
    if settings.twilio_base_url:
        client.api.base_url = str(settings.twilio_base_url).rstrip("/")
    try:
        sent = client.messages.create(
            to=message.recipient,
            from_=settings.twilio_from,
            body=message.body,
            validity_period=VALID_SECONDS,
        )
    except TwilioRestException as refused:
        raise TransportError(
            f"Twilio answered {refused.code or refused.status}: {refused.msg}",
            permanent=refused.status not in TRY_AGAIN,
        ) from refused
    except RequestException as broken:
        raise TransportError(f"the connection to Twilio broke ({broken})", unknown=True) from broken
    return str(sent.sid)
