"""The measuring itself is right: one scorer, honest about us and about the peers."""

from dataclasses import replace

import pytest

from bench.solver import ours
from bench.solver.answer import Answer, Call
from bench.solver.instances import FOLDER, named
from bench.solver.peers import greedy
from bench.solver.running import Dishonest, Job, Measured, honest
from bench.solver.scoring import score, without_halves

SIZES = ("mini", "mini-flex", "mini-scarce")


@pytest.fixture(autouse=True)
def _our_own_instances(monkeypatch):
    monkeypatch.delenv(FOLDER, raising=False)


def solved(name):
    day = named(name)
    return day, ours.run(day, Call(seed=0, budget_s=20, workers=1))


@pytest.mark.parametrize("name", SIZES)
def test_the_scorer_and_the_solver_agree_on_what_a_plan_is_worth(name):
    day, answer = solved(name)
    judged = score(day, answer.visits)
    assert judged.faults == ()
    assert judged.half == judged.off_grid == 0
    assert judged.points == answer.value
    assert judged.points <= answer.bound


@pytest.mark.parametrize("name", SIZES)
def test_greedy_keeps_the_rules_and_is_no_better_than_our_bound(name):
    day, answer = solved(name)
    judged = score(day, greedy.run(day, Call(0, 1, 1)).visits)
    assert judged.faults == ()
    assert 0 < judged.points <= answer.bound


def test_the_same_name_and_seed_give_the_same_day():
    assert named("mini-flex") == named("mini-flex")
    assert named("mini") != replace(named("mini-scarce"), name="mini")


def broken(day, visits):
    """Yield the fault looked for and the plan that has it."""
    person, stops = next((id_, stops) for id_, stops in visits.items() if len(stops) > 1)
    (first, start), *rest = sorted(stops, key=lambda stop: stop[1])
    ask = next(ask for ask in day.asks if ask.id == first)
    stranger = next(each.id for each in day.people if ask.lang not in each.languages)
    short = [replace(each, max_minutes=1) for each in day.people]
    homebody = [replace(each, radius_km=0) for each in day.people]
    tired = [replace(each, availability=[[0, 1]]) for each in day.people]
    yield "language", day, {**visits, stranger: [(first, start)]}
    yield "window", day, {**visits, person: [(first, start - 15), *rest]}
    yield "no time from", day, {**visits, person: [(first, start), (rest[0][0], start)]}
    twin = replace(next(each for each in day.people if each.id == person), id="twin")
    yield "people instead of", replace(day, people=(*day.people, twin)), {**visits, "twin": stops}
    yield "more than 1 minutes", replace(day, people=tuple(short)), visits
    yield "radius", replace(day, people=tuple(homebody)), visits
    yield "availability", replace(day, people=tuple(tired)), visits


def test_a_broken_plan_is_scored_as_breaking_the_rules():
    day, answer = solved("mini")
    found = {
        fault: " ".join(score(changed, visits).faults)
        for fault, changed, visits in broken(day, dict(answer.visits))
    }
    assert [fault for fault, said in found.items() if fault not in said] == []


def test_a_team_that_is_not_together_does_not_count():
    day, answer = solved("mini")
    pair = next(ask for ask in day.asks if ask.n_interpreters == 2 and sent(answer, ask))
    person = sent(answer, pair)[0]
    half = {
        id_: [stop for stop in stops if (id_, stop[0]) != (person, pair.id)]
        for id_, stops in answer.visits.items()
    }
    judged = score(day, half)
    assert judged.half == 1
    assert judged.covered_weight == score(day, answer.visits).covered_weight - pair.weight
    assert sent(replace(answer, visits=without_halves(day, half)), pair) == []


def sent(answer, ask):
    return [id_ for id_, stops in answer.visits.items() if any(name == ask.id for name, _ in stops)]


def test_a_run_that_says_more_than_is_true_ends_the_measuring():
    day, answer = solved("mini")
    told = Measured(
        Job("Dragoman", "mini", 0, 1, 1), answer=answer, score=score(day, answer.visits)
    )
    assert honest(told) is told
    for lie in ({"value": answer.value + 1}, {"bound": answer.value - 1}):
        with pytest.raises(Dishonest):
            honest(replace(told, answer=replace(answer, **lie)))


def test_an_empty_plan_is_worth_nothing_and_breaks_nothing():
    judged = score(named("mini"), Answer({}).visits)
    assert (judged.points, judged.faults) == (0, ())


def test_a_name_with_minutes_widens_every_window_within_the_hours_anybody_works():
    plain, wide = named("mini"), named("mini+240")
    assert wide.people == plain.people
    opens = min(start for person in plain.people for start, _ in person.availability)
    closes = max(end for person in plain.people for _, end in person.availability)
    for narrow, ask in zip(plain.asks, wide.asks, strict=True):
        assert narrow.earliest - 240 <= ask.earliest <= narrow.earliest
        assert narrow.latest <= ask.latest <= narrow.latest + 240
        assert opens <= ask.earliest
        assert ask.latest + ask.duration <= closes
        assert set(narrow.starts()) <= set(ask.starts())
