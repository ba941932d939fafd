"""The shapes of a city's districts, as data of our own: a map asks nobody outside."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dispatch.cities.city import City

FOLDER = Path(__file__).parent
LonLat = tuple[float, float]


@dataclass(frozen=True)
class District:
    """One district: where its name stands, and its outlines, as longitude and latitude."""

    name: str
    label: LonLat
    rings: tuple[tuple[LonLat, ...], ...]


def districts_of(city: City) -> tuple[District, ...]:
    """Return the districts of a city; nothing where nobody has put its shapes there."""
    return _read(city.key)


@cache
def _read(key: str) -> tuple[District, ...]:
    file = FOLDER / f"{key}.json"
    if not file.exists():
        return ()
    return tuple(
        District(
            one["name"],
            _point(one["label"]),
            tuple(tuple(_point(point) for point in ring) for ring in one["rings"]),
        )
        for one in json.loads(file.read_text("utf-8"))
    )


def _point(pair: list[float]) -> LonLat:
    longitude, latitude = pair
    return longitude, latitude
