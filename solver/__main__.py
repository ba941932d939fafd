"""The solver as a command: solve, check, explain, schema."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from solver import Explanation, Plan, Problem, ProblemError, Status, check, explain, solve
from solver.errors import faults_from

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

EXAMPLES = """examples:
  python -m solver solve problem.json --time-limit 10 -o plan.json
  python -m solver check problem.json plan.json
  python -m solver explain problem.json plan.json request-17
  python -m solver schema > schema.json
"""


class Refused(Exception):
    """The command cannot be done; the message is one sentence."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 usage."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except (Refused, ProblemError, OSError) as error:
        print(error, file=sys.stderr)
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
    solving = _command(commands, "solve", _solve, "make a plan", "solve problem.json -o plan.json")
    solving.add_argument("problem", metavar="PROBLEM.json", type=Path)
    solving.add_argument("--time-limit", metavar="S", type=_seconds, default=10.0)
    solving.add_argument("--seed", metavar="N", type=int, default=0)
    solving.add_argument("--workers", metavar="N", type=_workers, default=1)
    solving.add_argument("-o", "--output", metavar="PLAN.json", type=Path)
    checking = _command(commands, "check", _check, "judge a plan", "check problem.json plan.json")
    asking = _command(
        commands, "explain", _explain, "say why a request is open", "explain problem.json plan.json"
    )
    for command in (checking, asking):
        command.add_argument("problem", metavar="PROBLEM.json", type=Path)
        command.add_argument("plan", metavar="PLAN.json", type=Path)
    asking.add_argument("request", metavar="REQUEST", nargs="?")
    _command(commands, "schema", _schema, "print the JSON schemas", "schema > schema.json")
    return parser


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
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be more than 0 seconds")
    return value


def _workers(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _solve(options: argparse.Namespace) -> None:
    plan = solve(
        _problem(options.problem),
        time_limit_s=options.time_limit,
        seed=options.seed,
        workers=options.workers,
    )
    if options.output is None:
        print(plan.to_json())
    else:
        options.output.write_text(plan.to_json() + "\n", encoding="utf-8")
        print(f"{plan.status.value}: {plan.filled} of {plan.asked} requests, bound {plan.bound}")
    if plan.status is Status.INFEASIBLE:
        raise Refused("no plan satisfies the commitments; unpin or allow more broken promises")


def _check(options: argparse.Namespace) -> None:
    findings = check(_problem(options.problem), _plan(options.plan))
    for finding in findings:
        print(f"{finding.code} {finding.path}: {finding.text}")
    if findings:
        raise Refused(f"{len(findings)} findings")
    print("the plan keeps every rule")


def _explain(options: argparse.Namespace) -> None:
    problem, plan = _problem(options.problem), _plan(options.plan)
    known = {request.id for request in problem.requests}
    asked = [options.request] if options.request else [item.request for item in plan.unassigned]
    for request in asked:
        if request not in known:
            raise Refused(f"request {request!r} is not in the problem; name one that is")
        _print_explanation(explain(problem, plan, request))


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
    return Problem.from_json(path.read_bytes())


def _plan(path: Path) -> Plan:
    try:
        return Plan.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = faults_from(error)[0]
        raise Refused(f"{path.name}: {fault.sentence()}") from error


if __name__ == "__main__":
    sys.exit(main())
