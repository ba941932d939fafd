"""The solver as a command: solve, check, explain, remedies, schema."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from solver import Plan, Problem, ProblemError, Status, check, solve
from solver.analysis import Explanation, explain, remedies
from solver.checker.check import structure_findings
from solver.console import JsonTeller, Teller, until_asked
from solver.method.solving import load
from solver.problem import LanguageChoice
from solver.problem.errors import faults_from

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

MOST_FAULTS = 20
EXAMPLES = """examples:
  python -m solver solve problem.json --time-limit 10 -o plan.json
  python -m solver check problem.json plan.json
  python -m solver explain problem.json plan.json request-17
  python -m solver remedies problem.json plan.json request-17
  python -m solver schema > schema.json

Exit code: 0 done, 1 refused or failed, 2 wrong usage.
"""


class Refused(Exception):
    """The command cannot be done; the message is one text."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 usage."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m solver",
        description="Plan who interprets where, judge a plan, ask why.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_solve(commands)
    checking = _command(commands, "check", _check, "judge a plan", "check problem.json plan.json")
    asking = _command(
        commands, "explain", _explain, "say why a request is open", "explain problem.json plan.json"
    )
    text, example = "say what would fill a request, as JSON", "remedies problem.json plan.json r17"
    helping = _command(commands, "remedies", _remedies, text, example)
    for command in (checking, asking, helping):
        command.add_argument("problem", metavar="PROBLEM.json", type=Path)
        command.add_argument("plan", metavar="PLAN.json", type=Path)
    asking.add_argument("request", metavar="REQUEST", nargs="?")
    helping.add_argument("request", metavar="REQUEST")
    helping.add_argument("--language", metavar="CODE", action="append", default=[])
    helping.add_argument("--time-limit", metavar="S", type=_seconds, default=3.0)
    _command(commands, "schema", _schema, "print the JSON schemas", "schema > schema.json")
    return parser


def _add_solve(commands: Commands) -> None:
    text = "make a plan (Ctrl-C: stop with the best so far)"
    solving = _command(commands, "solve", _solve, text, "solve problem.json -o plan.json")
    solving.add_argument("problem", metavar="PROBLEM.json", type=Path)
    solving.add_argument("--time-limit", metavar="S", type=_seconds, default=10.0)
    solving.add_argument("--seed", metavar="N", type=_seed, default=0)
    solving.add_argument("--workers", metavar="N", type=_workers, default=1)
    solving.add_argument("-o", "--output", metavar="PLAN.json", type=Path)
    solving.add_argument(
        "--progress",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="tell value, bound and gap on stderr (default: when it is a terminal)",
    )
    solving.add_argument(
        "--progress-json", action="store_true", help="tell them as one JSON object a line"
    )


def _command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    text: str,
    example: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=f"example: python -m solver {example}",
    )
    parser.set_defaults(command=run)
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return value


def _whole(text: str, least: int) -> int:
    if not text.isdecimal() or not least <= int(text) < 2**31:
        told = f"{text!r} is not a whole number from {least} to {2**31 - 1}"
        raise argparse.ArgumentTypeError(told)
    return int(text)


def _seed(text: str) -> int:
    return _whole(text, 0)


def _workers(text: str) -> int:
    return _whole(text, 1)


def _solve(options: argparse.Namespace) -> None:
    problem, output = _problem(options.problem), options.output
    if output is not None and not output.parent.is_dir():
        raise Refused(f"{output.parent}: no such folder; make it first")
    tell = JsonTeller(sys.stderr) if options.progress_json else _teller(options.progress)

    def search(stop: Callable[[], bool]) -> Plan:
        load()  # a process of its own for each plan would lose it from each limit
        plan = solve(
            problem,
            time_limit_s=options.time_limit,
            seed=options.seed,
            workers=options.workers,
            on_progress=tell,
            stop=stop,
        )
        _tell_plan(plan, output)
        return plan

    plan = until_asked(search)
    if plan.status is Status.INFEASIBLE:
        raise Refused("no plan satisfies the commitments; unpin or allow more broken promises")


def _tell_plan(plan: Plan, output: Path | None) -> None:
    """Write the plan, while Ctrl-C still only asks to stop, so that it is written whole."""
    if output is None:
        print(plan.to_json(), flush=True)
    else:
        _write(output, plan.to_json() + "\n")
        print(f"{plan.status.value}: {plan.filled} of {plan.asked} requests, bound {plan.bound}")


def _teller(wanted: bool | None) -> Teller | None:
    """Return who tells the progress; where nobody said so, only a terminal is told."""
    return Teller(sys.stderr) if wanted or (wanted is None and sys.stderr.isatty()) else None


def _check(options: argparse.Namespace) -> None:
    findings = check(_problem(options.problem), _plan(options.plan))
    for finding in findings:
        print(f"{finding.code} {finding.path}: {finding.text}")
    if findings:
        raise Refused(f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}")
    print("the plan keeps every rule")


def _explain(options: argparse.Namespace) -> None:
    problem, plan = _problem(options.problem), _plan(options.plan)
    _require_plan_of(problem, plan)
    asked = [options.request] if options.request else [item.request for item in plan.unassigned]
    for request in asked:
        _require_known(problem, request)
        _print_explanation(explain(problem, plan, request))
    if not asked:
        print("every request is covered")


def _remedies(options: argparse.Namespace) -> None:
    problem, plan = _problem(options.problem), _plan(options.plan)
    _require_plan_of(problem, plan)
    _require_known(problem, options.request)
    if explain(problem, plan, options.request).covered:
        print(f"request {options.request!r} is covered: nothing is missing", file=sys.stderr)
        print("[]")
        return
    found = remedies(
        problem,
        plan,
        options.request,
        languages=[LanguageChoice(code=code) for code in options.language],
        time_limit_s=options.time_limit,
    )
    print(json.dumps([item.model_dump(mode="json", by_alias=True) for item in found]))


def _require_plan_of(problem: Problem, plan: Plan) -> None:
    for finding in structure_findings(problem, plan):
        raise Refused(f"not a plan of this problem: {finding.code} {finding.path}: {finding.text}")


def _require_known(problem: Problem, request: str) -> None:
    if request not in {item.id for item in problem.requests}:
        raise Refused(f"request {request!r} is not in the problem; name one that is")


def _print_explanation(found: Explanation) -> None:
    if found.covered:
        print(f"{found.request}: is covered")
        return
    print(f"{found.request}: {found.reasons.sentence}")
    for reason in found.reasons.reasons:
        rules = "; ".join(f"{item.rule}: {item.text}" for item in reason.violations)
        print(f"  {reason.interpreter}: {rules}")
    if found.together:
        print(f"  without {', '.join(found.together)}: {', '.join(found.freed)} could go")


def _schema(_: argparse.Namespace) -> None:
    schemas = {"problem": Problem.model_json_schema(), "plan": Plan.model_json_schema()}
    print(json.dumps(schemas, indent=1))


def _problem(path: Path) -> Problem:
    try:
        return Problem.from_json(_read(path))
    except ProblemError as error:
        sentences = [f"{path}: {fault.sentence()}" for fault in error.faults[:MOST_FAULTS]]
        if len(error.faults) > MOST_FAULTS:
            sentences.append(f"{path}: and {len(error.faults) - MOST_FAULTS} more")
        raise Refused("\n".join(sentences)) from error


def _plan(path: Path) -> Plan:
    try:
        return Plan.model_validate_json(_read(path))
    except ValidationError as error:
        raise Refused(f"{path}: {faults_from(error)[0].sentence()}") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from error


if __name__ == "__main__":
    sys.exit(main())
