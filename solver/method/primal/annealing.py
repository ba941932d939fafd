"""First plans by insertion, made better by ruin and recreate."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from time import monotonic
from typing import Any

import numpy as np

from solver.method import machine
from solver.method.limits import Limits
from solver.method.model.block import Block
from solver.method.model.columns import Path, keeps_day_rules
from solver.method.model.rows import Floats, Rows
from solver.method.model.stages import all_weights
from solver.method.pricing.leg_tables import NEVER
from solver.method.pricing.pricing import Pricing
from solver.method.primal import kernel
from solver.method.primal.assembly import Assembly
from solver.method.primal.incumbent import Chooser, Incumbent
from solver.method.primal.placing import place_wanted, register
from solver.method.primal.rounds import anneal, keep_best
from solver.method.primal.routes import BEST, BROKEN, HARD, LOT, OPEN, SOFT, WANTED, Work, settle
from solver.rules.distances import NO_WAY

MOST_LISTED = 3_000_000
HOT, COLD = 500.0, 2.0
ASKED_S, PLACED_AT_ONCE = 0.02, 5
MOST_PICKS, SHOWN, MOST_SWEPT = 64, 20, 10_000


class Annealing:
    """Days of slots, put together by insertion and made better by ruin and recreate.

    Begins with what is pinned (`base`). Plain Python at first; machine code where it lies ready,
    or once it has been compiled beside the search where there is time enough for that to pay.
    """

    def __init__(self, chooser: Chooser, pricing: Pricing, limits: Limits) -> None:
        self.chooser, self.pool, self.limits = chooser, chooser.pool, limits
        self.rows, self.blocks = self.pool.rows, pricing.blocks
        self.weights = all_weights(self.rows)
        self.base = base_of(self.rows, pricing, self.weights)
        assembly = Assembly(self.rows, self.weights, self.base, limits)
        self.arrays: Any = assembly.slots()
        self.slots, self.work = _listed(self.arrays), _listed(_work(self.arrays, limits.seed))
        if len(self.arrays.singles) > MOST_SWEPT:  # in plain Python it would take too long to ask
            self.slots.sweeps[0] = 0
        self.fast: kernel.Rounds | None = None
        self._chunk = 1
        self.making: machine.Making | None = None
        self.slot_of = self._slot_of_visits()
        self.days: dict[int, None] = {}
        self.start_from({})

    def _slot_of_visits(self) -> list[int]:
        """Return the slot of each visit, all counted through."""
        own, offsets = self.arrays, self.rows.offsets
        slot = np.repeat(np.arange(len(own.block)), np.diff(own.visit))
        found = np.zeros(int(offsets[-1]), dtype=np.int64)
        found[offsets[own.block[slot]] + own.visits] = slot
        kept: list[int] = found.tolist()
        return kept

    def starts_a_slot(self) -> float:
        """Return how many starts there are to choose from, on average."""
        return len(self.arrays.visits) / max(1, len(self.arrays.block))

    def sweeps(self) -> bool:
        """Say whether days are also filled in the order of begin."""
        return bool(self.arrays.sweeps[0])

    def start_from(self, days: Mapping[int, Path]) -> None:
        """Begin with these paths, by block; with what is pinned where a day is not given."""
        m, w, own = self.slots, self.work, self.arrays
        for name, value in _work(own, 0)._asdict().items():
            if name not in KEPT:
                getattr(w, name)[:] = value.tolist() if isinstance(w.path, list) else value
        for at, request in enumerate(own.seeds.tolist()):
            w.open[at], w.open_at[request] = request, at
        w.counts[OPEN], w.counts[BROKEN] = len(own.seeds), 0
        w.sums[HARD], w.sums[SOFT] = 0.0, 0.0
        for number, path in {**self.base, **days}.items():
            for at, visit in enumerate(path):
                k = self.slot_of[self.rows.offsets[number] + visit]
                w.path[m.base[number] + at] = k
                register(m, w, k)
            w.length[number] = len(path)
            settle(m, w, number)
        keep_best(w)

    def insert(self) -> None:
        """Put in every request in turn, teams and what weighs much first, while time is left."""
        m, w = self.slots, self.work
        count = len(self.arrays.member_from) - 1
        order = np.argsort(self.arrays.rank[2 * count : 3 * count], kind="stable").tolist()
        w.wanted[: len(order)] = order if isinstance(w.wanted, list) else np.array(order)
        w.counts[WANTED] = len(order)
        for low in range(0, len(order), PLACED_AT_ONCE):
            if self.limits.over():
                break
            place_wanted(m, w, low, min(low + PLACED_AT_ONCE, len(order)), False, 0)
        keep_best(w)

    def improve(self, rounds: int, until: float, faster: int = 1) -> None:
        """Ruin and recreate so many times, in machine code `faster` times as often.

        At most until a moment. Some of the days met on the way are remembered (`days`).
        """
        begun, done, shown = monotonic(), 0.0, 1
        span = max(1e-3, until - begun)
        rounds = rounds if len(self.arrays.seeds) else 0
        self._speed_up()
        while done < rounds and not self.limits.over() and monotonic() < until:
            share = max(done / rounds, (monotonic() - begun) / span)
            count = 1 if self.fast is None else faster
            asked, chunk = monotonic(), min(self._chunk, max(1, int((rounds - done) * count)))
            self._go(chunk, HOT * self._unit() * (COLD / HOT) ** min(1.0, share))
            done += chunk / count
            self._adapt(monotonic() - asked)
            self._take_compiled()
            if share >= shown / SHOWN:
                self._know(self.work.path, self.work.length)
                shown += 1

    def _go(self, rounds: int, hot: float) -> None:
        if self.fast is None:
            anneal(self.slots, self.work, rounds, hot, 1.0)
        else:
            self.fast(rounds, hot, 1.0)

    def _adapt(self, seconds: float) -> None:
        """Do more or fewer rounds at a time, so that the limits are asked often enough."""
        if seconds > 2 * ASKED_S and self._chunk > 1:
            self._chunk //= 2
        elif seconds < ASKED_S / 2:
            self._chunk *= 2

    def _unit(self) -> float:
        """Return what a time unit on the way costs, of which temperatures are multiples.

        Where ways cost nothing, a small part of what jobs are worth stands for it.
        """
        rates = [np.dot(self.weights, block.leg_costs) for block in self.blocks]
        worth = np.abs(self.arrays.soft)
        if any(rates):
            return float(self.arrays.soft_rate.mean())
        return float(worth.mean()) / HOT if worth.any() else 1.0

    def best(self) -> Incumbent | None:
        """Return the best plan found, None if it breaks a row; its days are known to the pool."""
        days = self._know(self.work.best_path, self.work.best_length)
        return self.chooser.mended(days, self.rows.box())

    def _know(self, paths: Any, lengths: Any) -> list[int]:
        """Let the pool know the days of a plan; return their numbers."""
        found = []
        for number, length in enumerate(lengths):
            if length:
                at = int(self.arrays.base[number])
                path = self._visits(number, [int(k) for k in paths[at : at + length]])
                if path:
                    found.append(self.pool.add(number, path))
        self.days.update(dict.fromkeys(found))
        return found

    def _visits(self, number: int, path: list[int]) -> Path:
        """Return the starts chosen for a day of slots; nothing where no choice keeps every rule."""
        block = self.blocks[number]
        if self.arrays.careful[number]:
            return _carefully(block, [self._starts(k) for k in path])
        found = _without_waiting(self.arrays, path)
        return found if keeps_day_rules(block, found) else ()

    def _starts(self, k: int) -> list[int]:
        own = self.arrays
        return [int(v) for v in own.visits[own.visit[k] : own.visit[k + 1]]]

    def _speed_up(self) -> None:
        """Begin to make machine code ready, once."""
        if self.making is None and machine.available() and not self.limits.over():
            self.making = kernel.making(self.arrays, _work(self.arrays, 0), self.limits.left())

    def _take_compiled(self) -> None:
        if self.fast is None and self.making is not None and self.making.ready:
            self.use_compiled()

    def use_compiled(self) -> None:
        """Go on in machine code from here."""
        flat = kernel.Flat(self.arrays, self.work)
        self.work, self.fast = flat.work, kernel.compiled(flat)


FLOATS = ("hard", "soft", "key", "pick_cost", "sums")
KEPT = ("best_path", "best_length", "counts", "sums", "stamp", "wanted_at", "moved")


def base_of(rows: Rows, pricing: Pricing, weights: Floats) -> dict[int, Path]:
    """Return the cheapest days of what is pinned alone, by block."""
    blocks = pricing.blocks
    pinned = [number for number, block in enumerate(blocks) if block.pinned]
    if not pinned:
        return {}
    flags = np.concatenate([block.visits.pinned for block in blocks])
    prices = np.where(flags, 0.0, -NEVER)
    best = pricing.best(weights, prices, chosen=np.array(pinned, dtype=np.int64))
    return {number: best.path(number) for number in pinned if np.isfinite(best.found[number])}


def _without_waiting(m: Any, path: list[int]) -> Path:
    """Return visits as late as an early end of the day lets them be, so that nobody waits."""
    times = [int(m.first_from[path[0]])]
    legs = [_way(m, a, b) for a, b in pairwise(path)]
    for (a, b), leg in zip(pairwise(path), legs, strict=True):
        start = max(int(m.begin[b]), times[-1] + int(m.minutes[a]) + leg)
        times.append(start + (int(m.begin[b]) - start) % int(m.step[b]))
    for i in range(len(path) - 2, -1, -1):
        k = path[i]
        latest = min(int(m.end[k]), times[i + 1] - legs[i] - int(m.minutes[k]))
        times[i] = latest - (latest - int(m.begin[k])) % int(m.step[k])
    starts = [(t - int(m.begin[k])) // int(m.step[k]) for k, t in zip(path, times, strict=True)]
    return tuple(int(m.visits[m.visit[k] + at]) for k, at in zip(path, starts, strict=True))


def _way(m: Any, a: int, b: int) -> int:
    block = m.block[a]
    return int(m.travel[m.ways[block] + m.row[a] * m.size[block] + m.row[b]])


def _carefully(block: Block, starts: list[list[int]]) -> Path:
    """Return the earliest visits that keep every rule of a day where more than ways decides."""
    labels: list[tuple[Path, int]] = [((), 0)]
    for options in starts:
        found: dict[int, Path] = {}
        for visit in options:
            for path, bits in labels:
                more = _bits(block, path, visit)
                if more >= 0:
                    found.setdefault(bits | more, (*path, visit))
        labels = [(path, bits) for bits, path in found.items()]
    for path, _ in labels:
        if block.last[path[-1]] != NO_WAY and keeps_day_rules(block, path):
            return path
    return ()


def _bits(block: Block, path: Path, visit: int) -> int:
    """Return the breaks that fit before a visit after a path; -1: it cannot follow."""
    leg = block.between[path[-1], visit] if path else block.first[visit]
    if leg == NO_WAY:
        return -1
    if block.pauses is None:
        return 0
    bits = block.pauses.between[path[-1], visit] if path else block.pauses.first[visit]
    return int(bits)


def _listed(arrays: Any) -> Any:
    """Return arrays as lists, which plain Python reads faster; huge ones stay."""
    return type(arrays)(
        **{
            name: own.tolist() if len(own) <= MOST_LISTED else own
            for name, own in arrays._asdict().items()
        }
    )


def _work(m: Any, seed: int) -> Work:
    """Return an empty plan."""
    days, paths, requests = len(m.size), int(m.base[-1]), len(m.member_from) - 1
    bits = int(max(m.needed, default=0)) + 1
    sizes = {
        **dict.fromkeys(("path", "early", "late", "kept_path", "best_path"), paths),
        **dict.fromkeys(("length", "minutes", "jobs", "hard", "soft", "stamp", "touched"), days),
        "broken": days,
        **dict.fromkeys(("kept_length", "best_length"), days),
        **dict.fromkeys(
            ("team", "held", "open", "open_at", "moved", "wanted", "wanted_at", "key"), requests
        ),
        **dict.fromkeys(("pick", "pick_at", "pick_cost", "best_pick", "best_at"), MOST_PICKS),
        "load": len(m.share),
        "week_minutes": len(m.week_minutes),
        "week_jobs": len(m.week_minutes),
        "member": int(m.member_from[-1]),
        "string": paths,
        "now": bits,
        "then": bits,
        "sums": 3,
        "counts": 6,
    }
    made: dict[str, Any] = {
        name: np.zeros(max(1, size), dtype=np.float64 if name in FLOATS else np.int64)
        for name, size in sizes.items()
    }
    made["team"][:], made["open_at"][:] = -1, -1
    made["sums"][BEST] = np.inf
    made["counts"][LOT] = (seed * 2654435761 + 12345) % 2**48
    return Work(**made)
