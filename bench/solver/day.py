"""One instance as data: the people and the requests of a day, and the units of its objective."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

ROAD_FACTOR = 1.3
CENTS = 100
POINTS_PER_WEIGHT = 1000


class _FromFile:
    """Takes the fields it knows from an item of an instance file."""

    @classmethod
    def of(cls, item: dict[str, Any]) -> Self:
        return cls(**{field.name: item[field.name] for field in fields(cls)})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Person(_FromFile):
    """An interpreter: home in degrees, availability in minutes after midnight, fee in euro."""

    id: str
    lat: float
    lon: float
    speed_kmh: int
    gender: str
    languages: dict[str, int]
    quals: list[str]
    availability: list[list[int]]
    max_minutes: int
    fee_per_hour: int
    radius_km: float


@dataclass(frozen=True, slots=True)
class Ask(_FromFile):
    """A request: place in degrees, times in minutes after midnight on a grid of `step`."""

    id: str
    lang: str
    min_level: int
    lat: float
    lon: float
    duration: int
    earliest: int
    latest: int
    step: int
    weight: int
    qualification: str | None
    gender: str | None
    gender_required: bool
    excluded: list[str]
    n_interpreters: int

    def starts(self) -> range:
        """Return the minutes at which it may begin."""
        return range(self.earliest, self.latest + 1, self.step)


@dataclass(frozen=True, slots=True)
class Day:
    """One instance: the people and the requests of a day."""

    name: str
    people: tuple[Person, ...]
    asks: tuple[Ask, ...]

    def weight(self) -> int:
        """Return the weight of all requests together."""
        return sum(ask.weight for ask in self.asks)
