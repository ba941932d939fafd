"""How long ways take: the timetable of the city."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from dispatch import clock
from dispatch.cli.context import application
from dispatch.cli.data import FILE
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.snapshot import filling
from dispatch.travel.wording import name_of


@click.group()
def travel() -> None:
    """Look after how long ways take.

    Example: dragoman travel import timetable.zip
    """


@travel.command("import")
@click.argument("file", type=FILE)
def import_timetable(file: Path) -> None:
    """Take over the timetable of a GTFS file (zip), or refuse it naming file and row.

    Ways by public transport between all sites and homes are looked up in it then: what four of
    five departures of a working day between 7 and 18 o'clock keep. Takes minutes; everything can
    be used meanwhile, and a timetable that was there before counts until this one is ready.

    Example: dragoman travel import timetable.zip
    """
    with application(), _progress() as watch:
        timetable = filling.import_timetable(
            SYSTEM, file, now=clock.now(), reading=_reading, watch=watch
        )
        click.echo(f"{name_of(timetable)}, valid until {timetable.valid_until.isoformat()}.")
        click.echo(f"Ways are as on {timetable.day.isoformat()}.")


def _reading(name: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"Reading {name}", err=True)


@contextmanager
def _progress() -> Iterator[filling.Progress]:
    hidden = not sys.stderr.isatty()
    with click.progressbar(
        length=1000, label="Looking up ways", file=sys.stderr, hidden=hidden
    ) as bar:
        yield lambda done: bar.update(max(0, round(done * 1000) - bar.pos))
