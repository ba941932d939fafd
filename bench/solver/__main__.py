"""Measures our solver and its peers: `python -m bench.solver --help`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import results
from bench.solver import compiled, growth, public, questions, table
from bench.solver.answer import Method
from bench.solver.day import Day
from bench.solver.instances import folder, named
from bench.solver.machine import described, load
from bench.solver.methods import OURS, PEERS
from bench.solver.running import Job, honest, run

BENCH = Path(__file__).parent.parent
PICTURE = BENCH / "growth.svg"
ALL = "mini,city,city-flex,city-scarce"
BUDGETS_S = {"mini": (5.0,), "city": (1.0, 3.0, 30.0), "region": (6.0, 30.0, 60.0)}
NATION_S = (60.0, 300.0, 600.0)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.solver", description=__doc__)
    parser.add_argument(
        "--only",
        default=ALL,
        help=f"instances, by comma, such as mini,city,region-flex,nation (default: {ALL})",
    )
    parser.add_argument("--budget", type=float, help="seconds allowed (default: by the size)")
    parser.add_argument("--seeds", type=int, default=3, help="runs per method that has seeds")
    parser.add_argument("--workers", type=int, default=1, help="threads for every method")
    parser.add_argument("--no-peers", action="store_true", help="our solver only")
    parser.add_argument("--no-more", action="store_true", help="only the table of instances")
    parser.add_argument(
        "--instances", help="folder of the shared instances (or DRAGOMAN_BENCH_DIR)"
    )
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    """Measure, print, and keep the results."""
    asked = arguments(given)
    if asked.instances:
        os.environ["DRAGOMAN_BENCH_DIR"] = asked.instances
    before = load()
    rows = [row for name in asked.only.split(",") for row in _rows(named(name), name, asked)]
    parts = ["## Our solver and its peers", table.markdown(rows)]
    if not asked.no_more:
        parts += [public.measured(folder(), asked.budget), questions.measured()]
        parts += [compiled.measured(("city", "region")), growth.measured(PICTURE)]
    text = "\n\n".join([_head(asked, before), *parts]) + "\n"
    results.keep("solver", text)
    print(text)


def _rows(day: Day, name: str, asked: argparse.Namespace) -> Iterator[table.Row]:
    budgets = BUDGETS_S.get(re.split("[-+]", name)[0], NATION_S)
    budgets = (asked.budget,) if asked.budget else budgets
    for budget_s in budgets:
        yield _row(day, name, OURS, budget_s, asked)
    for peer in () if asked.no_peers else PEERS:
        yield _row(day, name, peer, budgets[-1], asked)


def _row(
    day: Day, name: str, method: Method, budget_s: float, asked: argparse.Namespace
) -> table.Row:
    if len(day.asks) > method.most_requests:
        why = f"not tried above {method.most_requests} requests"
        return table.Row(day, method, budget_s, (), why)
    runs = []
    for seed in range(asked.seeds if method.seeded else 1):
        print(f"{name}: {method.name}, {budget_s:g} s, seed {seed} ...", file=sys.stderr)
        measured = run(day, Job(method.name, name, seed, budget_s, asked.workers))
        runs.append(honest(measured) if method is OURS else measured)
    row = table.Row(day, method, budget_s, tuple(runs))
    print(table.markdown([row]).splitlines()[-1], file=sys.stderr)
    return row


def _head(asked: argparse.Namespace, before: str) -> str:
    source = "the shared ones" if folder() else "from our own generator"
    return (
        "# What was measured\n\n"
        f"Made by `make bench`: {described()}; {asked.workers} thread(s) for every method; "
        f"instances: {source}. How to read it: `docs/bench.md`.\n\n"
        f"Load average before and after: {before} and {load()}. Above the number of CPUs seconds "
        "are too long, and methods with a time limit got less than their share of work."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
