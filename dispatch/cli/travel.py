"""How long ways take: the timetable of the city, a routing engine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_babel import gettext as _

from dispatch import clock, settings
from dispatch.cli.context import application
from dispatch.cli.data import FILE
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.planning.snapshot import filling
from dispatch.travel import routing
from dispatch.travel.wording import MODES, name_of


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


@travel.command()
@click.option("--again", is_flag=True, help="Ask for all ways, not only those of new places.")
def fill(again: bool) -> None:
    """Ask the routing engine (DRAGOMAN_ROUTING_URL) for the ways from and to new places.

    The worker does the same within the hour; here one sees how far it is. What is known already
    stays when the engine goes away, and the estimate counts for the rest.

    Example: dragoman travel fill --again
    """
    with application():
        addresses = settings.active().routing
        if not addresses:
            raise Refusal(
                "no-routing-engine",
                _("There is no routing engine; name one in DRAGOMAN_ROUTING_URL."),
            )
        try:
            for engine in routing.engines(addresses):
                for mode in filling.travelled_by(engine):
                    with _progress() as watch:
                        filling.fill_by(engine, mode, watch, again=again)
                    click.echo(f"{MODES[mode]}: {engine.kind} at {engine.address}")
        except routing.RoutingAway as away:
            raise Refusal("routing-away", str(away)) from away


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
