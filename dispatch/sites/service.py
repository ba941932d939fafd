"""Keeping the register of sites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock, tables
from dispatch.cities import City
from dispatch.database import db, expect_version, lock
from dispatch.errors import Conflict, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.sites import rules
from dispatch.sites.models import Site
from dispatch.sites.rules import (
    DEFAULT_BUFFER_MINUTES,
    LONGEST_BUFFER_MINUTES,
    TELLING,
    SiteKind,
    searchable,
)
from dispatch.tables import Row
from dispatch.travel.estimate import Point, kilometres
from dispatch.travel.rules import require_near
from dispatch.travel.service import places_changed

GERMAN = {
    "register_number": ("Nummer", "Registernummer", "Kennung", "Ortskennung", "Ortsnummer"),
    "name": ("Name", "Bezeichnung", "Ort", "Einrichtung"),
    "kind": ("Art", "Typ", "Art der Einrichtung"),
    "address": ("Adresse", "Anschrift", "Straße und Hausnummer", "Straße"),
    "district": ("Stadtteil", "Bezirk", "Stadtbezirk", "Ortsteil"),
    "latitude": ("Breitengrad", "Breite", "Geografische Breite", "Lat"),
    "longitude": ("Längengrad", "Länge", "Geografische Länge", "Lon", "Lng"),
    "postcode": ("PLZ", "Postleitzahl"),
    "time_zone": ("Zeitzone",),
    "buffer_before_minutes": ("Puffer davor in Minuten", "Puffer davor"),
    "buffer_after_minutes": ("Puffer danach in Minuten", "Puffer danach"),
    "is_public": ("Öffentlich",),
    "access_notes": ("Zugang", "Hinweise zum Zugang"),
    "source": ("Quelle",),
}
KINDS: Mapping[str, Sequence[str]] = {
    SiteKind.ADULT_EDUCATION: ("Volkshochschule", "VHS", "Erwachsenenbildung"),
    SiteKind.CITIZEN_OFFICE: ("Bürgeramt", "Bürgerbüro", "Bürgerdienste"),
    SiteKind.COMMUNITY_CENTRE: ("Begegnungszentrum", "Nachbarschaftszentrum"),
    SiteKind.COUNSELLING: ("Beratungsstelle", "Beratung"),
    SiteKind.COURT: ("Gericht",),
    SiteKind.HEALTH_OFFICE: ("Gesundheitsamt",),
    SiteKind.HOSPITAL: ("Krankenhaus", "Klinik", "Klinikum"),
    SiteKind.IMMIGRATION_OFFICE: ("Ausländerbehörde", "Ausländeramt"),
    SiteKind.KITA: ("Kindergarten", "Kindertagesstätte"),
    SiteKind.LIBRARY: ("Bibliothek", "Bücherei"),
    SiteKind.MIGRANT_ORGANISATION: ("Migrantenorganisation",),
    SiteKind.MUNICIPAL_OFFICE: ("Amt", "Behörde"),
    SiteKind.POLICE: ("Polizei",),
    SiteKind.PRISON: ("Justizvollzugsanstalt", "JVA"),
    SiteKind.SCHOOL: ("Schule",),
    SiteKind.SENIOR_CENTRE: ("Seniorenzentrum", "Altenheim"),
    SiteKind.SHELTER: ("Unterkunft", "Frauenhaus"),
    SiteKind.SOCIAL_WELFARE: ("Sozialamt", "Wohlfahrtsverband"),
    SiteKind.TOWN_HALL: ("Rathaus",),
    SiteKind.YOUTH_CENTRE: ("Jugendzentrum",),
}
COLUMNS = tables.Columns(
    required=("register_number", "name", "kind", "address", "district", "latitude", "longitude"),
    optional=(
        "postcode",
        "time_zone",
        "buffer_before_minutes",
        "buffer_after_minutes",
        "is_public",
        "access_notes",
        "source",
    ),
    synonyms=GERMAN,
    words={"kind": KINDS},
)


Values = dict[str, Any]
"""What a row says of a site, by the names of its columns in the database."""


@dataclass(frozen=True)
class Imported:
    """How many rows were new, how many changed a site that was there, how many changed nothing."""

    added: int
    changed: int
    unchanged: int = 0


def read_file(
    path: Path, *, city: City, far_away: bool = False, watch: tables.Watch = iter
) -> list[Values]:
    """Return the sites of a CSV or XLSX file, checked; nothing is written.

    Rows that name no time zone are in the city's. A place far from the city is refused unless
    `far_away` says that such are meant. One address is one place: the first row at it gives its
    point to all that are there. Raises `Refusal` when the file cannot be read and `Several` naming
    every bad row.
    """
    return _checked(tables.read(path, COLUMNS), city, far_away=far_away, watch=watch)


def read_content(content: bytes, *, city: City, far_away: bool = False) -> list[Values]:
    """Return the sites of a file's content, as `read_file`."""
    return _checked(tables.rows_of(content, COLUMNS), city, far_away=far_away)


def _checked(
    rows: Sequence[Row], city: City, *, far_away: bool, watch: tables.Watch = iter
) -> list[Values]:
    seen: set[str] = set()

    def read_one(row: Row) -> Values:
        values = _read(row, city.zone_name, seen)
        if not far_away:
            require_near(Point(values["latitude"], values["longitude"]), city)
        return values

    return tables.each(watch(rows), read_one)


def keep_one(
    actor: Actor,
    filled_in: Mapping[str, str],
    *,
    site_id: int | None,
    expected_version: int | None,
    belongs_to: int | None = None,
    city: City,
    now: datetime,
) -> Site:
    """Add a site, or change the one of this id, as somebody filled it in, like a row of a file.

    `belongs_to` is the organisation whose members find it although it is not public. Raises
    `Refusal` naming the field to change, `Conflict` where the number is another site's or the site
    has changed since somebody looked.
    """
    site = None if site_id is None else lock(Site, site_id)
    as_before = {"time_zone": site.time_zone, "source": site.source} if site else {}
    values = _read(Row(1, {**filled_in, **as_before}), city.zone_name, set())
    values["organisation_id"] = belongs_to
    require_near(Point(values["latitude"], values["longitude"]), city)
    _require_free(values["register_number"], site_id)
    if site is None:
        site = Site(**values)
        db.session.add(site)
        db.session.flush()
        ledger.record(actor, "site.added", Concerning(site=site.id), now=now, fields=values)
    else:
        expect_version(site.version, expected_version)
        _change(actor, site, values, now)
    places_changed()
    return site


def _require_free(number: str, site_id: int | None) -> None:
    other = db.session.scalar(sa.select(Site).where(Site.register_number == number))
    if other is not None and other.id != site_id:
        raise Conflict(
            "register-number-taken",
            _l("“%(name)s” has this number already; give another.", name=other.name),
            field="register_number",
        )


def store(actor: Actor, read: list[Values], *, now: datetime) -> Imported:
    """Add or change the sites by their register number, and what shares an address with them."""
    there = {site.register_number: site for site in db.session.scalars(sa.select(Site))}
    points = _points_by_address(read)
    numbers = {values["register_number"] for values in read}
    for site in there.values():
        shared = points.get(rules.address_key(site.address, site.postcode, site.district))
        if shared and site.register_number not in numbers and _is_beside(site, shared):
            _change(actor, site, shared, now)
    new = [Site(**values) for values in read if values["register_number"] not in there]
    db.session.add_all(new)
    db.session.flush()
    for site in new:
        ledger.record(
            actor,
            "site.added",
            Concerning(site=site.id),
            now=now,
            fields=[*COLUMNS.known, "search_text"],
        )
    known = [values for values in read if values["register_number"] in there]
    changed = sum(_change(actor, there[one["register_number"]], one, now) for one in known)
    places_changed()
    return Imported(added=len(new), changed=changed, unchanged=len(known) - changed)


def _read(row: Row, time_zone: str, seen: set[str]) -> Values:
    reading = tables.Reading()
    cell = reading.cell
    kind = cell(lambda: row.choice("kind", SiteKind), "")
    values: Values = {
        "register_number": cell(lambda: _number(row, seen), ""),
        "kind": kind,
        "time_zone": cell(lambda: _zone(row, time_zone), time_zone),
        "latitude": cell(lambda: row.number_between("latitude", -90, 90), 0.0),
        "longitude": cell(lambda: row.number_between("longitude", -180, 180), 0.0),
        "is_public": cell(lambda: row.flag("is_public", default=kind not in TELLING), False),
        "source": cell(lambda: row.optional("source"), "") or "import",
    }
    for field in ("name", "address", "district"):
        values[field] = cell(partial(row.text, field), "")
    for field in ("postcode", "access_notes"):
        values[field] = cell(partial(row.optional, field), "")
    for field in ("buffer_before_minutes", "buffer_after_minutes"):
        minutes = partial(
            row.whole_number_between, field, 0, LONGEST_BUFFER_MINUTES, DEFAULT_BUFFER_MINUTES
        )
        values[field] = cell(minutes, DEFAULT_BUFFER_MINUTES)
    reading.require_all()
    search_text = searchable(
        *(values[part] for part in ("name", "address", "postcode", "district"))
    )
    return values | {"search_text": search_text}


def _number(row: Row, seen: set[str]) -> str:
    number = row.text("register_number")
    if number in seen:
        raise Refusal(
            "register-number-twice",
            _l("“%(number)s” stands in the file twice; remove one of the rows", number=number),
            field="register_number",
        )
    seen.add(number)
    return number


def _zone(row: Row, usual: str) -> str:
    name = row.optional("time_zone") or usual
    clock.zone(name)
    return name


def _points_by_address(read: list[Values]) -> dict[str, dict[str, float]]:
    """Return the point of each address, and give it to every row that is there."""
    points: dict[str, dict[str, float]] = {}
    for values in read:
        key = rules.address_key(values["address"], values["postcode"], values["district"])
        own = {"latitude": values["latitude"], "longitude": values["longitude"]}
        shared = points.setdefault(key, own)
        if kilometres(Point(**own), Point(**shared)) <= rules.ONE_ADDRESS_KM:
            values |= shared
    return points


def _is_beside(site: Site, point: dict[str, float]) -> bool:
    far = kilometres(Point(site.latitude, site.longitude), Point(**point))
    return far <= rules.ONE_ADDRESS_KM


def _change(actor: Actor, site: Site, values: Values, now: datetime) -> bool:
    fields = [name for name, value in values.items() if getattr(site, name) != value]
    for name in fields:
        setattr(site, name, values[name])
    if fields:
        ledger.record(actor, "site.changed", Concerning(site=site.id), now=now, fields=fields)
    return bool(fields)
