"""Why nobody can come to a request, and what would help, on the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from dispatch.database import transaction
from dispatch.errors import Conflict, Refusal, Several
from dispatch.planning.advice import helping
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.remedies import Help, HelpPage, help_page
from dispatch.requests import service as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active

NOBODY_OF_THE_LANGUAGE = "Nobody of the pool works between this language and German."


@contextmanager
def saying_why_nobody(one: InterpretationRequest, now: datetime) -> Iterator[None]:
    """Where nobody could be asked, refuse with the reasons and with what would help."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code != "nobody-to-ask":
            raise
        candidates = candidates_page(one, now)
        some = candidates is not None and candidates.lines
        obstacles = candidates.obstacles if candidates and some else NOBODY_OF_THE_LANGUAGE
        words = [each for each in (obstacles, *would_help(looked(one, now))) if each]
        raise Several([refusal, *(Refusal("would-help", text) for text in words)]) from refusal


def looked(one: InterpretationRequest, now: datetime) -> HelpPage:
    """Have the solver look what would help as things stand, and keep it."""
    found = helping.as_it_stands(one, now=now)
    with transaction():
        kept = advice.keep(requests.lock(one.id), found, now=now)
    return help_page(one, kept)


def would_help(page: HelpPage) -> Iterator[str]:
    """Yield a sentence for all that would help, with the number of what those who asked decide."""
    one = page.interpretation_request
    if page.settled:
        yield str(page.settled)
        return
    yield from by_two(one)
    for each in page.helps:
        if each.taking:
            yield f"{each.sentence} {each.disturbed}"
    for number, each in enumerate(questions(page), 1):
        asked = " They are asked already." if each.was_put else ""
        yield f"{number}. Ask {one.organisation.name}: {each.sentence}{asked}"
    if not page.helps:
        yield "Nothing that was tried helps: no other start, way, variety or wish."
        for agency in active().city.agencies_for(one.language):
            yield f"A partner agency may send somebody: call {agency.name}, {agency.phone}."
        yield f"Ask {one.account.name}, {one.account.email}, whether another day would do."


def questions(page: HelpPage) -> list[Help]:
    """Return what those who asked decide, in the order in which they are numbered."""
    return [each for each in page.helps if not each.taking]


def by_two(one: InterpretationRequest) -> Iterator[str]:
    """Yield how two people are found who share a talk, where they may and nobody shares it yet."""
    if not one.sharing and (one.relay_allowed or one.handover_allowed):
        yield f"Two may share it; only a plan looks for two: dragoman plan --day {one.day}"
