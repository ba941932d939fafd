"""The rows that tie the days of all interpreters together, and the options beside the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from solver.block import Block, Costs
from solver.columns import Column
from solver.instance import Ask, Instance
from solver.person import Person
from solver.weights import Term

UNLIMITED = 2**40
Entries = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Option:
    """A variable beside the days, from 0 to `most`, with its cost by level and its rows."""

    costs: Costs
    entries: Entries
    most: int = 1


@dataclass(slots=True)
class Rows:
    """All rows `lower <= sum <= upper`; row b < number of blocks says: one day for block b."""

    instance: Instance
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    visit_entries: list[list[Entries]] = field(default_factory=list)
    constant: list[int] = field(default_factory=list)

    def add(self, lower: int, upper: int) -> int:
        """Add a row and return its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def entries(self, column: Column) -> Entries:
        """Return the rows a day appears in, with its coefficients."""
        total: dict[int, int] = defaultdict(int)
        total[column.block] = 1
        for visit in column.path:
            for row, amount in self.visit_entries[column.block][visit]:
                total[row] += amount
        return list(total.items())


def rows_of(instance: Instance) -> Rows:
    """Return the rows of an instance."""
    rows = Rows(instance)
    rows.constant = list(_constant(instance))
    for block in instance.blocks:
        rows.add(1 if block.pinned else 0, 1)
        rows.visit_entries.append([[] for _ in block.visits])
    _add_requests(rows)
    _add_people(rows)
    _add_promise_limit(rows)
    return rows


def _constant(instance: Instance) -> Costs:
    """Return the value by level of covering nothing and keeping no promise."""
    amounts = {
        Term.COVERAGE: sum(ask.request.weight for ask in instance.asks),
        Term.PROMISES: sum(item.price for ask in instance.asks for item in ask.promises.values()),
    }
    return instance.costs(amounts)


def _all_visits(rows: Rows) -> Iterator[tuple[Block, int, int]]:
    for number, block in enumerate(rows.instance.blocks):
        for visit in range(len(block.visits)):
            yield block, number, visit


def _add_requests(rows: Rows) -> None:
    """Each request at most once; a team only as a whole, or as far as it is pinned."""
    visited = {v.request for block in rows.instance.blocks for v in block.visits}
    seats: dict[tuple[int, int, int], list[int]] = {}
    single: dict[int, int] = {}
    for number in sorted(visited):
        ask = rows.instance.asks[number]
        if ask.team:
            seats |= _team_rows(rows, number, ask)
        else:
            single[number] = rows.add(0, 1)
    for block, number, index in _all_visits(rows):
        visit = block.visits[index]
        entries = rows.visit_entries[number][index]
        if visit.request in single:
            entries.append((single[visit.request], 1))
        else:
            entries += [(row, 1) for row in seats[visit.request, visit.variant, visit.seat]]


def _team_rows(rows: Rows, number: int, ask: Ask) -> dict[tuple[int, int, int], list[int]]:
    """Add rows so that a variant is chosen at most once and then all its seats are taken.

    Pinned people alone may hold a team, but not a part of a job that is handed over.
    """
    choice = rows.add(1 if ask.pins else 0, 1)
    found: dict[tuple[int, int, int], list[int]] = {}
    for position, variant in enumerate(ask.variants):
        whole = rows.add(0, 0)
        cover: Entries = [(choice, 1), (whole, -variant.size)]
        hold: Entries = [(choice, 1), (whole, -len(ask.pins))]
        for seat in variant.seats:
            found[number, position, seat.number] = [whole]
            if len(variant.seats) > 1:
                row = rows.add(-UNLIMITED, 0)
                cover.append((row, -seat.people))
                hold.append((row, -seat.people))
                found[number, position, seat.number].append(row)
        rows.options.append(Option(rows.instance.variant_costs(ask, variant), cover))
        if 0 < len(ask.pins) < variant.size and not variant.shared:
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


def _add_week(rows: Rows, person: Person, week: int, own: list[int]) -> None:
    limits = person.interpreter.limits
    worked = [item for item in person.interpreter.worked if item.week == week]
    if limits.minutes_per_week is not None:
        left = limits.minutes_per_week - sum(item.minutes for item in worked)
        _add_load(rows, own, max(left, _pinned(rows, own)[0]))
    if limits.jobs_per_week is not None:
        left = limits.jobs_per_week - sum(item.jobs for item in worked)
        row = rows.add(-UNLIMITED, max(left, _pinned(rows, own)[1]))
        for number in own:
            for entries in rows.visit_entries[number]:
                entries.append((row, 1))


def _add_load(rows: Rows, own: list[int], most: int) -> int:
    """Add a row for the service time over several days; return its number."""
    row = rows.add(-UNLIMITED, most)
    for number in own:
        for visit, entries in enumerate(rows.visit_entries[number]):
            entries.append((row, rows.instance.blocks[number].visits[visit].minutes))
    return row


def _pinned(rows: Rows, own: list[int]) -> tuple[int, int]:
    """Return service time and number of the visits pinned on these days."""
    longest: dict[int, int] = {}
    for number in own:
        for visit in rows.instance.blocks[number].visits:
            if visit.pinned:
                longest[visit.request] = max(longest.get(visit.request, 0), visit.minutes)
    return sum(longest.values()), len(longest)


def _add_fairness(rows: Rows, person: Person, own: list[int]) -> None:
    share = person.interpreter.fair_share
    if share is None:
        return
    row = _add_load(rows, own, max(0, share - person.interpreter.committed_load))
    most = sum(v.minutes for number in own for v in rows.instance.blocks[number].visits)
    costs = rows.instance.costs({Term.FAIRNESS: 1})
    rows.options.append(Option(costs, [(row, -1)], most))


def _add_promise_limit(rows: Rows) -> None:
    """At most k of the promises that could be kept may be broken."""
    limit = rows.instance.problem.disturb_at_most
    if limit is None:
        return
    row = rows.add(len(rows.instance.keepable()) - limit, UNLIMITED)
    for block, number, index in _all_visits(rows):
        visit = block.visits[index]
        if visit.promised:
            rows.visit_entries[number][index].append((row, 1))
