"""Remedies that change what was asked for, as questions to who asked, in their language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l

import solver.analysis
from dispatch import clock
from dispatch.amendments.foreseeing import Concerned
from dispatch.amendments.moving import foresee_start
from dispatch.amendments.rules import Fate
from dispatch.errors import Refusal
from dispatch.languages.rules import name_of
from dispatch.planning.advice.candidates import able
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import date_in, time_in


@dataclass(frozen=True)
class Question:
    """What is asked: `kind` moment, way, language or condition; `value` what would do instead."""

    kind: str
    value: str


def of(
    remedy: solver.analysis.Remedy, interpretation_request: InterpretationRequest, first_day: date
) -> Question | None:
    """Return the question a remedy puts to who asked; None where it asks them nothing."""
    if remedy.way is not None:
        return Question("way", str(remedy.way))
    if remedy.language is not None:
        return Question(
            "language", name_of(remedy.language.code, interpretation_request.account.locale)
        )
    if remedy.condition is not None:
        return Question("condition", remedy.condition.kind)
    if remedy.kind != "start":
        return None
    return Question(
        "moment",
        _moment(other_start(remedy, interpretation_request, first_day), interpretation_request),
    )


def other_start(
    remedy: solver.analysis.Remedy, interpretation_request: InterpretationRequest, first_day: date
) -> datetime:
    """Return the start a remedy proposes; the solver counts minutes from the first of its days."""
    origin, _after = Horizon(first_day, first_day, interpretation_request.time_zone).bounds
    return origin + timedelta(minutes=remedy.asked.earliest)


def how_many_at(
    interpretation_request: InterpretationRequest,
    at: datetime,
    concerned: Iterable[Concerned],
    *,
    now: datetime,
) -> int:
    """Return how many could come then: who is free, and who of those `concerned` still could."""
    staying = [one for one in concerned if one.fate != Fate.LEAVES]
    return len(staying) + len(able(interpretation_request, now=now, at=at))


def require_somebody_at(
    interpretation_request: InterpretationRequest, at: datetime, *, now: datetime
) -> None:
    """Refuse to ask about a start at which nobody could come: the mail says that somebody can."""
    try:
        people = foresee_start(interpretation_request, at, now=now).people
    except Refusal:
        people = ()
    if not how_many_at(interpretation_request, at, people, now=now):
        raise Refusal(
            "nobody-then",
            _l("As things stand nobody could come then. Ask only if you know of somebody."),
            field="start",
        )


def one_press_start(
    remedy: solver.analysis.Remedy, interpretation_request: InterpretationRequest, first_day: date
) -> datetime | None:
    """Return the start that those who asked can agree to with one press; None for any other remedy.

    It is on the day they asked for, at the one time of it; a window has its start chosen in it.
    """
    if remedy.kind != "start" or interpretation_request.has_window:
        return None
    start = other_start(remedy, interpretation_request, first_day)
    return None if is_another_day(start, interpretation_request) else start


def is_another_day(start: datetime, interpretation_request: InterpretationRequest) -> bool:
    """Tell whether a start lies on another local day than the one asked for."""
    return (
        clock.at_place(start, interpretation_request.time_zone).date() != interpretation_request.day
    )


def _moment(start: datetime, interpretation_request: InterpretationRequest) -> str:
    zone, locale = interpretation_request.time_zone, interpretation_request.account.locale
    time = time_in(start, zone, locale)
    return (
        f"{date_in(start, zone, locale)}, {time}"
        if is_another_day(start, interpretation_request)
        else time
    )
