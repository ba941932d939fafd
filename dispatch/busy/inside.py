"""What the child does: fetch, if there is an address, and find the busy time."""

import base64
import ipaddress
import json
from datetime import datetime

from dispatch.busy.fetching import Fetched, fetch
from dispatch.busy.rules import Unreadable
from dispatch.busy.spans import busy_minutes


def answer(question: str) -> str:
    """Return busy minutes and the marks of the next question, or a code, as JSON."""
    asked = json.loads(question)
    try:
        fetched = _fetched(asked)
        if fetched is None:
            return json.dumps({"unchanged": True})
        spans = busy_minutes(
            fetched.octets,
            asked["zone"],
            datetime.fromisoformat(asked["first"]),
            datetime.fromisoformat(asked["after"]),
            asked["own_domain"],
        )
    except Unreadable as why:
        return json.dumps({"code": why.code})
    except MemoryError:
        return json.dumps({"code": "too-much"})
    return json.dumps({"spans": spans, "etag": fetched.etag, "modified": fetched.modified})


def _fetched(asked: dict[str, str]) -> Fetched | None:
    if not asked["address"]:
        return Fetched(base64.b64decode(asked["octets"]), "", "")
    allowed = tuple(ipaddress.ip_network(one) for one in asked["allowed"].split())
    return fetch(asked["address"], asked["etag"], asked["modified"], allowed)
