"""Judges who together fills a request: all seats of one language, or some held by pins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from solver.checker.check_map import Here
from solver.problem.requests import Handover, LanguageChoice, Request, WayChoice

Done = tuple[str, int, int]


class Filled(NamedTuple):
    """How a team fills its request; `after` the begin by so long it is handed over, if it is."""

    choice: LanguageChoice
    way: WayChoice
    after: int | None


def begin_of(team: list[Here]) -> int:
    """Return when the people of a request begin."""
    return min(here.stop.begin for here in team)


def filled_by(request: Request, team: list[Here]) -> Filled | None:
    """Return how the team fills the request; None if people or parts of it are missing."""
    ordered = sorted(team, key=lambda here: here.stop.seat)
    way = _way(request, team)
    if way is None or [here.stop.seat for here in ordered] != list(range(len(ordered))):
        return None
    done = [_done(here) for here in ordered]
    for choice, seats in seatings(request, begin_of(team)):
        if done == seats:
            return Filled(choice, way, None)
        if choice.relay is None and _handed_over(request, choice.code, done):
            return Filled(choice, way, done[1][1] - done[0][1])
    return None


def held_by(request: Request, team: list[Here]) -> bool:
    """Say whether the team is a part of one that fills the request without hand-over."""
    return _way(request, team) is not None and any(
        len(team) < len(seats)
        and all(0 <= here.stop.seat < len(seats) for here in team)
        and all(seats[here.stop.seat] == _done(here) for here in team)
        for _, seats in seatings(request, begin_of(team))
    )


def seatings(request: Request, start: int) -> Iterator[tuple[LanguageChoice, list[Done]]]:
    """Yield for each language choice what is done on its seats, in order, without hand-over."""
    end = start + request.duration
    for choice in request.languages:
        if choice.relay is None:
            yield choice, [(choice.code, start, end)] * request.interpreters
        else:
            yield choice, [(choice.code, start, end), (choice.relay, start, end)]


def handings_over(request: Request, start: int) -> Iterator[tuple[LanguageChoice, list[Done]]]:
    """Yield the same for two people who share the request one after the other."""
    end, rule = start + request.duration, request.handover
    if rule is None:
        return
    for choice in request.languages:
        for cut in range(start + 1, end):
            if choice.relay is None and cut_allowed(rule, start, cut, end):
                first = (choice.code, start, _until(rule, cut, end))
                yield choice, [first, (choice.code, cut, end)]


def _way(request: Request, team: list[Here]) -> WayChoice | None:
    ways = {here.stop.way for here in team}
    return next((choice for choice in request.ways if ways == {choice.way}), None)


def _done(here: Here) -> Done:
    return here.stop.language, here.stop.begin, here.stop.end


def _handed_over(request: Request, code: str, done: list[Done]) -> bool:
    """Say whether two people share the request one after the other as it allows."""
    rule = request.handover
    if rule is None or len(done) != 2 or {language for language, _, _ in done} != {code}:
        return False
    (_, begin, first_end), (_, cut, end) = done
    whole = end == begin + request.duration
    return whole and cut_allowed(rule, begin, cut, end) and first_end == _until(rule, cut, end)


def cut_allowed(rule: Handover, begin: int, cut: int, end: int) -> bool:
    """Say whether the second person may begin at `cut`."""
    first, second = cut - begin, end - cut
    if rule.at is not None:
        return first == rule.at
    return min(first, second) >= rule.least and (first - rule.least) % rule.step == 0


def _until(rule: Handover, cut: int, end: int) -> int:
    return min(cut + rule.overlap, end)
