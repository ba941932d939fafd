"""The solver as a command: exit codes, one clear text for what is wrong, plans that hold."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solver import Plan, Problem, Progress, check, solve
from solver.__main__ import main
from solver.console import Teller, until_asked
from tests.solver.examples import interpreter, problem, question, request

ROOT = Path(__file__).parents[2]


@pytest.fixture
def asked(tmp_path):
    """A file with two requests that can be filled and one that cannot."""
    more = request("r3", 600, languages=[{"code": "kmr"}])
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(question(requests=[request("r1", 600), request("r2", 720), more])))
    return path


@pytest.fixture
def planned(asked, tmp_path):
    """A file with the plan for it."""
    path = tmp_path / "plan.json"
    path.write_text(solve(Problem.from_json(asked.read_bytes())).to_json())
    return path


def command(*arguments):
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "solver", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_solve_writes_the_plan(asked, tmp_path):
    path = tmp_path / "out.json"
    done = command(
        "solve", asked, "--time-limit", "30", "--seed", "3", "--workers", "1", "-o", path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("OPTIMAL: 2 of 3 requests")
    plan = Plan.model_validate_json(path.read_bytes())
    assert plan.seed == 3
    assert check(Problem.from_json(asked.read_bytes()), plan) == ()


def test_check_accepts_a_plan(asked, planned):
    done = command("check", asked, planned)
    assert (done.returncode, done.stdout, done.stderr) == (0, "the plan keeps every rule\n", "")


def test_explain_names_what_is_open(asked, planned):
    done = command("explain", asked, planned)
    assert done.returncode == 0
    assert done.stdout.startswith("r3: nobody works in the language")


def test_schema_prints_both_schemas_with_their_versions():
    done = command("schema")
    schemas = json.loads(done.stdout)
    assert done.returncode == 0
    versions = [schemas[name]["properties"]["schema"]["const"] for name in ("problem", "plan")]
    assert versions == ["dragoman-problem/1", "dragoman-plan/1"]


def test_without_output_the_plan_goes_to_standard_output(asked, capsys):
    assert main(["solve", str(asked)]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "dragoman-plan/1"


def test_what_satisfies_no_commitment_is_written_and_refused(tmp_path, capsys):
    pin = {"kind": "pinned", "request": "r1", "interpreter": "ana", "start": 600}
    promise = {"kind": "promised", "request": "r2", "interpreter": "ana", "start": 630}
    path, out = tmp_path / "p.json", tmp_path / "plan.json"
    path.write_text(
        json.dumps(
            question(
                requests=[request("r1", 600), request("r2", 630)],
                commitments=[pin, promise],
                disturb_at_most=0,
            )
        )
    )
    assert main(["solve", str(path), "-o", str(out)]) == 1
    assert json.loads(out.read_text())["status"] == "INFEASIBLE"
    assert capsys.readouterr().err.startswith("no plan satisfies the commitments; unpin")


def test_a_bad_problem_is_told_fault_by_fault(tmp_path, capsys):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(question(requests=[request("r1", 600, duration=-5, place="moon")])))
    assert main(["solve", str(path)]) == 1
    assert capsys.readouterr().err == (
        f"{path}: requests[0].duration is -5: input should be greater than or equal to 1; "
        "give a value within the rule\n"
    )
    two = [request("r1", 600, latest=300, place="moon"), request("r1", 600)]
    path.write_text(json.dumps(question(requests=two)))
    assert main(["check", str(path), str(path)]) == 1
    assert [line.split(" is ")[0] for line in capsys.readouterr().err.splitlines()] == [
        f"{path}: requests",
        f"{path}: requests[0].latest",
        f"{path}: requests[0].place",
    ]


def test_many_faults_are_cut_off(tmp_path, capsys):
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(question(requests=[{}] * 30)))
    assert main(["solve", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{path}: and 100 more"


@pytest.mark.parametrize("text", ["", "no JSON", "[" * 10**5, '{"schema": "dragoman-plan/1"}'])
def test_a_bad_plan_is_one_line(asked, tmp_path, capsys, text):
    path = tmp_path / "plan.json"
    path.write_text(text)
    assert main(["check", str(asked), str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{path}: ")
    assert told.count("\n") == 1


def test_files_that_are_not_there(asked, tmp_path, capsys):
    assert main(["solve", str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none.json'}: No such file or directory\n"
    assert main(["solve", str(asked), "-o", str(tmp_path / "none" / "plan.json")]) == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none'}: no such folder; make it first\n"
    assert main(["solve", str(asked), "-o", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path}: Is a directory\n"


def test_a_broken_plan_is_judged_finding_by_finding(asked, planned, capsys):
    plan = json.loads(planned.read_text())
    plan["filled"] = 3
    planned.write_text(json.dumps(plan))
    assert main(["check", str(asked), str(planned)]) == 1
    told = capsys.readouterr()
    assert told.out == "filled filled: 3 stated, 2 found\n"
    assert told.err == "1 finding\n"


def test_explain_answers_for_one_request(asked, planned, capsys):
    assert main(["explain", str(asked), str(planned), "r1"]) == 0
    assert capsys.readouterr().out == "r1: is covered\n"
    assert main(["explain", str(asked), str(planned), "r9"]) == 1
    assert capsys.readouterr().err == "request 'r9' is not in the problem; name one that is\n"


def test_explain_names_who_is_stopped_by_what(tmp_path, capsys):
    path, out = tmp_path / "p.json", tmp_path / "plan.json"
    people = [interpreter("ana"), interpreter("ben", gender="m")]
    gender = {"kind": "gender", "gender": "d"}
    asked = problem(interpreters=people, requests=[request("r1", 600, conditions=[gender])])
    path.write_text(asked.to_json())
    out.write_text(solve(asked).to_json())
    assert main(["explain", str(path), str(out)]) == 0
    told = capsys.readouterr().out
    assert "  ana: gender: " in told
    assert "  ben: gender: " in told
    assert "  without gender: ana, ben could go" in told


def test_explain_says_so_when_nothing_is_open(tmp_path, capsys):
    path, out = tmp_path / "p.json", tmp_path / "plan.json"
    path.write_text(problem().to_json())
    out.write_text(solve(problem()).to_json())
    assert main(["explain", str(path), str(out)]) == 0
    assert capsys.readouterr().out == "every request is covered\n"


@pytest.mark.parametrize("part", ["routes", "unassigned"])
def test_explain_refuses_a_plan_of_another_problem(asked, planned, capsys, part):
    plan = json.loads(planned.read_text())
    for item in plan[part]:
        item["interpreter" if part == "routes" else "request"] = "x"
    planned.write_text(json.dumps(plan))
    assert main(["explain", str(asked), str(planned)]) == 1
    assert capsys.readouterr().err.startswith("not a plan of this problem: unknown_")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["solve"],
        ["check", "p.json"],
        ["solve", "p.json", "--time-limit", "0"],
        ["solve", "p.json", "--time-limit", "nan"],
        ["solve", "p.json", "--time-limit", "soon"],
        ["solve", "p.json", "--workers", "0"],
        ["solve", "p.json", "--seed", "-1"],
        ["solve", "p.json", "--seed", "x"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m solver")


@pytest.mark.parametrize("verb", ["solve", "check", "explain", "remedies", "schema"])
def test_every_verb_helps_with_an_example(verb, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([verb, "--help"])
    assert stopped.value.code == 0
    assert f"example: python -m solver {verb}" in capsys.readouterr().out


def test_progress_is_told_once_per_step():
    stream = io.StringIO()
    tell = Teller(stream)
    for seconds in (0.5, 0.7):
        tell(Progress(seconds, "coverage", 1200, 1150, 0.0417))
    tell(Progress(1.0, "promises", None, None, None))
    assert stream.getvalue().splitlines() == [
        "     0.5 s  coverage: 1,200, bound 1,150, gap 4.17 %",
        "     1.0 s  promises: none yet, bound none yet",
    ]


def test_a_program_is_told_the_progress_as_json(asked, capsys):
    assert main(["solve", str(asked), "--progress-json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert told[0].keys() == {"seconds", "level", "value", "bound", "gap"}
    assert told[0]["level"] == "coverage"


def test_remedies_are_told_as_json(tmp_path, capsys):
    nobody = question(requests=[request("r1", 600, conditions=[{"kind": "level", "level": 9}])])
    path, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    path.write_text(json.dumps(nobody))
    plan.write_text(solve(Problem.from_json(path.read_bytes())).to_json())
    assert main(["remedies", str(path), str(plan), "r1"]) == 0
    [remedy] = json.loads(capsys.readouterr().out)
    assert (remedy["kind"], remedy["condition"]["level"]) == ("condition", 9)
    assert main(["remedies", str(path), str(plan), "r2"]) == 1
    assert "'r2' is not in the problem" in capsys.readouterr().err


def test_of_what_is_covered_no_remedy_is_looked_for(tmp_path, capsys):
    path, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    path.write_text(json.dumps(question(requests=[request("r1", 600)])))
    plan.write_text(solve(Problem.from_json(path.read_bytes())).to_json())
    assert main(["remedies", str(path), str(plan), "r1"]) == 0
    told = capsys.readouterr()
    assert (told.out, told.err) == ("[]\n", "request 'r1' is covered: nothing is missing\n")


def test_without_a_terminal_progress_is_silent_unless_wanted(asked, capsys):
    assert main(["solve", str(asked)]) == 0
    assert capsys.readouterr().err == ""


def test_an_interrupt_asks_the_search_to_stop():
    def search(stop):
        os.kill(os.getpid(), signal.SIGINT)
        while not stop():
            pass
        return "the best so far"

    assert until_asked(search) == "the best so far"


@pytest.fixture
def interruptible():
    """What runs in the background of a shell ignores interrupts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_after_the_search_an_interrupt_interrupts_again(interruptible):
    until_asked(lambda stop: None)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGINT)


def test_what_fails_within_the_search_is_not_lost():
    with pytest.raises(ZeroDivisionError):
        until_asked(lambda stop: 1 // 0)
