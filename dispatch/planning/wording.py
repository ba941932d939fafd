"""The solver's rules in words: why one person cannot, and why nobody can."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

import solver

NOT_NEEDED = _l("Nobody is needed for this request any more.")
NOT_A_CANDIDATE = _l(
    "This interpreter does not work in the language, or is on the request already."
)


def reason(violation: solver.Violation) -> Any:
    """Return one rule that stops one person, with the figure behind it."""
    lacking = violation.lacking or 0
    texts: dict[str, Any] = {
        "language": _l("does not work in this language"),
        "level": _l("the language level is too low"),
        "qualification": _l("does not hold the qualification"),
        "qualification_expired": _l("the qualification is not valid on the day"),
        "gender": _l("the client asked for another gender"),
        "excluded": _l("declined before, or is excluded"),
        "preferred": _l("only certain others may come"),
        "continuity": _l("did not come to the earlier appointments"),
        "availability": _l("does not work at this time"),
        "busy": _l("is busy at this time"),
        "radius": _l("lives too far away"),
        "taken": _l("has another assignment at this time"),
        "way_there": _l("the way from home takes %(n)d minutes too long (estimate)", n=lacking),
        "way_home": _l("the way home takes %(n)d minutes too long (estimate)", n=lacking),
        "way_between": _l(
            "the way to the neighbouring assignment takes %(n)d minutes too long (estimate)",
            n=lacking,
        ),
        "day_minutes": _l("would work %(n)d minutes more than allowed on the day", n=lacking),
        "day_jobs": _l("has as many assignments on the day as allowed"),
        "week_minutes": _l("would work %(n)d minutes more than allowed in the week", n=lacking),
        "week_jobs": _l("has as many assignments in the week as allowed"),
        "break": _l("the break would no longer fit"),
        "team": _l("could come, but not enough others for the team"),
        "outweighed": _l("could come, but other requests weigh more"),
    }
    return texts.get(violation.rule, violation.text)


def why_nobody(unassigned: solver.Unassigned) -> str:
    """Return in a sentence why a request is not filled: people counted by what stops them."""
    if not unassigned.reasons:
        return _("Nobody in the pool works in this language.")
    people = ngettext(
        "%(num)d interpreter works in the language: ",
        "%(num)d interpreters work in the language: ",
        len(unassigned.reasons),
    )
    return people + "; ".join(_grouped(unassigned)) + "."


def _grouped(unassigned: solver.Unassigned) -> list[str]:
    first: dict[str, list[solver.Violation]] = {}
    for each in unassigned.reasons:
        first.setdefault(each.violations[0].rule, []).append(each.violations[0])
    ordered = sorted(first.values(), key=len, reverse=True)
    if len(ordered) == 1 and len(ordered[0]) == 1:
        return [str(reason(ordered[0][0]))]
    return [_counted(violations) for violations in ordered]


def _counted(violations: Sequence[solver.Violation]) -> str:
    shortest = min(violations, key=lambda each: each.lacking or 0)
    return f"{len(violations)} × {reason(shortest)}"


def why_chosen(others: int, candidate: solver.Candidate | None) -> str:
    """Return why this person is proposed, truthfully: how many others could, and what decided."""
    if others == 0:
        return _("The only one who can come.")
    could = ngettext("%(num)d other could come", "%(num)d others could come", others)
    if candidate is not None and candidate.extra_travel is not None:
        return _(
            "%(could)s; the day as a whole is best this way (%(minutes)d min on the way for it).",
            could=could,
            minutes=candidate.extra_travel,
        )
    return could + "."
