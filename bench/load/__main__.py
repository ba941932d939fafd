"""Measures pages, forms and messages under load: `python -m bench.load --help`."""

import argparse
import socket
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bench import results
from bench.load.provider import mail_server, sms_server
from bench.load.rows import Row
from bench.load.scenarios import all_of, floor
from bench.load.town import town
from bench.solver.machine import described, load

ABSENT = (
    "L2 needs an API: absent yet. L8 goes through the same provider as L7, not through one with a "
    "limit. L12 (a million requests) was not measured; L13 is `make soak`; L15 is the tables of "
    "PostgreSQL."
)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgresql", help="by comma")
    parser.add_argument("--sizes", default="0,105000", help="requests that are over, by comma")
    parser.add_argument("--seconds", type=float, default=180, help="how long pages are asked for")
    parser.add_argument("--messages", type=int, default=10_000, help="messages of the burst")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> None:
    """Measure, print and keep."""
    asked, before = arguments(given), load()
    parts = [_head(asked)]
    parts.append(_table("Floor", [floor(free_port(), min(asked.seconds, 20))]))
    for database in asked.databases.split(","):
        for size in asked.sizes.split(","):
            with (
                mail_server() as mails,
                sms_server() as texts,
                town(database, free_port(), int(size), mails | texts) as here,
            ):
                rows = []
                for row in all_of(here, asked.seconds, asked.messages):
                    print(database, size, row, file=sys.stderr, flush=True)
                    rows.append(row)
            parts.append(_table(f"{database}, the demonstration and {int(size):,} requests", rows))
    parts.append(f"{ABSENT} Load average before and after: {before} and {load()}.")
    text = "\n\n".join(parts)
    results.keep("load", text)
    print(text)


def _head(asked: argparse.Namespace) -> str:
    return (
        "## Pages, forms and messages under load\n\n"
        f"Made by `make bench-load` on {datetime.now(UTC):%Y-%m-%d}: {described()}; pages for "
        f"{asked.seconds:.0f} s, {asked.messages:,} messages; server, worker and those who ask "
        "share the machine. Numbers are those of the design's list; each time counts from the "
        "moment a request was due."
    )


def _table(title: str, rows: Sequence[Row]) -> str:
    lines = [
        f"### {title}",
        "",
        "| # | what | gate | measured | met |",
        "| -- | -- | -- | -- | -- |",
    ]
    met = {True: "yes", False: "**no**", None: ""}
    lines += [f"| {r.number} | {r.what} | {r.gate} | {r.figure} | {met[r.met]} |" for r in rows]
    return "\n".join(lines)


def free_port() -> int:
    """Return a port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main(sys.argv[1:])
