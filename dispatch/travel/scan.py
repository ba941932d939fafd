"""The connection scan over a working day: from every origin, for every minute of setting out.

After J. Dibbelt, T. Pajor, B. Strasser, D. Wagner: Connection Scan Algorithm (JEA 23, 2018), as a
profile over all origins at once. Everything happens in order of time: vehicles depart, arrive,
and people who alight reach another stop or their goal. What is carried along is, for each origin,
the latest minute of setting out with which one is there by now. Each event is one numpy operation
over the origins.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from dispatch.travel.estimate import EARTH_RADIUS_KM, Mode, Point, coefficients
from dispatch.travel.estimate import minutes as estimated
from dispatch.travel.network import Network
from dispatch.travel.times import UNKNOWN, Whole

FIRST, LAST = 7 * 3600, 18 * 3600
"""When people set out: every full minute from 7 to before 18 o'clock (seconds since midnight)."""

KEPT = 0.8
"""Four of five departures need no longer."""

LONGEST_MINUTES = 180
"""Whoever is not there within three hours does not get there by public transport."""

NEAR_KM = 1.0
MOST_STOPS = 12
"""To so many stops within a kilometre of straight line people walk, the nearest ones."""

MOST_BYTES = 96_000_000
"""How much memory the counting may take at once; more origins are done one share after another."""

Labels = NDArray[np.int16]
Watch = Callable[[float], None]
_ALIGHT, _REACH, _BOARD = 0, 1, 2


@dataclass(frozen=True)
class Access:
    """The stops near each point: (stop, seconds on foot) by number of point."""

    of_point: Sequence[Sequence[tuple[int, int]]]


def table(
    network: Network, origins: Sequence[Point], targets: Sequence[Point], watch: Watch
) -> Whole:
    """Return the minutes from every origin to every target that four of five departures keep.

    Setting out at any full minute from 7 to 18 o'clock, waiting included; never longer than on
    foot. UNKNOWN where no stop is near one of the two. `watch` is told how much is done, 0 to 1.
    """
    share = max(1, MOST_BYTES // (max(1, len(targets)) * (LONGEST_MINUTES + 2) * 2))
    rows = []
    for first in range(0, len(origins), share):
        own = origins[first : first + share]
        scan = _Scan(network, access(network, own), access(network, targets))
        for done in scan.run():
            watch((first + done * len(own)) / len(origins))
        rows.append(_minutes(scan.counts, scan, own, targets))
    watch(1.0)
    return np.concatenate(rows) if rows else np.empty((0, len(targets)), dtype=np.uint16)


def access(network: Network, points: Sequence[Point]) -> Access:
    """Return the stops near each point with the seconds on foot, the nearest first."""
    on_foot = coefficients(Mode.ON_FOOT)
    found = []
    for point in points:
        far = _kilometres(network, point)
        near = np.flatnonzero(far <= NEAR_KM)
        nearest = near[np.argsort(far[near], kind="stable")][:MOST_STOPS]
        found.append(
            [
                (int(stop), ceil(60 * (on_foot.fixed + on_foot.per_km * far[stop])))
                for stop in nearest
            ]
        )
    return Access(found)


def _kilometres(network: Network, point: Point) -> NDArray[np.float64]:
    north, own = np.radians(network.latitudes), np.radians(point.latitude)
    turn = np.radians(network.longitudes - point.longitude)
    half = np.sin((north - own) / 2) ** 2 + np.cos(north) * np.cos(own) * np.sin(turn / 2) ** 2
    far: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, half)))
    return far


class _Scan:
    """One pass over the day for a share of the origins."""

    def __init__(self, network: Network, setting_out: Access, arriving: Access) -> None:
        self.network = network
        self.width = len(setting_out.of_point)
        self.setting_out, self.arriving = setting_out, arriving
        self.minutes = (LAST - FIRST) // 60
        stops = len(network.latitudes)
        self.ready = np.full((stops, self.width), -1, dtype=np.int16)
        self.there = np.full((stops, self.width), -1, dtype=np.int16)
        self.arrived = np.full((len(arriving.of_point), self.width), -1, dtype=np.int16)
        # How many departures need so many minutes, as differences from one minute to the next.
        self.counts = np.zeros(
            (len(arriving.of_point), self.width, LONGEST_MINUTES + 2), dtype=np.int16
        )
        self.on_board: dict[int, Labels] = {}
        self.heap: list[tuple[int, int, int, Labels]] = []
        self.numbers = itertools.count()  # of two that arrive at once the first goes first
        self.walks, self.goals = defaultdict(list), defaultdict(list)
        for start, end, seconds in network.walks.tolist():
            self.walks[start].append((end, seconds))
        for target, stops_near in enumerate(arriving.of_point):
            for stop, seconds in stops_near:
                self.goals[stop].append((target, seconds))
        self.offsets = self._offsets()

    def _offsets(self) -> dict[int, NDArray[np.int32]]:
        """Return by stop what turns an instant into the last minute of setting out to be there."""
        offsets: dict[int, NDArray[np.int32]] = {}
        never = np.int32(-(10**8))
        for origin, near in enumerate(self.setting_out.of_point):
            for stop, seconds in near:
                row = offsets.setdefault(stop, np.full(self.width, never, dtype=np.int32))
                row[origin] = -FIRST - seconds
        return offsets

    def run(self) -> Iterator[float]:
        """Scan the day, telling now and then how much of it is done."""
        network = self.network
        count = len(network.departs)
        arrives = np.maximum(network.arrives, network.departs + 1)
        times = np.concatenate([network.departs, arrives])
        kinds = np.concatenate([np.full(count, _BOARD), np.full(count, _ALIGHT)])
        order = np.lexsort((kinds, times))
        last = _last_of_trip(network.trips, arrives)
        begin = int(np.searchsorted(times[order], FIRST))
        end = int(np.searchsorted(times[order], LAST + 60 * LONGEST_MINUTES, side="right"))
        for number, event in enumerate(order[begin:end].tolist()):
            if number % 20_000 == 0:
                yield number / max(1, end - begin)
            connection = event % count
            self._reach_until(int(times[event]))
            if event < count:
                self._board(connection)
            else:
                self._alight(connection, int(arrives[connection]))
                if last[connection]:
                    self.on_board.pop(int(network.trips[connection]), None)
        self._reach_until(LAST + 60 * LONGEST_MINUTES)

    def _board(self, connection: int) -> None:
        network = self.network
        trip, stop = int(network.trips[connection]), int(network.departure_stops[connection])
        labels = self.on_board.get(trip)
        if labels is None:
            labels = self.on_board[trip] = np.full(self.width, -1, dtype=np.int16)
        if not network.boards[connection]:
            return
        np.maximum(labels, self.ready[stop], out=labels)
        offset = self.offsets.get(stop)
        if offset is not None:
            minute = np.clip((offset + network.departs[connection]) // 60, -1, self.minutes - 1)
            np.maximum(labels, minute.astype(np.int16), out=labels)

    def _alight(self, connection: int, at: int) -> None:
        network = self.network
        labels = self.on_board.get(int(network.trips[connection]))
        if labels is None or not network.alights[connection]:
            return
        stop = int(network.arrival_stops[connection])
        if not (labels > self.there[stop]).any():
            return
        np.maximum(self.there[stop], labels, out=self.there[stop])
        now = self.there[stop].copy()
        stops = len(network.latitudes)
        for end, seconds in self.walks.get(stop, ()):
            heapq.heappush(self.heap, (at + seconds, next(self.numbers), end, now))
        for target, seconds in self.goals.get(stop, ()):
            heapq.heappush(self.heap, (at + seconds, next(self.numbers), stops + target, now))

    def _reach_until(self, time: int) -> None:
        """Let everybody on foot arrive who is there by this time."""
        stops = len(self.network.latitudes)
        while self.heap and self.heap[0][0] <= time:
            at, _number, place, labels = heapq.heappop(self.heap)
            if place < stops:
                np.maximum(self.ready[place], labels, out=self.ready[place])
            else:
                self._arrive(place - stops, at, labels)

    def _arrive(self, target: int, at: int, labels: Labels) -> None:
        """Count the departures that arrive now: those after the last that was there before."""
        before = self.arrived[target]
        origins = np.flatnonzero(labels > before)
        if not len(origins):
            return
        past = -((FIRST - at) // 60)  # whole minutes since the first departure, rounded up
        least = np.minimum(past - labels[origins], LONGEST_MINUTES + 1)
        most = np.minimum(past - before[origins], LONGEST_MINUTES + 1)
        counts = self.counts[target]
        counts[origins, least] += 1
        counts[origins, most] -= 1
        before[origins] = labels[origins]


def _last_of_trip(trips: NDArray[np.int32], arrives: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which connections are the last of their vehicle."""
    order = np.lexsort((arrives, trips))
    last = np.zeros(len(trips), dtype=np.bool_)
    last[order] = np.append(np.diff(trips[order]) != 0, True)[: len(trips)]
    return last


def _minutes(
    counts: NDArray[np.int16], scan: _Scan, origins: Sequence[Point], targets: Sequence[Point]
) -> Whole:
    """Return the minutes that four of five departures keep, by origin and target."""
    wanted = ceil(KEPT * scan.minutes)
    found = np.full((len(origins), len(targets)), UNKNOWN, dtype=np.uint16)
    for target, end in enumerate(targets):
        arriving = np.cumsum(np.cumsum(counts[target], axis=1, dtype=np.int32), axis=1)
        kept = np.argmax(arriving[:, : LONGEST_MINUTES + 1] >= wanted, axis=1)
        served = arriving[:, LONGEST_MINUTES] >= wanted
        for origin, start in enumerate(origins):
            if start == end:
                found[origin, target] = 0
            elif scan.setting_out.of_point[origin] and scan.arriving.of_point[target]:
                walk = estimated(start, end, Mode.ON_FOOT)
                found[origin, target] = min(kept[origin], walk) if served[origin] else walk
    return found
