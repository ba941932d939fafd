"""Rounds of ruin and recreate over days of slots.

G. Schrimpf et al. 2000, record breaking optimization results using the ruin and recreate principle;
J. Christiaens and G. Vanden Berghe 2020, slack induction by string removals.
"""

from __future__ import annotations

from math import log

from solver.method.primal.placing import (
    drop,
    place_last,
    place_team,
    place_wanted,
    take_back,
    want,
)
from solver.method.primal.routes import (
    BEST,
    BROKEN,
    HARD,
    OPEN,
    ROUND,
    SOFT,
    TOUCHED,
    WANTED,
    Work,
    draw,
)
from solver.method.primal.slots import Slots

ORDERS = 6
DAYS_OF_100 = 15
WIDE_OF_100 = 10
SKIP_ONE_IN = 100
MOST_DAYS, MOST_STRING = 10, 8
MOST_WANTED = 60


def ruin(m: Slots, w: Work, seed: int) -> None:
    """Take some requests near the seed out of some days, or everything out of a few days."""
    if draw(w, 100) < DAYS_OF_100:
        clear_days(m, w, seed)
        return
    most, length, done = 1 + draw(w, MOST_DAYS), 1 + draw(w, MOST_STRING), 0
    for i in range(m.near_from[seed], m.near_from[seed + 1]):
        r = m.near[i]
        if done >= most:
            break
        if w.open_at[r] < 0 and w.stamp[m.block[w.member[m.member_from[r]]]] != w.counts[ROUND]:
            drop_string(m, w, w.member[m.member_from[r]], 1 + draw(w, length))
            done += 1


def clear_days(m: Slots, w: Work, seed: int) -> None:
    """Clear one to three days of people who could do the seed."""
    for _ in range(1 + draw(w, 3)):
        low, high = m.singles_from[seed], m.singles_from[seed + 1]
        if high > low:
            drop_string(m, w, m.singles[low + draw(w, high - low)], -1)
            continue
        t = m.teams_from[seed] + draw(w, m.teams_from[seed + 1] - m.teams_from[seed])
        q = m.seats_from[t] + draw(w, m.seats_from[t + 1] - m.seats_from[t])
        low, high = m.seat_from[q], m.seat_from[q + 1]
        if high > low:
            drop_string(m, w, m.seat_slots[low + draw(w, high - low)], -1)


def drop_string(m: Slots, w: Work, k: int, length: int) -> None:
    """Take a slot and neighbours out of its day; everything there with a negative length."""
    b = m.block[k]
    base, n = m.base[b], w.length[b]
    low, high = 0, n
    if length > 0:
        at = 0
        while w.path[base + at] != k:
            at += 1
        low = max(0, min(at - draw(w, length), n - length))
        high = min(n, low + length)
    for i in range(low, high):
        w.string[i - low] = m.request[w.path[base + i]] if m.frozen[w.path[base + i]] == 0 else -1
    for i in range(high - low):
        if w.string[i] >= 0:
            drop(m, w, w.string[i])


def recreate(m: Slots, w: Work) -> None:
    """Send somebody again to what is open, in one of some orders."""
    for _ in range(min(w.counts[OPEN], MOST_WANTED)):
        at = draw(w, w.counts[OPEN])
        want(w, w.open[at])
    order, count = draw(w, ORDERS), len(m.member_from) - 1
    n = w.counts[WANTED]
    for x in range(n):
        key = draw(w, 1024) / 1024.0
        if order > 0:
            key = key * 0.1 + m.rank[(order - 1) * count + w.wanted[x]]
        w.key[x] = key
    for x in range(1, n):
        key, r, i = w.key[x], w.wanted[x], x
        while i > 0 and w.key[i - 1] > key:
            w.key[i], w.wanted[i] = w.key[i - 1], w.wanted[i - 1]
            i -= 1
        w.key[i], w.wanted[i] = key, r
    place_wanted(m, w, 0, n, draw(w, 100) >= WIDE_OF_100, SKIP_ONE_IN)


def sweep(m: Slots, w: Work) -> None:
    """Send everybody anew, in the order of begin, to where a person who works already is free.

    First fit, with more or less regard, by lot, to who became free last and who is able to do
    little else (for tasks with fixed times: Krishnamoorthy, Ernst and Baatar 2012).
    """
    for i in range(len(m.in_order)):
        if w.open_at[m.in_order[i]] < 0:
            drop(m, w, m.in_order[i])
    late, able, lot = draw(w, 1024) / 1024.0, draw(w, 1024) / 1024.0, draw(w, 1024) / 4096.0
    for i in range(len(m.in_order)):
        r = m.in_order[i]
        if w.open_at[r] >= 0 and not place_last(m, w, r, late, able, lot):
            place_team(m, w, r, False, 0)


def new_round(w: Work) -> None:
    """Begin a round: nothing touched, nothing wanted."""
    w.counts[ROUND] += 1
    w.counts[TOUCHED] = 0
    w.counts[WANTED] = 0


def keep_best(w: Work) -> None:
    """Remember the plan if it is the best one so far."""
    if w.sums[HARD] < w.sums[BEST]:
        w.sums[BEST] = w.sums[HARD]
        for i in range(len(w.path)):
            w.best_path[i] = w.path[i]
        for b in range(len(w.length)):
            w.best_length[b] = w.length[b]


def anneal(m: Slots, w: Work, number: int, hot: float, cooling: float) -> None:
    """Ruin and recreate so many times, at a temperature that falls (Kirkpatrick et al. 1983)."""
    for _ in range(number):
        new_round(w)
        before, seed = w.sums[SOFT], m.seeds[draw(w, len(m.seeds))]
        if w.counts[OPEN] > 0 and draw(w, 3) == 0:
            seed = w.open[draw(w, w.counts[OPEN])]
        if draw(w, 1000) < m.sweeps[0]:
            sweep(m, w)
        else:
            ruin(m, w, seed)
            recreate(m, w)
        chance = (draw(w, 1073741824) + 1) / 1073741824.0
        if w.counts[BROKEN] == 0 and w.sums[SOFT] - before < -hot * log(chance):
            keep_best(w)
        else:
            take_back(m, w)
        hot *= cooling
