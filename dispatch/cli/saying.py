"""What interpreters said on the telephone, from the command line; and what was done by mistake."""

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.amendments import service as amendments
from dispatch.answers import service as answers
from dispatch.answers import together
from dispatch.answers.service import Answer
from dispatch.assignments import queries as assignments
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.cancellations import reversing
from dispatch.cancellations.reversing import Kind, Seat, Step
from dispatch.cli.asking import asked_of, coming_to
from dispatch.cli.asking import offers as offers
from dispatch.cli.context import application
from dispatch.cli.pool import require_interpreter
from dispatch.cli.rounds import doing
from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.ledger.rules import SYSTEM
from dispatch.offers import queries
from dispatch.offers import service as offers_service
from dispatch.offers.rules import OfferState
from dispatch.requests import queries as requests

SAID = {Answer.YES: "said yes", Answer.NO: "said no"}


@offers.command()
@click.argument("reference")
@click.argument("email")
@click.argument("said", type=click.Choice([one.value for one in Answer]))
@click.option("--all", "everything", is_flag=True, help="To all that was asked together with it.")
def answer(reference: str, email: str, said: str, *, everything: bool) -> None:
    """Write down what an interpreter said to a question, or to what has changed: yes, no, could.

    Example: dragoman offers answer DO-2027-ABCDEF ada@example.org yes --all
    """
    if everything:
        if said == Answer.COULD:
            raise click.UsageError("With --all it is yes or no.")
        _answer_all(reference, email, Answer(said))
        return
    with doing(reference) as request_id:
        now, asked = clock.now(), asked_of(request_id, require_interpreter(email).id)
        if asked:
            answers.by_telephone(SYSTEM, asked[-1], Answer(said), now=now)
        else:
            verb = amendments.accept if said == Answer.YES else amendments.decline
            question = coming_to(request_id, email).confirmations[-1].id
            verb(SYSTEM, question, via=Via.TELEPHONE, now=now)


def _answer_all(reference: str, email: str, said: Answer) -> None:
    with application():
        with transaction():
            request_id, now = requests.by_reference(reference).id, clock.now()
            asked = asked_of(request_id, require_interpreter(email).id)
            question = asked[-1] if asked else coming_to(request_id, email).confirmations[-1]
            answered = together.all_by_telephone(SYSTEM, question, said, now=now)
            refused = {of.interpretation_request.reference: why for of, why in answered.refused}
            numbers = [one.interpretation_request.reference for one in answered.every]
        for number in numbers:
            click.echo(f"{number}: {refused.get(number) or SAID[said]}")


@offers.command()
@click.argument("reference")
@click.argument("email")
def unsay(reference: str, email: str) -> None:
    """Take back a no that was written down by mistake; the person is asked the same anew.

    Example: dragoman offers unsay DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        who = require_interpreter(email).id
        said_no = [
            one
            for one in queries.of_request(request_id)
            if one.interpreter_id == who and one.state == OfferState.DECLINED
        ]
        if not said_no:
            raise Conflict("no-such-no", _l("This no was not written down by the office."))
        last = max(said_no, key=lambda one: one.id)
        offers_service.unsay(SYSTEM, last.id, now=clock.now())


@offers.command("bring-back")
@click.argument("reference")
@click.argument("email")
def bring_back(reference: str, email: str) -> None:
    """Have an interpreter come again who was released by mistake; only who heard of it is told.

    Example: dragoman offers bring-back DO-2027-ABCDEF ada@example.org
    """
    with doing(reference) as request_id:
        who = require_interpreter(email).id
        last = assignments.last_of(request_id, who)
        if last is None or last.state != AssignmentState.RELEASED:
            raise Conflict("not-released", _l("This person was not released from the request."))
        seat = Seat(Kind.ASSIGNMENT, last.id)
        reversing.reverse(SYSTEM, Step(request_id, before=seat), now=clock.now())
