"""Organisations as rows of a file: read whole or refused, stored by their name, and given out.

| column | form |
|--|--|
| name | what it is called; it is known by it |
| kind | one of the words of `OrganisationKind` |
| strategy | how interpreters are asked, a word of `Strategy`; empty: as it is |
| assigns_directly, is_reviewed | yes or no; empty: as it is |
| two_above_minutes | above so many minutes two interpret; empty: as in the whole city |
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import tables, texts
from dispatch.database import db
from dispatch.errors import Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import (
    LONGEST_ALONE,
    SHORTEST_ALONE,
    OrganisationKind,
    Strategy,
)
from dispatch.tables import Row
from dispatch.tables.writing import workbook_of

KINDS: Mapping[str, Sequence[str]] = {
    OrganisationKind.CITY_DEPARTMENT: ("Amt", "Fachbereich", "Stadtamt"),
    OrganisationKind.CLINIC: ("Klinik", "Krankenhaus", "Klinikum"),
    OrganisationKind.COURT: ("Gericht",),
    OrganisationKind.JOB_CENTRE: ("Jobcenter",),
    OrganisationKind.KINDERGARTEN: ("Kita", "Kindergarten", "Kindertagesstätte"),
    OrganisationKind.POLICE: ("Polizei",),
    OrganisationKind.SCHOOL: ("Schule",),
    OrganisationKind.WELFARE_ASSOCIATION: ("Wohlfahrtsverband", "Verband", "Verein"),
    OrganisationKind.OTHER: ("Sonstige", "Andere"),
}
COLUMNS = tables.Columns(
    required=("name", "kind"),
    optional=("strategy", "assigns_directly", "is_reviewed", "two_above_minutes"),
    synonyms={
        "name": ("Name", "Organisation", "Bezeichnung"),
        "kind": ("Art", "Typ"),
        "strategy": ("Anfrageweg", "Vorgehen"),
        "assigns_directly": ("Direkt zuteilen", "Direkte Zuteilung"),
        "is_reviewed": ("Prüfung", "Wird geprüft"),
        "two_above_minutes": ("Zwei ab Minuten", "Zwei ab"),
    },
    words={"kind": KINDS},
)
FLAGS = ("assigns_directly", "is_reviewed")
WORDS = {True: "yes", False: "no", None: ""}
Values = dict[str, Any]
"""What a row says of an organisation, by the names of its columns in the database."""


@dataclass(frozen=True)
class Imported:
    """How many rows were new, how many changed one that was there, how many changed nothing."""

    added: int
    changed: int
    unchanged: int


def read_content(content: bytes) -> list[Values]:
    """Return what the rows of a CSV or XLSX file say; nothing is written.

    Raises `Refusal` when the file cannot be read and `Several` naming every bad row.
    """
    seen: set[str] = set()
    return tables.each(tables.rows_of(content, COLUMNS), lambda row: _read(row, seen))


def store(actor: Actor, read: Sequence[Values], *, now: datetime) -> Imported:
    """Add or change the organisations by their name; what was asked for already stays as it is.

    Raises `Refusal` where asking begins by itself and the file wants it of one person.
    """
    names = [values["name"] for values in read]
    found = db.session.scalars(
        sa.select(Organisation).where(Organisation.name.in_(names)).with_for_update()
    )
    there = {one.name: one for one in found}
    added = changed = 0
    for values in read:
        one = there.get(values["name"])
        if one is None:
            added += 1
            one = Organisation(**values)
            db.session.add(one)
            db.session.flush()
            ledger.record(actor, "organisation.added", Concerning(organisation=one.id), now=now)
        elif fields := [name for name, value in values.items() if getattr(one, name) != value]:
            changed += 1
            _require_by_itself(one, values)
            for name in fields:
                setattr(one, name, values[name])
            concerning = Concerning(organisation=one.id)
            ledger.record(actor, "organisation.changed", concerning, now=now, fields=fields)
    return Imported(added, changed, len(read) - added - changed)


def exported() -> bytes:
    """Return every organisation that asks, as XLSX, in the form in which it is imported."""
    found = db.session.scalars(
        sa.select(Organisation).where(Organisation.active).order_by(Organisation.name)
    )
    rows = ([_text(getattr(one, column)) for column in COLUMNS.known] for one in found)
    return workbook_of(COLUMNS.known, rows)


def _require_by_itself(one: Organisation, values: Values) -> None:
    if one.asks_by_itself_since is not None and values.get("strategy") == Strategy.DIRECT:
        raise Refusal(
            "direct-by-itself",
            _l(
                "For “%(name)s” asking begins by itself, and that cannot be with one person whom "
                "somebody names; write another strategy, or change it on its page first.",
                name=one.name,
            ),
        )


def _text(value: bool | int | str | None) -> str:
    return WORDS[value] if value is None or isinstance(value, bool) else str(value)


def _read(row: Row, seen: set[str]) -> Values:
    reading = tables.Reading()
    cell = reading.cell
    values: Values = {
        "name": cell(lambda: _name(row, seen), ""),
        "kind": cell(lambda: row.choice("kind", OrganisationKind), ""),
        "two_above_minutes": cell(lambda: _two_above(row), None),
    }
    if cell(lambda: row.optional("strategy"), ""):
        values["strategy"] = cell(lambda: row.choice("strategy", Strategy), "")
    for name in FLAGS:
        if cell(partial(row.optional, name), ""):
            values[name] = cell(partial(row.flag, name, default=False), False)
    reading.require_all()
    return values


def _name(row: Row, seen: set[str]) -> str:
    name = texts.name(row.text("name"), field="name")
    if name in seen:
        raise Refusal(
            "organisation-twice",
            _l("“%(name)s” stands in the file twice; remove one of the rows", name=name),
            field="name",
        )
    seen.add(name)
    return name


def _two_above(row: Row) -> int | None:
    column = "two_above_minutes"
    if not row.optional(column):
        return None
    return row.whole_number_between(column, SHORTEST_ALONE, LONGEST_ALONE)
