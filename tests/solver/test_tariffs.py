"""What a job costs: by the hour, or by a tariff of blocks begun."""

from typing import Any

import pytest

from solver import ProblemError, Term, check, solve
from tests.solver.examples import interpreter, problem, request

BLOCKS = {"minimum": 5000, "first": 60, "first_cents": 4500, "block": 30, "block_cents": 2000}


def fee(duration: int, **more: Any) -> int:
    """Return the fee of a plan with one job so long; the checker agrees."""
    question = problem(
        interpreters=[interpreter("ana", **more)], requests=[request("r", 600, duration=duration)]
    )
    plan = solve(question)
    assert check(question, plan) == ()
    return next(item.amount for item in plan.terms if item.term is Term.FEE)


@pytest.mark.parametrize(
    ("minutes", "cents"),
    [(1, 5000), (60, 5000), (61, 6500), (90, 6500), (91, 8500), (120, 8500), (121, 10500)],
)
def test_a_minimum_a_first_block_and_started_blocks(minutes, cents):
    assert fee(minutes, tariff=BLOCKS) == cents


def test_half_hours_begun_as_courts_pay_them():
    court = {"block": 30, "block_cents": 4650}
    assert [fee(minutes, tariff=court) for minutes in (20, 30, 31, 75)] == [4650, 4650, 9300, 13950]


def test_by_the_hour_half_a_cent_is_rounded_up():
    assert fee(45, cost_per_hour=3333) == 2500
    assert fee(30, cost_per_hour=3333) == 1667


def test_time_paid_anyway_counts_towards_no_block():
    shift = [{"start": 600, "end": 700}]
    assert fee(161, tariff=BLOCKS, paid_idle=shift) == 6500
    assert fee(100, tariff=BLOCKS, paid_idle=shift) == 0


def test_the_cheaper_tariff_for_the_length_decides_who_goes():
    people = [
        interpreter("hour", tariff={"minimum": 6000, "block": 1, "block_cents": 50}),
        interpreter("block", tariff={"block": 60, "block_cents": 4000}),
    ]
    for duration, sent in ((30, "block"), (130, "hour")):
        question = problem(interpreters=people, requests=[request("r", 600, duration=duration)])
        assert [route.interpreter for route in solve(question).routes] == [sent]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"tariff": BLOCKS, "cost_per_hour": 100}, "service time is paid by the tariff"),
        (
            {"tariff": {"first_cents": 5, "block": 30, "block_cents": 1}},
            "the first block has no length",
        ),
    ],
)
def test_a_tariff_that_contradicts_itself_is_refused(more, message):
    with pytest.raises(ProblemError, match=message):
        problem(interpreters=[interpreter("ana", **more)])
