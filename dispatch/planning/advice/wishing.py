"""Which of the wishes about a person somebody meets, in words: gender, qualification, level."""

from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _l

import solver
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.requests.models import InterpretationRequest

MET: dict[str, dict[bool, Any]] = {
    "gender": {True: _l("of the gender wished for"), False: _l("not of the gender wished for")},
    "qualification": {
        True: _l("as qualified as wished for"),
        False: _l("less qualified than wished for"),
    },
    "level": {
        True: _l("speaks as well as wished for"),
        False: _l("speaks less well than wished for"),
    },
}


def wishes_met(
    job: solver.problem.Request, one: Interpreter, interpretation_request: InterpretationRequest
) -> list[str]:
    """Return for each wish of a request, as the solver was asked, whether somebody meets it."""
    return [str(MET[kind][met]) for kind, met in _each(job, one, interpretation_request)]


def _each(
    job: solver.problem.Request, one: Interpreter, interpretation_request: InterpretationRequest
) -> Iterator[tuple[str, bool]]:
    day, tag = interpretation_request.day, job.languages[0].code
    for condition in job.conditions:
        if condition.penalty is None:
            continue
        match condition:
            case solver.problem.GenderCondition():
                yield condition.kind, one.gender == condition.gender
            case solver.problem.QualificationCondition():
                wanted = Qualification(condition.name)
                yield condition.kind, interpreters.holds(one, wanted, day)
            case solver.problem.LevelCondition():
                yield condition.kind, interpreters.speaks(one, tag, condition.level)
