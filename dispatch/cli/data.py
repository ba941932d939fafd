"""Bringing data in: demo data and files."""

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from dispatch import clock, settings, tables
from dispatch.accounts import service as accounts
from dispatch.cli.context import application
from dispatch.database import transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.requests import importing, taking
from dispatch.sites import service as sites_service

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
DAY = click.DateTime(["%Y-%m-%d"])
T = TypeVar("T")


@click.group()
def requests() -> None:
    """Look after requests.

    Example: dragoman requests import --as kim@example.org requests.csv
    """


@requests.command("import")
@click.argument("file", type=FILE)
@click.option("--as", "email", help="The account that asks; default: the column asked_by.")
@click.option("--again", is_flag=True, help="Take rows too that are there already.")
def import_requests(file: Path, email: str | None, again: bool) -> None:
    """Take over all requests of a CSV or XLSX file, or none and name every bad row.

    A file may have one megabyte and 10,000 rows. Columns, in English or in German: language, site,
    day, start, duration, setting; optional are interpreters, case_reference, note, contact, room,
    cost_centre, language_in_words, gender, gender_wished, qualification, qualification_wished,
    level, level_wished, decides_on_rights, is_signed, ways, video_link, dial_in, only_same_person,
    relay_allowed, handover_allowed, handover_minutes, occurrence, urgent, alone_because,
    accepts_varieties, again.
    Without --as, the column asked_by names the account that asks in each row. Rows that are there
    already are named and not taken again.

    Example: dragoman requests import --as kim@example.org requests.csv
    """
    with application():
        account = accounts.require(email) if email else None
        now = clock.now()
        checked = importing.read(
            account, tables.content_of(file), now=now, watch=showing("Checking")
        )
        found, batch = taking.look(checked, again=again), taking.new_batch()
        try:
            taking.stage(batch, found, now=now, watch=showing("Storing"))
            with transaction():
                taken = taking.take(batch, found, now=now)
        except BaseException:
            with transaction():
                taking.drop(batch)
            raise
        taking.begin_in_slices(taken.ids, now=now)
        click.echo(f"{counted(len(taken.ids), 'request')} taken over.")
        for sentence in taken.there:
            click.echo(sentence)
        if taken.there:
            click.echo("They were not taken again; --again takes them too.")


@click.group()
def sites() -> None:
    """Look after the site register.

    Example: dragoman sites import sites.csv
    """


@sites.command("import")
@click.argument("file", type=FILE)
@click.option("--far-away", is_flag=True, help="Places far from the city are meant.")
def import_sites(file: Path, far_away: bool) -> None:
    """Take over all sites of a CSV or XLSX file, or none and name every bad row.

    A file may have one megabyte and 10,000 rows. Columns, in English or in German:
    register_number, name, kind, address, district, latitude, longitude; optional are postcode,
    time_zone, buffer_before_minutes, buffer_after_minutes, is_public, access_notes, source.

    Example: dragoman sites import sites.csv
    """
    with application():
        read = sites_service.read_file(
            file, city=settings.active().city, far_away=far_away, watch=showing("Checking")
        )
        with transaction():
            imported = sites_service.store(SYSTEM, read, now=clock.now())
        click.echo(f"{counted(imported.added, 'site')} added, {imported.changed} changed.")
        if imported.unchanged:
            click.echo(f"There already just so: {imported.unchanged}.")


def counted(number: int, one: str) -> str:
    """Return how many there are of something whose plural ends in s."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def showing(label: str) -> Callable[[Sequence[T]], Iterator[T]]:
    """Return what goes through things and shows at a terminal how far it is."""

    def watch(things: Sequence[T]) -> Iterator[T]:
        with click.progressbar(
            things, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as shown:
            yield from shown

    return watch


def as_date(day: date) -> date:
    """Return the day a DateTime option was given, without its time."""
    return date(day.year, day.month, day.day)
