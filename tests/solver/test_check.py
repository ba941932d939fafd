"""The checker accepts every correct plan and names what is wrong with each broken one."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple

import pytest

from solver import Plan, Problem, check, solve
from solver.problem.weights import Term
from tests.solver.examples import DAY, Json, interpreter, request
from tests.solver.examples import question as small

Mutation = Callable[[Json], None]
PAUSE = {"earliest": 600, "latest": 660, "length": 30}
SWORN = [{"name": "sworn", "valid_until": 700}]
MONEY = {"cost_per_hour": 3000, "cost_per_travel_unit": 10, "cost_per_day": 500}


def working_day() -> Json:
    """Two people, a choice of ways, a team, a relay, and a request that nobody can fill."""
    ana = interpreter("ana", qualifications=SWORN, radius_km=6.0, fair_share=60, **MONEY)
    late = DAY | {"available": [span(800, 1020)]}
    ben = interpreter("ben", languages=[{"code": "apc"}], gender="m", tier=1, days=[late])
    ways = [{"way": "on_site"}, {"way": "video", "cost": 4}]
    return small(
        interpreters=[ana, ben],
        requests=[
            request("visit", 600, latest=630, conditions=[wants("gender", gender="f")]),
            request("letter", 720, place="clinic", buffer_before=10, ways=ways),
            request("pair", 840, interpreters=2),
            request("relay", 930, duration=30, languages=[{"code": "apc", "relay": "tur"}]),
            request("open", 600, languages=[{"code": "kmr"}]),
        ],
    )


def shared_job() -> Json:
    """A long job that two people can only do one after the other."""
    early = {"day": 0, "available": [span(480, 680)]}
    late = {"day": 0, "available": [span(655, 900)]}
    rule = {"least": 30, "step": 30, "overlap": 10, "cost": 9}
    return small(
        interpreters=[interpreter("ana", days=[early]), interpreter("ben", days=[late])],
        requests=[request("long", 600, duration=120, handover=rule)],
    )


def commitments() -> Json:
    """One pin, one promise kept, one that cannot be kept beside the pin, one impossible."""
    tomorrow = {"day": 1, "available": [{"start": 1920, "end": 2460}]}
    return small(
        interpreters=[interpreter("ana", days=[deepcopy(DAY), tomorrow]), interpreter("ben")],
        requests=[request("r1", 600), request("r2", 720), request("r3", 620), request("r4", 300)],
        commitments=[
            committed("pinned", "r1", "ana", 600),
            committed("promised", "r2", "ben", 720),
            committed("promised", "r3", "ana", 620),
            committed("promised", "r4", "ben", 300),
        ],
        disturb_at_most=1,
    )


def held_team() -> Json:
    """A team of two of whom only the pinned one can come."""
    return small(
        interpreters=[interpreter("ana")],
        requests=[request("r1", 600, interpreters=2)],
        commitments=[committed("pinned", "r1", "ana", 600)],
    )


def impossible() -> Json:
    """A promise that a pin makes impossible to keep, and none may be broken."""
    return small(
        commitments=[
            committed("pinned", "r1", "ana", 600),
            committed("promised", "r2", "ana", 630),
        ],
        requests=[request("r1", 600), request("r2", 630)],
        disturb_at_most=0,
    )


def span(start: int, end: int) -> Json:
    """Return an interval."""
    return {"start": start, "end": end}


def committed(kind: str, request_id: str, person: str, start: int) -> Json:
    """Return a commitment."""
    return {"kind": kind, "request": request_id, "interpreter": person, "start": start}


def wants(kind: str, penalty: int | None = 5, **more: Any) -> Json:
    """Return a wish, or a requirement without penalty."""
    return {"kind": kind, "penalty": penalty, **more}


BASES = (working_day, shared_job, commitments, held_team, impossible)


@cache
def planned(base: Callable[[], Json]) -> tuple[Json, Json]:
    """Return the question and its correct plan as JSON."""
    question = base()
    plan = solve(Problem.model_validate(question))
    return question, plan.model_dump(mode="json", by_alias=True)


class Broken(NamedTuple):
    """A way to break a plan and the finding it has to lead to."""

    finding: str
    plan: Mutation = lambda plan: None
    base: Callable[[], Json] = working_day
    question: Mutation = lambda question: None


def route(plan: Json, person: str) -> Json:
    """Return the first route of a person."""
    return next(item for item in plan["routes"] if item["interpreter"] == person)


def on_route(person: str, **changes: Any) -> Mutation:
    """Change the route of a person."""
    return lambda plan: route(plan, person).update(changes)


def on_stop(person: str, request_id: str, **changes: Any) -> Mutation:
    """Change a stop; a number with `by_` in front is added."""

    def mutate(plan: Json) -> None:
        stops = route(plan, person)["stops"]
        stop = next(item for item in stops if item["request"] == request_id)
        for name, value in changes.items():
            if name.startswith("by_"):
                stop[name[3:]] += value
            else:
                stop[name] = value

    return mutate


def drop_stop(person: str, request_id: str) -> Mutation:
    """Drop a stop, and the route if it was the only one."""

    def mutate(plan: Json) -> None:
        own = route(plan, person)
        own["stops"] = [item for item in own["stops"] if item["request"] != request_id]
        plan["routes"] = [item for item in plan["routes"] if item["stops"]]

    return mutate


def add_stop(person: str, request_id: str, like: str, **changes: Any) -> Mutation:
    """Send a person to a request as somebody or oneself to another."""

    def mutate(plan: Json) -> None:
        stops = [stop for item in plan["routes"] for stop in item["stops"]]
        stop = next(item for item in stops if item["request"] == like)
        own = route(plan, person)
        own["stops"] = [*own["stops"], stop | {"request": request_id} | changes]
        own["stops"].sort(key=lambda item: item["begin"])

    return mutate


def on_plan(**changes: Any) -> Mutation:
    """Change the plan itself."""
    return lambda plan: plan.update(changes)


def on_level(number: int, **changes: Any) -> Mutation:
    """Change a level of the objective."""
    return lambda plan: plan["objective"][number].update(changes)


def on_change(number: int, **changes: Any) -> Mutation:
    """Change what is reported of a commitment."""
    return lambda plan: plan["changes"][number].update(changes)


def on_term(name: str, by: int = 1) -> Mutation:
    """Misstate a term."""

    def mutate(plan: Json) -> None:
        for item in plan["terms"]:
            item["amount"] += by * (item["term"] == name)

    return mutate


def on_person(person: str, **changes: Any) -> Mutation:
    """Change an interpreter of the question."""

    def mutate(question: Json) -> None:
        next(i for i in question["interpreters"] if i["id"] == person).update(changes)

    return mutate


def on_day(person: str, **changes: Any) -> Mutation:
    """Change the first day of an interpreter."""

    def mutate(question: Json) -> None:
        next(i for i in question["interpreters"] if i["id"] == person)["days"][0].update(changes)

    return mutate


def on_request(request_id: str, **changes: Any) -> Mutation:
    """Change a request of the question."""

    def mutate(question: Json) -> None:
        next(r for r in question["requests"] if r["id"] == request_id).update(changes)

    return mutate


def asked(request_id: str, kind: str, **more: Any) -> Mutation:
    """Add a requirement."""
    return on_request(request_id, conditions=[wants(kind, None, **more)])


def both(*mutations: Mutation) -> Mutation:
    """Do several things."""

    def mutate(data: Json) -> None:
        for one in mutations:
            one(data)

    return mutate


def swap_order(plan: Json) -> None:
    """Turn a day round."""
    route(plan, "ana")["stops"].reverse()


def unsay_bounds(plan: Json) -> None:
    """Drop what proves the plan, and go on calling it proven."""
    for level in plan["objective"]:
        level.update(bound=None, gap=None)


def bounded(number: int, by: int) -> Mutation:
    """Move the bound of a level, with the gap that follows from it."""

    def mutate(plan: Json) -> None:
        level = plan["objective"][number]
        level["bound"] = level["value"] + by
        level["gap"] = -by / max(1, abs(level["value"]))

    return mutate


def second_route(plan: Json) -> None:
    """Repeat a route."""
    plan["routes"] = [*plan["routes"], plan["routes"][0]]


BROKEN = {
    # the structure of the plan
    "unknown interpreter": Broken("unknown_interpreter", on_route("ana", interpreter="eve")),
    "day the person does not have": Broken("unknown_day", on_route("ana", day=9)),
    "route without stops": Broken("empty_route", on_route("ana", stops=[])),
    "one day twice": Broken("repeated_route", second_route),
    "unknown request": Broken("unknown_request", on_stop("ana", "visit", request="r9")),
    "stop of no length": Broken("empty_stop", on_stop("ana", "visit", end=600)),
    "stops out of order": Broken("order", swap_order),
    # the person
    "language not spoken": Broken("language", question=on_person("ana", languages=[])),
    "level too low": Broken("level", question=asked("visit", "level", level=3)),
    "qualification not held": Broken(
        "qualification", question=asked("visit", "qualification", name="state")
    ),
    "qualification expired": Broken(
        "qualification", question=asked("letter", "qualification", name="sworn")
    ),
    "another gender": Broken("gender", question=asked("visit", "gender", gender="m")),
    "excluded": Broken("excluded", question=asked("visit", "excluded", interpreters=["ana"])),
    "others required": Broken("preferred", question=asked("visit", "preferred", interpreters=[])),
    "no continuity": Broken("continuity", question=asked("visit", "continuity", interpreters=[])),
    # time and place
    "not available": Broken(
        "availability", question=on_day("ana", available=[{"start": 480, "end": 650}])
    ),
    "buffer not available": Broken("availability", question=on_request("relay", buffer_after=70)),
    "privately busy": Broken("busy", question=on_person("ana", busy=[{"start": 655, "end": 658}])),
    "too far from home": Broken("radius", question=on_person("ana", radius_km=1.0)),
    # ways
    "too late from home": Broken("way", question=on_day("ana", available=[span(600, 1020)])),
    "too late from job to job": Broken("way", question=on_request("visit", buffer_after=45)),
    "too late past a busy time": Broken(
        "way", question=on_person("ana", busy=[{"start": 665, "end": 690}])
    ),
    "no way past a private place": Broken(
        "way", question=on_person("ana", busy=[{"start": 685, "end": 700, "place": "home"}])
    ),
    "home too late": Broken("way_home", question=on_day("ana", available=[span(480, 970)])),
    "way from home misstated": Broken("travel", on_stop("ana", "visit", by_travel=-1)),
    "way between jobs misstated": Broken("travel", on_stop("ana", "letter", by_travel=-5)),
    "way home misstated": Broken("travel_home", on_route("ana", travel_home=0)),
    "way of a pinned stop misstated": Broken(
        "travel", on_stop("ana", "r1", by_travel=-1), base=commitments
    ),
    "way home from a pin misstated": Broken(
        "travel_home", on_route("ana", travel_home=1), base=commitments
    ),
    "arrives at another time": Broken("arrive", on_stop("ana", "letter", by_arrive=-3)),
    "waiting misstated": Broken("waiting", on_stop("ana", "letter", by_waiting=-5, by_arrive=5)),
    "waiting before the first job": Broken(
        "waiting", on_stop("ana", "visit", by_waiting=5, by_arrive=-5)
    ),
    # limits and breaks
    "too long a day": Broken(
        "day_minutes", question=on_person("ana", limits={"minutes_per_day": 120})
    ),
    "too many jobs in a day": Broken(
        "day_jobs", question=on_person("ana", limits={"jobs_per_day": 2})
    ),
    "too long a week": Broken(
        "week_minutes", question=on_person("ana", limits={"minutes_per_week": 120})
    ),
    "too long a week with work elsewhere": Broken(
        "week_minutes",
        question=on_person(
            "ana", limits={"minutes_per_week": 240}, worked=[{"week": 0, "minutes": 90}]
        ),
    ),
    "too many jobs in a week": Broken(
        "week_jobs", question=on_person("ana", limits={"jobs_per_week": 2})
    ),
    "no break": Broken("break", question=on_day("ana", breaks=[PAUSE])),
    "break too short beside the way": Broken(
        "break", question=on_day("ana", breaks=[PAUSE | {"earliest": 660, "latest": 710}])
    ),
    # who together fills a request
    "half a team": Broken("team", drop_stop("ben", "pair")),
    "half a relay": Broken("team", drop_stop("ana", "relay")),
    "one too many": Broken("team", add_stop("ben", "visit", "visit", seat=1)),
    "relay in one language": Broken("team", on_stop("ana", "relay", language="apc")),
    "relay with the seats exchanged": Broken(
        "team", both(on_stop("ana", "relay", seat=0), on_stop("ben", "relay", seat=1))
    ),
    "seat that does not exist": Broken("team", on_stop("ana", "visit", seat=1)),
    "seat below zero": Broken("team", on_stop("ana", "r1", seat=-1), base=held_team),
    "half a job handed over": Broken("team", drop_stop("ben", "long"), base=shared_job),
    "handed over without overlap": Broken(
        "team", on_stop("ana", "long", by_end=-10), base=shared_job
    ),
    "handed over between two steps": Broken(
        "team",
        both(on_stop("ana", "long", by_end=-5), on_stop("ben", "long", by_begin=-5)),
        base=shared_job,
    ),
    "handed over too early": Broken(
        "team",
        both(on_stop("ana", "long", end=620), on_stop("ben", "long", begin=610)),
        base=shared_job,
    ),
    "handed over and too short": Broken(
        "team", on_stop("ben", "long", by_end=-30), base=shared_job
    ),
    "handed over where it is not allowed": Broken(
        "duration", base=shared_job, question=on_request("long", handover=None)
    ),
    "pinned and too short": Broken("team", on_stop("ana", "r1", by_end=-20), base=held_team),
    "one person twice": Broken("same_person", add_stop("ana", "pair", "pair", seat=1)),
    "one seat twice": Broken("seat", on_stop("ben", "pair", seat=0)),
    # the request itself
    "start not allowed": Broken("start", on_stop("ana", "visit", by_begin=5, by_end=5)),
    "start beyond the window": Broken(
        "start", question=on_request("visit", earliest=630, latest=660)
    ),
    "way not allowed": Broken("request_way", on_stop("ana", "visit", way="telephone")),
    "team on different ways": Broken(
        "request_way",
        on_stop("ana", "pair", way="video"),
        question=on_request("pair", ways=[{"way": "on_site"}, {"way": "video"}]),
    ),
    "language not asked for": Broken("request_language", on_stop("ana", "visit", language="tur")),
    "too short": Broken("duration", on_stop("ana", "visit", by_end=-10)),
    "team not together": Broken("together", on_stop("ana", "pair", by_begin=15, by_end=15)),
    "two places at once": Broken("overlap", add_stop("ana", "open", "visit")),
    "two places at once by buffers": Broken(
        "overlap", question=on_request("visit", buffer_after=90)
    ),
    # commitments
    "pin dropped": Broken("pinned", drop_stop("ana", "r1"), base=commitments),
    "pin moved": Broken("pinned", on_stop("ana", "r1", by_begin=15, by_end=15), base=commitments),
    "pin on another way": Broken(
        "pinned",
        on_stop("ana", "r1", way="video"),
        base=commitments,
        question=both(
            on_request("r1", ways=[{"way": "on_site"}, {"way": "video"}]),
            lambda q: q["commitments"][0].update(way="on_site"),
        ),
    ),
    "pin not marked": Broken("pinned_mark", on_stop("ana", "r1", pinned=False), base=commitments),
    "marked without a pin": Broken("pinned_mark", on_stop("ana", "visit", pinned=True)),
    "pin on another day": Broken("pinned_day", on_route("ana", day=1), base=commitments),
    "commitment not reported": Broken(
        "changes", lambda plan: plan["changes"].pop(), base=commitments
    ),
    "kept promise called broken": Broken("changes", on_change(1, kind="broken"), base=commitments),
    "broken promise called kept": Broken("changes", on_change(2, kind="kept"), base=commitments),
    "broken promise called impossible": Broken(
        "impossible", on_change(2, kind="impossible"), base=commitments
    ),
    "another person reported": Broken(
        "change", on_change(1, now_interpreters=["ana"]), base=commitments
    ),
    "another start reported": Broken("change", on_change(1, now_start=735), base=commitments),
    "another promise reported": Broken("change", on_change(3, start=310), base=commitments),
    "too many promises broken": Broken(
        "disturbed", base=commitments, question=lambda question: question.update(disturb_at_most=0)
    ),
    # figures
    "another number of requests": Broken("asked", on_plan(asked=4)),
    "more filled than there are": Broken("filled", on_plan(filled=5)),
    "open request kept quiet": Broken("unassigned", on_plan(unassigned=[])),
    "people held misstated": Broken(
        "held", lambda plan: plan["unassigned"][0].update(filled=2), base=held_team
    ),
    **{f"{term.value} misstated": Broken("term", on_term(term.value)) for term in Term},
    "term left out": Broken("term", lambda plan: plan["terms"].pop()),
    "term stated twice": Broken("term", lambda plan: plan["terms"].append(plan["terms"][0])),
    # claims
    "a level left out": Broken("levels", lambda plan: plan["objective"].pop()),
    "another level": Broken("levels", on_level(0, name="speed")),
    "value misstated": Broken("value", on_level(4, value=0)),
    "bound above the value": Broken("bound", bounded(4, 10)),
    "proof claimed below the bound": Broken("proven", bounded(4, -10)),
    "proof claimed without bounds": Broken("proven", unsay_bounds),
    "proof kept quiet": Broken("proven", on_level(0, proven=False)),
    "gap misstated": Broken("gap", on_level(4, gap=0.5)),
    "gap without a bound": Broken("gap", on_level(4, bound=None)),
    "optimal without proof": Broken("status", both(bounded(4, -10), on_level(4, proven=False))),
    "proven and called good": Broken("status", on_plan(status="FEASIBLE")),
    "infeasible and yet planned": Broken("status", on_plan(status="INFEASIBLE")),
    "stopped by a proof there is not": Broken(
        "stopped_by", both(bounded(4, -10), on_level(4, proven=False))
    ),
    "another bound on top": Broken("summary", on_plan(bound=0)),
    "another gap on top": Broken("summary", on_plan(gap=0.25)),
    "infeasible and something reported filled": Broken(
        "filled", on_plan(filled=1), base=impossible
    ),
}


@pytest.mark.parametrize("base", BASES)
def test_the_correct_plan_is_accepted(base):
    question, plan = planned(base)
    assert check(Problem.model_validate(question), Plan.model_validate(plan)) == ()


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plan_is_rejected_for_what_is_broken(name):
    broken = BROKEN[name]
    question, plan = map(deepcopy, planned(broken.base))
    broken.plan(plan)
    broken.question(question)
    findings = check(Problem.model_validate(question), Plan.model_validate(plan))
    assert broken.finding in {finding.code for finding in findings}, findings
    assert all(finding.code and finding.path and finding.text for finding in findings)


def test_more_than_forty_kinds_are_told_apart():
    assert len(BROKEN) > 40
    assert len({broken.finding for broken in BROKEN.values()}) > 40
