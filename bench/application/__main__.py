"""Run the measures and print a table: `python -m bench.application [--only absence]`.

A run of all of them is kept in `bench/RESULTS.md` in place of the one before.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench import results
from bench.application.measures import MEASURES, Act
from dispatch import clock
from dispatch.app import create_app
from dispatch.database import db, transaction
from dispatch.settings import Settings
from tests import databases
from tests.factories import NOW

RUNS = 3
Fresh = Callable[[], AbstractContextManager[str]]


def main() -> None:
    """Measure each act in worlds of its own and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.application", description=__doc__)
    parser.add_argument("--only", choices=MEASURES, help="one of the measures")
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    told = _said_of(chosen.runs)
    rows = ["| measure | database | statements | milliseconds (median) |", "|--|--|--:|--:|"]
    print("\n".join(rows))
    with databases.postgresql() as server:
        for name, prepare in MEASURES.items():
            if chosen.only not in {None, name}:
                continue
            for kind, fresh in (("SQLite", _sqlite), ("PostgreSQL", server.fresh)):
                runs = [_measured(fresh, prepare) for _ in range(chosen.runs)]
                milliseconds = statistics.median(run[1] for run in runs)
                rows.append(f"| {name} | {kind} | {runs[0][0]} | {milliseconds:.0f} |")
                print(rows[-1], flush=True)
    if chosen.only is None:
        results.keep("application", "\n".join([told, "", *rows]))


def _said_of(runs: int) -> str:
    """Return when and how busy it was measured: where others work, only the statements tell."""
    day, load = time.strftime("%Y-%m-%d"), os.getloadavg()[0]
    times = "once" if runs == 1 else f"medians of {runs}"
    return (
        f"## The last run of all measures\nMade by `make bench-application` on {day}, {times}, "
        f"with a load average of {load:.1f} on {os.cpu_count()} CPUs when it began. The "
        "statements can be relied on; the milliseconds are too many where others were at work."
    )


def _measured(fresh: Fresh, prepare: Callable[[], Act]) -> tuple[int, float]:
    """Return how many statements one act needs and how many milliseconds, its commit included."""
    statements: list[str] = []
    with fresh() as url, tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            database_url=url, secret_key_file=Path(folder) / "key", sink_dir=Path(folder) / "sink"
        )
        app = create_app(settings)
        clock.freeze(NOW)
        with app.app_context():
            act = prepare()
            db.session.expire_all()
            sa.event.listen(
                db.engine, "before_cursor_execute", lambda *about: statements.append(about[2])
            )
            began = time.perf_counter()
            with transaction():
                act()
            took = (time.perf_counter() - began) * 1000
            db.session.remove()
            db.engine.dispose()
    return len(statements), took


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/dragoman.sqlite"
        databases.create_schema(url)
        yield url


if __name__ == "__main__":
    main()
