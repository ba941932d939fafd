"""Planning days from the command line."""

import json
import sys
from datetime import date

import click

from dispatch import clock, settings
from dispatch.cli.context import application
from dispatch.cli.data import DAY, as_date
from dispatch.database import get, transaction
from dispatch.ledger.rules import SYSTEM
from dispatch.offers.rules import Strategy
from dispatch.planning.proposals import page, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.runs import wording
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.web.formats import duration, percent


@click.command()
@click.option("--day", type=DAY, required=True, help="The first local day, such as 2027-01-12.")
@click.option("--until", type=DAY, help="The last one, at most 31 days in all.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(day: date, until: date | None, as_json: bool) -> None:
    """Plan one or more days and store the proposal; nothing is sent before somebody adopts it.

    Example: dragoman plan --day 2027-01-12 --until 2027-01-17
    """
    with application():
        zone_name = settings.active().time_zone
        horizon = Horizon(as_date(day), as_date(until or day), zone_name)
        tell = _tell if sys.stderr.isatty() else None
        made = service.compute(horizon, now=clock.now(), on_progress=tell)
        with transaction():
            proposal = service.store(SYSTEM, made, now=clock.now())
        if as_json:
            click.echo(json.dumps(proposal.plan, indent=1))
            return
        proof = made.proof
        click.echo(
            f"Proposal {proposal.id}: {proof.status}, {proof.filled} of {proof.requests} filled, "
            f"at most {proof.bound} possible, gap {percent(proof.gap)}, "
            f"{duration(proof.travel_minutes)} on the way."
        )


@click.command()
@click.argument("number", type=int)
@click.option(
    "--strategy",
    type=click.Choice([Strategy.DIRECT.value, Strategy.CASCADE.value]),
    help="Whether the next best follows a no; otherwise as is agreed for each request.",
)
def adopt(number: int, strategy: str | None) -> None:
    """Make the offers of a proposal: all of it that still holds; the rest is named.

    Example: dragoman adopt 7 --strategy cascade
    """
    with application():
        with transaction():
            adopted = service.adopt(
                SYSTEM,
                get(Proposal, number).id,
                None,
                zone_name=settings.active().time_zone,
                strategy=Strategy(strategy) if strategy else None,
                now=clock.now(),
            )
        click.echo(f"Offers made: {len(adopted.offers)}.")
        for line in page.dropped_lines(adopted):
            click.echo(line)


def _tell(progress: service.Progress) -> None:
    gap = "" if progress.gap is None else f", gap {percent(progress.gap)}"
    click.echo(f"{progress.seconds:6.1f} s  {wording.level(progress.level)}{gap}", err=True)
