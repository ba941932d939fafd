"""Many requests from one CSV file: all rows or none, every bad row named."""

import csv
import io
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.audit.rules import Actor
from dispatch.database import db
from dispatch.errors import Refusal, Several
from dispatch.requests import service
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.service import Asked
from dispatch.sites.models import Site

REQUIRED = ("language", "site", "day", "start", "duration", "setting")
OPTIONAL = (
    "interpreters",
    "case_reference",
    "note",
    "contact",
    "room",
    "cost_centre",
    "gender",
    "qualification",
    "occurrence",
)
COLUMNS = REQUIRED + OPTIONAL
MOST_ROWS = 2000


def load(
    actor: Actor, account: Account, content: bytes, *, now: datetime
) -> list[InterpretationRequest]:
    """Store every row of a CSV file (UTF-8, comma or semicolon) as a request and return them.

    `site` is the number of the register, `day` YYYY-MM-DD, `start` HH:MM, `duration` minutes.
    Raises `Several` with row, field and remedy of everything that is wrong; then nothing is kept.
    """
    taken, refusals = [], []
    for number, row in enumerate(rows_of(content), start=2):
        try:
            taken.append(service.submit(actor, account, _asked(row), now=now))
        except Refusal as refusal:
            refusals.extend(_named(number, refusal))
    if refusals:
        raise Several(refusals)
    return taken


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file; refuse a wrong encoding, missing columns, too many rows."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refusal(
            "wrong-encoding",
            _l(
                "The file is not in UTF-8 (byte %(place)d); save it as “CSV UTF-8”.",
                place=wrong.start,
            ),
            field="file",
        ) from wrong
    first = text.split("\n", 1)[0]
    reader = csv.DictReader(
        io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    missing = [column for column in REQUIRED if column not in (reader.fieldnames or [])]
    if missing:
        raise Refusal(
            "missing-column",
            _l(
                "The first row lacks the columns %(missing)s; it has to name %(needed)s.",
                missing=", ".join(missing),
                needed=", ".join(REQUIRED),
            ),
            field="file",
        )
    rows = list(reader)
    if not 1 <= len(rows) <= MOST_ROWS:
        raise Refusal(
            "row-count",
            _l(
                "The file has %(count)d rows; send 1 to %(most)d at a time.",
                count=len(rows),
                most=MOST_ROWS,
            ),
            field="file",
        )
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in rows]


def _asked(row: dict[str, str]) -> Asked:
    return Asked(
        language=row["language"],
        site_id=_site_id(row["site"]),
        wall_start=_wall_start(row["day"], row["start"]),
        duration_minutes=_whole(row["duration"], "duration"),
        setting=row["setting"],
        interpreter_count=_whole(row.get("interpreters") or "1", "interpreter_count"),
        case_reference=row.get("case_reference", ""),
        note=row.get("note", ""),
        contact=row.get("contact", ""),
        room=row.get("room", ""),
        cost_centre=row.get("cost_centre", ""),
        gender_required=row.get("gender") or None,
        qualification_required=row.get("qualification") or None,
        second_occurrence={"first": False, "second": True}.get(row.get("occurrence", "")),
    )


def _site_id(register_number: str) -> int:
    found = db.session.scalar(sa.select(Site.id).where(Site.register_number == register_number))
    return found or 0


def _wall_start(day: str, start: str) -> datetime:
    try:
        return datetime.strptime(f"{day} {start}", "%Y-%m-%d %H:%M")  # noqa: DTZ007 - wall time
    except ValueError as wrong:
        raise Refusal(
            "start-unreadable",
            _l(
                "“%(day)s %(start)s” is no day and time; write 2026-11-25 and 09:30.",
                day=day,
                start=start,
            ),
            field="start",
        ) from wrong


def _whole(text: str, field: str) -> int:
    try:
        return int(text)
    except ValueError as wrong:
        raise Refusal(
            "not-a-number",
            _l("“%(text)s” is no whole number; write one such as 60.", text=text),
            field=field,
        ) from wrong


def _named(number: int, refusal: Refusal) -> list[Refusal]:
    single = refusal.refusals if isinstance(refusal, Several) else [refusal]
    return [
        Refusal(
            each.code,
            _l(
                "Row %(number)d, %(field)s: %(text)s",
                number=number,
                field=each.field or "–",
                text=each.text,
            ),
        )
        for each in single
    ]
