"""Every calendar mail, judged by parsers nobody here wrote, where INTEROP_KIT names a folder.

The judge lies there (`judge_invite.py`); INTEROP_PY is a Python that has its parsers.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatch.calendar import invitation as calendar
from dispatch.calendar.invitation import CalendarEvent
from dispatch.database import transaction
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel
from tests.approving import parse
from tests.correspondence import deliver_all, foretell_secrets, in_the_sink, play, written
from tests.dispatch.calendar.test_invitation import EVENT, FACTS, WANTED_SO
from tests.factories import NOW

KIT = os.environ.get("INTEROP_KIT")
pytestmark = [
    pytest.mark.skipif(KIT is None, reason="INTEROP_KIT names no folder"),
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("locale", ["de", "en", "el"]),
]
LONG = {
    "letters": "Leyla " + "Wolfeschlegelsteinhausenbergerdorff" * 8,
    "greek": "Παπαδημητρακοπούλου, Μαρία: " * 10,
    "marks": "Ş̌ı\u202eمريم; \\ “Ana” " * 15,
}
"""Names of 300 characters: words no line may be broken in, letters of two octets, and signs."""
STARTS = {
    "the night the clocks go forward": datetime(2027, 3, 28, 0, 30, tzinfo=UTC),
    "the night they go back": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
    "the second time of the hour that is there twice": datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    "midnight": datetime(2027, 6, 30, 22, 0, tzinfo=UTC),
    "the end of the year": datetime(2027, 12, 31, 22, 30, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
}


def judge(*mails: Path) -> None:
    """Judge the mails of one event to one person, in the order they were sent."""
    python = os.environ.get("INTEROP_PY", sys.executable)
    said = subprocess.run(
        [python, f"{KIT}/judge_invite.py", "--quiet", "--sequence", *mails],
        capture_output=True, text=True,
    )  # fmt: skip
    failures = {line.strip() for line in said.stdout.splitlines() if " FAIL " in line}
    assert failures <= WANTED_SO, said.stdout + said.stderr
    assert "checks" in said.stdout, said.stderr


def by_event(messages: Sequence[Message]) -> dict[tuple[str, str], list[Path]]:
    """Return the calendar mails by the entry they are about and whom they went to."""
    found: dict[tuple[str, str], list[Path]] = {}
    for message in messages:
        if message.calendar_method and message.provider_reference:
            file = in_the_sink(message)
            sender = str(parse(file.read_bytes())["From"])
            found.setdefault((sender, message.recipient), []).append(file)
    return found


def test_every_calendar_mail_of_every_occasion_passes(
    monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    foretell_secrets(monkeypatch)
    play(locale)
    sequences = by_event(written())
    assert len(sequences) > 10
    for mails in sequences.values():
        judge(*mails)


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("when", STARTS)
def test_an_entry_at_a_hard_time_for_somebody_of_a_long_name_passes(
    locale: str, when: str, name: str
) -> None:
    asked = replace(
        EVENT,
        starts_at=STARTS[when],
        ends_at=STARTS[when] + timedelta(hours=2),
        attendee_name=LONG[name][:300],
    )
    moved = replace(
        asked,
        sequence=1,
        stamped_at=NOW + timedelta(hours=1),
        starts_at=asked.starts_at + timedelta(hours=1),
        ends_at=asked.ends_at + timedelta(hours=1),
    )
    off = replace(moved, sequence=2, stamped_at=NOW + timedelta(hours=2))
    _send("REQUEST", calendar.request(asked), asked, locale)
    _send("REQUEST", calendar.request(moved), moved, locale)
    _send("CANCEL", calendar.cancel(off), off, locale)
    judge(*(in_the_sink(message) for message in written()))


def _send(method: str, text: str, event: CalendarEvent, locale: str) -> None:
    with transaction():
        messaging.queue(
            "assignment_confirmed",
            channel=Channel.EMAIL,
            recipient=messaging.Recipient(event.attendee_address, event.attendee_name, locale),
            facts=FACTS,
            about="assignment:4711",
            now=NOW,
            calendar=messaging.CalendarPart(method, text),
            sender=event.organizer_address,
        )
    deliver_all()
