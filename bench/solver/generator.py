"""Invents instances of the shape of the shared ones: seeded, for anybody without those files."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

import numpy as np
from numpy.random import Generator

from bench.solver.day import Ask, Day, Person

CENTRE = (51.51, 7.45)
KM_PER_DEGREE = 111.2
QUALIFICATIONS = ("court", "medical", "psych", "sworn")
WEIGHT_OF_PRIORITY = {1: 1, 2: 2, 3: 4}
SPANS = ([[420, 1140]], [[420, 780]], [[690, 1140]], [[420, 720], [840, 1140]])
FLEXIBLE_SHARE = 0.3
SCARCE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Size:
    """How many people and requests, over how many kilometres, and the speeds in km/h."""

    people: int
    requests: int
    languages: int
    half_width_km: float
    speeds: tuple[int, int]
    radius_km: float


SIZES = {
    "mini": Size(20, 30, 10, 8, (18, 32), 40),
    "city": Size(120, 200, 30, 11, (18, 32), 40),
    "region": Size(1_000, 2_000, 60, 60, (28, 55), 60),
    "nation": Size(10_000, 20_000, 90, 300, (28, 70), 80),
}


def generated(name: str, seed: int = 1) -> Day:
    """Return the instance `size` or `size-variant`, the same for the same seed.

    The size is mini, city, region, nation or a number of requests; the variant flex (a third may
    begin up to an hour earlier or later) or scarce (60 % of the people, two peaks). Raises
    KeyError for another size.
    """
    size_name, _, variant = name.partition("-")
    size = _of_city_shape(int(size_name)) if size_name.isdigit() else SIZES[size_name]
    rng = np.random.default_rng([seed, size.requests, len(variant)])
    sites = _points(rng, size, max(8, size.requests // 9))
    people = round(size.people * (SCARCE_SHARE if variant == "scarce" else 1))
    staff = tuple(_person(rng, size, number) for number in range(people))
    asks = tuple(_ask(rng, size, number, sites, variant) for number in range(size.requests))
    return Day(name, staff, tuple(_excluding(rng, ask, staff) for ask in asks))


def _of_city_shape(requests: int) -> Size:
    """Return a size in which people, languages and area grow with the requests."""
    share = (requests / 200) ** 0.5
    languages = max(6, round(30 * share**0.6))
    return Size(round(requests * 0.6), requests, languages, 11 * share, (18, 32), 40)


def _points(rng: Generator, size: Size, number: int) -> list[tuple[float, float]]:
    """Return places, thicker in the middle."""
    km = np.clip(rng.normal(0, size.half_width_km / 2, (number, 2)), -99_999, 99_999)
    narrow = KM_PER_DEGREE * cos(radians(CENTRE[0]))
    return [
        (round(CENTRE[0] + north / KM_PER_DEGREE, 5), round(CENTRE[1] + east / narrow, 5))
        for north, east in km.tolist()
    ]


def _language(rng: Generator, size: Size) -> str:
    shares = 1 / np.arange(1, size.languages + 1)
    return f"l{rng.choice(size.languages, p=shares / shares.sum())}"


def _person(rng: Generator, size: Size, number: int) -> Person:
    lat, lon = _points(rng, size, 1)[0]
    spoken = {
        _language(rng, size) for _ in range(rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.16, 0.09]))
    }
    return Person(
        id=f"i{number}",
        lat=lat,
        lon=lon,
        speed_kmh=int(rng.integers(size.speeds[0], size.speeds[1] + 1)),
        gender=str(rng.choice(["f", "m", "d"], p=[0.48, 0.48, 0.04])),
        languages={
            code: int(rng.choice([2, 3, 4, 5], p=[0.2, 0.36, 0.29, 0.15]))
            for code in sorted(spoken)
        },
        quals=[name for name in QUALIFICATIONS if rng.random() < 0.3],
        availability=SPANS[rng.choice(4, p=[0.53, 0.18, 0.17, 0.12])],
        max_minutes=int(rng.choice([240, 300, 360, 480], p=[0.25, 0.27, 0.3, 0.18])),
        fee_per_hour=int(rng.choice([28, 32, 35, 38, 42, 48])),
        radius_km=size.radius_km,
    )


def _ask(
    rng: Generator, size: Size, number: int, sites: list[tuple[float, float]], variant: str
) -> Ask:
    at_site = rng.random() < 0.7
    lat, lon = sites[rng.integers(len(sites))] if at_site else _points(rng, size, 1)[0]
    start = _start(rng, 60 if variant == "scarce" else 100)
    slack = 60 if variant == "flex" and rng.random() < FLEXIBLE_SHARE else 0
    gender = str(rng.choice(["f", "m"], p=[0.65, 0.35])) if rng.random() < 0.2 else None
    return Ask(
        id=f"r{number}",
        lang=_language(rng, size),
        min_level=int(rng.choice([2, 3, 4], p=[0.55, 0.35, 0.1])),
        lat=lat,
        lon=lon,
        duration=int(
            rng.choice([30, 60, 90, 120, 150, 180], p=[0.11, 0.36, 0.24, 0.17, 0.06, 0.06])
        ),
        earliest=max(480, start - slack),
        latest=min(1050, start + slack),
        step=30,
        weight=WEIGHT_OF_PRIORITY[int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15]))],
        qualification=str(rng.choice(QUALIFICATIONS)) if rng.random() < 0.16 else None,
        gender=gender,
        gender_required=gender is not None and bool(rng.random() < 0.3),
        excluded=[],
        n_interpreters=2 if rng.random() < 0.1 else 1,
    )


def _start(rng: Generator, spread: int) -> int:
    """Return a start on the half hour around one of the two peaks of a day."""
    drawn = rng.normal(rng.choice([10 * 60, 14 * 60]), spread)
    return int(np.clip(round(drawn / 30) * 30, 480, 1050))


def _excluding(rng: Generator, ask: Ask, staff: tuple[Person, ...]) -> Ask:
    """Return the request; one in thirty does not want some of those who speak the language."""
    from dataclasses import replace

    if rng.random() >= 0.03:
        return ask
    able = [person.id for person in staff if ask.lang in person.languages]
    return replace(ask, excluded=able[:2])
