"""The day on a map: sites with what is on there, and ways; a home is a district and no more."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from dispatch.assignments.models import Assignment
from dispatch.availability.rules import Way
from dispatch.cities.shapes import District, LonLat
from dispatch.interpreters.models import Interpreter
from dispatch.offers.schedules import Taken
from dispatch.pages.coordinator.board.drawing import language_of
from dispatch.pages.coordinator.board.marks import STATES, Mark, mark_of
from dispatch.pages.coordinator.board.reading import Day
from dispatch.sites.models import Site
from dispatch.web.formats import local_time

WIDTH, MARGIN = 1000, 24
LETTER, LINE, SIGN = 9, 19, 16
"""Width of a letter and height of a line of a name, and half of a sign, on the map."""

MOVED = sorted(
    ((x, y) for x in (-80, -40, 0, 40, 80) for y in range(-75, 76, 25)),
    key=lambda way: (abs(way[0]) + abs(way[1]), way),
)
"""How far a name may stand from the middle of its district, the nearest first."""

LEAST_SPAN = 0.02
"""Degrees a map shows at least, so that one site alone is not a point without surroundings."""


@dataclass(frozen=True)
class Talk:
    """Something that is on at a site; `name` is who comes or is asked, empty where nobody."""

    request_id: int
    at: datetime
    start: str
    language: str
    mark: Mark
    name: str

    @property
    def state(self) -> str:
        """The state by whose look it is drawn."""
        return STATES[self.mark]


@dataclass(frozen=True)
class Place:
    """A site with everything that is on there, in order of time, and where it lies on the map."""

    site: Site
    x: float
    y: float
    talks: Sequence[Talk]

    @property
    def mark(self) -> Mark:
        """What needs a hand most."""
        order = list(Mark)
        return min((one.mark for one in self.talks), key=order.index)


@dataclass(frozen=True)
class Route:
    """One person's way through the day: from the district of home and back to it."""

    person: Interpreter
    district: str
    points: str
    stops: Sequence[str]


@dataclass(frozen=True)
class Shape:
    """A district as it is drawn: how much is on there in five steps, 0 nothing."""

    name: str
    path: str
    x: float
    y: float
    step: int
    count: int

    @property
    def lines(self) -> list[str]:
        """The name as it is written: a long one goes on in a second line after its hyphen."""
        first, hyphen, second = self.name.partition("-")
        return [f"{first}-", second] if hyphen else [first]


@dataclass(frozen=True)
class Map:
    """Everything that is drawn; `elsewhere` is on by video and telephone."""

    height: float
    shapes: Sequence[Shape]
    places: Sequence[Place]
    routes: Sequence[Route]
    elsewhere: int


class Projection:
    """From longitude and latitude to the map: flat, true to scale in the middle, north on top."""

    def __init__(self, points: Iterable[LonLat]) -> None:
        every = list(points)
        longitudes, latitudes = [one[0] for one in every], [one[1] for one in every]
        self.west, self.north = min(longitudes), max(latitudes)
        self._shrink = math.cos(math.radians((self.north + min(latitudes)) / 2))
        span = max((max(longitudes) - self.west) * self._shrink, LEAST_SPAN)
        self._scale = (WIDTH - 2 * MARGIN) / span
        deep = max(self.north - min(latitudes), LEAST_SPAN / 2)
        self.height = round(deep * self._scale + 2 * MARGIN, 1)

    def __call__(self, point: LonLat) -> tuple[float, float]:
        """Return x and y of a point."""
        x = MARGIN + (point[0] - self.west) * self._shrink * self._scale
        return round(x, 1), round(MARGIN + (self.north - point[1]) * self._scale, 1)


def map_of(day: Day, districts: Sequence[District]) -> Map | None:
    """Return the map of a day; None where nothing is on at a place and no district is known."""
    there: dict[int, list[Talk]] = defaultdict(list)
    sites: dict[int, Site] = {}
    elsewhere = 0
    for site, talk in _talks(day):
        if site is None:
            elsewhere += 1
        else:
            sites[site.id] = site
            there[site.id].append(talk)
    points = [ring for one in districts for points in one.rings for ring in points]
    points += [_of(site) for site in sites.values()]
    if not points:
        return None
    at = Projection(points)
    places = [
        Place(site, *at(_of(site)), sorted(there[site.id], key=attrgetter("at", "request_id")))
        for site in sites.values()
    ]
    return Map(
        at.height,
        _shapes(districts, places, at),
        sorted(places, key=lambda one: (one.site.district, one.site.name)),
        list(_routes(day, districts, at)),
        elsewhere,
    )


def _talks(day: Day) -> Iterable[tuple[Site | None, Talk]]:
    """Yield everything of the day with its site, None for what is not on site."""
    for one in day.missing:
        interpretation_request = one.interpretation_request
        on_site = interpretation_request.ranked_ways[0] == Way.ON_SITE
        talk = Talk(
            interpretation_request.id,
            interpretation_request.starts_at,
            local_time(interpretation_request.starts_at, day.zone_name),
            language_of(interpretation_request.language),
            Mark.OPEN,
            "",
        )
        yield (interpretation_request.site if on_site else None), talk
    names = {one.id: one.name for one in day.pool}
    for several in day.taken.values():
        for taken in several:
            talk = Talk(
                taken.interpretation_request_id,
                taken.starts_at,
                local_time(taken.starts_at, day.zone_name),
                language_of(taken.language),
                mark_of(taken),
                names.get(taken.interpreter_id, ""),
            )
            yield (taken.site if taken.way == Way.ON_SITE else None), talk


def _shapes(districts: Sequence[District], places: Sequence[Place], at: Projection) -> list[Shape]:
    counts: Counter[str] = Counter()
    for place in places:
        counts[place.site.district] += len(place.talks)
    most = max(counts.values(), default=1)
    signs = [(place.x, place.y) for place in places]
    return [
        Shape(
            one.name,
            " ".join(_path(ring, at) for ring in one.rings),
            *_beside_signs(one.name, at(one.label), signs),
            step=math.ceil(4 * counts[one.name] / most),
            count=counts[one.name],
        )
        for one in districts
    ]


def _beside_signs(
    name: str, at: tuple[float, float], signs: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Return where a name is written so that no sign of a site stands on it, if there is room."""
    lines = name.split("-", 1)
    half = LETTER * max(map(len, lines)) / 2

    def is_free(x: float, y: float) -> bool:
        above, below = y - LINE, y + LINE * (len(lines) - 1)
        return not any(
            abs(x - sign_x) < half + SIGN and above - SIGN < sign_y < below + SIGN
            for sign_x, sign_y in signs
        )

    places = [(round(at[0] + x, 1), round(at[1] + y, 1)) for x, y in MOVED]
    return next((one for one in places if is_free(*one)), at)


def _path(ring: Sequence[LonLat], at: Projection) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in map(at, ring)) + "Z"


def _routes(day: Day, districts: Sequence[District], at: Projection) -> Iterable[Route]:
    homes = {one.name: one.label for one in districts}
    for person in sorted(day.pool, key=lambda one: one.name.casefold()):
        stops: list[Taken] = sorted(
            (
                one
                for one in day.taken.get(person.id, ())
                if one.way == Way.ON_SITE and isinstance(one, Assignment)
            ),
            key=attrgetter("starts_at"),
        )
        if not stops:
            continue
        district = day.home_of(person)
        home = [homes[district]] if district in homes else []
        points = [at(point) for point in (*home, *(_of(one.site) for one in stops), *home)]
        yield Route(
            person,
            district,
            " ".join(f"{x:g},{y:g}" for x, y in points),
            [f"{local_time(one.starts_at, day.zone_name)} {one.site.name}" for one in stops],
        )


def _of(site: Site) -> LonLat:
    return site.longitude, site.latitude
