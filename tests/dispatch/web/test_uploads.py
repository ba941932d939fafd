"""What is brought as a file is taken or refused at once, in words, and lies nowhere else."""

import gc
import io
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from time import process_time

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from dispatch.accounts.models import Account
from dispatch.database import db, transaction
from dispatch.settings import Settings
from tests.browsing import TOKEN
from tests.conftest import FrozenClock
from tests.dispatch.tables.test_reading import repacked, sheet_of, xlsx
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
MOST_SECONDS, MOST_BYTES = 3, 200_000_000
HEADING = b"language,site,day,start,duration,setting\n"
XML = (
    b"<!DOCTYPE x [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (98 + n, b"&%c;" % (97 + n) * 20) for n in range(9))
    + b"]>"
)


def packed(name: str, content: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def nested(times: int) -> bytes:
    content = b"0" * 1_000_000
    for _ in range(times):
        content = packed("more.xlsx", content)
    return content


HOSTILE = {
    "a thousand times larger unpacked": lambda: repacked(xlsx(["name"]), b" " * 200_000_000),
    "a million rows": lambda: HEADING + b"ro,1,2027-03-02,9:00,60,school\n" * 30_000,
    "rows without end": lambda: repacked(xlsx(["name"]), sheet_of(b"<row/>" * 3_000_000)),
    "deep XML": lambda: repacked(xlsx(["name"]), sheet_of(b"<a>" * 900_000)),
    "entities that grow": lambda: repacked(
        xlsx(["name"]), XML + sheet_of(b"<row><c t='str'><v>&j;</v></c></row>")
    ),
    "a file outside": lambda: repacked(xlsx(["name"]), b"<!ENTITY x SYSTEM 'file:///etc/passwd'>"),
    "a path that leads out": lambda: packed("../../../../outside.txt", b"outside"),
    "packed in packed in packed": lambda: nested(50),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 100_000,
    "a program": lambda: b"\x7fELF" + b"\x01" * 100_000,
    "a page": lambda: b"<script>window.__x = 1</script>" * 1_000,
    "formulas": lambda: HEADING + b"=cmd|' /C calc'!A0,@x,+1,-1,=,=\n" * 9_000,
    "one cell": lambda: HEADING + b'"' + b"x" * 900_000,
    "separators": lambda: b"," * 900_000,
    "halves of letters": lambda: HEADING + b"\xed\xa0\x80,\xff,\xfe\n" * 9_000,
    "too much": lambda: b"x" * 20_000_000,
}  # fmt: skip


@cache
def made(what: str) -> bytes:
    """Return a file; each is made once for all doors."""
    return HOSTILE[what]()


DOORS = (
    ("caseworker", "/requests/import", "file"),
    ("coordinator", "/interpreters/import", "file"),
    ("coordinator", "/sites/import", "file"),
    ("coordinator", "/organisations/import", "file"),
    ("interpreter", "/availability/calendars/file", "file"),
    ("interpreter", "/interpreters/{interpreter_id}/qualifications/{held_id}/proof", "proof"),
)
LIMITS = {("file", False): 1, ("file", True): 5, ("proof", False): 8}
"""Megabytes a form takes, by its field and whether it takes calendars."""
ONE_MEGABYTE = {"en": "one megabyte", "de": "ein Megabyte", "el": "ένα megabyte"}
NAMES = (
    "x.csv", "../../../../tmp/outside.csv", "/etc/outside.csv", "..\\..\\outside.csv",
    "<script>window.__x = 1</script>.csv", "x" * 5_000, "\u202egnp.exe", "a\x00b.csv", "",
    "con", ".csv\r\nX-Forged: 1",
)  # fmt: skip


@pytest.fixture
def everything(app: Flask, frozen_clock: FrozenClock) -> Stage:
    return stage.build(app)


@pytest.mark.parametrize(("who", "path", "field"), DOORS, ids=[path for _who, path, _f in DOORS])
def test_a_hostile_file_is_refused_at_once_and_lies_nowhere(
    everything: Stage, settings: Settings, who: str, path: str, field: str
) -> None:
    before, rows = _files(settings), everything.rows()
    for what in HOSTILE:
        content, began = made(what), process_time()
        with _little_memory(what):
            status = _bring(everything, who, path, field, content, "x.xlsx")
        taken = field == "proof" and what == "a picture"  # what it calls itself is not believed
        assert status in ({302} if taken else {413, 422}), (what, status)
        assert process_time() - began < MOST_SECONDS, what
    kept = _files(settings) - before
    assert {file.parent for file in kept} <= {settings.proofs}
    assert len(kept) <= 1
    if field != "proof":
        assert everything.rows() == rows


@pytest.mark.parametrize(("who", "path", "field"), DOORS, ids=[path for _who, path, _f in DOORS])
def test_what_a_file_calls_itself_leads_nowhere(
    everything: Stage, settings: Settings, who: str, path: str, field: str
) -> None:
    before = _files(settings)
    for name in NAMES:
        status = _bring(everything, who, path, field, b"%PDF-1.7", name)
        assert status < 500, name
    kept = _files(settings) - before
    assert {file.parent for file in kept} <= {settings.proofs}
    assert all(file.stem.isalnum() for file in kept)
    assert not [file for folder in ("/tmp", "/etc", "/") for file in Path(folder).glob("outside*")]


@pytest.mark.parametrize(("who", "path", "field"), DOORS, ids=[path for _who, path, _f in DOORS])
@pytest.mark.parametrize("locale", ["en", "de", "el"])
def test_what_is_too_large_is_refused_with_the_limit_of_that_form(
    everything: Stage, who: str, path: str, field: str, locale: str
) -> None:
    with everything.app.app_context(), transaction():
        for account in db.session.scalars(sa.select(Account)):
            account.locale = locale
    limit, rows = LIMITS[field, path.split("/")[1] == "availability"], everything.rows()
    said = f"{limit} MB" if limit > 1 else ONE_MEGABYTE[locale]
    for octets in (limit * 1_050_000, limit * 1_050_000 + 3_000_000):
        answer = _send(everything, who, path, field, b"%PDF-" + b"x" * octets, "x.ics")
        assert answer.status_code in {413, 422}
        assert said in answer.text, octets
    assert everything.rows() == rows


def test_a_calendar_of_nearly_five_megabytes_is_read(everything: Stage) -> None:
    event = "BEGIN:VEVENT\r\nUID:{0}@x\r\nDTSTART:2027{1:02}{2:02}T0{3}0000Z\r\nDURATION:PT20M\r\n"
    event += f"DESCRIPTION:{'x' * 4_000}\r\nEND:VEVENT\r\n"
    events = "".join(
        event.format(number, 3 + number % 9, 1 + number % 28, number % 7) for number in range(1_150)
    )
    content = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()
    assert 4_500_000 < len(content) < 5 * 1024 * 1024
    path = "/availability/calendars/file"
    assert _bring(everything, "interpreter", path, "file", content, "x.ics") == 302


def test_a_large_file_is_closed_with_the_answer_and_not_some_time_later(
    everything: Stage,
) -> None:
    gc.collect()
    before = _open_files()
    gc.disable()
    try:
        for content in (b"x" * 900_000, b"x" * 20_000_000):
            _bring(everything, "coordinator", "/sites/import", "file", content, "x.csv")
        assert _open_files() == before
    finally:
        gc.enable()


def _open_files() -> int:
    """Return how many files this process has open that have no name any more."""
    links = [Path("/proc/self/fd", one) for one in os.listdir("/proc/self/fd")]
    return sum("(deleted)" in os.readlink(link) for link in links if link.is_symlink())


def _bring(everything: Stage, who: str, path: str, field: str, content: bytes, name: str) -> int:
    return _send(everything, who, path, field, content, name).status_code


def _send(
    everything: Stage, who: str, path: str, field: str, content: bytes, name: str
) -> TestResponse:
    browser = everything.browsers[who]
    token = TOKEN.search(browser.get("/", follow_redirects=True).text)
    assert token
    file = FileStorage(io.BytesIO(content), filename=name)
    # encoded here: the client would keep a large one in a file, which nobody closes
    boundary, body = encode_multipart({"csrf_token": token.group(1), field: file})
    return browser.post(
        path.format(**everything.values),
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def _files(settings: Settings) -> set[Path]:
    return {file for file in settings.sink_dir.parent.rglob("*") if file.is_file()}


@contextmanager
def _little_memory(what: str) -> Iterator[None]:
    """See that this process never needs much more than before."""
    Path("/proc/self/clear_refs").write_text("5")  # begin anew with the most it ever had
    before = _kilobytes("VmRSS")
    yield
    assert (_kilobytes("VmHWM") - before) * 1_000 < MOST_BYTES, what


def _kilobytes(what: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1])
    raise LookupError(what)
