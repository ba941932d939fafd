"""Why nobody, or nobody else, can come to a request, in a sentence."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

import solver
from dispatch.planning.advice import wording
from dispatch.planning.advice.barring import Bar, Bars
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import apart


def on_it(problem: solver.Problem, request_id: str) -> list[str]:
    """Return who is asked for a request or comes to it already, by the solver's ids."""
    return [one.interpreter for one in problem.commitments if one.request == request_id]


def to_settle(one: InterpretationRequest) -> str:
    """Return that nobody can be looked for before its language is known."""
    return _(
        "Settle which language it is; those who ask call it “%(words)s”.",
        words=apart(one.language_in_words or ""),
    )


def why_nobody(
    unassigned: solver.plan.Unassigned, barred: Bars, already: Collection[str] = ()
) -> str:
    """Return in a sentence why a request is not filled: people counted by what stops them.

    `already` are the names of who is asked for it or comes to it: the others are counted beside.
    """
    if not unassigned.reasons:
        return _nobody_else(already)
    people = ngettext(
        "%(num)d interpreter works in the language: ",
        "%(num)d interpreters work in the language: ",
        len(unassigned.reasons),
    )
    if already:
        people = ngettext(
            "%(num)d other works in the language: ",
            "%(num)d others work in the language: ",
            len(unassigned.reasons),
        )
    why = people + "; ".join(_grouped(unassigned, barred)) + "."
    return f"{_there_already(already)} {why}" if already else why


def _nobody_else(already: Collection[str]) -> str:
    if not already:
        return _("Nobody in the pool works in this language.")
    return f"{_there_already(already)} " + _("Nobody else in the pool works in this language.")


def _there_already(already: Collection[str]) -> str:
    return ngettext(
        "%(names)s is asked or comes already.",
        "%(names)s are asked or come already.",
        len(already),
        names=wording.listed(already),
    )


def _grouped(unassigned: solver.plan.Unassigned, barred: Bars) -> list[str]:
    first: dict[tuple[str, Bar], list[solver.plan.Violation]] = {}
    for each in unassigned.reasons:
        violation, bar = each.violations[0], Bar.EXCLUDED
        if violation.rule == solver.plan.RuleCode.EXCLUDED:
            bar = barred.get(each.interpreter, bar)
        first.setdefault((violation.rule, bar), []).append(violation)
    ordered = sorted(first.items(), key=lambda group: len(group[1]), reverse=True)
    told = [
        (len(those), str(wording.reason(_nearest(those), bar))) for (_rule, bar), those in ordered
    ]
    if len(told) == 1 and told[0][0] == 1:
        return [told[0][1]]
    return [f"{count} × {words}" for count, words in told]


def _nearest(violations: Sequence[solver.plan.Violation]) -> solver.plan.Violation:
    return min(violations, key=lambda each: each.lacking or 0)
