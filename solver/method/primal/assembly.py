"""Joins the slots of all days, the teams and what is near what into the arrays of the kernel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from solver.method.limits import Limits
from solver.method.model.block import Block
from solver.method.model.columns import Path
from solver.method.model.rows import Floats, Rows
from solver.method.model.tasks import Flags
from solver.method.primal.careful import careful_days
from solver.method.primal.nearness import Nearness
from solver.method.primal.orders import in_order, ranks
from solver.method.primal.slots import (
    FAR,
    LONG,
    OfBlock,
    Slots,
    slots_of,
    soft_weights,
    steps_of,
)
from solver.method.primal.teaming import teams_of
from solver.problem.weights import Term
from solver.rules.distances import Whole

Lists = dict[str, list[Any]]
SLIGHT = 0.2
SWEEPS = 50
AS_IT_IS = (
    *("request", "team", "minutes", "before", "after", "begin", "step", "end"),
    *("first", "last", "first_from", "last_to", "visits"),
)
WEIGHED = (
    *("hard", "soft", "rate", "fixed", "soft_rate", "soft_fixed"),
    *("frozen", "travel", "most_minutes", "most_jobs"),
)


class Assembly:
    """Everything the kernel reads, for one choice of weights; `base` are the pinned days.

    Raises Over when the limits end it.
    """

    def __init__(self, rows: Rows, weights: Floats, base: dict[int, Path], limits: Limits) -> None:
        self.limits = limits
        self.rows, self.instance, self.weights, self.base = rows, rows.instance, weights, base
        self.asks, self.blocks = self.instance.asks, self.instance.blocks
        self.teams = teams_of(self.instance, base)
        tasks = self.instance.tasks
        places = zip(tasks.request.tolist(), tasks.variant.tolist(), strict=True)
        self.team_of = np.array([self.teams.number.get(p, -1) for p in places], dtype=np.int64)
        steps = steps_of([ask.request for ask in self.asks])
        team = np.array([ask.team for ask in self.asks], dtype=np.bool_)
        pinned = np.array([bool(ask.pins) for ask in self.asks], dtype=np.bool_)
        self.open = ~pinned
        self.own: list[OfBlock] = []
        for number, block in enumerate(self.blocks):
            limits.go_on()
            kept = self._kept(number, block, team)
            self.own.append(slots_of(self.instance, number, steps, self.team_of, kept))
        self.soft = self._soft_weights()
        self.paid = any(np.dot(self.weights, block.leg_costs) for block in self.blocks)
        self.hint = self._hint()

    def _hint(self) -> tuple[float, float]:
        """Return what a time unit on the way counts where it costs nothing: too little to matter.

        Of two places of the same price the one with less way leaves more room.
        """
        longest = max(
            (int(own.travel[own.travel < LONG].max(initial=1)) for own in self.own), default=1
        )
        days = sum(self._capacity(number) + 1 for number in range(len(self.own)))
        worth = np.concatenate([np.zeros(1), *(np.abs(self.soft @ own.costs) for own in self.own)])
        return 0.25 / (longest * max(1, days)), SLIGHT * float(worth.mean()) / longest

    def _kept(self, number: int, block: Block, team: Flags) -> Whole:
        """Return the visits of a day that are pinned there or may be chosen freely."""
        visits = block.visits
        request = visits.request
        free = np.where(team[request], self.team_of[visits.numbers] >= 0, self.open[request])
        free &= ~visits.pinned
        free[list(self.base.get(number, ()))] = True
        return np.flatnonzero(free)

    def _soft_weights(self) -> Floats:
        least = np.full(len(self.weights), np.inf)
        for level in range(len(least)):
            every = [np.abs(own.costs[level]) for own in self.own]
            every.append(np.array([abs(cost[level]) for cost in self.teams.costs], dtype=np.int64))
            amounts = np.concatenate(every)
            least[level] = amounts[amounts > 0].min(initial=2**40)
        rates = [np.dot(self.weights, block.leg_costs) for block in self.blocks]
        return soft_weights(self.weights, least, float(np.mean(rates)) if rates else 0.0)

    def slots(self) -> Slots:
        """Return the arrays."""
        parts: Lists = {name: [] for name in (*AS_IT_IS, *WEIGHED)}
        counts = [len(own.request) for own in self.own]
        first = np.cumsum([0, *counts])
        for number, own in enumerate(self.own):
            self.limits.go_on()
            self._add_block(parts, number, own)
        joined = {name: _joined(found) for name, found in parts.items()}
        visits = np.cumsum([0, *(len(own.visits) for own in self.own)])
        starts = [own.visit_from[:-1] + at for own, at in zip(self.own, visits, strict=False)]
        capacity = [self._capacity(number) for number in range(len(self.own))]
        of_days: dict[str, Any] = {
            "block": np.repeat(np.arange(len(self.own)), counts),
            "visit": np.concatenate([*starts, visits[-1:]]),
            "row": _joined([np.arange(count) for count in counts]),
            "base": _starts(capacity),
            "size": _ints(counts),
            "ways": _starts([count * count for count in counts]),
        }
        people, careful = self._people(), careful_days(self.instance, self.base)
        self.limits.go_on()
        asked = self._requests(first)
        return Slots(**joined, **of_days, **people, **careful, **asked)

    def _add_block(self, parts: Lists, number: int, own: OfBlock) -> None:
        block = self.blocks[number]
        for name in AS_IT_IS:
            parts[name].append(getattr(own, name))
        parts["hard"].append(self.weights @ own.costs)
        parts["soft"].append(self.soft @ own.costs)
        parts["frozen"].append(own.pinned.astype(np.int64))
        parts["travel"].append(own.travel.ravel())
        rate, soft_rate = (np.dot(w, block.leg_costs) for w in (self.weights, self.soft))
        parts["rate"].append(rate if self.paid else self.hint[0])
        parts["soft_rate"].append(soft_rate if self.paid else self.hint[1])
        parts["fixed"].append(np.dot(self.weights, block.day_costs))
        parts["soft_fixed"].append(np.dot(self.soft, block.day_costs))
        jobs = _or_far(block.most_jobs)
        parts["most_minutes"].append(max(_or_far(block.most_minutes), self._pinned_minutes(number)))
        parts["most_jobs"].append(max(jobs, len(self.base.get(number, ()))))

    def _pinned_minutes(self, number: int) -> int:
        visits = self.blocks[number].visits
        return int(visits.minutes[list(self.base.get(number, ()))].sum())

    def _capacity(self, number: int) -> int:
        """Return how many jobs a day can hold at most."""
        jobs = len(np.unique(self.own[number].request))
        return max(
            min(jobs, _or_far(self.blocks[number].most_jobs)), len(self.base.get(number, ()))
        )

    def _people(self) -> dict[str, Any]:
        """Return fair shares and weekly limits."""
        people = self.instance.people
        limits = [person.interpreter for person in people]
        share = [
            FAR if p.fair_share is None else max(0, p.fair_share - p.committed_load) for p in limits
        ]
        fairness = np.array(self.instance.costs({Term.FAIRNESS: 1}), dtype=np.float64)
        weeks = sorted({(block.person, block.day.week) for block in self.blocks})
        place = {week: at for at, week in enumerate(weeks)}
        worked = {
            (number, item.week): item
            for number, person in enumerate(limits)
            for item in person.worked
        }
        minutes, jobs = [], []
        for number, week in weeks:
            most, done = limits[number].limits, worked.get((number, week))
            minutes.append(_or_far(most.minutes_per_week) - (done.minutes if done else 0))
            jobs.append(_or_far(most.jobs_per_week) - (done.jobs if done else 0))
        return {
            "person": _ints(block.person for block in self.blocks),
            "share": _ints(share),
            "share_hard": np.full(len(people), self.weights @ fairness),
            "share_soft": np.full(len(people), self.soft @ fairness),
            "week": _ints(place[block.person, block.day.week] for block in self.blocks),
            "week_minutes": _ints(minutes),
            "week_jobs": _ints(jobs),
        }

    def _requests(self, first: Whole) -> dict[str, Any]:
        """Return who could do each request, alone or in which team, and what is near it."""
        singles, seats = self._candidates(first)
        count, asked = len(self.asks), [ask.request for ask in self.asks]
        teams = [self.teams.of_request.get(r, []) for r in range(count)]
        order = [t for own in teams for t in own]
        need = [self.teams.seats[t] for t in order]
        held = [max([1, *(sum(self.teams.seats[t].values()) for t in own)]) for own in teams]
        possible = [
            r
            for r in range(count)
            if singles[r]
            or any(
                all(len(seats[t, q]) >= n for q, n in self.teams.seats[t].items()) for t in teams[r]
            )
        ]
        near = Nearness(self.own, possible, self.limits).lists(count)
        hard = np.array([self.weights @ np.array(self.teams.costs[t]) for t in order])
        soft = np.array([self.soft @ np.array(self.teams.costs[t]) for t in order])
        return {
            "singles_from": _starts([len(singles[r]) for r in range(count)]),
            "singles": _ints(k for r in range(count) for k in singles[r]),
            "teams_from": _starts([len(own) for own in teams]),
            "team_hard": hard.astype(np.float64),
            "team_soft": soft.astype(np.float64),
            "team_need": _ints(sum(own.values()) for own in need),
            "seats_from": _starts([len(own) for own in need]),
            "seat_need": _ints(n for own in need for n in own.values()),
            "seat_from": _starts(
                [len(seats[t, q]) for t, own in zip(order, need, strict=True) for q in own]
            ),
            "seat_slots": _ints(
                k for t, own in zip(order, need, strict=True) for q in own for k in seats[t, q]
            ),
            "member_from": _starts(held),
            "near_from": _starts([len(own) for own in near]),
            "near": _ints(r for own in near for r in own),
            "seeds": _ints(possible),
            "rank": ranks(asked, [len(singles[r]) for r in range(count)]),
            "in_order": in_order(asked),
            "sweeps": _ints([SWEEPS if self._fixed_days() else 0]),
        }

    def _fixed_days(self) -> bool:
        """Say whether days have their price and starts are fixed: few without gaps are best."""
        dear = all(np.dot(self.weights, block.day_costs) > 0 for block in self.blocks)
        loose = any(block.pinned or block.pauses for block in self.blocks)
        fixed = all((own.begin == own.end).all() for own in self.own)
        return bool(self.blocks) and dear and fixed and not loose and not self.paid

    def _candidates(
        self, first: Whole
    ) -> tuple[dict[int, list[int]], dict[tuple[int, int], list[int]]]:
        """Return the slots of each request done alone, and those of each seat of each team."""
        singles: dict[int, list[int]] = defaultdict(list)
        seats: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, own in enumerate(self.own):
            columns = (own.request, own.team, own.seat, own.pinned)
            for k, (r, t, q, pinned) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
                if not pinned and t >= 0:
                    seats[t, q].append(int(first[number]) + k)
                elif not pinned:
                    singles[r].append(int(first[number]) + k)
        return singles, seats


def _or_far(limit: int | None) -> int:
    return FAR if limit is None else limit


def _ints(values: Iterable[int]) -> Whole:
    return np.array(list(values), dtype=np.int64)


def _starts(lengths: Sequence[int]) -> Whole:
    return np.cumsum([0, *lengths]).astype(np.int64)


def _joined(parts: Sequence[Any]) -> Any:
    if parts and np.ndim(parts[0]) == 0:
        return np.array(parts)
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
