"""Keeping the register of sites."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock, tables
from dispatch.cities import City
from dispatch.database import db
from dispatch.errors import Refusal
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

GERMAN = {
    "register_number": ("Nummer", "Registernummer"),
    "name": ("Name", "Bezeichnung"),
    "kind": ("Art",),
    "address": ("Adresse", "Anschrift", "Straße und Hausnummer", "Straße"),
    "district": ("Stadtteil", "Bezirk", "Stadtbezirk"),
    "latitude": ("Breitengrad", "Breite"),
    "longitude": ("Längengrad", "Länge"),
    "postcode": ("PLZ", "Postleitzahl"),
    "time_zone": ("Zeitzone",),
    "buffer_before_minutes": ("Puffer davor in Minuten", "Puffer davor"),
    "buffer_after_minutes": ("Puffer danach in Minuten", "Puffer danach"),
    "is_public": ("Öffentlich",),
    "access_notes": ("Zugang", "Hinweise zum Zugang"),
    "source": ("Quelle",),
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
)


@dataclass(frozen=True)
class Imported:
    """How many rows were new and how many changed a site that was there."""

    added: int
    changed: int


def import_file(
    actor: Actor, path: Path, *, city: City, now: datetime, far_away: bool = False
) -> Imported:
    """Add or change sites by their register number; rows that name no time zone are in the city's.

    A place far from the city is refused unless `far_away` says that such are meant. One address is
    one place: the first row at it gives its point to all that are there. Raises `Refusal` when the
    file cannot be read and `Several` naming every bad row; nothing is stored then.
    """
    rows = tables.read(path, COLUMNS)
    seen: set[str] = set()

    def read_one(row: Row) -> dict[str, Any]:
        values = _read(row, city.zone_name, seen)
        if not far_away:
            require_near(Point(values["latitude"], values["longitude"]), city)
        return values

    read = tables.each(rows, read_one)
    there = {site.register_number: site for site in db.session.scalars(sa.select(Site))}
    points = _points_by_address(read)
    for site in there.values():
        shared = points.get(rules.address_key(site.address, site.postcode, site.district))
        if shared and site.register_number not in seen and _is_beside(site, shared):
            _store(actor, site, shared, now)
    for values in read:
        _store(actor, there.get(values["register_number"]), values, now)
    known = sum(values["register_number"] in there for values in read)
    return Imported(added=len(read) - known, changed=known)


def _read(row: Row, time_zone: str, seen: set[str]) -> dict[str, Any]:
    number = row.text("register_number")
    if number in seen:
        raise Refusal(
            "register-number-twice",
            _l("“%(number)s” stands in the file twice; remove one of the rows", number=number),
            field="register_number",
        )
    seen.add(number)
    kind = row.choice("kind", SiteKind)
    zone_name = row.optional("time_zone") or time_zone
    clock.zone(zone_name)
    values: dict[str, Any] = {
        "register_number": number,
        "kind": kind,
        "time_zone": zone_name,
        "latitude": row.number_between("latitude", -90, 90),
        "longitude": row.number_between("longitude", -180, 180),
        "is_public": row.flag("is_public", default=kind not in TELLING),
        "source": row.optional("source") or "import",
    }
    values |= {field: row.text(field) for field in ("name", "address", "district")}
    values |= {field: row.optional(field) for field in ("postcode", "access_notes")}
    for field in ("buffer_before_minutes", "buffer_after_minutes"):
        values[field] = row.whole_number_between(
            field, 0, LONGEST_BUFFER_MINUTES, DEFAULT_BUFFER_MINUTES
        )
    search_text = searchable(values["name"], values["address"], values["district"])
    return values | {"search_text": search_text}


def _points_by_address(read: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
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


def _store(actor: Actor, site: Site | None, values: dict[str, Any], now: datetime) -> None:
    if site is None:
        site = Site(**values)
        db.session.add(site)
        action, fields = "site.added", list(values)
    else:
        fields = [name for name, value in values.items() if getattr(site, name) != value]
        for name in fields:
            setattr(site, name, values[name])
        action = "site.changed"
    db.session.flush()
    if fields:
        ledger.record(actor, action, Concerning(site=site.id), now=now, fields=fields)
