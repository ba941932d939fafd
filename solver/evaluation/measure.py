"""What a plan amounts to, term by term, and which requests it covers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from solver.evaluation import terms
from solver.evaluation.situation import Situation, could_keep, jobs_of
from solver.plan import Change, Plan, TermAmount
from solver.problem.commitments import Commitment
from solver.problem.requests import Request
from solver.problem.weights import Term
from solver.rules.schedule import Held
from solver.rules.variants import Variant, matches

Together = Mapping[str, Sequence[tuple[str, Held]]]


def together(where: Situation) -> Together:
    """Return for each request who is sent, with what they do."""
    found: dict[str, list[tuple[str, Held]]] = defaultdict(list)
    for id_, own in where.schedule.items():
        for held in own:
            found[held.job.request.id].append((id_, held))
    return found


def covered(where: Situation, sent: Together) -> dict[str, Variant]:
    """Return the requests with all their people, each with the variant chosen."""
    found = {}
    for id_, team in sent.items():
        variant = _variant(where, where.requests[id_], team)
        if variant is not None:
            found[id_] = variant
    return found


def _variant(
    where: Situation, request: Request, team: Sequence[tuple[str, Held]]
) -> Variant | None:
    done = Counter(_seat(held) for _, held in team)
    start = min(held.job.seat.begin for _, held in team)
    for variant in dict.fromkeys(job.variant for job in jobs_of(where, request, start)):
        needed: Counter[tuple[object, ...]] = Counter()
        for seat in variant.seats:
            needed[variant.way, seat.language, seat.begin, seat.end] += seat.people
        if needed == done:
            return variant
    return None


def _seat(held: Held) -> tuple[object, ...]:
    seat = held.job.seat
    return (held.job.variant.way, seat.language, seat.begin, seat.end)


def amounts(
    where: Situation, plan: Plan, filled: Mapping[str, Variant] | None = None
) -> tuple[TermAmount, ...]:
    """Return what the plan amounts to in each term; `filled` is what it covers, where known."""
    total = dict.fromkeys(Term, 0)
    total[Term.COVERAGE] = sum(request.weight for request in where.problem.requests)
    for id_, own in where.schedule.items():
        person = where.people[id_]
        for held in own:
            _add(total, terms.of_stop(person, held.job, where.problem.units_per_hour))
        total[Term.FAIRNESS] += terms.fairness(person, sum(held.minutes for held in own))
    for route in plan.routes:
        total[Term.WAITING] += sum(stop.waiting for stop in route.stops)
        person = where.people[route.interpreter]
        _add(total, terms.of_day(person))
        way = sum(stop.travel for stop in route.stops) + route.travel_home
        _add(total, {term: each * way for term, each in terms.of_travel(person).items()})
    sent = together(where)
    for id_, variant in (covered(where, sent) if filled is None else filled).items():
        _add(total, terms.of_variant(where.requests[id_], variant))
    total[Term.PROMISES] = sum(
        item.price
        for item in where.problem.commitments
        if item.kind == "promised" and not kept(sent, item)
    )
    return tuple(TermAmount(term=term, amount=amount) for term, amount in total.items())


def kept(sent: Together, item: Commitment) -> bool:
    """Say whether the plan does what was committed."""
    return any(
        id_ == item.interpreter and matches(held.job.variant, held.job.seat, item)
        for id_, held in sent.get(item.request, ())
    )


def changes(where: Situation) -> tuple[Change, ...]:
    """Return what became of each commitment."""
    sent = together(where)
    found = []
    for item in where.problem.commitments:
        team = sent.get(item.request, ())
        found.append(
            Change(
                request=item.request,
                interpreter=item.interpreter,
                kind="kept" if kept(sent, item) else _why_not_kept(where, item),
                start=item.start,
                now_start=min((held.job.variant.start for _, held in team), default=None),
                now_interpreters=tuple(id_ for id_, _ in team),
            )
        )
    return tuple(found)


def _why_not_kept(where: Situation, item: Commitment) -> Literal["broken", "impossible"]:
    person, request = where.people[item.interpreter], where.requests[item.request]
    could = could_keep(person, item, jobs_of(where, request, item.start))
    return "broken" if could or item.kind == "pinned" else "impossible"


def _add(total: dict[Term, int], more: terms.Amounts) -> None:
    for term, amount in more.items():
        total[term] += amount
