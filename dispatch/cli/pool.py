"""Looking after the pool."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock, settings, tables
from dispatch.absences import queries as absences
from dispatch.absences import service as absence_service
from dispatch.absences.rules import Resolution
from dispatch.accounts import service as accounts
from dispatch.assignments.models import Assignment
from dispatch.availability import service as availability
from dispatch.availability import writing
from dispatch.cities.working_time import at_wall
from dispatch.cli.context import application
from dispatch.cli.data import DAY, FILE, as_date, counted, showing
from dispatch.database import transaction
from dispatch.errors import NotFound, Refusal
from dispatch.interpreters import queries
from dispatch.interpreters import service as interpreters_service
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of
from dispatch.ledger.rules import SYSTEM, Concerning
from dispatch.offers.models import Offer
from dispatch.web.formats import local_datetime

CLOCK = click.DateTime(["%H:%M"])


@click.group()
def interpreters() -> None:
    """Look after the pool.

    Example: dragoman interpreters import interpreters.csv
    """


@interpreters.command("import")
@click.argument("file", type=FILE)
@click.option("--far-away", is_flag=True, help="Homes far from the city are meant.")
def import_interpreters(file: Path, far_away: bool) -> None:
    """Take over all interpreters of a CSV or XLSX file, or none and name every bad row.

    A file may have one megabyte and 10,000 rows. Columns, in English or in German: email,
    first_name, phone, home_postcode, home_latitude, home_longitude, travel_mode, employment,
    fee_per_hour, languages, qualifications, weekly_hours; optional are last_name, gender, locale.

    Example: dragoman interpreters import interpreters.csv
    """
    with application():
        people = interpreters_service.read_file(
            file, city=settings.active().city, far_away=far_away, watch=showing("Checking")
        )
        with transaction():
            added = interpreters_service.add(SYSTEM, people, now=clock.now())
        click.echo(f"{counted(added.count, 'interpreter')} taken over.")
        for sentence in tables.at_most_a_hundred(added.there):
            click.echo(sentence)
        if added.there:
            click.echo("They were left as they are.")


@interpreters.command()
@click.argument("email")
@click.argument("week", nargs=-1)
def hours(email: str, week: tuple[str, ...]) -> None:
    """Show somebody's weekly hours, or put others in their place.

    Write hours as day:start-end; an end before the start is the next morning. What holds only for
    some weeks or ways is added with add-hours.

    Example: dragoman interpreters hours mira@example.org mon:08:00-12:00 fri:22:00-06:00
    """
    with application():
        wanted = [writing.read(word, "week") for word in week]
        with transaction():
            one = require_interpreter(email)
            if wanted:
                availability.replace_hours(
                    SYSTEM,
                    one.availability_id,
                    wanted,
                    whose=Concerning(interpreter=one.id),
                    now=clock.now(),
                )
        said = one.availability.weekly_hours
        text = writing.write((each.weekday, each.start, each.end) for each in said)
        click.echo(text or "No weekly hours: nobody is asked without them.")


@interpreters.command()
@click.argument("email")
@click.option("--from", "first", type=DAY, required=True, help="The first day away.")
@click.option("--until", "last", type=DAY, required=True, help="The last day away.")
@click.option(
    "--each",
    type=click.Choice([str(one) for one in Resolution]),
    help="What becomes of each assignment in this time.",
)
@click.option("--start", type=CLOCK, help="From this time of the first day on.")
@click.option("--end", type=CLOCK, help="Until this time of the last day.")
@click.option("--reason", default="", help="Why; only the office reads it.")
@click.option("--yes", is_flag=True, help="Take the open questions in this time back.")
def absent(
    email: str,
    first: date,
    last: date,
    each: str | None,
    start: datetime | None,
    end: datetime | None,
    reason: str,
    yes: bool,
) -> None:
    """Note that somebody is away, whole days or hours, and decide on the assignments it hits.

    They are listed; without --each nothing is saved where there are any. Open questions in this
    time are listed, too; --yes takes them back, and without it nothing is saved.

    Example: dragoman interpreters absent mira@example.org --from 2027-03-01 --until 2027-03-05
    """
    with application():
        city, now = settings.active().city, clock.now()
        after = as_date(last) + (timedelta() if end else timedelta(days=1))
        span = (
            at_wall(as_date(first), start.time() if start else time.min, city),
            at_wall(after, end.time() if end else time.min, city),
        )
        hit = absences.hit_by(require_interpreter(email).id, span, now)
        jobs = hit.jobs
        for job in jobs:
            click.echo(_line(job))
        for offer in hit.offers:
            click.echo(f"{_line(offer)}, an open question")
        if jobs and each is None:
            raise Refusal(
                "undecided", _l("Say with --each what becomes of these; nothing was saved.")
            )
        if hit.offers and not yes:
            raise Refusal(
                "questions-open",
                _l("Say with --yes that the open questions are taken back; nothing was saved."),
            )
        decided = {job.id: Resolution(each) for job in jobs if each}
        with transaction():
            one = require_interpreter(email)
            absence_service.save(SYSTEM, one.id, span, decided, reason=reason, now=now)
        click.echo("The absence is noted.")


def _line(one: Assignment | Offer) -> str:
    found = one.interpretation_request
    when = local_datetime(one.starts_at, found.time_zone)
    return f"{when} {found.reference} {name_of(one.language, 'en')}"


def require_interpreter(email: str) -> Interpreter:
    """Return the interpreter who signs in with this address, or refuse."""
    one = queries.of_account(accounts.require(email).id)
    if one is None:
        raise NotFound(
            "no-interpreter", _l("%(email)s is nobody of the pool.", email=email), field="email"
        )
    return one
