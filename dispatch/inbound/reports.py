"""What mail servers report about mail of ours (RFC 3464): it came back, or it is late."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

LONGEST_DIAGNOSIS = 200
NO_SUCH_MAILBOX = re.compile(r"5\.(1\.[0-9]+|2\.1)$")
"""Enhanced status codes about the address itself, or a shut mailbox (RFC 3463, 3.2, 3.3)."""


class Fate(StrEnum):
    """What a server did with a mail (Action, RFC 3464, 2.3.3), as far as anybody has to know."""

    FAILED = "failed"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Report:
    """A server's report: `status` such as 5.1.1, its own words, which mail (Message-ID) it means.

    `fate` is None where it reports nothing that matters (delivered, relayed, expanded).
    """

    fate: Fate | None
    status: str
    words: str
    mail_id: str

    @property
    def is_dead(self) -> bool:
        """Tell whether the address reaches nobody, whatever is sent there."""
        return bool(NO_SUCH_MAILBOX.match(self.status))


def read_report(mail: Message) -> Report | None:
    """Return what a mail reports; None where it is no report."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    parts = [one for one in mail.get_payload() if isinstance(one, Message)]
    fields = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if block.get("Action")
    ]
    if not fields:
        return None
    worst = next((one for one in fields if _fate(one) == Fate.FAILED), fields[0])
    diagnosis = str(worst.get("Diagnostic-Code", "")).partition(";")[2]
    return Report(
        fate=_fate(worst),
        status=str(worst.get("Status", "")).split(" ")[0].strip(),
        words=" ".join(diagnosis.split())[:LONGEST_DIAGNOSIS],
        mail_id=next(_returned(parts), ""),
    )


def _blocks(part: Message) -> Iterator[Message]:
    if part.is_multipart():
        yield from (one for one in part.get_payload() if isinstance(one, Message))


def _fate(block: Message) -> Fate | None:
    action = str(block.get("Action", "")).strip().lower()
    return Fate(action) if action in set(Fate) else None


def _returned(parts: list[Message]) -> Iterator[str]:
    """Yield the Message-ID of the mail that a report brings back, whole or its headers."""
    for part in parts:
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            inner = [one for one in part.get_payload() if isinstance(one, Message)]
            yield from (_id(str(one.get("Message-ID", ""))) for one in inner)
        elif kind in {"text/rfc822-headers", "message/rfc822-headers"}:
            found = re.search(r"^Message-ID:\s*<([^>]+)>", str(part.get_payload()), re.I | re.M)
            if found:
                yield found[1]


def _id(text: str) -> str:
    return text.strip().removeprefix("<").removesuffix(">")
