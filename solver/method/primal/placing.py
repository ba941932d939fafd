"""Sends people to requests and takes them away again, and can take back what a round did."""

from __future__ import annotations

from solver.method.primal.routes import (
    HARD,
    NEVER,
    OPEN,
    ROUND,
    SOFT,
    TOUCHED,
    WANTED,
    Work,
    cheapest_place,
    draw,
    has_room,
    may_follow,
    settle,
    start_after,
    way,
)
from solver.method.primal.slots import Slots


def touch(m: Slots, w: Work, b: int) -> None:
    """Keep a day as it is, to be taken back, before it is changed in this round."""
    if w.stamp[b] == w.counts[ROUND]:
        return
    w.stamp[b] = w.counts[ROUND]
    w.touched[w.counts[TOUCHED]] = b
    w.counts[TOUCHED] += 1
    w.kept_length[b] = w.length[b]
    for i in range(m.base[b], m.base[b] + w.length[b]):
        w.kept_path[i] = w.path[i]


def put(m: Slots, w: Work, k: int, at: int) -> None:
    """Put a slot into its day."""
    b = m.block[k]
    touch(m, w, b)
    base = m.base[b]
    for i in range(base + w.length[b], base + at, -1):
        w.path[i] = w.path[i - 1]
    w.path[base + at] = k
    w.length[b] += 1
    w.moved[m.request[k]] = w.counts[ROUND]
    register(m, w, k)
    settle(m, w, b)


def register(m: Slots, w: Work, k: int) -> None:
    """Note who does a request; what is fully held is open no more."""
    r, t = m.request[k], m.team[k]
    if m.frozen[k] == 1:
        return
    w.member[m.member_from[r] + w.held[r]] = k
    w.held[r] += 1
    if t < 0:
        close(w, r)
    elif w.held[r] == m.team_need[t]:
        w.team[r] = t
        w.sums[HARD] += m.team_hard[t]
        w.sums[SOFT] += m.team_soft[t]
        close(w, r)


def close(w: Work, r: int) -> None:
    """Take a request off the list of open ones."""
    at, last = w.open_at[r], w.open[w.counts[OPEN] - 1]
    w.open[at] = last
    w.open_at[last] = at
    w.open_at[r] = -1
    w.counts[OPEN] -= 1


def release(m: Slots, w: Work, r: int) -> None:
    """Forget who does a request and put it on the list of open ones."""
    t = w.team[r]
    if t >= 0:
        w.sums[HARD] -= m.team_hard[t]
        w.sums[SOFT] -= m.team_soft[t]
        w.team[r] = -1
    w.held[r] = 0
    if w.open_at[r] < 0:
        w.open_at[r] = w.counts[OPEN]
        w.open[w.counts[OPEN]] = r
        w.counts[OPEN] += 1


def drop(m: Slots, w: Work, r: int) -> None:
    """Send nobody to a request any more."""
    for i in range(m.member_from[r], m.member_from[r] + w.held[r]):
        k = w.member[i]
        b = m.block[k]
        touch(m, w, b)
        base, at = m.base[b], m.base[b]
        while w.path[at] != k:
            at += 1
        for j in range(at, base + w.length[b] - 1):
            w.path[j] = w.path[j + 1]
        w.length[b] -= 1
        settle(m, w, b)
    w.moved[r] = w.counts[ROUND]
    release(m, w, r)
    want(w, r)


def want(w: Work, r: int) -> None:
    """Note a request to be sent somebody to in this round."""
    if w.wanted_at[r] != w.counts[ROUND] and w.counts[WANTED] < len(w.wanted):
        w.wanted_at[r] = w.counts[ROUND]
        w.wanted[w.counts[WANTED]] = r
        w.counts[WANTED] += 1


def take_back(m: Slots, w: Work) -> None:
    """Make every day touched in this round what it was.

    A team that has not moved may lie in days that were touched and others that were not.
    """
    for x in range(w.counts[TOUCHED]):
        b = w.touched[x]
        for i in range(m.base[b], m.base[b] + w.length[b]):
            if w.moved[m.request[w.path[i]]] == w.counts[ROUND]:
                release(m, w, m.request[w.path[i]])
        w.length[b] = 0
    for x in range(w.counts[TOUCHED]):
        b = w.touched[x]
        w.length[b] = w.kept_length[b]
        for i in range(m.base[b], m.base[b] + w.length[b]):
            w.path[i] = w.kept_path[i]
            if w.moved[m.request[w.path[i]]] == w.counts[ROUND]:
                register(m, w, w.path[i])
        settle(m, w, b)


def place_wanted(m: Slots, w: Work, low: int, high: int, narrow: bool, skip: int) -> None:
    """Send somebody to the wanted requests in turn, where that is worth it."""
    for x in range(low, high):
        r = w.wanted[x]
        if w.open_at[r] >= 0 and not place_single(m, w, r, narrow, skip):
            place_team(m, w, r, narrow, skip)


def place_single(m: Slots, w: Work, r: int, narrow: bool, skip: int) -> bool:
    """Put a request into the day where it is cheapest; with `narrow` only into changed days."""
    best, slot, place = 0.0, -1, 0
    for x in range(m.singles_from[r], m.singles_from[r + 1]):
        k = m.singles[x]
        if narrow and w.stamp[m.block[k]] != w.counts[ROUND]:
            continue
        cost, at = cheapest_place(m, w, k, best, skip)
        if cost < best:
            best, slot, place = cost, k, at
    if slot >= 0:
        put(m, w, slot, place)
    return slot >= 0


def place_last(m: Slots, w: Work, r: int, late: float, able: float, lot: float) -> bool:
    """Put a request at the end of the day where it is cheapest; say if it is worth it anywhere.

    Of equal ones, with these shares, where the person became free last, is able to do little else,
    or by lot.
    """
    best, slot = 0.0, -1
    for x in range(m.singles_from[r], m.singles_from[r + 1]):
        k = m.singles[x]
        b = m.block[k]
        n, time, gap, cost = w.length[b], m.first_from[k], 0, m.hard[k] + m.fixed[b]
        if n > 0:
            a = w.path[m.base[b] + n - 1]
            over = w.early[m.base[b] + n - 1] + m.minutes[a] + way(m, a, k)
            time, cost = start_after(m, k, over), m.hard[k]
            gap = time - over
        if time > m.last_to[k] or cost > best or not has_room(m, w, k):
            continue
        cost += (late * gap / (gap + 60.0) + able * m.size[b] / len(m.request)) / 4
        cost += lot * draw(w, 1024) / 1024.0
        if cost < best and may_follow(m, w, b, k, n):
            best, slot = cost, k
    if slot >= 0:
        put(m, w, slot, w.length[m.block[slot]])
    return slot >= 0


def place_team(m: Slots, w: Work, r: int, narrow: bool, skip: int) -> None:
    """Send a whole team to a request, by the variant where that is cheapest."""
    best, team = 0.0, -1
    for t in range(m.teams_from[r], m.teams_from[r + 1]):
        cost, n = m.team_hard[t], 0
        for q in range(m.seats_from[t], m.seats_from[t + 1]):
            if cost < NEVER:
                cost += fill_seat(m, w, q, n, narrow, skip)
                n += m.seat_need[q]
        if cost < best:
            best, team = cost, t
            for i in range(n):
                w.best_pick[i], w.best_at[i] = w.pick[i], w.pick_at[i]
    if team >= 0:
        for i in range(m.team_need[team]):
            put(m, w, w.best_pick[i], w.best_at[i])


def fill_seat(m: Slots, w: Work, q: int, n: int, narrow: bool, skip: int) -> float:
    """Pick the cheapest people for a seat after the first n picks; return what they cost."""
    full, end = n + m.seat_need[q], n
    for x in range(m.seat_from[q], m.seat_from[q + 1]):
        k = m.seat_slots[x]
        if (narrow and w.stamp[m.block[k]] != w.counts[ROUND]) or picked(m, w, m.block[k], end):
            continue
        most = NEVER if end < full else w.pick_cost[end - 1]
        cost, at = cheapest_place(m, w, k, most, skip)
        if cost >= most or full == n:
            continue
        end = min(end + 1, full)
        i = end - 1
        while i > n and w.pick_cost[i - 1] > cost:
            w.pick[i], w.pick_at[i] = w.pick[i - 1], w.pick_at[i - 1]
            w.pick_cost[i] = w.pick_cost[i - 1]
            i -= 1
        w.pick[i], w.pick_at[i], w.pick_cost[i] = k, at, cost
    total = 0.0 if end == full else NEVER
    for i in range(n, end):
        total += w.pick_cost[i]
    return total


def picked(m: Slots, w: Work, b: int, end: int) -> bool:
    """Say whether a day is among those picked already."""
    found = False
    for i in range(end):
        found = found or m.block[w.pick[i]] == b
    return found
