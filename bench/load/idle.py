"""Measures what an installation at rest takes of a core: `python -m bench.load.idle --help`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from time import sleep

from bench.load.__main__ import free_port
from bench.load.rows import Row
from bench.load.scenarios import idle, started
from bench.load.town import town
from bench.solver.machine import load


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.load.idle", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgresql", help="by comma")
    parser.add_argument("--settle", type=float, default=90, help="seconds before it is at rest")
    parser.add_argument("--seconds", type=float, default=120, help="how long it is watched")
    return parser.parse_args(given)


def at_rest(database: str, settle: float, seconds: float) -> Iterator[Row]:
    """Start an installation and watch each of its processes once what a start brings is done."""
    with town(database, free_port(), over=0) as here:
        processes, _took = started(here)
        sleep(settle)
        yield idle(processes, seconds)


def main(given: Sequence[str]) -> None:
    """Measure and print."""
    asked, before = arguments(given), load()
    for database in asked.databases.split(","):
        for row in at_rest(database, asked.settle, asked.seconds):
            print(database, row.what, row.figure, sep=": ")
    print(f"Load average before and after: {before} and {load()}.")


if __name__ == "__main__":
    main(sys.argv[1:])
