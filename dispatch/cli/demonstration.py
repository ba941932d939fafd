"""The demonstration: data, a plan for the next working day, offers, and one link per role."""

import shutil
import time
import urllib.request
from datetime import date
from urllib.error import URLError

import click
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import clock, schema, settings
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.cli import running
from dispatch.cli.accounts import link_for
from dispatch.cli.context import application
from dispatch.database import db, transaction
from dispatch.demo import coming_in, course, turns
from dispatch.demo import service as demo
from dispatch.demo.asking import ask_around
from dispatch.demo.away import be_away
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries as offers
from dispatch.planning.proposals import service as planning
from dispatch.planning.snapshot.horizon import Horizon

SHOWN = (
    Role.CASEWORKER,
    Role.COORDINATOR,
    Role.INTERPRETER,
    Role.ORGANISATION_LEAD,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
SEED = 1
WAIT_SECONDS = 30


def prepare() -> None:
    """Make the database, fill it if it is empty, plan the demo day and make the offers."""
    city = settings.active().city
    demo.require_city(city)
    schema.migrate(settings.active().database_url)
    with application():
        if db.session.scalar(sa.select(sa.func.count()).select_from(Account)):
            _keep()
            return
        click.echo("Inventing people at real places and three months behind them ...")
        with transaction():
            day = demo.seed(city, SEED, None, clock.now()).day
        _plan(day)
        _answer(day)


def reset() -> None:
    """Delete the embedded database and what was sent; refuse while a demo runs on it."""
    database = running.database_file()
    if database is None:
        raise Refusal(
            "not-embedded",
            _l("The data is on a database server; only an embedded database is deleted here."),
        )
    with running.stopped():
        for file in database.parent.glob(f"{database.name}*"):
            file.unlink()
        shutil.rmtree(settings.active().sink_dir, ignore_errors=True)
    click.echo("The demo starts over with the next make demo.")


def announce(base_url: str) -> None:
    """Print the address and one sign-in link per role once the server answers."""
    if not _answers(base_url):
        return
    with application(), transaction():
        people = [(role.replace("_", " "), _somebody(role)) for role in SHOWN]
        lines = [f"  {role:<18} {link_for(person.email)}" for role, person in people if person]
    click.echo(f"\nDragoman is at {base_url}\nSign in (each link works once):")
    click.echo("\n".join(lines))
    click.echo("Mail and SMS go to instance/sink. Stop with Ctrl-C.")


def _keep() -> None:
    click.echo("The demo data of an earlier start is kept; make demo-reset starts over.")
    if demo.is_over(clock.now()):
        click.echo("The day that was planned in it has passed; make demo-reset plans a new one.")


def _plan(day: date) -> None:
    click.echo(f"Planning {day.isoformat()} ...")
    made = planning.compute(Horizon(day, day, settings.active().time_zone), now=clock.now())
    with transaction():
        proposal = planning.store(SYSTEM, made, now=clock.now())
    proof = made.proof
    click.echo(
        f"{proof.filled} of {proof.requests} requests filled, at most {proof.bound} possible "
        f"({proof.status})."
    )
    with transaction():
        adopted = planning.adopt(
            SYSTEM, proposal.id, None, zone_name=settings.active().time_zone, now=clock.now()
        )
    click.echo(f"{len(adopted.offers)} offers made.")


def _answer(day: date) -> None:
    with transaction():
        accepted, declined = demo.answer_some(SEED, day, now=clock.now())
        cancelled = turns.cancel_one(day, now=clock.now())
        longer = turns.lengthen_one(day, now=clock.now())
        away = be_away(day, demo.busiest_asked(), now=clock.now())
        series = course.begin(day, now=clock.now())
        under_way = ask_around(day, now=clock.now())
        urgent = coming_in.ask_urgently(day, now=clock.now())
        first_looked_at = coming_in.ask_to_be_looked_at(day, now=clock.now())
    click.echo(f"{accepted} accepted at once, {declined} declined; the others are still asked.")
    if cancelled and longer:
        click.echo(
            f"{cancelled.reference} was cancelled late, {longer.reference} takes longer and has to "
            "be agreed again."
        )
    if series is not None:
        click.echo(
            f"A series of {len(series.dates)} dates begins a week later; somebody comes every week."
        )
    if long_ways := len(offers.to_approve(clock.now())):
        click.echo(f"Long ways that wait for the office: {long_ways}.")
    if away is not None:
        click.echo("Somebody is away on that day; the coordinator decides what becomes of it.")
    if urgent and first_looked_at:
        click.echo(
            f"{urgent.reference} came in as urgent; {first_looked_at.reference} waits until the "
            "office has looked at it."
        )
    for strategy, one in under_way.items():
        click.echo(f"{one.reference} is asked for as {strategy}.")


def _somebody(role: Role) -> Account | None:
    if role == Role.INTERPRETER:
        busy = demo.busiest_asked()
        if busy:
            return busy.account
    return db.session.scalar(sa.select(Account).where(Account.role == role).order_by(Account.id))


def _answers(base_url: str) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=2):  # noqa: S310 - our own address
                return True
        except (URLError, OSError):
            time.sleep(0.2)
    return False
