"""What is wrong with this installation, and what to do about it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import click
import sqlalchemy as sa

from dispatch import schema, settings
from dispatch.database import engine_options


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` says what to do when it is not well."""

    name: str
    well: bool
    found: str
    remedy: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Look at settings, database, guards and transports.

    Example: dragoman doctor --json
    """
    findings = list(_findings(settings.active()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.well else 'BAD '} {finding.name}: {finding.found}")
    bad = [finding for finding in findings if not finding.well]
    for finding in bad:
        click.echo(f"{finding.name}: {finding.remedy}", err=True)
    sys.exit(1 if bad else 0)


def _findings(here: settings.Settings) -> Iterator[Finding]:
    engine = sa.create_engine(here.database_url, **engine_options(here.database_url))
    try:
        with engine.connect() as connection:
            yield Finding("database", True, connection.dialect.name)
            yield _schema(connection)
            yield Finding(
                "guard against double bookings",
                schema.guards_in_place(connection),
                "in place" if schema.guards_in_place(connection) else "missing",
                "restore the last backup; the guard was lost in a migration",
            )
            if connection.dialect.name == "sqlite":
                yield from _sqlite(connection)
    except sa.exc.OperationalError as away:
        reason = str(away.orig).splitlines()[0]
        yield Finding("database", False, reason, "check DRAGOMAN_DATABASE_URL")
    finally:
        engine.dispose()
    yield Finding("mail", True, "SMTP" if here.smtp_url else f"sink {here.sink_dir.name}/")
    yield Finding(
        "SMS", True, "Twilio" if here.twilio_account_sid else f"sink {here.sink_dir.name}/"
    )
    yield Finding("clock", True, f"stands at {here.now}" if here.now else "runs")
    yield Finding("time zone", True, here.time_zone)


def _schema(connection: sa.Connection) -> Finding:
    current, newest = schema.current_revision(connection), schema.newest_revision()
    return Finding(
        "schema",
        current == newest,
        f"{current or 'empty'}, this program needs {newest}",
        "run dragoman migrate",
    )


def _sqlite(connection: sa.Connection) -> Iterator[Finding]:
    journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
    safe = journal == "wal" and synchronous == 2
    yield Finding(
        "durability",
        safe,
        f"journal {journal}, synchronous {'full' if synchronous == 2 else synchronous}",
        "set journal_mode=WAL and synchronous=FULL",
    )
    intact = connection.exec_driver_sql("PRAGMA quick_check").scalar()
    yield Finding("integrity", intact == "ok", str(intact), "restore the last backup")
