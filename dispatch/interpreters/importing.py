"""One interpreter as a row of a CSV file.

| column | form |
|--|--|
| email, first_name, last_name | text; whoever has one name has no last_name |
| phone | a mobile number, +49 1512 3456789 or 01512 3456789; kept in E.164 |
| home_postcode, home_latitude, home_longitude | the postcode and its centre (WGS 84) |
| travel_mode, employment | one of the words of `Mode` and `Employment` |
| fee_per_hour | euros with two decimals, 0 for volunteers |
| languages | tag:level separated by spaces, such as `apc:5 en:3`; `gaz>en:4` between these two |
| qualifications | name:first/last, last may be empty: `sprint:2025-01-01/ sworn:2024-05-01/` |
| weekly_hours | day:start-end separated by spaces: `mon:08:00-12:00 fri:22:00-06:00` |
| gender, locale | may be missing; qualifications and weekly_hours may be empty |
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from dispatch import settings, tables, texts
from dispatch.availability import writing
from dispatch.availability.writing import Written
from dispatch.errors import Refusal
from dispatch.interpreters.rules import (
    HIGHEST_FEE_CENTS_PER_HOUR,
    MAXIMUM_LEVEL,
    MINIMUM_LEVEL,
    Employment,
    Gender,
    Qualification,
)
from dispatch.languages import rules as languages
from dispatch.messaging.addresses import require_mailbox, require_mobile
from dispatch.tables import Row, day_from
from dispatch.travel.estimate import Mode, Point

GENDER_WORDS: Mapping[str, Sequence[str]] = {
    Gender.FEMALE: ("weiblich", "w", "Frau"),
    Gender.MALE: ("männlich", "m", "Mann"),
    Gender.DIVERSE: ("divers", "d"),
}
QUALIFICATION_WORDS: Mapping[str, Sequence[str]] = {
    Qualification.VOLUNTEER: ("ehrenamtlich", "ehrenamtlich, geschult"),
    Qualification.SPRINT: ("Sprach- und Integrationsmittlung",),
    Qualification.STATE_CERTIFIED: ("staatlich geprüft",),
    Qualification.SWORN: ("beeidigt", "vereidigt", "ermächtigt"),
}
COLUMNS = tables.Columns(
    required=(
        "email",
        "first_name",
        "phone",
        "home_postcode",
        "home_latitude",
        "home_longitude",
        "travel_mode",
        "employment",
        "fee_per_hour",
        "languages",
        "qualifications",
        "weekly_hours",
    ),
    optional=("last_name", "gender", "locale"),
    synonyms={
        "email": ("E-Mail", "E-Mail-Adresse", "Mail", "Mailadresse"),
        "first_name": ("Vorname", "Name", "Rufname"),
        "last_name": ("Nachname", "Familienname"),
        "phone": ("Telefon", "Mobiltelefon", "Handy", "Mobilnummer", "Telefonnummer"),
        "home_postcode": ("PLZ", "Postleitzahl"),
        "home_latitude": ("Breitengrad", "Breite"),
        "home_longitude": ("Längengrad", "Länge"),
        "travel_mode": ("Verkehrsmittel", "Unterwegs mit", "Fortbewegung"),
        "employment": ("Beschäftigung", "Anstellung", "Beschäftigungsart", "Status"),
        "fee_per_hour": ("Honorar je Stunde", "Honorar pro Stunde", "Stundensatz", "Honorar"),
        "languages": ("Sprachen", "Arbeitssprachen"),
        "qualifications": ("Qualifikationen", "Qualifikation", "Nachweise"),
        "weekly_hours": ("Wochenzeiten", "Zeiten", "Verfügbarkeit", "Einsatzzeiten"),
        "gender": ("Geschlecht",),
        "locale": ("Sprache der Seiten", "Sprache der Oberfläche"),
    },
    words={
        "travel_mode": {
            Mode.CAR: ("Auto", "PKW"),
            Mode.BICYCLE: ("Fahrrad", "Rad"),
            Mode.ON_FOOT: ("zu Fuß",),
            Mode.PUBLIC_TRANSPORT: ("Bus und Bahn", "ÖPNV", "Öffentliche Verkehrsmittel"),
        },
        "employment": {
            Employment.STAFF: ("angestellt", "Angestellte", "Angestellter", "festangestellt"),
            Employment.FREELANCE: ("freiberuflich", "selbstständig", "selbständig", "Honorar"),
            Employment.VOLUNTEER: ("ehrenamtlich", "Ehrenamt"),
        },
        "gender": GENDER_WORDS,
    },
)
T = TypeVar("T")


@dataclass(frozen=True)
class Person:
    """What a row says, checked."""

    email: str
    first_name: str
    last_name: str
    phone: str
    home_postcode: str
    home: Point
    travel_mode: str
    employment: str
    fee_cents_per_hour: int
    gender: str | None
    locale: str
    languages: list[tuple[str, int]]
    qualifications: list[tuple[str, date, date | None]]
    weekly_hours: list[Written]


def read_person(row: Row) -> Person:
    """Return the row's person; raises `Several` naming every field that has to change."""
    reading = tables.Reading()
    cell = reading.cell
    region = settings.active().city.phone_region
    person = Person(
        email=cell(lambda: require_mailbox(row.text("email")).lower(), ""),
        first_name=cell(lambda: _name(row, "first_name"), ""),
        last_name=cell(lambda: _name(row, "last_name") if row.optional("last_name") else "", ""),
        phone=cell(lambda: require_mobile(row.text("phone"), region), ""),
        home_postcode=cell(lambda: row.text("home_postcode"), ""),
        home=Point(
            cell(lambda: row.number_between("home_latitude", -90, 90), 0.0),
            cell(lambda: row.number_between("home_longitude", -180, 180), 0.0),
        ),
        travel_mode=cell(lambda: row.choice("travel_mode", Mode), ""),
        employment=cell(lambda: row.choice("employment", Employment), ""),
        fee_cents_per_hour=cell(lambda: _fee(row), 0),
        gender=cell(lambda: _gender(row), None),
        locale=cell(lambda: _locale(row), ""),
        languages=_each_word(reading, lambda: row.text("languages"), _language),
        qualifications=_each_word(reading, lambda: row.optional("qualifications"), _qualification),
        weekly_hours=_each_word(reading, lambda: row.optional("weekly_hours"), writing.read),
    )
    reading.require_all()
    return person


def _name(row: Row, field: str) -> str:
    return texts.name(row.text(field), field=field)


def _gender(row: Row) -> str | None:
    return row.choice("gender", Gender) if row.optional("gender") else None


def _locale(row: Row) -> str:
    spoken = settings.active().city.locales
    return row.choice("locale", spoken) if row.optional("locale") else spoken[0]


def _fee(row: Row) -> int:
    text = row.text("fee_per_hour")
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,2})?", text, re.ASCII):
        raise Refusal(
            "fee-invalid",
            _l("“%(text)s” is no amount in euros; write it like 42.50", text=text),
            field="fee_per_hour",
        )
    cents = int(Decimal(text.replace(",", ".")) * 100)
    if cents > HIGHEST_FEE_CENTS_PER_HOUR:
        raise Refusal(
            "fee-too-high",
            _l("%(text)s euros an hour is more than anybody is paid; write euros", text=text),
            field="fee_per_hour",
        )
    return cents


def _each_word(
    reading: tables.Reading, text: Callable[[], str], read: Callable[[str], T]
) -> list[T]:
    words: list[str] = reading.cell(lambda: text().split(), [])
    found: list[T] = []
    for word in words:
        reading.cell(partial(_keep, found, read, word), None)
    return found


def _keep(found: list[T], read: Callable[[str], T], word: str) -> None:
    found.append(read(word))


def _language(word: str) -> tuple[str, int]:
    tag, _colon, level = word.partition(":")
    if level not in {str(n) for n in range(MINIMUM_LEVEL, MAXIMUM_LEVEL + 1)}:
        raise Refusal(
            "level-invalid",
            _l("“%(word)s” names no level from 1 to 5; write it like tr:4", word=word),
            field="languages",
        )
    try:
        own, to, pivot = tag.partition(languages.TO)
        stored = languages.require(own).tag
        if to:
            stored = languages.pair(stored, languages.require(pivot).tag)
        return stored, int(level)
    except Refusal as refusal:
        raise Refusal(refusal.code, refusal.text, field="languages") from refusal


def _qualification(word: str) -> tuple[str, date, date | None]:
    name, _colon, days = word.partition(":")
    first, slash, last = days.partition("/")
    if name not in set(Qualification) or not slash:
        raise Refusal(
            "qualification-invalid",
            _l(
                "“%(word)s” is no qualification with its days; write it like "
                "sprint:2025-01-01/2027-12-31, with one of: %(names)s",
                word=word,
                names=", ".join(Qualification),
            ),
            field="qualifications",
        )
    valid_from = day_from(first, "qualifications")
    return name, valid_from, day_from(last, "qualifications") if last else None
