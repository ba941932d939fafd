"""What the child does: fetch, if there is an address, and find the busy time."""

import base64
import ipaddress
import json
from datetime import datetime

from dispatch.busy.rules import Unreadable, require_one


def answer(question: str) -> str:
    """Return busy minutes and the marks of the next question, or a code, as JSON."""
    asked = json.loads(question)
    try:
        if not asked["address"]:
            return json.dumps({"spans": _spans(base64.b64decode(asked["octets"]), asked)})
        return _fetched(asked)
    except Unreadable as why:
        return json.dumps({"code": why.code})
    except MemoryError:
        return json.dumps({"code": "too-much"})


def _fetched(asked: dict[str, str]) -> str:
    from dispatch.busy.fetching import fetch  # a third of the start; a file needs none of it

    allowed = tuple(ipaddress.ip_network(one) for one in asked["allowed"].split())
    fetched = fetch(asked["address"], asked["etag"], asked["modified"], allowed)
    if fetched is None:
        return json.dumps({"unchanged": True})
    spans = _spans(fetched.octets, asked)
    return json.dumps({"spans": spans, "etag": fetched.etag, "modified": fetched.modified})


def _spans(octets: bytes, asked: dict[str, str]) -> list[list[int]]:
    require_one(octets)
    from dispatch.busy.spans import busy_minutes  # as much again, for what may be a calendar only

    return busy_minutes(
        octets,
        asked["zone"],
        datetime.fromisoformat(asked["first"]),
        datetime.fromisoformat(asked["after"]),
        asked["own_domain"],
    )
