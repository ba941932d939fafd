"""Talks that two people share, as the solver sees them.

Where nobody has a seat of one yet, the solver may choose: one person, a relay, a hand-over. From
the first who is asked on, what each of the two does is settled: whoever has a seat is taken for
that time, and the request is what the other does.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import solver
from dispatch.languages.rules import pair
from dispatch.offers.schedules import Taken
from dispatch.planning.snapshot.loading import Loaded
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.sharing import (
    LEAST_PART,
    PEOPLE,
    Part,
    can_be_handed_over,
    can_be_handed_over_after,
    part_of,
    pivots_of,
    talk_begins,
)

HANDOVER_COST = 500
"""In the level of wishes: two on site rather than one by the next way, but one rather than two."""
HANDOVER_STEP = 15
"""Minutes from one time at which the second may begin to the next; the middle is best."""
RELAY_COST = 10_000
"""Only where nobody interprets directly by any way: much is lost in two steps."""


class Choices(NamedTuple):
    """In which languages, and whether by two one after the other, a whole talk may be done."""

    languages: tuple[solver.problem.LanguageChoice, ...]
    handover: solver.problem.Handover | None


def held_parts(loaded: Loaded) -> list[Taken]:
    """Return who has a seat of a talk that two share: their time is taken, in nobody's plan."""
    shared = {one.id for one in loaded.interpretation_requests if one.sharing}
    return [one for one in loaded.taken if one.interpretation_request_id in shared]


def open_part(one: InterpretationRequest, held: Sequence[Taken]) -> Part | None:
    """Return what nobody has a seat for yet of a talk that two share; None where both do."""
    begins = talk_begins(one, held[0].seat or 1, held[0].starts_at)
    taken = {each.seat for each in held}
    free = [seat for seat in range(1, PEOPLE + 1) if seat not in taken]
    return part_of(one, free[0], begins) if free else None


def choices(
    one: InterpretationRequest, direct: Iterable[solver.problem.LanguageChoice], loaded: Loaded
) -> Choices:
    """Return how a talk may be done of which nobody has a seat: alone, and as two may share it.

    `direct` are the languages into German that will do.
    """
    alone = one.interpreter_count == 1 or one.sharing is not None
    languages = list(direct)
    if loaded.may_be_shared and alone and one.relay_allowed:
        tags = {spoken.tag for each in loaded.pool for spoken in each.working_languages}
        languages += [
            solver.problem.LanguageChoice(
                code=pair(one.language, pivot), relay=pivot, cost=RELAY_COST
            )
            for pivot in pivots_of(one.language, tags)
        ]
    minutes = one.duration_minutes
    divided = alone and one.handover_allowed and can_be_handed_over(minutes)
    wished = one.handover_minutes
    handover = solver.problem.Handover(
        least=LEAST_PART,
        step=HANDOVER_STEP,
        cost=HANDOVER_COST,
        uneven=1,
        at=wished if wished and can_be_handed_over_after(minutes, wished) else None,
    )
    return Choices(tuple(languages), handover if loaded.may_be_shared and divided else None)
