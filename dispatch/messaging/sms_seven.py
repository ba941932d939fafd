"""SMS by seven (seven.io, a gateway in Germany), by its documented HTTP interface.

https://docs.seven.io/en/rest-api/endpoints/sms: a form to /api/sms, the key in X-Api-Key; the
answer says how it went as a number, and of each SMS whether it was taken and by which id.
"""

import json
import math
from typing import Any

from requests import RequestException, Response

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

ADDRESS = "https://gateway.seven.io"
TAKEN = {100, 101}
"""101: not for every recipient; there is one, and what became of it stands with it."""
HAS_IT_ALREADY = 402
"""The same text went to the same number within three minutes: whoever asks again has sent it."""
REFUSED = {
    201: "country-not-enabled",
    202: "number-invalid",
    306: "own-number-invalid",
}
OUTAGES = {
    500: "no-credit",
    900: "credentials-refused",
    902: "credentials-refused",
    903: "credentials-refused",
}
BUSY, UNKNOWN = 600, 700


class Seven:
    """SMS by seven; its sender is a name, or a number that is rented there."""

    name = "seven"

    def send(self, settings: Settings, message: Message) -> str:
        """Hand an SMS over and return its id; raises `TransportError`."""
        base = str(settings.seven_base_url or ADDRESS).rstrip("/")
        form = {
            "to": message.recipient,
            "from": sender_at(settings.sms_carriers, "seven").removeprefix("+"),
            "text": message.body,
            "ttl": str(math.ceil(valid_seconds(message) / 60)),
            "foreign_id": str(message.id),
        }
        headers = {"X-Api-Key": settings.seven_api_key or "", "Accept": "application/json"}
        try:
            with session() as calls:
                answer = calls.post(
                    f"{base}/api/sms",
                    data=form,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                )
        except RequestException as broken:
            name = type(broken).__name__
            if never_connected(broken):
                raise TransportError("provider-away", name, outage=True) from broken
            raise TransportError("no-answer", name, unknown=True) from broken
        return _reference(answer)


def _reference(answer: Response) -> str:
    """Return the id of an SMS that was taken; raise `TransportError` for every other answer."""
    status = answer.status_code
    if status == 429:
        wait = seconds_asked(answer.headers)
        raise TransportError("slow-down", f"HTTP {status}", outage=True, retry_after=wait)
    if status in {401, 403}:
        raise TransportError("credentials-refused", f"HTTP {status}", outage=True)
    code, sms = _read(answer.text)
    if code is None:
        if 400 <= status < 500:
            raise TransportError("sms-refused", f"HTTP {status}", permanent=True)
        known = "answer-unreadable" if status < 400 else "no-answer"
        raise TransportError(known, f"HTTP {status}", unknown=True)
    if code == HAS_IT_ALREADY:
        return ""
    if code in TAKEN:
        return _taken(sms)
    raise _refusal(code)


def _taken(sms: dict[str, Any]) -> str:
    if sms.get("success") is False:
        error = str(sms.get("error"))
        raise _refusal(int(error) if error.isdigit() else 0)
    if not sms.get("id"):
        raise TransportError("answer-unreadable", "seven", unknown=True)
    return str(sms["id"])


def _refusal(code: int) -> TransportError:
    detail = f"seven {code}"
    if code in OUTAGES:
        return TransportError(OUTAGES[code], detail, outage=True)
    if code == BUSY:
        return TransportError("provider-busy", detail)
    if code == UNKNOWN:
        return TransportError("no-answer", detail, unknown=True)
    return TransportError(REFUSED.get(code, "sms-refused"), detail, permanent=True)


def _read(text: str) -> tuple[int | None, dict[str, Any]]:
    """Return the number that says how it went (None: there is none) and what is said of the SMS."""
    try:
        content = json.loads(text)
    except ValueError:
        return None, {}
    if isinstance(content, int) and not isinstance(content, bool):
        return content, {}  # some refusals are the number and nothing else
    code = str(content.get("success", "")) if isinstance(content, dict) else ""
    if not code.isdigit():
        return None, {}
    several = content.get("messages")
    sms = several[0] if isinstance(several, list) and several else {}
    return int(code), sms if isinstance(sms, dict) else {}
