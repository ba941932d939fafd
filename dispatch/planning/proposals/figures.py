"""What a plan amounts to, term by term, and the record of how it was made."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

import solver
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import Proof
from dispatch.planning.runs import wording
from dispatch.web.formats import duration, local_datetime, money, percent

TERMS: dict[solver.Term, Any] = {
    solver.Term.COVERAGE: _l("Left open, each counted 4, 2 or 1 by priority"),
    solver.Term.PROMISES: _l("Confirmed people moved"),
    solver.Term.WISHES: _l("Others sent than wished for"),
    solver.Term.CONTINUITY: _l("Known cases that get somebody new"),
    solver.Term.VARIETY: _l("Other varieties than asked for"),
    solver.Term.WAY: _l("Other ways than preferred"),
    solver.Term.HANDOVER: _l("Hand-overs"),
    solver.Term.FAIRNESS: _l("Work beyond fair shares, the 28 days before counted"),
    solver.Term.FEE: _l("Fees"),
    solver.Term.TRAVEL_FEE: _l("Paid for travel"),
    solver.Term.DAY_FEE: _l("Paid for days of work"),
    solver.Term.TRAVEL: _l("Travel"),
    solver.Term.WAITING: _l("Waiting between assignments"),
    solver.Term.TIER: _l("Others sent than own staff"),
}
ALWAYS = frozenset(
    {
        solver.Term.COVERAGE,
        solver.Term.PROMISES,
        solver.Term.WISHES,
        solver.Term.CONTINUITY,
        solver.Term.FAIRNESS,
        solver.Term.FEE,
        solver.Term.TRAVEL,
    }
)
OF_PEOPLE = {solver.Term.WISHES: "preferred", solver.Term.CONTINUITY: "continuity"}
NOBODY_NAMED = {
    solver.Term.WISHES: _l("nobody was named"),
    solver.Term.CONTINUITY: _l("no known cases"),
}
OF_TALKS = frozenset({solver.Term.VARIETY, solver.Term.WAY, solver.Term.HANDOVER})
IN_CENTS = frozenset({solver.Term.FEE, solver.Term.TRAVEL_FEE, solver.Term.DAY_FEE})
IN_MINUTES = frozenset({solver.Term.FAIRNESS, solver.Term.TRAVEL, solver.Term.WAITING})
ENDED_BY: dict[str, Any] = {
    solver.StoppedBy.PROOF: _l("everything was proven"),
    solver.StoppedBy.TIME: _l("the time was over"),
    solver.StoppedBy.ASKED: _l("somebody stopped it and kept the best so far"),
    solver.StoppedBy.SEARCH: _l("nothing was left to try"),
}


@dataclass(frozen=True)
class Figure:
    """One term of the objective: the goal it belongs to, its name, what it amounts to in words.

    `count` is the same as a number: of people, requests, cents or minutes.
    """

    term: solver.Term
    goal: str
    name: str
    amount: str
    count: int


@dataclass(frozen=True)
class Goal:
    """One goal of the objective as it ended: its terms with factors, value, bound and gap."""

    name: str
    terms: str
    value: int
    bound: str
    gap: str
    proven: bool


def figures(problem: solver.Problem, plan: solver.Plan) -> list[Figure]:
    """Return every term that counts and is not always nothing, the most important first."""
    return [one for one in every_figure(problem, plan) if one.count or one.term in ALWAYS]


def every_figure(problem: solver.Problem, plan: solver.Plan) -> Iterator[Figure]:
    """Yield every term that counts, the most important first."""
    amounts = {one.term: one.amount for one in plan.terms}
    for level in problem.weights.levels:
        for one in level.terms:
            count, amount = _told(problem, plan, one.term, amounts.get(one.term, 0))
            yield Figure(one.term, wording.level(level.name), str(TERMS[one.term]), amount, count)


def difference(term: solver.Term, more: int) -> str:
    """Return how much more a figure is than another, in words with its sign; nothing for 0."""
    sign = "+" if more > 0 else "\N{MINUS SIGN}"
    return f"{sign}{_written(term, abs(more))}" if more else ""


def goals(problem: solver.Problem, plan: solver.Plan) -> list[Goal]:
    """Return the goals in their order, with what was reached and proven of each."""
    terms = {level.name: _weighted(level) for level in problem.weights.levels}
    return [
        Goal(
            wording.level(one.name),
            terms.get(one.name, ""),
            one.value,
            "–" if one.bound is None else str(one.bound),
            "–" if one.gap is None else percent(one.gap),
            one.proven,
        )
        for one in plan.objective
    ]


def decision_log(
    proposal: Proposal, problem: solver.Problem, plan: solver.Plan
) -> Iterator[tuple[str, str]]:
    """Yield how the plan was made: enough to make it again and to see whether it is the same."""
    yield _("Made"), local_datetime(proposal.made_at)
    yield _("Solver version"), plan.solver_version
    yield _("Seed"), str(plan.seed)
    yield _("Status"), plan.status
    yield _("The search ended because"), str(ENDED_BY[plan.stopped_by])
    yield _("Revision of what was asked"), revision(proposal)
    yield _("Requests"), str(len(problem.requests))
    yield _("Interpreters"), str(len(problem.interpreters))
    yield _("Fixed before"), str(sum(one.kind == "pinned" for one in problem.commitments))
    yield _("May be asked to move, at most"), str(problem.disturb_at_most or 0)


def revision(proposal: Proposal) -> str:
    """Return a short fingerprint of the question: the same question has the same one."""
    written = json.dumps(proposal.problem, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _weighted(level: solver.problem.Level) -> str:
    return ", ".join(f"{one.factor} × {TERMS[one.term]}" for one in level.terms)


def _told(
    problem: solver.Problem, plan: solver.Plan, term: solver.Term, amount: int
) -> tuple[int, str]:
    """Return what a term amounts to as a number that people can count after, and in words."""
    if term in OF_PEOPLE:
        others, every = _of_people(problem, plan, OF_PEOPLE[term])
        return others, _of_all(others, every) if every else str(NOBODY_NAMED[term])
    if term == solver.Term.TIER:
        staff = {one.id for one in problem.interpreters if not one.tier}
        sent = [route.interpreter in staff for route in plan.routes for _stop in route.stops]
        return sent.count(False), _of_all(sent.count(False), len(sent))
    count = _talks(problem, plan, term) if term in OF_TALKS else amount
    return count, _written(term, count)


def _of_all(number: int, every: int) -> str:
    return _("%(number)d of %(all)d", number=number, all=every)


def _written(term: solver.Term, count: int) -> str:
    if term in IN_CENTS:
        return money(Decimal(count) / 100)
    if term == solver.Term.PROMISES:
        return ngettext("%(num)d person", "%(num)d people", count)
    return duration(count) if term in IN_MINUTES else str(count)


def _talks(problem: solver.Problem, plan: solver.Plan, term: solver.Term) -> int:
    """Return how many talks are held in another variety, by another way, or handed over."""
    jobs = {one.id: one for one in problem.requests}
    stops = [stop for route in plan.routes for stop in route.stops if stop.request in jobs]
    if term == solver.Term.HANDOVER:
        begins = {(stop.request, stop.begin) for stop in stops}
        return len(begins) - len({id_ for id_, _begin in begins})
    if term == solver.Term.WAY:
        return len({one.request for one in stops if one.way != jobs[one.request].ways[0].way})
    return len(
        {one.request for one in stops if one.language != jobs[one.request].languages[0].code}
    )


def _of_people(problem: solver.Problem, plan: solver.Plan, kind: str) -> tuple[int, int]:
    """Return how many of the people sent are not whom a wish of this kind names, and of how many.

    Only where somebody is named is anybody counted.
    """
    named = {
        job.id: condition.interpreters
        for job in problem.requests
        for condition in job.conditions
        if isinstance(
            condition, solver.problem.PreferredCondition | solver.problem.ContinuityCondition
        )
        and condition.kind == kind
        and condition.penalty is not None
    }
    sent = [
        route.interpreter in named[stop.request]
        for route in plan.routes
        for stop in route.stops
        if stop.request in named
    ]
    return sent.count(False), len(sent)


def status_sentence(proof: Proof) -> str:
    """Return whether it is proven that no plan is better, or how much is left open."""
    if proof.proven:
        return _(
            "Proven: no plan covers more by priority, and none that covers as much is better in "
            "wishes, fair shares, or money and travel, in this order."
        )
    return _(
        "The search ended before everything was proven; the gap of the first open level is "
        "%(gap)s.",
        gap=percent(proof.gap),
    )
