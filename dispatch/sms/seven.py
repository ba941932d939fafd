"""What seven reports (https://docs.seven.io/en/rest-api/webhooks), read into our words."""

import json
from typing import Any, NamedTuple

STATES = {
    "ACCEPTED": "accepted",
    "BUFFERED": "sent",
    "TRANSMITTED": "sent",
    "DELIVERED": "delivered",
    "NOTDELIVERED": "undelivered",
    "EXPIRED": "undelivered",
    "REJECTED": "undelivered",
    "FAILED": "failed",
}
"""What seven says of an SMS, in the words receipts are ordered by."""


class Received(NamedTuple):
    """An SMS that came in."""

    reference: str
    sender: str
    text: str


class Receipt(NamedTuple):
    """What became of an SMS that went out."""

    reference: str
    status: str
    error: str


def read(content: bytes) -> Received | Receipt | None:
    """Return what a report says; None for what is neither an SMS that came in nor a receipt."""
    report = _object(content)
    data = report.get("data")
    if not isinstance(data, dict):
        return None
    if report.get("webhook_event") == "sms_mo" and data.get("id"):
        sender = _text(data, "sender")
        number = f"+{sender}" if sender.isascii() and sender.isdigit() else sender
        return Received(f"seven:{_text(data, 'id')}", number, _text(data, "text"))
    if report.get("webhook_event") == "dlr" and data.get("msg_id"):
        status = _text(data, "status")
        return Receipt(_text(data, "msg_id"), STATES.get(status, ""), status)
    return None


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name, "")
    return str(value) if isinstance(value, (str, int)) else ""


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
