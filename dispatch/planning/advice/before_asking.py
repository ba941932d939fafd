"""What to know of somebody before they are asked now: late, not reached by message; in words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import solver.analysis
from dispatch.interpreters import reached
from dispatch.interpreters.models import Interpreter
from dispatch.offers import arriving
from dispatch.planning.advice import standing
from dispatch.planning.snapshot.problem import Question
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import duration, local_time

OVER = _l("would be there only when it is over")


class Known(NamedTuple):
    """What is said of people by their ids, and by how many minutes they would come late."""

    words: dict[int, list[str]]
    late: dict[int, int]

    def over(self, interpretation_request: InterpretationRequest) -> set[int]:
        """Return who would be there only when it is over."""
        minutes = interpretation_request.duration_minutes
        return {id_ for id_, late in self.late.items() if late >= minutes}

    def in_time_first(
        self, found: Sequence[solver.analysis.Candidate]
    ) -> list[solver.analysis.Candidate]:
        """Return those who would be in time before those who would come late."""
        return sorted(found, key=lambda one: int(one.interpreter) in self.late)


def known_of(
    found: Sequence[solver.analysis.Candidate],
    people: Mapping[int, Interpreter],
    interpretation_request: InterpretationRequest,
    question: Question,
    now: datetime,
) -> Known:
    """Return who of those that fit would come late, and whom we do not reach."""
    wanted = {
        int(one.interpreter): standing.wanted_of(one, question) for one in found if one.feasible
    }
    late = arriving.late_by(wanted, people, interpretation_request, question.times, now)
    said = {id_: [_in_words(*one)] for id_, one in late.items()}
    for id_, channels in reached.unreached(wanted).items():
        said.setdefault(id_, []).append(reached.in_words(people[id_], channels))
    return Known(said, {id_: minutes for id_, (_at, minutes) in late.items()})


def _in_words(at: datetime, minutes: int) -> str:
    told = {"time": local_time(at), "late": duration(minutes)}
    return _("there at %(time)s at the earliest, %(late)s late", **told)
