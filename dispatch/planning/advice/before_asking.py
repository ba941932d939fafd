"""What to know of somebody before they are asked now: late, not reached by message; in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

import solver.analysis
from dispatch.interpreters import reached
from dispatch.interpreters.models import Interpreter
from dispatch.offers import arriving
from dispatch.planning.advice import standing
from dispatch.planning.snapshot.problem import Question
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import duration, local_time


def words_of(
    found: Sequence[solver.analysis.Candidate],
    people: Mapping[int, Interpreter],
    interpretation_request: InterpretationRequest,
    question: Question,
    now: datetime,
) -> dict[int, list[str]]:
    """Return in words, by id, who of those that fit would come late, and whom we do not reach."""
    wanted = {
        int(one.interpreter): standing.wanted_of(one, question) for one in found if one.feasible
    }
    late = arriving.late_by(wanted, people, interpretation_request, question.times, now)
    said = {id_: [_in_words(*one)] for id_, one in late.items()}
    for id_, channels in reached.unreached(wanted).items():
        said.setdefault(id_, []).append(reached.in_words(people[id_], channels))
    return said


def _in_words(at: datetime, minutes: int) -> str:
    told = {"time": local_time(at), "late": duration(minutes)}
    return _("there at %(time)s at the earliest, %(late)s late", **told)
