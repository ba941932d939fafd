"""The solver's rules in words: why one person cannot, and why nobody can."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import solver
import solver.analysis
from dispatch.assignments.fitting import ONLY_VOLUNTEER
from dispatch.languages import varieties
from dispatch.languages.rules import name_of, sides
from dispatch.planning.advice.barring import Bar, Bars
from dispatch.requests.ways import WAY_NAMES
from dispatch.travel.times import Source, named
from dispatch.web.formats import duration, local_time, money

NOT_NEEDED = _l("Nobody is needed for this request any more.")
COVERED = _l("Somebody goes to this request already.")
NOT_OF_THE_LANGUAGE = _l("This interpreter does not work in the language.")
OF_NO_SUCH_LANGUAGE = _l("does not work in this language")
ON_IT_ALREADY = _l("This interpreter is on the request already.")

PLANNED_AGAIN = _l("planned again")
NO_ANSWER = _l("The solver gave no answer; try again.")
CONDITIONS: dict[str, Any] = {
    "gender": _l("the interpreter is of the gender asked for"),
    "qualification": _l("the interpreter holds the qualification asked for"),
    "level": _l("the interpreter speaks the language that well"),
    "preferred": _l("one of the people named comes"),
    "continuity": _l("the same person comes as before"),
}
OBSTACLES: dict[solver.plan.RuleCode, Any] = {
    solver.plan.RuleCode.LANGUAGE: _l("the language"),
    solver.plan.RuleCode.LEVEL: _l("the language level"),
    solver.plan.RuleCode.QUALIFICATION: _l("the qualification"),
    solver.plan.RuleCode.QUALIFICATION_EXPIRED: _l("the validity of the qualification"),
    solver.plan.RuleCode.GENDER: _l("the gender asked for"),
    solver.plan.RuleCode.PREFERRED: _l("the people named"),
    solver.plan.RuleCode.CONTINUITY: _l("the people of earlier appointments"),
    solver.plan.RuleCode.AVAILABILITY: _l("the working hours"),
    solver.plan.RuleCode.BUSY: _l("being busy at this time"),
    solver.plan.RuleCode.RADIUS: _l("the distance from home"),
    solver.plan.RuleCode.TAKEN: _l("another assignment at this time"),
    solver.plan.RuleCode.WAY_THERE: _l("the way from home"),
    solver.plan.RuleCode.WAY_HOME: _l("the way home"),
    solver.plan.RuleCode.WAY_BETWEEN: _l("the way from the place before or to the place after"),
    solver.plan.RuleCode.DAY_MINUTES: _l("the hours of the day"),
    solver.plan.RuleCode.DAY_JOBS: _l("the number of assignments of the day"),
    solver.plan.RuleCode.WEEK_MINUTES: _l("the hours of the week"),
    solver.plan.RuleCode.WEEK_JOBS: _l("the number of assignments of the week"),
    solver.plan.RuleCode.BREAK: _l("the break"),
}
BARRED: dict[Bar, Any] = {
    Bar.DECLINED: _l("has said no to this request"),
    Bar.EXCLUDED: _l("is excluded from this request"),
    Bar.SHORT_NOTICE: _l("wants to be asked longer before the start"),
    Bar.DISTRICT: _l("does not go to this district"),
    Bar.ONLY_VOLUNTEER: ONLY_VOLUNTEER,
    Bar.NOT_THERE: _l("does not work at this time by the way asked for"),
    Bar.RELEASED: _l("comes to it already or was released from it; only a person asks again"),
}
BARRIERS: dict[Bar, Any] = {
    Bar.DECLINED: _l("the no to this request"),
    Bar.EXCLUDED: _l("the exclusion from this request"),
    Bar.SHORT_NOTICE: _l("the notice wished for"),
    Bar.DISTRICT: _l("the districts wished for"),
    Bar.ONLY_VOLUNTEER: _l("the legal consequences"),
    Bar.NOT_THERE: _l("the hours for this way"),
    Bar.RELEASED: _l("who was released from it"),
}
WISHES: dict[str, dict[bool, Any]] = {
    "preferred": {True: _l("wished for"), False: _l("not whom they wish for")},
    "continuity": {True: _l("knows the case"), False: _l("new to the case")},
}
MOST_NAMES = 3


def way(name: str) -> str:
    """Return how an interpreter takes part, in words."""
    return str(WAY_NAMES[name])


def nobody_by(way: str) -> str:
    """Return that by a way wanted more nobody is free beside the rest of the plan."""
    return _("Beside the rest of the plan nobody is free %(way)s.", way=WAY_NAMES[way])


def better_way(wanted: str, chosen: str) -> Any:
    """Return why somebody is not asked to take part by a way: it is only for when nobody is found.

    `wanted` is a way that those who asked want more, by which somebody could come.
    """
    return _l(
        "Somebody was not asked yet who could take part %(wanted)s; %(chosen)s is meant for when "
        "nobody is found.",
        chosen=WAY_NAMES[chosen],
        wanted=WAY_NAMES[wanted],
    )


def condition(one: solver.problem.AnyCondition) -> str:
    """Return what was asked of the person, as the rest of a sentence."""
    return str(CONDITIONS[one.kind])


def locale() -> str:
    """Return the language the reader reads."""
    return str(get_locale() or "en")


def listed(names: Iterable[str]) -> str:
    """Return a few names in a row, and how many more there are."""
    every = list(dict.fromkeys(names))
    shown, more = every[:MOST_NAMES], len(every) - MOST_NAMES
    text = format_list(shown, locale=locale()) if shown else _("nobody")
    return (
        _("%(names)s and %(number)d more", names=", ".join(shown), number=more)
        if more > 0
        else text
    )


def what_it_needs(
    found: solver.analysis.Explanation, names: Mapping[str, str], barred: Bars
) -> str:
    """Return the smallest set of rules that keeps a request open, as a sentence."""
    if not found.reasons.reasons:
        return ""
    if found.hopeless:
        return _("Too few people work in the language, whatever else is changed.")
    if not found.together:
        return _("Enough people could come; other requests weigh more.")
    return _(
        "%(who)s could come if only this did not stand in the way: %(rules)s.",
        who=listed(names[id_] for id_ in found.freed),
        rules=format_list(list(_obstacles(found, barred)), locale=locale()),
    )


def _obstacles(found: solver.analysis.Explanation, barred: Bars) -> Iterator[str]:
    for rule in found.together:
        if rule != solver.plan.RuleCode.EXCLUDED:
            yield str(OBSTACLES[rule])
            continue
        stopped = {
            each.interpreter
            for each in found.reasons.reasons
            if any(one.rule == rule for one in each.violations)
        }
        freed = stopped.intersection(found.freed)
        for bar in sorted({barred.get(one, Bar.EXCLUDED) for one in freed}):
            yield str(BARRIERS[bar])


def reason(violation: solver.plan.Violation, bar: Bar = Bar.EXCLUDED) -> Any:
    """Return one rule that stops one person, with the figure behind it.

    `bar` says why, where the rule is that the person must not come.
    """
    lacking = violation.lacking or 0
    texts: dict[solver.plan.RuleCode, Any] = {
        solver.plan.RuleCode.LANGUAGE: OF_NO_SUCH_LANGUAGE,
        solver.plan.RuleCode.LEVEL: _l("the language level is too low"),
        solver.plan.RuleCode.QUALIFICATION: _l("does not hold the qualification"),
        solver.plan.RuleCode.QUALIFICATION_EXPIRED: _l("the qualification is not valid on the day"),
        solver.plan.RuleCode.GENDER: _l("the client asked for another gender"),
        solver.plan.RuleCode.EXCLUDED: BARRED[bar],
        solver.plan.RuleCode.PREFERRED: _l("only certain others may come"),
        solver.plan.RuleCode.CONTINUITY: _l("did not come to the earlier appointments"),
        solver.plan.RuleCode.AVAILABILITY: _l("does not work at this time"),
        solver.plan.RuleCode.BUSY: _l("is busy at this time"),
        solver.plan.RuleCode.RADIUS: _l("lives too far away"),
        solver.plan.RuleCode.TAKEN: _l("has another assignment at this time"),
        solver.plan.RuleCode.WAY_THERE: _l("the way from home takes %(n)d min too long", n=lacking),
        solver.plan.RuleCode.WAY_HOME: _l("the way home takes %(n)d min too long", n=lacking),
        solver.plan.RuleCode.WAY_BETWEEN: _l(
            "the way from the place before or to the place after takes %(n)d min too long",
            n=lacking,
        ),
        solver.plan.RuleCode.DAY_MINUTES: _l(
            "would work %(n)d min more than allowed on the day", n=lacking
        ),
        solver.plan.RuleCode.DAY_JOBS: _l("has as many assignments on the day as allowed"),
        solver.plan.RuleCode.WEEK_MINUTES: _l(
            "would work %(n)d min more than allowed in the week", n=lacking
        ),
        solver.plan.RuleCode.WEEK_JOBS: _l("has as many assignments in the week as allowed"),
        solver.plan.RuleCode.BREAK: _l("the break would no longer fit"),
        solver.plan.RuleCode.TEAM: _l("could come, but not enough others for the team"),
        solver.plan.RuleCode.OUTWEIGHED: _l("could come, but other requests weigh more"),
    }
    return texts[violation.rule]


def remarks(job: solver.problem.Request, interpreter: str) -> list[str]:
    """Return what speaks for or against a person as a wish: named by those who ask, new to it."""
    return [
        str(WISHES[condition.kind][interpreter in condition.interpreters])
        for condition in job.conditions
        if isinstance(
            condition, solver.problem.PreferredCondition | solver.problem.ContinuityCondition
        )
        and condition.penalty is not None
    ]


def price(
    candidate: solver.analysis.Candidate,
    job: solver.problem.Request,
    sources: Iterable[Source],
    paid_until: datetime | None = None,
    *,
    regular: bool = False,
    wishes: Sequence[str] = (),
) -> str:
    """Return what sending this person adds, and what speaks for or against it as a wish.

    `sources` are where the minutes of this person's ways come from. `paid_until`: until then the
    person is paid anyway, since a late cancellation set them free. `regular`: the person comes to
    the series as a rule. `wishes` say which of those about a person are met (`wishing`).
    """
    parts = [
        _travel(candidate, sources),
        _("fee %(fee)s", fee=money(Decimal(candidate.extra_cents or 0) / 100)),
    ]
    if paid_until is not None:
        parts.append(_("still paid until %(time)s", time=local_time(paid_until)))
    if regular:
        parts.append(_("comes to this series as a rule"))
    return ", ".join([*parts, *remarks(job, candidate.interpreter), *wishes])


def variety(spoken: str, asked: str) -> str:
    """Return what somebody interprets in instead of the language asked for, and what to know."""
    names = {"spoken": name_of(spoken, locale()), "asked": name_of(asked, locale())}
    said = _("%(spoken)s instead of %(asked)s, as those who ask agree", **names)
    label = varieties.label(asked, spoken, locale())
    return f"{said} ({label})" if label else said


def half_of_relay(spoken: str) -> str:
    """Return between which two languages somebody would interpret in a relay."""
    return _("by relay, %(languages)s", languages=sides(spoken, locale()))


def _travel(candidate: solver.analysis.Candidate, sources: Iterable[Source]) -> str:
    travel = candidate.extra_travel or 0
    if not travel and candidate.way != solver.problem.Way.ON_SITE:
        return way(candidate.way)
    text = _("%(way)s more on the way (%(source)s)", way=duration(travel), source=named(sources))
    on_site = candidate.way == solver.problem.Way.ON_SITE
    return text if on_site else f"{way(candidate.way)}, {text}"


def why_chosen(others: int) -> str:
    """Return why this person is proposed, truthfully: how many others could, and what decided."""
    if others == 0:
        return _("The only one who can come.")
    return ngettext(
        "%(num)d other could come; the plan as a whole is best this way.",
        "%(num)d others could come; the plan as a whole is best this way.",
        others,
    )
