"""What is said of a whole proposal: what moving people brings, what it leaves aside, its end."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

import solver
from dispatch.interpreters.models import Interpreter
from dispatch.offers import rounds
from dispatch.planning.proposals.lines import Lines
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import Move, items_of
from dispatch.planning.snapshot.named import requests_of
from dispatch.requests.models import InterpretationRequest


@dataclass(frozen=True)
class NoLonger:
    """A line that does not hold any more, and why."""

    interpretation_request: InterpretationRequest
    interpreter: Interpreter
    why: Any


def no_longer(
    lines: Lines,
    requests: Mapping[int, InterpretationRequest],
    people: Mapping[int, Interpreter],
) -> Iterator[NoLonger]:
    """Yield the lines that do not hold any more, of all pages."""
    for one in lines.no_longer:
        yield NoLonger(
            requests[one.item.request_id], people[one.item.interpreter_id], one.since.stale
        )


def left_aside(proposal: Proposal, plan: solver.Plan) -> Collection[InterpretationRequest]:
    """Return what several were asked for at once when it was made, so that it was not planned.

    Nothing of one made by itself: that looks only at what fell out.
    """
    if proposal.repair is not None:
        return []
    in_rounds = rounds.asking_several([int(id_) for id_ in proposal.versions], proposal.made_at)
    planned = {one.request_id for one in items_of(plan)}
    return requests_of(sorted(in_rounds - planned)).values()


def price_of_moving(proposal: Proposal, plan: solver.Plan, moves: Sequence[Move]) -> str:
    """Return what moving people brings, where that was allowed; nothing where it was not."""
    if proposal.filled_undisturbed is None:
        return ""
    if not moves:
        return _("Nobody who has confirmed needs to move: that would fill nothing more.")
    more = plan.filled - proposal.filled_undisturbed
    moving = ngettext(
        "Moving %(num)d confirmed person", "Moving %(num)d confirmed people", len(moves)
    )
    if more < 1:
        return _("%(moving)s fills more of what has priority, not more requests.", moving=moving)
    return ngettext(
        "%(moving)s fills %(num)d request more.",
        "%(moving)s fills %(num)d requests more.",
        more,
        moving=moving,
    )
