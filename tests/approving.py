"""Texts that a person has read and approved, compared letter by letter.

What differs is written beside the approved text as `.received`; whoever finds it right renames it.
"""

import email
import re
from email.message import EmailMessage
from email.policy import SMTP
from html.parser import HTMLParser
from pathlib import Path

APPROVED = Path(__file__).parent / "approved"
SHOWN_HEADERS = (
    "From", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language",
    "Auto-Submitted",
)  # fmt: skip


def differing(texts: dict[str, str]) -> list[str]:
    """Return the names of the texts that are not as approved, or not approved at all."""
    return [name for name, text in texts.items() if not _is_approved(name, text)]


def _is_approved(name: str, text: str) -> bool:
    approved, received = APPROVED / name, APPROVED / f"{name}.received"
    if approved.exists() and approved.read_bytes().decode() == text:
        received.unlink(missing_ok=True)
        return True
    received.write_bytes(text.encode())
    return False


def parse(octets: bytes) -> EmailMessage:
    """Return a mail as a recipient's client reads it."""
    mail: EmailMessage = email.message_from_bytes(octets, policy=SMTP)  # type: ignore[assignment]
    return mail


def readable(mail: EmailMessage) -> str:
    """Return a mail as a person can read and approve it: who, what, every part decoded."""
    heads = [f"{name}: {mail[name]}" for name in SHOWN_HEADERS if mail[name] is not None]
    shown: list[bytes] = []
    return "\n".join([*heads, *_parts(mail, 0, shown), ""]).replace("\r\n", "\n")


def _parts(part: EmailMessage, depth: int, shown: list[bytes]) -> list[str]:
    kind = [part.get_content_type()]
    kind += [
        f"{key}={value}" for key, value in part["Content-Type"].params.items() if key != "boundary"
    ]
    if part.is_multipart():
        inner = (line for one in part.iter_parts() for line in _parts(one, depth + 1, shown))  # type: ignore[arg-type]
        return ["  " * depth + f"[{'; '.join(kind)}]", *inner]
    kind += [part["Content-Transfer-Encoding"], part["Content-Disposition"] or "inline"]
    octets: bytes = part.get_payload(decode=True)  # type: ignore[assignment]
    text = "(the same octets as above)" if octets in shown else octets.decode().rstrip()
    if shown and part.get_content_type() == "text/html" and says(text) == words(shown[0].decode()):
        text = "(the words above, in paragraphs and with links)"
    shown.append(octets)
    return ["  " * depth + f"[{'; '.join(kind)}]", text]


def words(text: str) -> str:
    """Return a text as far as HTML can say it: blanks and empty lines are not counted."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def says(page: str) -> str:
    """Return what somebody reads on an HTML page, line by line."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return words(reader.read)


class _Reader(HTMLParser):
    """Reads as a mail program does."""

    def __init__(self) -> None:
        super().__init__()
        self.read = ""
        self.links: list[str] = []
        self._in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_body |= tag == "body"
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]
        if tag == "br":
            self.read += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.read += "\n\n"

    def handle_data(self, data: str) -> None:
        if self._in_body:
            self.read += re.sub(r"\s", " ", data)  # a line end is a blank there


def leads_to(page: str) -> list[str]:
    """Return every address a page names for a press or for something to fetch, in order."""
    reader = _Reader()
    reader.feed(page)
    return reader.links
