"""Having a private calendar read by a process that may be ended at any moment."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.busy.rules import LONGEST_LOOK, Unreadable
from dispatch.settings import ROOT, active

TOTAL_SECONDS = 20.0
LOOKS_BACK = timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """Busy time as pairs of minutes since 1970, and what makes the next question conditional."""

    spans: list[list[int]]
    etag: str = ""
    modified: str = ""


def read(
    now: datetime, *, address: str = "", octets: bytes = b"", etag: str = "", modified: str = ""
) -> Read | None:
    """Return the busy time of the calendar at an address or in a file; None if it is as it was.

    Raises `Unreadable`. No transaction may be open: it waits for a stranger's server.
    """
    here = active()
    question = {
        "address": address,
        "octets": base64.b64encode(octets).decode(),
        "etag": etag,
        "modified": modified,
        "zone": here.time_zone,
        "first": (now - LOOKS_BACK).isoformat(),
        "after": (now + LONGEST_LOOK).isoformat(),
        "own_domain": here.mail_from.rpartition("@")[2],
        "allowed": " ".join(str(one) for one in here.egress_allow),
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "dispatch.busy.child"],
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
    return Read(answer["spans"], answer["etag"], answer["modified"])
