"""What was found to help an open request, in words, and what is left where nothing does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

import solver.analysis
from dispatch.languages import rules as languages
from dispatch.planning.advice import questions, wording
from dispatch.planning.advice.models import Advice
from dispatch.planning.advice.rules import FOR_THE_COORDINATOR
from dispatch.planning.advice.settled import Settled
from dispatch.planning.runs.child import REMEDIES
from dispatch.planning.snapshot.named import people_of, requests_of
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_datetime, local_time

SETTLED: dict[str, Any] = {
    Settled.COVERED: wording.COVERED,
    Settled.NOT_NEEDED: wording.NOT_NEEDED,
}


@dataclass(frozen=True)
class Help:
    """One thing that fills a request, in words.

    With a `taking` the coordinator can do it; without one it changes what was asked for, and
    `sentence` is a question to who asked, which was put to them or not. `disturbed` people would be
    planned otherwise. `most_moved` is how many confirmed people must be allowed to move (promise).
    `stands`: a question that was put waits for its answer, as far as is known.
    """

    number: int
    taking: str | None
    sentence: str
    disturbed: str
    most_moved: int
    was_put: bool
    stands: bool


@dataclass(frozen=True)
class HelpPage:
    """What would help one open request, what disturbs the fewest people first.

    Without an `advice` nobody has asked yet, or the request is another since. `settled` says why
    nothing needs to help.
    """

    interpretation_request: InterpretationRequest
    advice: Advice | None
    settled: Any
    helps: Sequence[Help]


def help_page(interpretation_request: InterpretationRequest, advice: Advice | None) -> HelpPage:
    """Put what was found last into words; what was found for an older version is not shown."""
    if advice is None or advice.request_version != interpretation_request.version:
        return HelpPage(interpretation_request, None, None, ())
    settled = _settled(advice) if advice.settled else None
    return HelpPage(
        interpretation_request, advice, settled, Words(interpretation_request, advice).helps()
    )


def _settled(advice: Advice) -> Any:
    if advice.settled == Settled.CAN_BE_ASKED:
        return ngettext(
            "%(num)d person can come as it is and can simply be asked; nothing has to be changed.",
            "%(num)d people can come as it is and can simply be asked; nothing has to be changed.",
            advice.able,
        )
    return SETTLED[advice.settled or Settled.NOT_NEEDED]


class Words:
    """The remedies of one request, in words."""

    def __init__(self, interpretation_request: InterpretationRequest, advice: Advice) -> None:
        self.interpretation_request, self.advice = interpretation_request, advice
        self.found = REMEDIES.validate_python(advice.remedies)
        coming = {id_ for remedy in self.found for id_ in self._coming(remedy)}
        self.names = {str(id_): one.name for id_, one in people_of(coming).items()}

    def helps(self) -> list[Help]:
        """Return the remedies in their order."""
        return [self._help(number, remedy) for number, remedy in enumerate(self.found)]

    def _help(self, number: int, remedy: solver.analysis.Remedy) -> Help:
        others = ngettext(
            "%(num)d other person would be planned otherwise.",
            "%(num)d other people would be planned otherwise.",
            len(remedy.disturbed),
        )
        return Help(
            number,
            remedy.kind if remedy.kind in FOR_THE_COORDINATOR else None,
            self._sentence(remedy, wording.listed(self.names[x] for x in self._coming(remedy))),
            others if remedy.disturbed else _("Nobody else is affected."),
            remedy.disturb_at_most or 0,
            number in self.advice.put,
            self._stands(remedy),
        )

    def _stands(self, remedy: solver.analysis.Remedy) -> bool:
        one = self.interpretation_request
        start = questions.one_press_start(remedy, one, self.advice.first_day)
        return start is None or start == one.proposed_start_at

    def _coming(self, remedy: solver.analysis.Remedy) -> list[str]:
        return [
            route.interpreter
            for route in remedy.plan.routes
            for stop in route.stops
            if stop.request == str(self.interpretation_request.id)
        ]

    def _sentence(self, remedy: solver.analysis.Remedy, who: str) -> str:
        if remedy.kind == "priority":
            others = requests_of(remedy.opened).values()
            return _(
                "If this request goes first, %(who)s can come; then nobody comes to %(others)s.",
                who=who,
                others=wording.listed(one.reference for one in others),
            )
        if remedy.kind == "swap":
            return _(
                "If others change jobs, %(who)s can come, and every other request keeps somebody.",
                who=who,
            )
        if remedy.kind == "promise":
            return ngettext(
                "If you plan again and at most %(num)d confirmed person may be asked to move, "
                "%(who)s can come.",
                "If you plan again and at most %(num)d confirmed people may be asked to move, "
                "%(who)s can come.",
                remedy.disturb_at_most or 0,
                who=who,
            )
        return self._question(remedy, who)

    def _question(self, remedy: solver.analysis.Remedy, who: str) -> str:
        if remedy.way is not None:
            what = wording.way(remedy.way)
            return _("Would it do %(way)s? Then %(who)s could come.", way=what, who=who)
        if remedy.language is not None:
            tongue = languages.name_of(remedy.language.code, wording.locale())
            return _("Would %(language)s do? Then %(who)s could come.", language=tongue, who=who)
        if remedy.condition is not None:
            must = wording.condition(remedy.condition)
            return _(
                "Is it a must that %(condition)s? Otherwise %(who)s could come.",
                condition=must,
                who=who,
            )
        start = questions.other_start(remedy, self.interpretation_request, self.advice.first_day)
        say = (
            local_datetime
            if questions.is_another_day(start, self.interpretation_request)
            else local_time
        )
        time = say(start, self.interpretation_request.time_zone)
        return _("Could it begin at %(time)s? Then %(who)s could come.", time=time, who=who)
