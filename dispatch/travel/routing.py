"""Asking a routing engine over HTTP: OSRM or Valhalla, in tables within what they answer at once.

OSRM: the table service (project-osrm.org, "Table service"), whose server knows one way of
travelling and pays no heed to the name of the profile. Valhalla: the time-distance matrix
(valhalla.github.io, "Matrix service API"), which knows them all but public transport.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

import numpy as np
import requests

from dispatch.travel.estimate import PARKING_MINUTES, ROUNDED_TO, Mode, Point, minutes
from dispatch.travel.times import UNKNOWN, Whole

AT_ONCE = 50
"""Origins and destinations of one call: osrm-routed takes 100 places, Valhalla 2,500 ways."""

TIMEOUT_SECONDS = 60
LONGEST_ANSWER = 8_000_000
"""Bytes; 2,500 ways of Valhalla are a quarter of a megabyte."""

LONGEST_MINUTES = UNKNOWN - 1
NOT_TAKEN = frozenset({400, 413, 414})
"""What both answer when places are too many, too far from each other or far from any road."""

_COSTING = {Mode.CAR: "auto", Mode.BICYCLE: "bicycle", Mode.ON_FOOT: "pedestrian"}
_PROFILE = {Mode.CAR: "car", Mode.BICYCLE: "bike", Mode.ON_FOOT: "foot"}
_AROUND = {Mode.CAR: PARKING_MINUTES}
"""Minutes that a way by road lacks from door to door."""


class Kind(StrEnum):
    """The engines that are understood."""

    OSRM = "OSRM"
    VALHALLA = "Valhalla"


class RoutingAway(Exception):
    """The engine does not answer, or answers what cannot be understood; the text says which."""


@dataclass(frozen=True)
class Engine:
    """An engine at an address, for some ways of travelling."""

    kind: Kind
    address: str
    modes: tuple[Mode, ...]

    def table(self, origins: Sequence[Point], targets: Sequence[Point], mode: Mode) -> Whole:
        """Return the minutes from door to door, a row an origin; `UNKNOWN` where there is no way.

        Rounded up, parking included, and never slower than walking. Raises `RoutingAway`.
        """
        ask = _osrm if self.kind == Kind.OSRM else _valhalla
        found = np.full((len(origins), len(targets)), UNKNOWN, dtype=np.uint16)
        for row in range(0, len(origins), AT_ONCE):
            for column in range(0, len(targets), AT_ONCE):
                here = origins[row : row + AT_ONCE]
                there = targets[column : column + AT_ONCE]
                seconds = _taken(ask, self.address, here, there, mode)
                found[row : row + AT_ONCE, column : column + AT_ONCE] = [
                    [_minutes(one, a, b, mode) for b, one in zip(there, line, strict=True)]
                    for a, line in zip(here, seconds, strict=True)
                ]
        return found


def engines(addresses: Mapping[str, str]) -> list[Engine]:
    """Return the engine at each address, which is asked what it is; keys are modes, or "" for any.

    An OSRM without a mode serves cars. Raises `RoutingAway` naming the address.
    """
    found = []
    for name, address in addresses.items():
        kind = _kind(address)
        any_mode = (Mode.CAR,) if kind == Kind.OSRM else tuple(_COSTING)
        found.append(Engine(kind, address, (Mode(name),) if name else any_mode))
    return found


_Seconds = list[list[float | None]]
_Ask = Callable[[str, Sequence[Point], Sequence[Point], Mode], _Seconds | None]


def _taken(
    ask: _Ask, address: str, origins: Sequence[Point], targets: Sequence[Point], mode: Mode
) -> _Seconds:
    """Return the seconds; what an engine does not take at once is asked in halves.

    One place outside its map makes it refuse all others, and its limits are its administrator's.
    """
    found = ask(address, origins, targets, mode)
    if found is not None:
        return found
    if len(origins) > 1:
        half = len(origins) // 2
        return [
            *_taken(ask, address, origins[:half], targets, mode),
            *_taken(ask, address, origins[half:], targets, mode),
        ]
    if len(targets) > 1:
        half = len(targets) // 2
        [left] = _taken(ask, address, origins, targets[:half], mode)
        [right] = _taken(ask, address, origins, targets[half:], mode)
        return [[*left, *right]]
    return [[None]]


def _minutes(seconds: float | None, start: Point, end: Point, mode: Mode) -> int:
    if start == end:
        return 0
    if seconds is None:
        return UNKNOWN
    by_road = ceil(round(seconds / 60 + _AROUND.get(mode, 0.0), ROUNDED_TO))
    return min(by_road, minutes(start, end, Mode.ON_FOOT), LONGEST_MINUTES)


def _osrm(
    address: str, origins: Sequence[Point], targets: Sequence[Point], mode: Mode
) -> _Seconds | None:
    everywhere = ";".join(f"{one.longitude:.6f},{one.latitude:.6f}" for one in [*origins, *targets])
    answer = _answer(
        "GET",
        f"{address}/table/v1/{_PROFILE[mode]}/{everywhere}",
        params={
            "sources": _numbers(range(len(origins))),
            "destinations": _numbers(range(len(origins), len(origins) + len(targets))),
            "annotations": "duration",
        },
    )
    return None if answer is None else _read(address, lambda: _rows(answer["durations"]))


def _valhalla(
    address: str, origins: Sequence[Point], targets: Sequence[Point], mode: Mode
) -> _Seconds | None:
    question = {
        "sources": [{"lat": one.latitude, "lon": one.longitude} for one in origins],
        "targets": [{"lat": one.latitude, "lon": one.longitude} for one in targets],
        "costing": _COSTING[mode],
    }
    answer = _answer("POST", f"{address}/sources_to_targets", json=question)
    if answer is None:
        return None
    return _read(
        address,
        lambda: _rows([[way["time"] for way in row] for row in answer["sources_to_targets"]]),
    )


def _rows(read: Iterable[Iterable[Any]]) -> _Seconds:
    return [[None if one is None else float(one) for one in row] for row in read]


def _read(address: str, reading: Callable[[], _Seconds]) -> _Seconds:
    try:
        return reading()
    except (KeyError, TypeError, ValueError) as odd:
        raise RoutingAway(f"{address} answers what cannot be read") from odd


def _numbers(numbers: Iterable[int]) -> str:
    return ";".join(map(str, numbers))


def _kind(address: str) -> Kind:
    """Return what answers at an address: only Valhalla knows `/status`, only OSRM a `code`."""
    answer = _json("GET", f"{address}/status", taken=NOT_TAKEN)
    if "version" in answer:
        return Kind.VALHALLA
    if "code" in answer:
        return Kind.OSRM
    raise RoutingAway(f"{address} is neither OSRM nor Valhalla")


def _answer(method: str, url: str, **options: Any) -> dict[str, Any] | None:
    """Return what was answered, None for what the engine does not take at once."""
    answer = _json(method, url, taken=NOT_TAKEN, **options)
    return None if answer.get("refused") else answer


def _json(method: str, url: str, *, taken: frozenset[int], **options: Any) -> dict[str, Any]:
    address = url.split("/table/")[0].removesuffix("/status").removesuffix("/sources_to_targets")
    try:
        with requests.request(
            method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, stream=True, **options
        ) as answer:
            if answer.status_code != 200 and answer.status_code not in taken:
                raise RoutingAway(f"{address} answers {answer.status_code}")
            body = answer.raw.read(LONGEST_ANSWER + 1, decode_content=True)
    except requests.RequestException as away:
        raise RoutingAway(f"{address} does not answer ({type(away).__name__})") from away
    if len(body) > LONGEST_ANSWER:
        raise RoutingAway(f"{address} answers without end")
    try:
        read = json.loads(body)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise RoutingAway(f"{address} answers what cannot be read")
    return read | ({"refused": True} if answer.status_code != 200 else {})
