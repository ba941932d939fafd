"""Days as sequences of slots: what fits in where, put in, taken out, taken back.

The functions here and in `rounds` are written so that they run as plain Python over lists and,
compiled by numba, over arrays (`kernel`): nothing but numbers, loops and indices.
"""

from __future__ import annotations

from typing import NamedTuple

from solver.method.primal.slots import FAR, Costs, Numbers, Slots

NEVER = 1e30
HARD, SOFT, BEST = 0, 1, 2
OPEN, ROUND, TOUCHED, LOT, WANTED, BROKEN = 0, 1, 2, 3, 4, 5


class Work(NamedTuple):
    """The plan being changed, and what is needed to take a change back.

    `path`, `early` and `late` hold the slots of each day from `Slots.base` on, with the earliest
    and latest starts; `sums` the costs (HARD, SOFT, and the BEST plan's), `counts` how many
    requests are OPEN, the ROUND, how many days it TOUCHED, the state of the LOT, how many requests
    are WANTED, how many days are BROKEN: without a job taken out the next one is not reached.
    """

    path: Numbers
    early: Numbers
    late: Numbers
    length: Numbers
    minutes: Numbers
    jobs: Numbers
    hard: Costs
    soft: Costs
    load: Numbers
    week_minutes: Numbers
    week_jobs: Numbers
    team: Numbers
    held: Numbers
    member: Numbers
    open: Numbers
    open_at: Numbers
    stamp: Numbers
    touched: Numbers
    kept_path: Numbers
    kept_length: Numbers
    best_path: Numbers
    best_length: Numbers
    moved: Numbers
    wanted: Numbers
    wanted_at: Numbers
    key: Costs
    pick: Numbers
    pick_at: Numbers
    pick_cost: Costs
    best_pick: Numbers
    best_at: Numbers
    string: Numbers
    now: Numbers
    then: Numbers
    broken: Numbers
    sums: Costs
    counts: Numbers


def draw(w: Work, most: int) -> int:
    """Return a number below `most`, by lot (a linear congruence of 48 bits, Knuth 1981)."""
    state = (w.counts[LOT] * 25214903917 + 11) & 281474976710655
    w.counts[LOT] = state
    return (state >> 17) % most


def start_after(m: Slots, k: int, time: int) -> int:
    """Return the first start of a slot from a time on, FAR without any."""
    if time <= m.begin[k]:
        return m.begin[k]
    if time > m.end[k]:
        return FAR
    return m.begin[k] + (time - m.begin[k] + m.step[k] - 1) // m.step[k] * m.step[k]


def start_before(m: Slots, k: int, time: int) -> int:
    """Return the last start of a slot up to a time, -FAR without any."""
    if time >= m.end[k]:
        return m.end[k]
    if time < m.begin[k]:
        return -FAR
    return m.begin[k] + (time - m.begin[k]) // m.step[k] * m.step[k]


def way(m: Slots, a: int, b: int) -> int:
    """Return the time from the end of one job of a day to the begin of another."""
    block = m.block[a]
    return m.travel[m.ways[block] + m.row[a] * m.size[block] + m.row[b]]


def paid(m: Slots, a: int, b: int) -> int:
    """Return the time units on the way itself, without the buffers before and after it."""
    return max(0, way(m, a, b) - m.after[a] - m.before[b])


def settle(m: Slots, w: Work, b: int) -> None:
    """Find times and costs of a day anew, and whether it can be done at all."""
    base, n = m.base[b], w.length[b]
    w.sums[HARD] -= w.hard[b]
    w.sums[SOFT] -= w.soft[b]
    hard, soft, minutes = 0.0, 0.0, 0
    if n > 0:
        first, final = w.path[base], w.path[base + n - 1]
        time, travel = m.first_from[first], m.first[first] + m.last[final]
        w.early[base] = time
        hard, soft, minutes = m.hard[first], m.soft[first], m.minutes[first]
        for i in range(base + 1, base + n):
            a, k = w.path[i - 1], w.path[i]
            there = way(m, a, k)
            travel += max(0, there - m.after[a] - m.before[k])
            time = start_after(m, k, time + m.minutes[a] + there)
            w.early[i] = time
            hard += m.hard[k]
            soft += m.soft[k]
            minutes += m.minutes[k]
        hard += m.fixed[b] + m.rate[b] * travel
        soft += m.soft_fixed[b] + m.soft_rate[b] * travel
        time = m.last_to[final]
        w.late[base + n - 1] = time
        for i in range(base + n - 2, base - 1, -1):
            k, a = w.path[i], w.path[i + 1]
            time = start_before(m, k, time - way(m, k, a) - m.minutes[k])
            w.late[i] = time
    w.hard[b], w.soft[b] = hard, soft
    w.sums[HARD] += hard
    w.sums[SOFT] += soft
    load_of(m, w, b, minutes, n)
    broken = 0
    if n > 0 and m.careful[b] < 2 and w.late[base] < w.early[base]:
        broken = 1
    w.counts[BROKEN] += broken - w.broken[b]
    w.broken[b] = broken


def load_of(m: Slots, w: Work, b: int, minutes: int, jobs: int) -> None:
    """Note the service time and jobs of a day, and what exceeds a fair share."""
    p, g, more = m.person[b], m.week[b], minutes - w.minutes[b]
    before = max(0, w.load[p] - m.share[p])
    after = max(0, w.load[p] + more - m.share[p])
    w.sums[HARD] += m.share_hard[p] * (after - before)
    w.sums[SOFT] += m.share_soft[p] * (after - before)
    w.load[p] += more
    w.week_minutes[g] += more
    w.week_jobs[g] += jobs - w.jobs[b]
    w.jobs[b] = jobs
    w.minutes[b] = minutes


def has_room(m: Slots, w: Work, k: int) -> bool:
    """Say whether the limits of day and week leave room for a slot."""
    b = m.block[k]
    g, minutes = m.week[b], m.minutes[k]
    return (
        w.minutes[b] + minutes <= m.most_minutes[b]
        and w.length[b] < m.most_jobs[b]
        and w.week_minutes[g] + minutes <= m.week_minutes[g]
        and w.week_jobs[g] < m.week_jobs[g]
    )


def cheapest_place(m: Slots, w: Work, k: int, most: float, skip: int) -> tuple[float, int]:
    """Return what it costs to put a slot into its day and where, if less than `most`.

    One position in `skip` is left out by lot (0: none).
    """
    b = m.block[k]
    base, n = m.base[b], w.length[b]
    if not has_room(m, w, k):
        return NEVER, 0
    p, best, at = m.person[b], most, -1
    over = max(0, w.load[p] + m.minutes[k] - m.share[p]) - max(0, w.load[p] - m.share[p])
    cost = m.hard[k] + m.share_hard[p] * over
    if n == 0:
        cost += m.fixed[b] + m.rate[b] * (m.first[k] + m.last[k])
        fits = m.first_from[k] <= m.last_to[k] and cost < most
        return (cost, 0) if fits and may_follow(m, w, b, k, 0) else (NEVER, 0)
    if cost >= most:
        return NEVER, 0
    for i in range(n + 1):
        longer, shorter, left = around(m, w, k, base, n, i)
        if left == -FAR:
            break
        added = cost + m.rate[b] * (longer - shorter)
        blinked = skip > 0 and draw(w, skip) == 0
        if added < best and left >= 0 and not blinked and may_follow(m, w, b, k, i):
            best, at = added, i
    return (NEVER, 0) if at < 0 else (best, at)


def around(m: Slots, w: Work, k: int, base: int, n: int, i: int) -> tuple[int, int, int]:
    """Return the way that a slot at a position adds at most, the way it spares, the time left over.

    -FAR as time left over: too late here, so later positions are, too.
    """
    b = m.block[k]
    if i == 0:
        added, time, spared = m.first[k], m.first_from[k], m.first[w.path[base]]
    else:
        a = w.path[base + i - 1]
        over = w.early[base + i - 1] + m.minutes[a]
        if over > m.end[k] and m.careful[b] < 2:
            return 0, 0, -FAR
        added, time = paid(m, a, k), start_after(m, k, over + way(m, a, k))
        spared = paid(m, a, w.path[base + i]) if i < n else m.last[a]
    if i == n:
        left = m.last_to[k] - time
        return added + m.last[k], spared, 0 if m.careful[b] == 2 else left
    c = w.path[base + i]
    left = w.late[base + i] - time - m.minutes[k] - way(m, k, c)
    return added + paid(m, k, c), spared, 0 if m.careful[b] == 2 else left


def may_follow(m: Slots, w: Work, b: int, k: int, at: int) -> bool:
    """Say whether a day with slot k put in has its breaks and keeps clear of private times."""
    if m.careful[b] == 0:
        return True
    base, n, full = m.base[b], w.length[b], m.needed[b] + 1
    for i in range(n + 1):
        c = k if i == at else w.path[base + (i if i < at else i - 1)]
        if not onward_from(m, w, b, c, i == 0):
            return False
        for x in range(full):
            w.now[x] = w.then[x]
    bits = m.bits_from[b]
    for x in range(full):
        v = w.now[x]
        had = m.last_bits[bits + v] if v >= 0 else -1
        if had >= 0 and (had | x) & m.needed[b] == m.needed[b]:
            return True
    return False


def onward_from(m: Slots, w: Work, b: int, k: int, first: bool) -> bool:
    """Go on to a slot from the starts in `now`, by breaks taken; leave the earliest in `then`."""
    full, found = m.needed[b] + 1, False
    for x in range(full):
        w.then[x] = -1
    for j in range(m.visit[k], m.visit[k + 1]):
        v = m.visits[j]
        for x in range(full):
            if first and x > 0:
                break
            bits = reached(m, b, w.now[x], v, first)
            if bits >= 0 and w.then[(bits | x) & m.needed[b]] < 0:
                w.then[(bits | x) & m.needed[b]] = v
                found = True
        if w.then[full - 1] >= 0:
            break
    return found


def reached(m: Slots, b: int, u: int, v: int, first: bool) -> int:
    """Return the breaks that fit before start v after start u, or from home; -1: impossible."""
    if first:
        return m.first_bits[m.bits_from[b] + v]
    if u < 0:
        return -1
    count = m.bits_from[b + 1] - m.bits_from[b]
    return m.legs[m.legs_from[b] + u * count + v]
