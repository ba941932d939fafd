"""Answers that others wrote, where the environment variable INTEROP_KIT names a folder with them.

`make_reply.py` answers our own invitation as many clients do; `corpus/imip` has real mail.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.answers.incoming import IncomingState
from dispatch.calendar.reply import UnreadableReply, read_reply
from dispatch.database import db, transaction
from dispatch.inbound import service
from dispatch.inbound.mail import read_mail
from dispatch.inbound.models import InboundMail
from dispatch.inbound.rules import FOR_A_PERSON, Outcome
from dispatch.settings import ROOT
from tests.conftest import FrozenClock
from tests.correspondence import in_the_sink
from tests.dispatch.inbound.scenes import agreed, entry, moved
from tests.factories import NOW

KIT = os.environ.get("INTEROP_KIT")
pytestmark = [
    pytest.mark.skipif(KIT is None, reason="INTEROP_KIT names no folder"),
    pytest.mark.usefixtures("session"),
]
SAID = {"ACCEPTED": Outcome.YES, "DECLINED": Outcome.NO, "TENTATIVE": Outcome.NOT_TAKEN}
UNTOUCHED = {"garbage"}
"""What the kit damages in plain text only; in base64 the answer stays whole, and counts."""


class Undone(Exception):
    """What was tried is not to stay."""


def outcome_of(mail: bytes) -> Outcome:
    """Take a mail, and have everything be as before."""
    try:
        with transaction():
            row = InboundMail(
                mailbox="box", uid_validity=1, uid=1, fingerprint="1", octets=mail,
                is_whole=True, received_at=NOW, state=IncomingState.STORED,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            service.take(row.id, now=NOW)
            outcome = Outcome(row.outcome)
            raise Undone
    except Undone:
        return outcome


@pytest.fixture
def answered(
    frozen_clock: FrozenClock, tmp_path: Path
) -> dict[str, tuple[dict[str, object], Outcome]]:
    """What became of each answer to a change that is to be agreed to."""
    moved(agreed())
    folder = tmp_path / "answers"
    subprocess.run(
        [sys.executable, f"{KIT}/make_reply.py", in_the_sink(entry("assignment_asked_again")),
         "--all", folder],
        check=True, capture_output=True,
    )  # fmt: skip
    expected = json.loads((folder / "expected.json").read_text())
    return {name: (one, outcome_of((folder / name).read_bytes())) for name, one in expected.items()}


def test_every_answer_of_every_client_counts_as_it_should(
    answered: dict[str, tuple[dict[str, object], Outcome]],
) -> None:
    wrong = {name: got for name, (one, got) in answered.items() if not _is_right(one, got)}
    assert not wrong
    documented = told("| answer |")
    assert {name.removesuffix(".eml"): str(got) for name, (_one, got) in answered.items()} == {
        name: cells[-1] for name, cells in documented.items()
    }


def _is_right(one: dict[str, object], got: Outcome) -> bool:
    damage = str(one["damage"])
    if damage in UNTOUCHED and one["client"] == "exchange":
        return got == Outcome.YES
    if damage == "bounce":
        return got == Outcome.RETURNED
    if one["kind"] == "COUNTER":
        return got == Outcome.PROPOSAL
    if damage in {"None", "no-method", "no-uid", "two-attendees"}:
        return got in {SAID[str(one["partstat"])], Outcome.NOT_TAKEN}
    return got in FOR_A_PERSON


def test_no_mail_of_the_corpus_changes_anything_or_stops_the_reading() -> None:
    moved(agreed())
    mails = sorted(Path(f"{KIT}/corpus/imip").glob("*.eml"))
    found = {mail.stem: outcome_of(mail.read_bytes()) for mail in mails}
    assert set(found.values()) <= FOR_A_PERSON
    documented = told("| mail |")
    assert {name: str(got) for name, got in found.items()} == {
        name: cells[-1] for name, cells in documented.items()
    }


def test_what_an_answer_says_is_read_as_others_read_it() -> None:
    corpus = Path(f"{KIT}/corpus")
    read = 0
    for case in json.loads((corpus / "expected_imip.json").read_text()):
        octets = (corpus / case["file"]).read_bytes()
        if case["file"].endswith(".eml"):
            texts = read_mail(octets).calendars
            assert bool(texts) == bool(case["calendar_parts"]), case["file"]
            if not texts:
                continue
            octets = texts[0].octets
        if len(case["events"]) != 1:
            with pytest.raises(UnreadableReply):
                read_reply(octets)
            continue
        (event,), reply = case["events"], read_reply(octets)
        said = [(one.address, one.standing) for one in reply.attendees]
        assert (reply.method, reply.uid, reply.sequence) == (
            case["method"], event["uid"], event["sequence"] or 0,
        ), case["file"]  # fmt: skip
        assert (event["attendee"], event["partstat"]) in said, case["file"]
        read += 1
    assert read > 5


def told(head: str) -> dict[str, list[str]]:
    """Return the rows of a table in docs/calendar.md by their first cell."""
    text = (ROOT / "docs/calendar.md").read_text()
    lines = text[text.index(head) :].split("\n\n")[0].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}
