"""The files the demonstration is made of; data/README.md says what is real in them."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dispatch import settings
from dispatch.travel.estimate import Point

DATA = Path(__file__).parent / "data"
"""A folder for each city with a demonstration, beside what is the same in all of them."""


@dataclass(frozen=True)
class InventedOrganisation:
    """An organisation that does not exist, what it asks for and its share in the demand."""

    name: str
    kind: str
    setting: str
    share: float
    mail_domain: str


@dataclass(frozen=True)
class Words:
    """What people of a city write in its language: comments and reasons."""

    could_come: str
    cancelled: tuple[str, ...]
    released: str
    cancelled_late: str
    away: str
    instead: str


def cities() -> tuple[str, ...]:
    """Return the keys of the cities with data for a demonstration."""
    return tuple(sorted(one.name for one in DATA.iterdir() if one.is_dir()))


def site_files() -> tuple[Path, ...]:
    """Return the files of places, one for each source."""
    return tuple(sorted(_folder().glob("sites_*.csv")))


def words() -> Words:
    """Return what people of the city write."""
    written = json.loads((_folder() / "words.json").read_text(encoding="utf-8"))
    return Words(**(written | {"cancelled": tuple(written["cancelled"])}))


def organisations() -> tuple[InventedOrganisation, ...]:
    """Return the invented organisations; their shares add up to 1."""
    return tuple(
        InventedOrganisation(**(row | {"share": float(row["share"])}))
        for row in _rows("invented_organisations.csv")
    )


def first_names() -> tuple[tuple[str, str], ...]:
    """Return first names with the gender they are invented for."""
    return tuple((row["name"], row["gender"]) for row in _rows("invented_first_names.csv"))


def surnames() -> tuple[str, ...]:
    """Return the birds and plants that everybody invented is named after."""
    return tuple(row["name"] for row in _rows("invented_surnames.csv"))


def postcodes() -> tuple[tuple[str, Point], ...]:
    """Return postcodes with their centres."""
    return tuple(
        (row["postcode"], Point(float(row["latitude"]), float(row["longitude"])))
        for row in _rows("postcodes.csv")
    )


def language_shares() -> Mapping[str, float]:
    """Return the modelled share of each language in the demand, largest first."""
    return {row["tag"]: float(row["share"]) for row in _rows("language_shares.csv")}


def spoken() -> tuple[str, ...]:
    """Return the languages that somebody of the pool works in, by tag."""
    return tuple(sorted(row["tag"] for row in _rows("language_shares.csv") if row["spoken"] == "1"))


def spoken_together() -> Mapping[str, tuple[str, ...]]:
    """Return which other languages a speaker may have as well."""
    together: dict[str, tuple[str, ...]] = {}
    for row in _read(DATA / "spoken_together.csv"):
        together[row["tag"]] = (*together.get(row["tag"], ()), row["also"])
    return together


@cache
def demand_model() -> Mapping[str, Any]:
    """Return how interpreters are asked for: hours, minutes, days ahead, outcomes."""
    model: dict[str, Any] = json.loads((DATA / "demand_model.json").read_text(encoding="utf-8"))
    return model


def _folder() -> Path:
    return DATA / settings.active().city.key


def _rows(name: str) -> list[Any]:
    return _read(_folder() / name)


@cache
def _read(path: Path) -> list[Any]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
