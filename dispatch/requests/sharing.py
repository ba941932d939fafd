"""A talk that two people share: by relay through a third language, or one after the other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal
from dispatch.languages.rules import TO, pair

PEOPLE = 2
LEAST_PART = 30
LEAST_MINUTES = 2 * LEAST_PART
"""Of a talk that may be handed over: each interprets for half an hour at least."""
WHOLE_MINUTES = 5


@dataclass(frozen=True)
class Sharing:
    """How two share one talk: by relay through `pivot`, or one after the other.

    Then the second begins `after_minutes`; None: when half of it is over.
    """

    pivot: str | None = None
    after_minutes: int | None = None


class Part(NamedTuple):
    """What one of those who share a talk does: in which language, from when to when."""

    language: str
    starts_at: datetime
    ends_at: datetime


class Talk(Protocol):
    """Whether and how a request is shared, and what is needed to say who does what of it."""

    @property
    def language(self) -> str: ...  # noqa: D102
    @property
    def duration_minutes(self) -> int: ...  # noqa: D102
    @property
    def sharing(self) -> Sharing | None: ...  # noqa: D102


@dataclass(frozen=True)
class Divided:
    """A talk as it would be, and how it is shared."""

    language: str
    duration_minutes: int
    sharing: Sharing | None


def lasting(sharing: Sharing, minutes: int, wished: int | None = None) -> Sharing:
    """Return how a talk that lasts so many minutes is shared: handed over as wished or as before.

    Where neither leaves each a part that is long enough, it is half of it each.
    """
    if sharing.pivot is not None:
        return sharing
    for after in (wished, sharing.after_minutes):
        if after is not None and can_be_handed_over_after(minutes, after):
            return Sharing(after_minutes=after)
    return Sharing(after_minutes=first_minutes(minutes))


def can_be_handed_over_after(minutes: int, after: int) -> bool:
    """Tell whether both have a part that is long enough, handed over after so many minutes."""
    return LEAST_PART <= after <= minutes - LEAST_PART


def require_handover(minutes: int, after: int | None, *, allowed: bool) -> None:
    """Refuse a time for the hand-over where there is none, or that leaves one of the two little."""
    if after is None:
        return
    if not allowed or not can_be_handed_over_after(minutes, after):
        raise Refusal(
            "handover-outside",
            _l(
                "Two interpret at least %(least)d minutes each: give between %(least)d and "
                "%(most)d minutes, allow that two share the talk, or leave it empty.",
                least=LEAST_PART,
                most=max(LEAST_PART, minutes - LEAST_PART),
            ),
            field="handover_minutes",
        )


def first_minutes(minutes: int) -> int:
    """Return how long the first of two interprets: half of the talk, in whole five minutes."""
    return minutes // 2 // WHOLE_MINUTES * WHOLE_MINUTES


def part_of(talk: Talk, seat: int, starts_at: datetime) -> Part:
    """Return what whoever has a seat does of a talk that begins then; alone or in a team all."""
    ends_at = starts_at + timedelta(minutes=talk.duration_minutes)
    if talk.sharing is None:
        return Part(talk.language, starts_at, ends_at)
    if talk.sharing.pivot is not None:
        return Part(languages_of(talk)[seat - 1], starts_at, ends_at)
    after = talk.sharing.after_minutes or first_minutes(talk.duration_minutes)
    cut = starts_at + timedelta(minutes=after)
    first, second = Part(talk.language, starts_at, cut), Part(talk.language, cut, ends_at)
    return first if seat == 1 else second


def talk_begins(talk: Talk, seat: int, starts_at: datetime) -> datetime:
    """Return when a talk begins of which whoever has this seat begins then."""
    return starts_at - (part_of(talk, seat, starts_at).starts_at - starts_at)


def languages_of(talk: Talk) -> list[str]:
    """Return in which languages, as they are stored, people come to a talk."""
    if talk.sharing is None or talk.sharing.pivot is None:
        return [talk.language]
    return [pair(talk.language, talk.sharing.pivot), talk.sharing.pivot]


def can_be_handed_over(minutes: int) -> bool:
    """Tell whether a talk is long enough for two people one after the other."""
    return minutes >= LEAST_MINUTES


def pivots_of(language: str, tags: Collection[str]) -> list[str]:
    """Return through which languages a relay could lead, by what the pool works in."""
    return sorted(tag.partition(TO)[2] for tag in set(tags) if tag.startswith(language + TO))


def asked_for(interpreter_count: int, sharing: Sharing | None) -> int:
    """Return for how many people those who ask asked: one also where two share the talk."""
    return 1 if sharing else interpreter_count


def require_as_shared(*, shared: bool, changed: Collection[str]) -> None:
    """Refuse another number of people for a talk that two share."""
    if shared and "interpreter_count" in changed:
        raise Refusal(
            "talk-is-shared",
            _l(
                "Two people share this talk; leave the number at 2, or have the office release "
                "them first."
            ),
            field="interpreter_count",
        )
