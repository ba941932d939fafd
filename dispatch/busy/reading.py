"""Having a private calendar read by a process that may be ended at any moment."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatch.busy.rules import LONGEST_LOOK, Unreadable, require_one
from dispatch.settings import ROOT, active

TOTAL_SECONDS = 20.0
AFTER_PAGES, AFTER_EVERYBODY = 5, 15
"""How nice a process is that somebody waits for, and one that nobody does: pages come first."""
LOOKS_BACK = timedelta(days=1)


class Known(NamedTuple):
    """What makes a question conditional: the marks of the state that is known (RFC 9110, 8.8)."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Read:
    """Busy time as pairs of minutes since 1970, and what makes the next question conditional."""

    spans: list[list[int]]
    etag: str = ""
    modified: str = ""


NOTHING_KNOWN = Known()


def read(
    now: datetime,
    *,
    address: str = "",
    octets: bytes = b"",
    known: Known = NOTHING_KNOWN,
    nice: int = AFTER_PAGES,
) -> Read | None:
    """Return the busy time of the calendar at an address or in a file; None if it is as it was.

    `nice` says how far it gives way to others.

    Raises `Unreadable`. No transaction may be open: it waits for a stranger's server.
    """
    if not address:
        require_one(octets)
    here = active()
    question = {
        "address": address,
        "octets": base64.b64encode(octets).decode(),
        "etag": known.etag,
        "modified": known.modified,
        "zone": here.time_zone,
        "first": (now - LOOKS_BACK).isoformat(),
        "after": (now + LONGEST_LOOK).isoformat(),
        "own_domain": here.mail_from.rpartition("@")[2],
        "allowed": " ".join(str(one) for one in here.egress_allow),
    }
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, and a number of ours
            [sys.executable, "-m", "dispatch.busy.child", str(nice)],
            input=json.dumps(question).encode(),
            capture_output=True,
            cwd=ROOT,
            timeout=TOTAL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("too-slow") from None
    if child.returncode != 0:  # killed by a limit, or out of memory where nothing can be said
        raise Unreadable("too-much")
    answer = json.loads(child.stdout)
    if "code" in answer:
        raise Unreadable(answer["code"])
    if "unchanged" in answer:
        return None
    return Read(answer["spans"], answer.get("etag", ""), answer.get("modified", ""))
