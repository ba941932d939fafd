"""Writes the rows: requests once, teams whole, weeks, nights, fair shares, promises."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from solver.method.model.asks import Ask
from solver.method.model.instance import Instance
from solver.method.model.nights import add_nights
from solver.method.model.rows import UNLIMITED, Entries, Option, Rows
from solver.problem.weights import Term
from solver.rules.distances import Whole
from solver.rules.person import Person


def rows_of(instance: Instance) -> Rows:
    """Return the rows of an instance."""
    sizes = [0, *(len(block.visits) for block in instance.blocks)]
    rows = Rows(instance, np.cumsum(sizes))
    rows.constant = instance.costs(
        {
            Term.COVERAGE: sum(ask.request.weight for ask in instance.asks),
            Term.PROMISES: sum(p.price for ask in instance.asks for p in ask.promises.values()),
        }
    )
    for block in instance.blocks:
        rows.add(1 if block.pinned else 0, 1)
    if instance.blocks:
        rows.counted.append(rows.add(-UNLIMITED, UNLIMITED))
        _add_requests(rows)
    _add_people(rows)
    add_nights(rows)
    _add_promise_limit(rows)
    return rows


def _visits(rows: Rows, blocks: Iterable[int]) -> Whole:
    """Return the numbers of the visits of these blocks, counted through."""
    spans = [np.arange(rows.offsets[b], rows.offsets[b + 1]) for b in blocks]
    return np.concatenate(spans)


def _add_requests(rows: Rows) -> None:
    """Each request at most once; a team only as a whole, or as far as it is pinned."""
    instance = rows.instance
    numbers = np.concatenate([block.visits.numbers for block in instance.blocks])
    request = instance.tasks.request[numbers]
    first = np.full((2, len(instance.tasks.request)), -1, dtype=np.int64)
    weights = np.zeros(len(instance.tasks.request), dtype=np.int64)
    tasks_of_request: dict[int, list[int]] = defaultdict(list)
    for task, asked in enumerate(instance.tasks.request.tolist()):
        tasks_of_request[asked].append(task)
    for number in np.unique(request).tolist():
        ask, tasks = instance.asks[number], tasks_of_request[number]
        if ask.team:
            seats = _team_rows(rows, number, ask)
            for task in tasks:
                place = (int(instance.tasks.variant[task]), int(instance.tasks.seat[task]))
                first[:, task] = seats[place]
        else:
            first[0, tasks] = rows.add(0, 1)
            rows.counted.append(int(first[0, tasks[0]]))
            weights[tasks] = ask.request.weight
    visits = np.arange(len(numbers))
    for row in first[:, numbers]:
        has = row >= 0
        rows.add_entries(visits[has], row[has], 1)
    rows.add_entries(visits, rows.counted[0], weights[numbers])


def _team_rows(rows: Rows, number: int, ask: Ask) -> dict[tuple[int, int], tuple[int, int]]:
    """Add rows so that a variant is chosen at most once and then all its seats are taken.

    Pinned people alone may hold a team, but not a part of a job that is handed over. Return for
    each seat of each variant its two rows, -1 for a second one that is not needed.
    """
    choice = rows.add(1 if ask.pins else 0, 1)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for position, variant in enumerate(ask.variants):
        whole = rows.add(0, 0)
        cover: Entries = [(choice, 1), (whole, -variant.size)]
        cover.append((rows.counted[0], ask.request.weight))
        hold: Entries = [(choice, 1), (whole, -len(ask.pins))]
        for seat in variant.seats:
            own = -1
            if len(variant.seats) > 1:
                own = rows.add(-UNLIMITED, 0)
                cover.append((own, -seat.people))
                hold.append((own, -seat.people))
            found[position, seat.number] = (whole, own)
        rows.choices[number, position] = [len(rows.options)]
        rows.options.append(Option(rows.instance.variant_costs(ask, variant), cover))
        if 0 < len(ask.pins) < variant.size and not variant.shared:
            rows.choices[number, position].append(len(rows.options))
            rows.options.append(Option((0,) * rows.instance.levels, hold))
    return found


def _add_people(rows: Rows) -> None:
    """Add weekly limits and fair shares."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for number, block in enumerate(rows.instance.blocks):
        blocks[block.person].append(number)
    for number, own in blocks.items():
        person = rows.instance.people[number]
        for week in sorted({rows.instance.blocks[b].day.week for b in own}):
            of_week = [b for b in own if rows.instance.blocks[b].day.week == week]
            _add_week(rows, person, week, of_week)
        _add_fairness(rows, person, own)


def _add_week(rows: Rows, person: Person, week: int, own: Sequence[int]) -> None:
    limits = person.interpreter.limits
    worked = [item for item in person.interpreter.worked if item.week == week]
    if limits.minutes_per_week is not None:
        left = limits.minutes_per_week - sum(item.minutes for item in worked)
        _add_load(rows, own, max(left, _pinned(rows, own)[0]))
    if limits.jobs_per_week is not None:
        left = limits.jobs_per_week - sum(item.jobs for item in worked)
        row = rows.add(-UNLIMITED, max(left, _pinned(rows, own)[1]))
        rows.add_entries(_visits(rows, own), row, 1)


def _add_load(rows: Rows, own: Sequence[int], most: int) -> int:
    """Add a row for the service time over several days; return its number."""
    row = rows.add(-UNLIMITED, most)
    minutes = np.concatenate([rows.instance.blocks[b].visits.minutes for b in own])
    rows.add_entries(_visits(rows, own), row, minutes)
    return row


def _pinned(rows: Rows, own: Sequence[int]) -> tuple[int, int]:
    """Return service time and number of the visits pinned on these days."""
    longest: dict[int, int] = {}
    for number in own:
        visits = rows.instance.blocks[number].visits
        for index in np.flatnonzero(visits.pinned):
            request = int(visits.request[index])
            longest[request] = max(longest.get(request, 0), int(visits.minutes[index]))
    return sum(longest.values()), len(longest)


def _add_fairness(rows: Rows, person: Person, own: Sequence[int]) -> None:
    """Let what exceeds the fair share cost, unless nothing possible exceeds it."""
    share = person.interpreter.fair_share
    if share is None:
        return
    left = max(0, share - person.interpreter.committed_load)
    most = sum(_longest(rows, number) for number in own)
    if most <= left:
        return
    row = _add_load(rows, own, left)
    costs = rows.instance.costs({Term.FAIRNESS: 1})
    rows.excess[len(rows.options)] = row
    rows.options.append(Option(costs, [(row, -1)], most))


def _longest(rows: Rows, number: int) -> int:
    """Return the service time that no day of a block exceeds."""
    block = rows.instance.blocks[number]
    requests = np.unique(block.visits.request, return_inverse=True)[1]
    longest = np.zeros(requests.max() + 1, dtype=np.int64)
    np.maximum.at(longest, requests, block.visits.minutes)
    together = int(longest.sum())
    if block.most_minutes is None:
        return together
    return min(together, max(block.most_minutes, _pinned(rows, [number])[0]))


def _add_promise_limit(rows: Rows) -> None:
    """At most k of the promises that could be kept may be broken."""
    limit = rows.instance.problem.disturb_at_most
    if limit is None:
        return
    instance, keepable = rows.instance, rows.instance.keepable()
    row = rows.add(len(keepable) - limit, UNLIMITED)
    for number, block in enumerate(instance.blocks):
        promised = np.flatnonzero(block.visits.promised)
        id_ = instance.people[block.person].id
        asked = [instance.asks[k].request.id for k in block.visits.request[promised].tolist()]
        counts = [(request, id_) in keepable for request in asked]
        rows.add_entries(rows.offsets[number] + promised[counts], row, 1)
