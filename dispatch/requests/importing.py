"""Reading many requests from one file: all rows can be stored, or every bad one is named."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.errors import Refusal, Several
from dispatch.interpreters.rules import MAXIMUM_LEVEL, MINIMUM_LEVEL
from dispatch.languages import finding
from dispatch.ledger.rules import Actor
from dispatch.requests import places, rules, service, ways
from dispatch.requests.details import RequestDetails, checked
from dispatch.requests.headings import ASKED_BY, COLUMNS, COLUMNS_WITH_ASKER, TEXTS
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import require_dial_in, require_link
from dispatch.sites.models import Site

READ_WITH = {
    "start": ("day", "site"),
    "urgent": ("day", "start", "site"),
    "occurrence": ("day", "start", "site"),
    "latest_start": ("day", "start", "site"),
    "case_reference": ("only_same_person",),
}
"""Of a cell that is read with others, nothing is said while one of those is wrong."""
REQUIRE: dict[str, Callable[[str], None]] = {
    "note": rules.require_note,
    "video_link": require_link,
    "dial_in": require_dial_in,
    **{field: partial(rules.require_length, field) for field in rules.LONGEST_TEXTS},
}
"""What refuses a text of its own limit."""
COLUMN_OF_FIELD = {
    "interpreter_count": "interpreters",
    "gender_required": "gender",
    "qualification_required": "qualification",
    "level_required": "level",
    "is_urgent": "urgent",
    "email": ASKED_BY,
}


@dataclass(frozen=True)
class Checked:
    """A row that can be stored; `again` when the file says that a second one is meant."""

    number: int
    actor: Actor
    interpretation_request: InterpretationRequest
    again: bool


def read(
    account: Account | None, content: bytes, *, now: datetime, watch: tables.Watch = iter
) -> list[Checked]:
    """Return the rows of a CSV or XLSX file, checked: `rows_in`, then `check`.

    `site` is the number in the register, `duration` minutes, `occurrence` first or second where
    clocks go back, `urgent` yes for what comes late and cannot wait, `again` yes for a second
    request that is the same. Without an account, the column `asked_by` names one by e-mail address
    in each row. Raises `Several` with row, column and remedy of what is wrong.
    """
    return check(account, rows_in(account, content), now=now, watch=watch)


def rows_in(account: Account | None, content: bytes) -> list[tables.Row]:
    """Return the rows of a file as they stand; raises what `tables.rows_of` raises."""
    return tables.rows_of(content, COLUMNS if account else COLUMNS_WITH_ASKER)


def check(
    account: Account | None,
    rows: Sequence[tables.Row],
    *,
    now: datetime,
    watch: tables.Watch = iter,
) -> list[Checked]:
    """Return the rows as what can be stored; nothing is written, so nobody has to wait."""
    known = _Known(account)
    return tables.each(watch(rows), lambda row: _checked(known, row, now))


class _Known:
    """The accounts and sites that rows name, each looked up once."""

    def __init__(self, account: Account | None) -> None:
        self.account = account
        self._accounts: dict[str, Account] = {}
        shown = places.shown_to(account.organisation_id if account else None)
        found = db.session.scalars(sa.select(Site).where(shown))
        self._sites = {site.register_number: site for site in found}

    def asker(self, row: tables.Row) -> Account:
        if self.account:
            return self.account
        email = row.text(ASKED_BY)
        if email not in self._accounts:
            self._accounts[email] = accounts.require(email)
        return self._accounts[email]

    def site(self, row: tables.Row) -> Site:
        number = row.text("site")
        if number not in self._sites:
            raise places.unknown(number)
        return self._sites[number]


def _checked(known: _Known, row: tables.Row, now: datetime) -> Checked:
    """Return a row that can be stored; raises `Several` naming every cell that has to change."""
    reading = tables.Reading()
    asks = reading.cell(lambda: known.asker(row), None)
    again = reading.cell(lambda: row.flag("again", default=False), False)
    details = _details(row, known, reading)
    prepared = None
    try:
        if asks is None:
            checked(details, now)
        else:
            prepared = service.prepare(asks, details, now=now)
            service.require_notice(prepared, now)
    except Refusal as refusal:
        singles = refusal.refusals if isinstance(refusal, Several) else [refusal]
        wrong = {_at_column(one).field for one in reading.refusals}
        reading.refusals += [one for one in map(_at_column, singles) if not _follows(one, wrong)]
    if prepared is None or asks is None or reading.refusals:
        raise Several([_at_column(one) for one in reading.refusals])
    return Checked(row.number, asks.actor, prepared, again)


def _follows(refusal: Refusal, wrong: Collection[str | None]) -> bool:
    """Tell whether the column is named already, or is read with one that is."""
    column = refusal.field
    return column in wrong or any(each in wrong for each in READ_WITH.get(column or "", ()))


def _at_column(refusal: Refusal) -> Refusal:
    if refusal.code == "local-time-exists-twice":
        text = _l("%(why)s Write first or second here.", why=refusal.text)
        return Refusal(refusal.code, text, field="occurrence")
    field = COLUMN_OF_FIELD.get(refusal.field or "", refusal.field)
    return Refusal(refusal.code, refusal.text, field=field)


def _details(row: tables.Row, known: _Known, reading: tables.Reading) -> RequestDetails:
    """Return what a row asks for; instead of a cell that is wrong stands what refuses nothing."""
    cell = reading.cell

    def text(field: str) -> str:
        return cell(lambda: _text(row, field), "")

    def flag(field: str) -> bool:
        return cell(lambda: row.flag(field, default=False), False)

    in_words = text("language_in_words")
    return RequestDetails(
        language=cell(lambda: _language(row, needed=not in_words), ""),
        language_in_words=in_words,
        site_id=cell(lambda: known.site(row).id, 0),
        wall_start=datetime.combine(
            cell(lambda: tables.day_from(row.text("day"), "day"), date.max),
            cell(lambda: tables.time_from(row.text("start"), "start"), time.min),
        ),
        duration_minutes=cell(lambda: _duration(row), rules.SHORTEST_MINUTES),
        setting=cell(lambda: row.text("setting"), ""),
        interpreter_count=cell(lambda: _count(row), 1),
        **{field: text(field) for field in TEXTS},
        gender_required=text("gender") or None,
        qualification_required=text("qualification") or None,
        ways=ways.read(text("ways")),
        gender_wished=text("gender_wished") or None,
        qualification_wished=text("qualification_wished") or None,
        level_required=cell(lambda: _level(row, "level"), None),
        level_wished=cell(lambda: _level(row, "level_wished"), None),
        decides_on_rights=flag("decides_on_rights"),
        is_signed=flag("is_signed"),
        only_same_person=flag("only_same_person"),
        accepts_varieties=flag("accepts_varieties"),
        is_urgent=flag("urgent"),
        relay_allowed=flag("relay_allowed"),
        handover_allowed=flag("handover_allowed"),
        handover_minutes=cell(lambda: _handover(row), None),
        second_occurrence=cell(lambda: _occurrence(row), None),
        latest_start=cell(lambda: _latest_start(row), None),
    )


def _text(row: tables.Row, field: str) -> str:
    """Return an optional text; one longer than any cell may be is told its own limit, not that."""
    written = row.cells.get(field, "")
    if field in REQUIRE and len(written) > tables.LONGEST_CELL:
        REQUIRE[field](written)
    return row.optional(field)


def _language(row: tables.Row, *, needed: bool) -> str:
    """Return the tag; of a name that is one language's alone, that one's."""
    text = row.text("language") if needed else row.optional("language")
    named = finding.named(text)
    return named[0].tag if len(named) == 1 else text


def _duration(row: tables.Row) -> int:
    return row.whole_number_between("duration", rules.SHORTEST_MINUTES, rules.LONGEST_MINUTES)


def _count(row: tables.Row) -> int:
    return row.whole_number_between("interpreters", 1, rules.MOST_INTERPRETERS, default=1)


def _handover(row: tables.Row) -> int | None:
    if not row.optional("handover_minutes"):
        return None
    return row.whole_number_between("handover_minutes", 1, rules.LONGEST_MINUTES)


def _occurrence(row: tables.Row) -> bool | None:
    known = row.optional("occurrence")
    return rules.second_occurrence(row.choice("occurrence", rules.OCCURRENCES) if known else None)


def _latest_start(row: tables.Row) -> time | None:
    latest = row.optional("latest_start")
    return tables.time_from(latest, "latest_start") if latest else None


def _level(row: tables.Row, column: str) -> int | None:
    if not row.optional(column):
        return None
    return row.whole_number_between(column, MINIMUM_LEVEL, MAXIMUM_LEVEL)
