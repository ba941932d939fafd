"""The ways in which a request can be filled: start, language, way, hand-over, seats."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from solver.problem.commitments import Commitment
from solver.problem.requests import Handover, LanguageChoice, Request, Way, WayChoice


class Seat(NamedTuple):
    """What `people` people of a request do: interpret `language` during [begin, end)."""

    number: int
    language: str
    begin: int
    end: int
    people: int


class Variant(NamedTuple):
    """One way to fill a request, with what choosing it costs."""

    start: int
    way: Way
    seats: tuple[Seat, ...]
    variety: int
    way_cost: int
    handover: int

    @property
    def size(self) -> int:
        """Return how many people it takes."""
        return sum(seat.people for seat in self.seats)

    @property
    def shared(self) -> bool:
        """Say whether people follow one another."""
        return len({seat.begin for seat in self.seats}) > 1


def variants(request: Request, pins: tuple[Commitment, ...] = ()) -> tuple[Variant, ...]:
    """Return every way to fill the request that agrees with its pins."""
    starts = sorted({pin.start for pin in pins}) or request.starts()
    return tuple(
        variant
        for start in starts
        for way in request.ways
        for language in request.languages
        for variant in _of_choice(request, start, way, language)
        if all(_agrees(variant, pin) for pin in pins)
    )


def is_team(request: Request) -> bool:
    """Say whether more than one person may be needed at a time or after one another."""
    relay = any(choice.relay is not None for choice in request.languages)
    return request.interpreters > 1 or relay or request.handover is not None


def matches(variant: Variant, seat: Seat, commitment: Commitment) -> bool:
    """Say whether somebody on this seat does what was committed."""
    return (
        variant.start == commitment.start
        and commitment.way in (None, variant.way)
        and commitment.language in (None, seat.language)
    )


def _agrees(variant: Variant, pin: Commitment) -> bool:
    return any(matches(variant, seat, pin) for seat in variant.seats)


def _of_choice(
    request: Request, start: int, way: WayChoice, language: LanguageChoice
) -> Iterator[Variant]:
    end = start + request.duration
    if language.relay is None:
        seats: tuple[Seat, ...] = (Seat(0, language.code, start, end, request.interpreters),)
    else:
        seats = (
            Seat(0, language.code, start, end, 1),
            Seat(1, language.relay, start, end, 1),
        )
    yield Variant(start, way.way, seats, language.cost, way.cost, 0)
    if request.handover is not None and language.relay is None:
        for parts in _parts(request.handover, language.code, start, end):
            price = request.handover.price(start, parts[1].begin, end)
            yield Variant(start, way.way, parts, language.cost, way.cost, price)


def _parts(handover: Handover, language: str, start: int, end: int) -> Iterator[tuple[Seat, ...]]:
    for cut in handover.cuts(start, end):
        first = Seat(0, language, start, min(cut + handover.overlap, end), 1)
        yield (first, Seat(1, language, cut, end, 1))
