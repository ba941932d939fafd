"""Bad input: a sentence with path, value, rule and remedy; or a correct empty plan; no crash."""

import json

import pytest

from solver import Problem, ProblemError, Status, check, solve
from tests.solver.examples import MATRIX, PLACES, interpreter, problem, question, request

MINUTES = 10**7


def pin(request_id: str, person: str, start: int = 600, **more):
    return {
        "kind": "pinned",
        "request": request_id,
        "interpreter": person,
        "start": start,
        **more,
    }


def promise(request_id: str, **more):
    return pin(request_id, "ana") | {"kind": "promised"} | more


def profile(**more):
    return {"places": PLACES, "profiles": [{"id": "car", "matrix": MATRIX} | more]}


def with_interpreter(**more):
    return question(interpreters=[interpreter("ana", **more), interpreter("ben")])


def with_request(**more):
    return question(requests=[request("r1", 600) | more])


def with_pins(*pins, **more):
    return question(commitments=list(pins), **more)


def with_day(**more):
    day = {"day": 0, "available": [{"start": 480, "end": 1020}]} | more
    return with_interpreter(days=[day])


def without(data, *path):
    at = data
    for part in path[:-1]:
        at = at[part]
    del at[path[-1]]
    return data


RELAY = [{"code": "apc", "relay": "tur"}]
HANDOVER = {"least": 10}
TWO_LEVELS = [{"name": "a", "terms": []}, {"name": "a", "terms": []}]
SAME_TERM = [{"name": "a", "terms": [{"term": "fee"}]}, {"name": "b", "terms": [{"term": "fee"}]}]

REFUSED = {
    "another schema": (question(schema="dragoman-problem/9"), "schema"),
    "unknown field": (question(priority=1), "priority"),
    "unknown field within": (with_request(color="red"), "requests[0].color"),
    "missing field": (without(question(), "requests", 0, "duration"), "requests[0].duration"),
    "text for a number": (with_request(earliest="nine"), "requests[0].earliest"),
    "number as text": (with_request(earliest="600"), "requests[0].earliest"),
    "half a minute": (with_request(earliest=600.5), "requests[0].earliest"),
    "true for a number": (with_request(duration=True), "requests[0].duration"),
    "not a number": (with_request(earliest=float("nan")), "requests[0].earliest"),
    "infinite": (with_interpreter(radius_km=float("inf")), "interpreters[0].radius_km"),
    "a list for an object": (question(travel=[]), "travel"),
    "an object for a list": (question(requests={}), "requests"),
    "a number for an interpreter": (question(interpreters=[7]), "interpreters[0]"),
    "unknown kind": (
        with_request(conditions=[{"kind": "height"}]),
        "requests[0].conditions[0]",
    ),
    "kind missing": (with_request(conditions=[{}]), "requests[0].conditions[0]"),
    "condition without its value": (
        with_request(conditions=[{"kind": "level"}]),
        "requests[0].conditions[0].level",
    ),
    "unknown way": (with_request(ways=[{"way": "pigeon"}]), "requests[0].ways[0].way"),
    "empty id": (with_request(id=""), "requests[0].id"),
    "no units in an hour": (question(units_per_hour=0), "units_per_hour"),
    "negative duration": (with_request(duration=-30), "requests[0].duration"),
    "duration of nothing": (with_request(duration=0), "requests[0].duration"),
    "duration of 10^7": (with_request(duration=MINUTES), "requests[0].duration"),
    "start beyond all bounds": (with_request(earliest=10**12), "requests[0].earliest"),
    "negative buffer": (with_request(buffer_after=-5), "requests[0].buffer_after"),
    "nobody wanted": (with_request(interpreters=0), "requests[0].interpreters"),
    "latest before earliest": (with_request(latest=500), "requests[0].latest"),
    "too many starts": (with_request(latest=600 + MINUTES, step=1), "requests[0].step"),
    "no language": (with_request(languages=[]), "requests[0].languages"),
    "language twice": (
        with_request(languages=[{"code": "apc"}, {"code": "apc", "cost": 3}]),
        "requests[0].languages",
    ),
    "relay into itself": (
        with_request(languages=[{"code": "apc", "relay": "apc"}]),
        "requests[0].languages[0].relay",
    ),
    "no way": (with_request(ways=[]), "requests[0].ways"),
    "way twice": (
        with_request(ways=[{"way": "video"}, {"way": "video"}]),
        "requests[0].ways",
    ),
    "on site without place": (with_request(place=None), "requests[0].place"),
    "team by relay": (with_request(interpreters=2, languages=RELAY), "requests[0].interpreters"),
    "team with hand-over": (
        with_request(interpreters=2, handover=HANDOVER),
        "requests[0].interpreters",
    ),
    "hand-over of a short job": (
        with_request(handover={"least": 31}),
        "requests[0].handover.least",
    ),
    "hand-over with both there all the time": (
        with_request(handover=HANDOVER | {"overlap": 60}),
        "requests[0].handover.overlap",
    ),
    "unknown person preferred": (
        with_request(conditions=[{"kind": "preferred", "interpreters": ["eve"]}]),
        "requests[0].conditions[0].interpreters",
    ),
    "duplicate request": (question(requests=[request("r1", 600)] * 2), "requests"),
    "duplicate interpreter": (question(interpreters=[interpreter("ana")] * 2), "interpreters"),
    "duplicate place": (question(travel={"places": [PLACES[0]] * 2}), "travel.places"),
    "duplicate profile": (
        question(travel=profile() | {"profiles": [{"id": "car", "matrix": MATRIX}] * 2}),
        "travel.profiles",
    ),
    "duplicate day": (with_interpreter(days=[{"day": 1}, {"day": 1}]), "interpreters[0].days"),
    "duplicate language": (
        with_interpreter(languages=[{"code": "apc"}, {"code": "apc"}]),
        "interpreters[0].languages",
    ),
    "week worked twice": (with_interpreter(worked=[{"week": 1}] * 2), "interpreters[0].worked"),
    "negative limit": (
        with_interpreter(limits={"jobs_per_day": -1}),
        "interpreters[0].limits.jobs_per_day",
    ),
    "available backwards": (
        with_day(available=[{"start": 900, "end": 500}]),
        "interpreters[0].days[0].available[0]",
    ),
    "available twice at once": (
        with_day(available=[{"start": 500, "end": 700}, {"start": 600, "end": 800}]),
        "interpreters[0].days",
    ),
    "busy backwards": (
        with_interpreter(busy=[{"start": 700, "end": 700}]),
        "interpreters[0].busy[0]",
    ),
    "paid idle twice": (
        with_interpreter(paid_idle=[{"start": 500, "end": 700}, {"start": 600, "end": 800}]),
        "interpreters[0].paid_idle",
    ),
    "proof expires before it begins": (
        with_interpreter(qualifications=[{"name": "s", "valid_from": 9, "valid_until": 3}]),
        "interpreters[0].qualifications[0]",
    ),
    "break longer than its window": (
        with_day(breaks=[{"earliest": 600, "latest": 620, "length": 30}]),
        "interpreters[0].days[0].breaks[0]",
    ),
    "break without length": (
        with_day(breaks=[{"earliest": 600, "latest": 620, "length": 0}]),
        "interpreters[0].days[0].breaks[0].length",
    ),
    "unknown start": (with_day(start="moon"), "interpreters[0].days[0].start"),
    "unknown remote place": (with_day(remote="moon"), "interpreters[0].days[0].remote"),
    "busy at an unknown place": (
        with_interpreter(busy=[{"start": 1, "end": 2, "place": "moon"}]),
        "interpreters[0].busy[0].place",
    ),
    "unknown place": (with_request(place="moon"), "requests[0].place"),
    "unknown profile": (with_interpreter(travel_profile="boat"), "interpreters[0].travel_profile"),
    "radius without coordinates": (
        question(
            interpreters=[interpreter("ana", radius_km=5.0)],
            travel=profile() | {"places": [{"id": p["id"]} for p in PLACES]},
        ),
        "travel.places[0]",
    ),
    "formula without coordinates": (
        question(
            travel={
                "places": [{"id": p["id"]} for p in PLACES],
                "profiles": [{"id": "car", "per_km": 2.0}],
            }
        ),
        "travel.places[0]",
    ),
    "latitude of 91": (
        question(travel=profile() | {"places": [*PLACES, {"id": "x", "latitude": 91}]}),
        "travel.places[3].latitude",
    ),
    "neither matrix nor formula": (question(travel=profile(matrix=None)), "travel.profiles[0]"),
    "matrix and formula": (question(travel=profile(per_km=2.0)), "travel.profiles[0]"),
    "fixed time beside a matrix": (question(travel=profile(fixed=5)), "travel.profiles[0].fixed"),
    "row missing": (question(travel=profile(matrix=MATRIX[:2])), "travel.profiles[0].matrix"),
    "row too many": (
        question(travel=profile(matrix=[*MATRIX, [0, 0, 0]])),
        "travel.profiles[0].matrix",
    ),
    "ragged row": (
        question(travel=profile(matrix=[[0, 20], *MATRIX[1:]])),
        "travel.profiles[0].matrix[0]",
    ),
    "negative travel": (
        question(travel=profile(matrix=[[0, -20, 15], *MATRIX[1:]])),
        "travel.profiles[0].matrix[0][1]",
    ),
    "travel to where one is": (
        question(travel=profile(matrix=[[5, 20, 15], *MATRIX[1:]])),
        "travel.profiles[0].matrix[0][0]",
    ),
    "pin of an unknown request": (with_pins(pin("r9", "ana")), "commitments[0].request"),
    "pin of an unknown person": (with_pins(pin("r1", "eve")), "commitments[0].interpreter"),
    "pinned twice": (with_pins(pin("r1", "ana"), pin("r1", "ana", 660)), "commitments[1]"),
    "pinned to two places at once": (
        with_pins(pin("r1", "ana"), pin("r2", "ana", 630)),
        "commitments[1]",
    ),
    "two people pinned to one seat": (
        with_pins(pin("r1", "ana"), pin("r1", "ben")),
        "commitments[0]",
    ),
    "a team pinned to two starts": (
        with_pins(
            pin("r1", "ana"),
            pin("r1", "ben", 615),
            requests=[request("r1", 600, interpreters=2)],
        ),
        "commitments[1]",
    ),
    "a team pinned to one seat of a relay": (
        with_pins(
            pin("r1", "ana", language="apc"),
            pin("r1", "ben", language="apc"),
            requests=[request("r1", 600, languages=RELAY)],
        ),
        "commitments[0]",
    ),
    "pinned to a way not allowed": (with_pins(pin("r1", "ana", way="video")), "commitments[0].way"),
    "pinned to a language not asked for": (
        with_pins(pin("r1", "ana", language="kmr")),
        "commitments[0].language",
    ),
    "somebody without a day pinned": (
        with_pins(pin("r1", "ana"), interpreters=[interpreter("ana", days=[])]),
        "commitments[0].interpreter",
    ),
    "negative price": (with_pins(pin("r1", "ana", price=-1)), "commitments[0].price"),
    "fewer than none disturbed": (question(disturb_at_most=-1), "disturb_at_most"),
    "no level": (question(weights={"levels": []}), "weights.levels"),
    "level twice": (question(weights={"levels": TWO_LEVELS}), "weights.levels"),
    "term in two levels": (question(weights={"levels": SAME_TERM}), "weights.levels"),
    "unknown term": (
        question(weights={"levels": [{"name": "a", "terms": [{"term": "luck"}]}]}),
        "weights.levels[0].terms[0].term",
    ),
    "values beyond exact numbers": (
        question(
            requests=[request(f"r{n}", 600) for n in range(6)],
            commitments=[promise(f"r{n}", price=10**9) for n in range(6)],
            weights={"levels": [{"name": "a", "terms": [{"term": "promises", "factor": 10**6}]}]},
        ),
        "weights.levels[0]",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_named_with_path_value_rule_and_remedy(name):
    data, path = REFUSED[name]
    with pytest.raises(ProblemError) as refused:
        Problem.model_validate(data)
    faults = refused.value.faults
    assert path in {fault.path for fault in faults}, faults
    for fault in faults:
        assert all(fault), fault
        assert fault.sentence() == f"{fault.path} is {fault.value}: {fault.rule}; {fault.remedy}"
    assert str(refused.value).startswith(faults[0].sentence())


TEXTS = {
    "nothing": "",
    "not JSON": "interpreters: ana",
    "cut off": '{"requests": [',
    "not UTF-8": b"\xff\xfe{}",
    "half a character": '{"requests": [{"id": "\\ud800"}]}',
    "deeper than any problem": "[" * 100_000,
    "deep objects": '{"requests":' * 10_000,
    "a number of 5000 digits": '{"units_per_hour": ' + "9" * 5000 + "}",
    "a list": "[]",
    "null": "null",
    "NaN": '{"units_per_hour": NaN}',
    "Infinity": '{"travel": {"places": [{"id": "a", "latitude": Infinity}]}}',
    "beyond infinity": '{"travel": {"places": [{"id": "a", "latitude": 1e999}]}}',
}


@pytest.mark.parametrize("name", TEXTS)
def test_text_that_is_no_problem_is_refused(name):
    with pytest.raises(ProblemError) as refused:
        Problem.from_json(TEXTS[name])  # type: ignore[arg-type]
    assert len(str(refused.value)) < 300
    assert all(all(fault) for fault in refused.value.faults)


def test_a_value_of_any_depth_and_size_can_be_refused():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, 10**5000, "x" * 10**6, {"a": deep}):
        with pytest.raises(ProblemError) as refused:
            Problem.model_validate({"units_per_hour": value})
        assert len(str(refused.value)) < 300


def test_every_fault_is_told_at_once():
    data = with_pins(pin("r9", "eve"), requests=[request("r1", 600, latest=500, place="moon")])
    with pytest.raises(ProblemError, match=r"\(and 3 more\)") as refused:
        Problem.model_validate(data)
    assert [fault.path for fault in refused.value.faults] == [
        "requests[0].latest",
        "requests[0].place",
        "commitments[0].interpreter",
        "commitments[0].request",
    ]


def test_two_pins_that_a_hand_over_can_part_are_no_contradiction():
    shared = request("r1", 600, handover=HANDOVER)
    other = request("r2", 640, place="school")
    asked = problem(requests=[shared, other], commitments=[pin("r1", "ana"), pin("r2", "ana", 640)])
    plan = solve(asked)
    assert check(asked, plan) == ()
    assert plan.filled == 2


EMPTY = {
    "nothing at all": {"interpreters": [], "requests": []},
    "nobody": {"interpreters": []},
    "nothing to do": {"requests": []},
    "nobody available": {"interpreters": [interpreter("ana", days=[{"day": 0}])]},
    "somebody without a day": {"interpreters": [interpreter("ana", days=[])]},
    "nobody of the language": {"interpreters": [interpreter("ana", languages=[])]},
    "no way there": {
        "travel": {
            "places": PLACES,
            "profiles": [{"id": "car", "matrix": [[0, None, 5], [5, 0, 5], [5, 5, 0]]}],
        }
    },
    "a window of no use": {"requests": [request("r1", 10), request("r2", 1015)]},
    "ten million minutes away": {"requests": [request("r1", MINUTES), request("r2", -MINUTES)]},
    "travel of ten million minutes": {
        "travel": {
            "places": PLACES,
            "profiles": [{"id": "car", "matrix": [[0, MINUTES, 5], [MINUTES, 0, 5], [5, 5, 0]]}],
        }
    },
}


@pytest.mark.parametrize("name", EMPTY)
def test_where_nobody_can_go_the_plan_is_empty_proven_and_says_why(name):
    asked = problem(**EMPTY[name])  # type: ignore[arg-type]
    plan = solve(asked)
    assert check(asked, plan) == ()
    assert plan.status is Status.OPTIMAL
    assert plan.routes == ()
    assert [item.request for item in plan.unassigned] == [r.id for r in asked.requests]
    assert all(item.sentence for item in plan.unassigned)


def test_a_matrix_that_differs_by_direction_is_fine():
    matrix = [[0, 20, 15], [110, 0, 30], [15, 30, 0]]
    asked = problem(travel=profile(matrix=matrix))
    plan = solve(asked)
    assert check(asked, plan) == ()
    assert {route.travel_home for route in plan.routes} == {110}


def test_ten_million_minutes_are_only_large_numbers():
    day = {"day": 0, "available": [{"start": 0, "end": MINUTES}], "start": "home", "end": "home"}
    asked = problem(
        interpreters=[interpreter("ana", days=[day])],
        requests=[request("r1", MINUTES - 120, buffer_before=MINUTES // 2)],
    )
    plan = solve(asked)
    assert check(asked, plan) == ()
    assert plan.filled == 1


def test_what_was_read_is_written_the_same():
    asked = problem(commitments=[promise("r1")])
    assert Problem.from_json(asked.to_json()) == asked
    assert json.loads(asked.to_json())["schema"] == "dragoman-problem/1"


@pytest.mark.parametrize("limit", [-1, float("nan"), float("inf")])
def test_a_limit_that_is_no_number_of_seconds_is_refused(limit):
    asked = Problem.model_validate(question())
    with pytest.raises(ValueError, match=r"time_limit_s is .*: give a number of seconds from 0"):
        solve(asked, time_limit_s=limit)


def test_a_byte_order_mark_before_a_problem_is_passed_over():
    text = json.dumps(question())
    assert Problem.from_json("\ufeff" + text) == Problem.from_json(b"\xef\xbb\xbf" + text.encode())


def test_what_is_named_twice_and_has_no_id_is_to_be_named_once():
    with pytest.raises(ProblemError, match="it appears 2 times; name it once"):
        Problem.model_validate(with_request(ways=[{"way": "video"}, {"way": "video"}]))


def test_a_name_that_stands_twice_in_an_object_is_refused():
    text = json.dumps(question()).replace('"requests":', '"requests": [], "requests":', 1)
    with pytest.raises(ProblemError, match="'requests' is repeated: it stands 2 times in one"):
        Problem.from_json(text)
