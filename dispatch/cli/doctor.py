"""What is wrong with this installation, and what to do about it."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click
from pydantic import ValidationError

from dispatch import clock, settings
from dispatch.cli import database_findings
from dispatch.cli.failures import sentences
from dispatch.cli.findings import (
    Finding,
    of_clock,
    of_deliveries,
    of_mailbox,
    of_secret_key,
    of_timetable,
    of_transports,
    of_ways,
    of_work,
    of_workers,
    of_zones,
)
from dispatch.installation import assemble


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(as_json: bool) -> None:
    """Look at settings, database, guards, work and transports; changes nothing.

    Example: dragoman doctor --json
    """
    findings = list(_findings())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        for finding in findings:
            click.echo(f"{'ok  ' if finding.well else 'BAD '} {finding.name}: {finding.found}")
    bad = [finding for finding in findings if not finding.well]
    for finding in bad:
        click.echo(f"{finding.name}: {finding.remedy}.", err=True)
    sys.exit(1 if bad else 0)


def _findings() -> Iterator[Finding]:
    try:
        here = settings.active()
    except ValidationError as wrong:
        for sentence in sentences(wrong):
            yield Finding(
                "settings", False, sentence, "correct the environment or instance/config.toml"
            )
        return
    yield Finding("settings", True, "complete")
    of_database = list(database_findings.of_database(here.database_url))
    yield from of_database
    key = of_secret_key(here.secret_key_file)
    yield key
    if all(finding.well for finding in [key, *of_database]):
        with assemble(here).app_context():
            yield of_work()
            yield from of_deliveries(clock.now())
            yield of_workers()
            yield from of_timetable(clock.now())
            yield of_zones(clock.now())
    yield from of_transports(here)
    yield from of_mailbox(here)
    yield from of_ways(here)
    yield of_clock(here)
    yield Finding("city", True, f"{here.city.name}, {here.city.zone_name}")
