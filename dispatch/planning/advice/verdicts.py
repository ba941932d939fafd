"""How well each person fits one request, in four steps, while somebody holds it over the board."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import solver.analysis
from dispatch.availability.rules import Way
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.offers import queries as offers
from dispatch.planning.advice import wording
from dispatch.planning.advice.quickly import look_quickly
from dispatch.planning.advice.wishes_alone import absent_from, wishes_alone
from dispatch.planning.snapshot.named import people_of
from dispatch.requests.models import InterpretationRequest

GOOD_WITHIN_MINUTES = 15
"""Who is this much longer on the way than the best is still good."""


class Fit(StrEnum):
    """How well somebody fits, the worst first."""

    NO = "no"
    AGAINST_WISH = "wish"
    """Only a wish of theirs is in the way, which a person may set aside with a reason."""

    POSSIBLE = "possible"
    GOOD = "good"
    BEST = "best"


NAMES: dict[Fit, Any] = {Fit.POSSIBLE: _l("possible"), Fit.GOOD: _l("good"), Fit.BEST: _l("best")}


@dataclass(frozen=True)
class Verdict:
    """How well one person fits, and in words why."""

    interpreter_id: int
    fit: Fit
    words: str


def fits(found: Sequence[solver.analysis.Candidate]) -> list[Fit]:
    """Return how well each fits, of those found the best first.

    Good is who costs no wish more than the best and is hardly longer on the way.
    """
    best = next((one for one in found if one.feasible), None)

    def fit_of(one: solver.analysis.Candidate) -> Fit:
        if best is None or not one.feasible:
            return Fit.NO
        if one is best:
            return Fit.BEST
        longer = (one.extra_travel or 0) - (best.extra_travel or 0)
        is_good = one.penalties <= best.penalties and longer <= GOOD_WITHIN_MINUTES
        return Fit.GOOD if is_good else Fit.POSSIBLE

    return [fit_of(one) for one in found]


def verdicts(interpretation_request: InterpretationRequest, *, now: datetime) -> list[Verdict]:
    """Return how well everybody of the language fits beside the schedule as it stands.

    Raises `Conflict` for a request to which nobody can come any more.
    """
    try:
        seen = look_quickly(interpretation_request, now)
    except KeyError as unknown:
        raise Conflict("request-not-open", wording.NOT_NEEDED) from unknown
    directly = interpretation_request.organisation.assigns_directly
    absent = absent_from(interpretation_request)
    first = _first_way(interpretation_request, seen.found)
    found = [Verdict(one, Fit.NO, str(wording.ON_IT_ALREADY)) for one in sorted(seen.on_it)]
    for candidate, line, fit in zip(seen.found, seen.lines, fits(seen.found), strict=True):
        if fit == Fit.NO or not line.fits:
            fit = Fit.NO
            words = "; ".join(map(str, line.reasons))
            if directly and wishes_alone(interpretation_request, candidate, seen.barred, absent):
                fit, words = Fit.AGAINST_WISH, _("only with a reason: %(why)s", why=words)
        elif first is not None and _is_later(interpretation_request, candidate.way, first):
            fit, words = Fit.NO, str(wording.better_way(first, candidate.way))
        else:
            words = _("%(fit)s: %(why)s", fit=NAMES[fit], why=line.note)
        found.append(Verdict(line.interpreter.id, fit, words))
    return found


def by_wish(
    interpretation_request: InterpretationRequest, *, now: datetime
) -> list[tuple[Interpreter, str]]:
    """Return whom nothing but a wish of their own keeps away, and in words which.

    Who agrees to it in person can be assigned with a reason. Empty where nobody is needed.
    """
    try:
        found = verdicts(interpretation_request, now=now)
    except Conflict:
        return []
    wishing = [one for one in found if one.fit == Fit.AGAINST_WISH]
    people = people_of(str(one.interpreter_id) for one in wishing)
    return [(people[one.interpreter_id], one.words) for one in wishing]


def _first_way(
    one: InterpretationRequest, found: Sequence[solver.analysis.Candidate]
) -> str | None:
    """Return the way wanted most by which somebody could come who was not asked yet."""
    if len(one.ranked_ways) == 1:
        return None
    asked_before = {each.interpreter_id for each in offers.of_request(one.id)}
    ways = [
        each.way for each in found if each.feasible and int(each.interpreter) not in asked_before
    ]
    return min(ways, key=lambda way: one.ranked_ways.index(Way(way)), default=None)


def _is_later(one: InterpretationRequest, way: str, first: str) -> bool:
    ranked = one.ranked_ways
    return ranked.index(Way(first)) < ranked.index(Way(way))
