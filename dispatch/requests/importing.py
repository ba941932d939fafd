"""Many requests from one file: all rows or none; bad rows are named, and so are known ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import tables
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.errors import Refusal, Several
from dispatch.interpreters.rules import MAXIMUM_LEVEL, MINIMUM_LEVEL
from dispatch.ledger.rules import Actor
from dispatch.requests import queries, rules, service
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import ONLY_ON_SITE
from dispatch.sites.models import Site
from dispatch.web.formats import local_datetime

ASKED_BY = "asked_by"
GERMAN = {
    "language": ("Sprache",),
    "site": ("Ort", "Einsatzort", "Ortsnummer", "Standort"),
    "day": ("Tag", "Datum"),
    "start": ("Beginn", "Uhrzeit", "Startzeit"),
    "latest_start": ("Spätester Beginn", "Beginn spätestens"),
    "duration": ("Dauer", "Dauer in Minuten", "Minuten"),
    "setting": ("Bereich", "Einsatzbereich"),
    "interpreters": ("Anzahl", "Anzahl Dolmetschende", "Anzahl der Dolmetschenden"),
    "case_reference": ("Aktenzeichen", "Az"),
    "note": ("Hinweis", "Bemerkung", "Notiz"),
    "contact": ("Kontakt", "Kontakt vor Ort", "Ansprechperson", "Ansprechpartner"),
    "room": ("Raum", "Zimmer"),
    "cost_centre": ("Kostenstelle",),
    "gender": ("Geschlecht",),
    "qualification": ("Qualifikation",),
    "ways": ("Wege", "Weg", "Art der Teilnahme"),
    "video_link": ("Videolink", "Link zum Videogespräch"),
    "dial_in": ("Einwahl", "Einwahlnummer", "Telefonnummer"),
    "language_in_words": ("Sprache in Worten",),
    "gender_wished": ("Geschlecht wenn möglich",),
    "qualification_wished": ("Qualifikation wenn möglich",),
    "level": ("Sprachniveau",),
    "level_wished": ("Sprachniveau wenn möglich",),
    "decides_on_rights": ("Entscheidung über Rechte",),
    "is_signed": ("Unterschrift",),
    "only_same_person": ("Nur dieselbe Person",),
    "occurrence": ("Doppelte Stunde",),
    "urgent": ("Dringend",),
    "again": ("Nochmals", "Erneut"),
    ASKED_BY: ("Angefragt von",),
}
GERMAN_WAYS = {"vor ort": "on_site", "telefon": "telephone"}
WISHES = (
    "language_in_words",
    "gender_wished",
    "qualification_wished",
    "level",
    "level_wished",
    "decides_on_rights",
    "is_signed",
    "only_same_person",
)
COLUMNS = tables.Columns(
    required=("language", "site", "day", "start", "duration", "setting"),
    optional=(
        "latest_start",
        "interpreters",
        "case_reference",
        "note",
        "contact",
        "room",
        "cost_centre",
        "gender",
        "qualification",
        "ways",
        "video_link",
        "dial_in",
        *WISHES,
        "occurrence",
        "urgent",
        "again",
    ),
    synonyms=GERMAN,
)
COLUMNS_WITH_ASKER = tables.Columns((*COLUMNS.required, ASKED_BY), COLUMNS.optional, GERMAN)
COLUMN_OF_FIELD = {
    "interpreter_count": "interpreters",
    "gender_required": "gender",
    "qualification_required": "qualification",
    "level_required": "level",
    "is_urgent": "urgent",
    "email": ASKED_BY,
}
HOW_TO_REPEAT = _l(
    "They were not taken again; if second ones are meant, write yes into a column again, "
    "or import with the choice to take them too."
)


@dataclass(frozen=True)
class Checked:
    """A row that can be stored; `again` when the file says that a second one is meant."""

    number: int
    actor: Actor
    interpretation_request: InterpretationRequest
    again: bool


@dataclass(frozen=True)
class Taken:
    """What was stored, and a sentence for each row that is there already."""

    new: list[InterpretationRequest]
    there: list[str]


def read(
    account: Account | None, content: bytes, *, now: datetime, watch: tables.Watch = iter
) -> list[Checked]:
    """Return the rows of a CSV or XLSX file, checked; nothing is written, so nobody has to wait.

    `site` is the number in the register, `duration` minutes, `occurrence` first or second where
    clocks go back, `urgent` yes for what comes late and cannot wait, `again` yes for a second
    request that is the same. Without an account, the column `asked_by` names one by e-mail address
    in each row. Raises `Several` with row, column and remedy of what is wrong.
    """
    rows = tables.rows_of(content, COLUMNS if account else COLUMNS_WITH_ASKER)
    known = _Known(account)
    return tables.each(watch(rows), lambda row: _checked(known, row, now))


def store(checked: Sequence[Checked], *, now: datetime, again: bool = False) -> Taken:
    """Store what was read and is not there yet; with `again` whatever is there."""
    for organisation_id in sorted({one.interpretation_request.organisation_id for one in checked}):
        service.lock_asking(organisation_id)
    same = queries.same_as([one.interpretation_request for one in checked])
    new: dict[tuple[object, ...], Checked] = {}
    there: list[str] = []
    for one, stored in zip(checked, same, strict=True):
        meant = again or one.again
        earlier = new.get(_all_of(one))
        if stored and not meant:
            there.append(_is_stored(one, stored))
        elif earlier and not meant:
            there.append(_stands_twice(one, earlier))
        else:
            new[(*_all_of(one), one.number) if earlier else _all_of(one)] = one
    service.store([(one.actor, one.interpretation_request) for one in new.values()], now=now)
    return Taken([one.interpretation_request for one in new.values()], there)


class _Known:
    """The accounts and sites that rows name, each looked up once."""

    def __init__(self, account: Account | None) -> None:
        self.account = account
        self._accounts: dict[str, Account] = {}
        self._sites = {site.register_number: site for site in db.session.scalars(sa.select(Site))}

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
            raise Refusal(
                "unknown-site",
                _l(
                    "“%(number)s” is no number in the register of sites; look it up there",
                    number=number[:40],
                ),
                field="site",
            )
        return self._sites[number]


def _checked(known: _Known, row: tables.Row, now: datetime) -> Checked:
    try:
        asks = known.asker(row)
        prepared = service.prepare(asks, _details(row, known.site(row)), now=now)
        service.require_notice(prepared, now)
        return Checked(row.number, asks.actor, prepared, again=row.flag("again", default=False))
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


def _details(row: tables.Row, site: Site) -> RequestDetails:
    day = tables.day_from(row.text("day"), "day")
    start = tables.time_from(row.text("start"), "start")
    latest = row.optional("latest_start")
    in_words = row.optional("language_in_words")
    occurrence = row.choice("occurrence", rules.OCCURRENCES) if row.optional("occurrence") else None
    return RequestDetails(
        language=row.optional("language") if in_words else row.text("language"),
        language_in_words=in_words,
        site_id=site.id,
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
        ways=_ways(row.optional("ways")),
        video_link=row.optional("video_link"),
        dial_in=row.optional("dial_in"),
        gender_wished=row.optional("gender_wished") or None,
        qualification_wished=row.optional("qualification_wished") or None,
        level_required=_level(row, "level"),
        level_wished=_level(row, "level_wished"),
        decides_on_rights=row.flag("decides_on_rights", default=False),
        is_signed=row.flag("is_signed", default=False),
        only_same_person=row.flag("only_same_person", default=False),
        is_urgent=row.flag("urgent", default=False),
        second_occurrence=rules.second_occurrence(occurrence),
        latest_start=tables.time_from(latest, "latest_start") if latest else None,
    )


def _level(row: tables.Row, column: str) -> int | None:
    if not row.optional(column):
        return None
    return row.whole_number_between(column, MINIMUM_LEVEL, MAXIMUM_LEVEL)


def _ways(text: str) -> tuple[str, ...]:
    """Return the ways of a cell, the one wanted most first, such as on_site, video."""
    named = [part.strip().casefold() for part in text.replace(">", ",").split(",")]
    return tuple(GERMAN_WAYS.get(one, one) for one in named if one) or ONLY_ON_SITE


def _all_of(one: Checked) -> tuple[object, ...]:
    """Return everything a row asks for, to tell whether another row says just the same."""
    interpretation_request = one.interpretation_request
    return tuple(
        getattr(interpretation_request, column.key)
        for column in sa.inspect(InterpretationRequest).column_attrs
        if column.key not in {"id", "reference", "version"}
    )


def _is_stored(one: Checked, stored: InterpretationRequest) -> str:
    return str(
        _l(
            "Row %(number)d is there already: %(reference)s, asked for on %(moment)s.",
            number=one.number,
            reference=stored.reference,
            moment=local_datetime(stored.submitted_at, stored.time_zone),
        )
    )


def _stands_twice(one: Checked, earlier: Checked) -> str:
    return str(
        _l(
            "Row %(number)d says the same as row %(earlier)d.",
            number=one.number,
            earlier=earlier.number,
        )
    )
