"""Many requests from one file: all rows or none, every bad row named."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.errors import Refusal, Several
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
ASKED_BY = "asked_by"
COLUMN_OF_FIELD = {
    "interpreter_count": "interpreters",
    "gender_required": "gender",
    "qualification_required": "qualification",
    "email": ASKED_BY,
}


def load(account: Account | None, content: bytes, *, now: datetime) -> list[InterpretationRequest]:
    """Store every row of a CSV or XLSX file as a request and return them.

    `site` is the number in the register, `day` YYYY-MM-DD, `start` HH:MM, `duration` minutes,
    `occurrence` first or second where clocks go back. Without an account, the column `asked_by`
    names one by e-mail address in each row. Raises `Several` with row, field and remedy of
    everything that is wrong; then nothing is kept.
    """
    required = REQUIRED if account else (*REQUIRED, ASKED_BY)
    rows = tables.rows_of(content, required, OPTIONAL)
    if not rows:
        raise Refusal(
            "no-rows", _l("The file names columns but has no rows; add one."), field="file"
        )
    return tables.each(
        rows,
        lambda row: _submit(account, row, now),
        lambda row: row.number,
    )


def _submit(account: Account | None, row: tables.Row, now: datetime) -> InterpretationRequest:
    try:
        asks = account or accounts.require(row.text(ASKED_BY))
        return service.submit(asks.actor, asks, _asked(row), now=now, again=True)
    except Several as several:
        raise Several([_at_column(refusal) for refusal in several.refusals]) from several
    except Refusal as refusal:
        raise _at_column(refusal) from refusal


def _at_column(refusal: Refusal) -> Refusal:
    if refusal.code == "local-time-exists-twice":
        text = _l("%(why)s Write first or second here.", why=refusal.text)
        return Refusal(refusal.code, text, field="occurrence")
    field = COLUMN_OF_FIELD.get(refusal.field or "", refusal.field)
    return Refusal(refusal.code, refusal.text, field=field)


def _asked(row: tables.Row) -> Asked:
    day = tables.day_from(row.text("day"), "day")
    start = tables.time_from(row.text("start"), "start")
    occurrence = row.choice("occurrence", rules.OCCURRENCES) if row.optional("occurrence") else None
    return Asked(
        language=row.text("language"),
        site_id=_site_id(row.text("site")),
        wall_start=datetime.combine(day, start),
        duration_minutes=row.whole_number_between(
            "duration", rules.SHORTEST_MINUTES, rules.LONGEST_MINUTES
        ),
        setting=row.text("setting"),
        interpreter_count=row.whole_number_between(
            "interpreters", 1, rules.MOST_INTERPRETERS, default=1
        ),
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
    if found is None:
        raise Refusal(
            "unknown-site",
            _l(
                "“%(number)s” is no number in the register of sites; look it up there",
                number=register_number,
            ),
            field="site",
        )
    return found
