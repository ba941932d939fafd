"""Many requests from one CSV file: all rows or none, every bad row named."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts.models import Account
from dispatch.audit.rules import Actor
from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.requests import rules, service
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


def load(
    actor: Actor, account: Account, content: bytes, *, now: datetime
) -> list[InterpretationRequest]:
    """Store every row of a CSV file (UTF-8, comma or semicolon) as a request and return them.

    `site` is the number in the register, `day` YYYY-MM-DD, `start` HH:MM, `duration` minutes.
    Raises `Several` with row, field and remedy of everything that is wrong; then nothing is kept.
    """
    rows = tables.rows_of(content, REQUIRED, OPTIONAL)
    if not rows:
        raise Refusal(
            "no-rows", _l("The file names columns but has no rows; add one."), field="file"
        )
    return tables.each(
        rows,
        lambda row: service.submit(actor, account, _asked(row), now=now),
        lambda row: row.number,
    )


def _asked(row: tables.Row) -> Asked:
    occurrence = row.optional("occurrence")
    return Asked(
        language=row.text("language"),
        site_id=_site_id(row.text("site")),
        wall_start=_wall_start(row),
        duration_minutes=row.whole_number_between("duration", 0, 10_000, 0),
        setting=row.text("setting"),
        interpreter_count=row.whole_number_between("interpreters", 0, 10_000, 1),
        case_reference=row.optional("case_reference"),
        note=row.optional("note"),
        contact=row.optional("contact"),
        room=row.optional("room"),
        cost_centre=row.optional("cost_centre"),
        gender_required=row.optional("gender") or None,
        qualification_required=row.optional("qualification") or None,
        second_occurrence=rules.second_occurrence(occurrence),
    )


def _site_id(register_number: str) -> int:
    found = db.session.scalar(sa.select(Site.id).where(Site.register_number == register_number))
    return found or 0


def _wall_start(row: tables.Row) -> datetime:
    day, start = tables.day_from(row.text("day"), "day"), row.text("start")
    try:
        return datetime.combine(day, datetime.strptime(start, "%H:%M").time())  # noqa: DTZ007
    except ValueError as wrong:
        raise Refusal(
            "not-a-time",
            _l("“%(text)s” is not a time; write it like 09:30", text=start),
            field="start",
        ) from wrong
