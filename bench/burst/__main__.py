"""Ten thousand messages, faulty carriers, killed workers: `python -m bench.burst --help`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bench import results
from bench.burst.crowd import Shape
from bench.burst.running import Plan, burst
from bench.burst.verdicts import Verdict
from bench.solver.machine import described, load

WORKERS = {"sqlite": 1, "postgresql": 2}
"""SQLite has one writer: a second process would only wait for it."""


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.burst", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgresql", help="by comma")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--share", type=float, default=0.02, help="of recipients that meet a fault")
    parser.add_argument("--kill-every", default="8,16", help="seconds between kills; 0 for none")
    parser.add_argument("--busy-at", default="20,50", help="seconds at which carriers say 429")
    parser.add_argument("--sms-every", type=int, default=4, help="which of them are SMS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="write the table to RESULTS.md")
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Run, print, and keep where that is asked for; 1 where something did not hold."""
    asked, before = arguments(given), load()
    kinds = asked.databases.split(",")
    found = {kind: burst(kind, _plan(kind, asked)) for kind in kinds}
    text = _table(asked, found, before)
    print(text)
    if asked.keep:
        results.keep("burst", text)
    return int(any(verdict.faults for verdict in found.values()))


def _plan(kind: str, asked: argparse.Namespace) -> Plan:
    kills = [float(one) for one in asked.kill_every.split(",")]
    return Plan(
        Shape(asked.messages, asked.sms_every),
        share=asked.share,
        workers=WORKERS[kind],
        kill_every=(kills[0], kills[-1]) if kills[0] else None,
        busy_at=tuple(float(one) for one in asked.busy_at.split(",") if one),
        seed=asked.seed,
    )


def _table(asked: argparse.Namespace, found: dict[str, Verdict], before: object) -> str:
    lines = [
        "## A burst through faulty carriers, with killed workers",
        "",
        f"Made by `python -m bench.burst` on {datetime.now(UTC):%Y-%m-%d}: {described()}. "
        f"{asked.messages:,} mails and SMS (each {asked.sms_every}th) at 100 ms a hand-over; "
        f"{asked.share:.0%} of the recipients meet a fault (500, hang, reset, taken and cut, HTML, "
        "slow), and now and then both carriers ask everybody to wait. A worker is killed every "
        f"{asked.kill_every.replace(',', ' to ')} s. Load average before: {before}.",
        "",
        "| | " + " | ".join(found) + " |",
        "|--|" + "--|" * len(found),
    ]
    for name, figure in ROWS.items():
        lines.append(f"| {name} | " + " | ".join(figure(one) for one in found.values()) + " |")
    return "\n".join(lines)


ROWS: dict[str, Callable[[Verdict], str]] = {
    "drained (120 s)": lambda one: f"{one.drained_seconds:.0f} s",
    "a second (83)": lambda one: f"{one.messages / one.drained_seconds:.0f}",
    "workers killed": lambda one: str(one.kills),
    "lost (0)": lambda one: str(one.lost),
    "repeated by kills (in flight then)": lambda one: str(one.repeated),
    "repeated because cut off when taken": lambda one: str(one.doubted),
    "of these not marked (0)": lambda one: str(one.unmarked),
    "sent that no longer stood (0)": lambda one: str(one.not_standing),
    "overtaken by a later one (0)": lambda one: str(one.out_of_order),
    "calls before Retry-After (0)": lambda one: str(one.impatient),
    "calls then of what had been claimed before": lambda one: str(one.under_way),
    "calls to a mail server that is busy and names no time": lambda one: str(one.stubborn),
    "urgent ones, worst wait (10 s)": lambda one: f"{one.urgent}, {one.urgent_worst_seconds:.1f} s",
    "what they are now": lambda one: ", ".join(f"{n} {s}" for s, n in sorted(one.states.items())),
    "does not hold": lambda one: "; ".join(one.faults) or "–",
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
