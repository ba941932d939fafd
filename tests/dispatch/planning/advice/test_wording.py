"""Every rule of the solver has words, in English and in German."""

import pytest
from flask import Flask
from flask_babel import force_locale

import solver
import solver.analysis
from dispatch.planning.advice.barring import Bar
from dispatch.planning.advice.nobody import why_nobody
from dispatch.planning.advice.wording import BARRIERS, OBSTACLES, reason, what_it_needs
from solver.evaluation.sieve import RULES

EXCLUDED = solver.plan.RuleCode.EXCLUDED


def words(code: solver.plan.RuleCode) -> str:
    """Return why somebody cannot come, in the words of the reader."""
    return str(reason(solver.plan.Violation(rule=code, text="", lacking=3)))


@pytest.mark.parametrize("code", solver.plan.RuleCode)
def test_every_rule_is_said_in_both_languages(app, code):
    with app.test_request_context():
        with force_locale("en"):
            english = words(code)
        with force_locale("de"):
            german = words(code)
    assert english
    assert german
    assert english != german


@pytest.mark.parametrize("code", [code for code in RULES if code != EXCLUDED])
def test_every_rule_that_may_be_lifted_has_a_name_in_both_languages(app, code):
    with app.test_request_context():
        with force_locale("en"):
            english = str(OBSTACLES[code])
        with force_locale("de"):
            german = str(OBSTACLES[code])
    assert english != german


def barred(*people: str) -> solver.plan.Unassigned:
    """Return a request that these people must not come to, and one who lives too far away."""
    return solver.plan.Unassigned(
        request="7",
        wanted=1,
        filled=0,
        sentence="",
        reasons=(
            *(why(one, EXCLUDED) for one in people),
            why("far", solver.plan.RuleCode.RADIUS),
        ),
    )


def why(interpreter: str, code: solver.plan.RuleCode) -> solver.plan.Reason:
    violation = solver.plan.Violation(rule=code, text="")
    return solver.plan.Reason(interpreter=interpreter, start=0, violations=(violation,))


def test_who_said_no_and_who_is_excluded_are_counted_apart(app: Flask) -> None:
    said_no = {"mira": Bar.DECLINED, "nour": Bar.DECLINED}
    with app.test_request_context(), force_locale("en"):
        assert why_nobody(barred("mira", "nour", "omar"), said_no) == (
            "4 interpreters work in the language: 2 × has said no to this request; "
            "1 × is excluded from this request; 1 × lives too far away."
        )


def test_whoever_is_on_it_already_is_named_and_not_denied(app: Flask) -> None:
    nobody_else = barred().model_copy(update={"reasons": ()})
    with app.test_request_context(), force_locale("en"):
        assert why_nobody(nobody_else, {}) == "Nobody in the pool works in this language."
        assert why_nobody(nobody_else, {}, ["Amir Distel"]) == (
            "Amir Distel is asked or comes already. Nobody else in the pool works in this language."
        )
        assert why_nobody(barred(), {}, ["Ada", "Ben"]) == (
            "Ada and Ben are asked or come already. "
            "1 other works in the language: lives too far away."
        )


@pytest.mark.parametrize(("said_no", "what"), [(True, "no"), (False, "exclusion")])
def test_what_keeps_somebody_away_is_the_one_that_is_true(
    app: Flask, said_no: bool, what: str
) -> None:
    found = solver.analysis.Explanation(
        request="7",
        covered=False,
        reasons=barred("mira", "nour"),
        together=(EXCLUDED,),
        freed=("mira",),
    )
    bars = {"mira": Bar.DECLINED} if said_no else {"nour": Bar.DECLINED}
    with app.test_request_context(), force_locale("en"):
        told = what_it_needs(found, {"mira": "Mira"}, bars)
    assert told.startswith("Mira could come if only this did not stand in the way: ")
    assert told.endswith(f"the {what} {'to' if said_no else 'from'} this request.")


@pytest.mark.parametrize("bar", Bar)
def test_every_bar_has_a_name_in_both_languages(app: Flask, bar: Bar) -> None:
    with app.test_request_context():
        with force_locale("en"):
            english = str(BARRIERS[bar])
        with force_locale("de"):
            german = str(BARRIERS[bar])
    assert english != german
