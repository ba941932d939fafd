"""The solver's remedies for an open request, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

import solver
import solver.analysis
from dispatch.languages import rules as languages
from dispatch.planning.advice import wording
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.planning.snapshot.named import names_in, requests_of
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_time

FOR_THE_COORDINATOR = ("swap", "priority")


@dataclass(frozen=True)
class Help:
    """One thing that fills a request, in words.

    A `kind` can be taken up by the coordinator; without one it changes what was asked for, and
    `sentence` is a question to the organisation. `disturbed` people would be planned otherwise.
    """

    kind: str | None
    sentence: str
    disturbed: str


class Words:
    """Remedies for one request, in words."""

    def __init__(
        self, asked: InterpretationRequest, horizon: Horizon, problem: solver.Problem
    ) -> None:
        self.asked = asked
        self.origin, _after = horizon.bounds
        self.names = names_in(problem)

    def of(self, found: Sequence[solver.analysis.Remedy]) -> list[Help]:
        """Return the remedies that need no promise broken, in their order."""
        return [self.help(remedy) for remedy in found if remedy.kind != "promise"]

    def help(self, remedy: solver.analysis.Remedy) -> Help:
        """Return one remedy: a question to the organisation, or something to take up."""
        number = len(remedy.disturbed)
        others = ngettext(
            "%(num)d other person would be planned otherwise.",
            "%(num)d other people would be planned otherwise.",
            number,
        )
        return Help(
            remedy.kind if remedy.kind in FOR_THE_COORDINATOR else None,
            self._sentence(remedy, self._who(remedy)),
            others if number else _("Nobody else is affected."),
        )

    def _who(self, remedy: solver.analysis.Remedy) -> str:
        return wording.listed(
            self.names[route.interpreter]
            for route in remedy.plan.routes
            for stop in route.stops
            if stop.request == str(self.asked.id)
        )

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
        start = self.origin + timedelta(minutes=remedy.asked.earliest)
        time = local_time(start, self.asked.time_zone)
        return _("Could it begin at %(time)s? Then %(who)s could come.", time=time, who=who)
