"""Planning days from the command line."""

import json
import sys
from collections.abc import Collection
from datetime import date

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings
from dispatch.cli.context import application
from dispatch.cli.data import DAY, as_date
from dispatch.database import get, transaction
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.offers.rules import Strategy
from dispatch.planning.proposals import done, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.proposals.rules import moves_of
from dispatch.planning.runs import service as runs
from dispatch.planning.runs import wording
from dispatch.planning.snapshot.horizon import Horizon
from dispatch.requests import queries as requests
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
@click.option("--only", multiple=True, help="The number of a request; may be given several times.")
def adopt(number: int, strategy: str | None, only: tuple[str, ...]) -> None:
    """Make the offers of a proposal, all or only these; what does not hold any more is named.

    Example: dragoman adopt 7 --strategy cascade --only DO-2027-ABCDEF
    """
    with application():
        with transaction():
            proposal = get(Proposal, number)
            adopted = service.adopt(
                SYSTEM,
                proposal.id,
                _of_requests(proposal, only) if only else None,
                zone_name=settings.active().time_zone,
                strategy=Strategy(strategy) if strategy else None,
                now=clock.now(),
            )
        click.echo(f"Offers made: {len(adopted.offers)}.")
        for line in done.dropped_lines(adopted):
            click.echo(line)


def _of_requests(proposal: Proposal, numbers: Collection[str]) -> set[tuple[int, int]]:
    """Return what a proposal proposes for these requests.

    Raises `Refusal` for one of which it proposes nothing, and where it holds only as a whole.
    """
    if moves_of(service.plan_of(proposal)):
        raise Refusal(
            "only-as-a-whole",
            _l("This proposal moves confirmed people and holds only as a whole."),
        )
    ids = {requests.by_reference(one).id for one in numbers}
    chosen = {
        (one.request_id, one.interpreter_id)
        for one in service.left_of(proposal)
        if one.request_id in ids
    }
    if ids != {request_id for request_id, _who in chosen}:
        raise Refusal(
            "not-in-proposal",
            _l("What was chosen is not in this proposal; choose among its lines."),
        )
    return chosen


@click.command()
@click.option("--day", type=DAY, required=True, help="A local day that is being planned.")
def stop_planning(day: date) -> None:
    """Have the plan of a day that runs end with the best it has; that becomes a proposal.

    Example: dragoman stop-planning --day 2027-01-12
    """
    with application(), transaction():
        run = runs.running_in(Horizon(as_date(day), as_date(day), settings.active().time_zone))
        if run is None:
            raise Conflict("nothing-planned", _l("No plan of this day runs."))
        runs.ask_to_stop(SYSTEM, run.id, now=clock.now())
        click.echo("It ends with the best plan it has; that becomes a proposal.")


def _tell(progress: service.Progress) -> None:
    gap = "" if progress.gap is None else f", gap {percent(progress.gap)}"
    click.echo(f"{progress.seconds:6.1f} s  {wording.level(progress.level)}{gap}", err=True)
