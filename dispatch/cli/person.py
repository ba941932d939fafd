"""What one interpreter has before them, on the command line."""

from collections.abc import Iterator
from datetime import datetime

import click

from dispatch import clock
from dispatch.absences import queries as absences
from dispatch.absences.models import AbsenceJob
from dispatch.assignments import queries as assignments
from dispatch.assignments.models import Assignment
from dispatch.cli.context import application
from dispatch.cli.pool import require_interpreter
from dispatch.cli.standing import in_words
from dispatch.cli.times import interpreters as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.languages.rules import name_of
from dispatch.offers import queries as offers
from dispatch.offers.models import Offer
from dispatch.settings import active
from dispatch.web.formats import local_datetime, local_span


@interpreters.command()
@click.argument("email")
def show(email: str) -> None:
    """Say what somebody comes to (with the number for dragoman day), is asked, and when away.

    Example: dragoman interpreters show mira@example.org
    """
    with application():
        one, now = require_interpreter(email), clock.now()
        said = [*_coming(one, now), *_asked(one, now), *_away(one, now)]
        for line in said or ["Nothing is planned or asked, and no absence is noted."]:
            click.echo(line)


def _coming(one: Interpreter, now: datetime) -> Iterator[str]:
    for each in assignments.coming_of(one.account_id, now).rows:
        yield f"Assignment {each.id}: {_what(each)}: {in_words(each.state)}"


def _asked(one: Interpreter, now: datetime) -> Iterator[str]:
    for each in offers.waiting_for(one.account_id, now):
        by = local_datetime(each.answer_by, each.interpretation_request.time_zone)
        yield f"Asked: {_what(each)}: {in_words(each.state)}, answer by {by}"


def _away(one: Interpreter, now: datetime) -> Iterator[str]:
    zone, waiting = active().time_zone, absences.undecided_of(one.id, now)
    for absence in one.availability.absences:
        if absence.ends_at > now:
            span = local_span(absence.starts_at, absence.ends_at, zone)
            yield f"Absence {absence.id}: {span}"
            for job in waiting:
                if job.absence_id == absence.id:
                    yield f"  {_what(job.assignment)}: {_waits_for(job)}"


def _waits_for(job: AbsenceJob) -> str:
    who = "the interpreter" if job.by_office else "the office"
    return f"{who} has not decided yet; until then it stays"


def _what(one: Assignment | Offer) -> str:
    found = one.interpretation_request
    when = local_datetime(one.starts_at, found.time_zone)
    return f"{when}, {found.reference}, {name_of(one.language, 'en')}, {one.site.name}"
