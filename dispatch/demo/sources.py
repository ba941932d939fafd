"""The files the demonstration is made of; data/README.md says what is real in them."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dispatch.travel.estimate import Point

DATA = Path(__file__).parent / "data"
SITE_FILES = (DATA / "sites_city.csv", DATA / "sites_openstreetmap.csv")


@dataclass(frozen=True)
class InventedOrganisation:
    """An organisation that does not exist, what it asks for and its share in the demand."""

    name: str
    kind: str
    setting: str
    share: float
    mail_domain: str


@cache
def organisations() -> tuple[InventedOrganisation, ...]:
    """Return the invented organisations; their shares add up to 1."""
    return tuple(
        InventedOrganisation(**(row | {"share": float(row["share"])}))
        for row in _rows("invented_organisations.csv")
    )


@cache
def first_names() -> tuple[tuple[str, str], ...]:
    """Return first names with the gender they are invented for."""
    return tuple((row["name"], row["gender"]) for row in _rows("invented_first_names.csv"))


@cache
def surnames() -> tuple[str, ...]:
    """Return the birds and plants that everybody invented is named after."""
    return tuple(row["name"] for row in _rows("invented_surnames.csv"))


@cache
def postcodes() -> tuple[tuple[str, Point], ...]:
    """Return postcodes with their centres."""
    return tuple(
        (row["postcode"], Point(float(row["latitude"]), float(row["longitude"])))
        for row in _rows("postcodes.csv")
    )


@cache
def language_shares() -> Mapping[str, float]:
    """Return the modelled share of each language in the demand, largest first."""
    return {row["tag"]: float(row["share"]) for row in _rows("language_shares.csv")}


@cache
def spoken_together() -> Mapping[str, tuple[str, ...]]:
    """Return which other languages a speaker may have as well."""
    together: dict[str, tuple[str, ...]] = {}
    for row in _rows("spoken_together.csv"):
        together[row["tag"]] = (*together.get(row["tag"], ()), row["also"])
    return together


@cache
def demand_model() -> Mapping[str, Any]:
    """Return how interpreters are asked for: hours, minutes, days ahead, outcomes."""
    model: dict[str, Any] = json.loads((DATA / "demand_model.json").read_text(encoding="utf-8"))
    return model


def _rows(name: str) -> list[Any]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
