"""The document says what is there: functions, rules, terms, versions, an example that works."""

import importlib
import json
import re
from pathlib import Path

import pytest

import solver
from solver import Plan, Problem, Status, check, solve
from solver.problem.weights import DEFAULT_LEVELS, Term
from solver.rules import person_rules
from solver.rules.day_rules import CLEAR_RULES, taken

DOCUMENT = (Path(__file__).parents[2] / "docs" / "solver.md").read_text(encoding="utf-8")
ROOMS = Path(solver.__file__).parent
MODULES = {
    path.stem: ".".join(("solver", *path.relative_to(ROOMS).with_suffix("").parts))
    for path in ROOMS.rglob("*.py")
}
NAMED = [pair for pair in re.findall(r"`(\w+)\.(\w+)`", DOCUMENT) if pair[0] in MODULES]
EXAMPLES = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)


@pytest.mark.parametrize(("module", "name"), sorted(set(NAMED)))
def test_every_function_named_exists(module, name):
    assert callable(getattr(importlib.import_module(MODULES[module]), name))


def test_every_rule_has_its_line():
    for rule in (*person_rules.PERSON_RULES, *person_rules.TIME_RULES, taken, *CLEAR_RULES):
        assert (rule.__module__.rpartition(".")[2], rule.__name__) in NAMED


def test_every_term_and_level_has_its_line():
    table = DOCUMENT.split("## Terms")[1].split("## Levels")[0]
    listed = {name for line in table.splitlines() for name in line.split("|")[1:2]}
    names = {name.strip() for cell in listed for name in cell.split(",")}
    assert {term.value for term in Term} <= names
    assert len(DEFAULT_LEVELS) == 5


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_example_is_solved_and_proven(text):
    problem = Problem.from_json(text)
    plan = solve(problem)
    assert plan.status is Status.OPTIMAL
    assert plan.filled == plan.asked == 2
    assert check(problem, plan) == ()
    assert [change.kind for change in plan.changes] == ["kept"]


def test_the_versions_named_are_those_of_the_schemas():
    assert EXAMPLES
    for model in (Problem, Plan):
        version = model.model_json_schema()["properties"]["schema"]["const"]
        assert f"`{version}`" in DOCUMENT
    assert json.loads(EXAMPLES[0])["schema"] == "dragoman-problem/1"
