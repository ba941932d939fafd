"""Every rule of the solver has words, in English and in German."""

import pytest
from flask_babel import force_locale

import solver
from dispatch.planning.advice.wording import OBSTACLES, reason
from solver.evaluation.sieve import RULES


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


@pytest.mark.parametrize("code", RULES)
def test_every_rule_that_may_be_lifted_has_a_name_in_both_languages(app, code):
    with app.test_request_context():
        with force_locale("en"):
            english = str(OBSTACLES[code])
        with force_locale("de"):
            german = str(OBSTACLES[code])
    assert english != german
