"""What would help an open request: the solver's remedies in words, and taking one up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

import solver
from dispatch import settings
from dispatch.database import get
from dispatch.errors import Conflict, NotFound
from dispatch.languages import rules as languages
from dispatch.planning import child, service, wording
from dispatch.planning.horizon import Horizon
from dispatch.planning.models import Proposal
from dispatch.planning.named import requests_of
from dispatch.planning.problem import Question, movable_in
from dispatch.planning.proposals import names_in
from dispatch.planning.rules import MOST_DISTURBED
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


@dataclass(frozen=True)
class HelpPage:
    """What would help one open request, what disturbs the fewest people first.

    `covered`: somebody goes there already. `more_moved` is how many confirmed people might be
    asked to move in a new plan, where that is one more than now and somebody could be.
    """

    proposal: Proposal
    request: InterpretationRequest
    covered: bool
    helps: list[Help]
    more_moved: int | None


def help_page(proposal_id: int, request_id: int, *, now: datetime) -> HelpPage:
    """Ask the solver, in a process of its own; each remedy was solved and checked.

    Raises `NotFound` where the request is not in the proposal, `Conflict` without an answer.
    """
    proposal = get(Proposal, proposal_id)
    covered = not _is_open(proposal, request_id)
    found = () if covered else _remedies(proposal, request_id)
    asked = get(InterpretationRequest, request_id)
    problem = service.problem_of(proposal)
    allowed = problem.disturb_at_most or 0
    movable = movable_in(_horizon(proposal), now)
    return HelpPage(
        proposal,
        asked,
        covered,
        Words(proposal, asked, problem).of(found),
        allowed + 1 if movable > allowed and allowed < MOST_DISTURBED else None,
    )


def take_up(proposal_id: int, request_id: int, kind: str, *, now: datetime) -> service.Made:
    """Return the plan in which a remedy is applied, as a new one to be stored and looked at.

    Raises `Conflict` when the remedy is not there any more, or is not the coordinator's to take.
    """
    proposal = get(Proposal, proposal_id)
    found = _remedies(proposal, request_id) if _is_open(proposal, request_id) else ()
    for remedy in found:
        if remedy.kind == kind and kind in FOR_THE_COORDINATOR:
            changed = solver.apply(service.problem_of(proposal), remedy)
            versions = {key: int(value) for key, value in proposal.versions.items()}
            question = Question(changed, _horizon(proposal), versions)
            return service.checked(
                question, remedy.plan, filled_undisturbed=proposal.filled_undisturbed
            )
    raise Conflict("no-such-remedy", _l("This does not help any more; look again what would."))


def _horizon(proposal: Proposal) -> Horizon:
    return Horizon(proposal.first_day, proposal.last_day, settings.active().time_zone)


def _is_open(proposal: Proposal, request_id: int) -> bool:
    if str(request_id) not in proposal.versions:
        raise NotFound("not-found", _l("This request is not in the proposal."))
    return any(one.request == str(request_id) for one in service.plan_of(proposal).unassigned)


def _remedies(proposal: Proposal, request_id: int) -> Sequence[solver.Remedy]:
    problem, plan = service.problem_of(proposal), service.plan_of(proposal)
    asked = get(InterpretationRequest, request_id)
    group = languages.require(asked.language).macrolanguage
    varieties = languages.varieties(group) if group else ()
    others = [one.tag for one in varieties if one.tag != asked.language]
    try:
        return child.remedies(problem, plan, request_id, others)
    except child.NoAnswer as ended:
        raise Conflict("no-answer", wording.NO_ANSWER) from ended


class Words:
    """Remedies for one request of a proposal, in words."""

    def __init__(
        self, proposal: Proposal, asked: InterpretationRequest, problem: solver.Problem
    ) -> None:
        self.asked = asked
        self.origin, _after = _horizon(proposal).bounds
        self.names = names_in(problem)

    def of(self, found: Sequence[solver.Remedy]) -> list[Help]:
        """Return the remedies that need no promise broken, in their order."""
        return [self.help(remedy) for remedy in found if remedy.kind != "promise"]

    def help(self, remedy: solver.Remedy) -> Help:
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

    def _who(self, remedy: solver.Remedy) -> str:
        return wording.listed(
            self.names[route.interpreter]
            for route in remedy.plan.routes
            for stop in route.stops
            if stop.request == str(self.asked.id)
        )

    def _sentence(self, remedy: solver.Remedy, who: str) -> str:
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

    def _question(self, remedy: solver.Remedy, who: str) -> str:
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
