"""The day that is planned in the demonstration: what is asked for, some of it in vain."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from dispatch.demo import sources
from dispatch.demo.demand import Demand, Wish
from dispatch.demo.matching import Matching
from dispatch.interpreters.rules import Gender, Qualification
from dispatch.languages.rules import known

REQUESTS = 60
NOBODY_HAS_TIME, IN_VAIN = 4, 4
WIDER, ONE_IN = timedelta(minutes=90), 9
"""One wish in so many may begin later as well, by so much."""


def wishes_for(day: date, demand: Demand, matching: Matching) -> list[Wish]:
    """Return the requests of the day, drawn so that most of them can be filled together.

    Every organisation asks at least once. At most four requests are kept for which nobody has
    time beside the others. Four more nobody can fill at all: nobody speaks the language; nobody of
    the right gender does; nobody with the qualification does; fewer speak it than the team needs.
    Some may begin later as well.
    """
    wishes: list[Wish] = []
    not_yet = list(demand.offices.values())
    left = NOBODY_HAS_TIME
    while len(wishes) < REQUESTS - IN_VAIN:
        wish = demand.draw(day, not_yet[-1] if not_yet else None)
        able = matching.able(wish)[: wish.interpreter_count]
        if len(able) == wish.interpreter_count:
            for interpreter in able:
                matching.take(interpreter, wish)
        elif left:
            left -= 1
        else:
            continue
        wishes.append(wish)
        not_yet = not_yet[:-1]
    for number in range(0, len(wishes), ONE_IN):
        later = wishes[number].starts_at + WIDER
        wishes[number] = replace(wishes[number], latest_start_at=later)
    plain = (_anybody(demand.draw(day)) for _ in range(IN_VAIN))
    return wishes + [next(_in_vain(wish, how, matching)) for how, wish in enumerate(plain)]


def _anybody(wish: Wish) -> Wish:
    return replace(wish, interpreter_count=1, gender_required=None, qualification_required=None)


def _in_vain(wish: Wish, how: int, matching: Matching) -> Iterator[Wish]:
    """Yield variants of a wish that find too few people in the pool, common languages first."""
    shares = sources.language_shares()
    for tag in sorted((spoken.tag for spoken in known()), key=lambda tag: -shares.get(tag, 0)):
        spoken = replace(wish, language=tag)
        changed = (
            spoken,
            replace(spoken, gender_required=Gender.FEMALE),
            replace(spoken, qualification_required=Qualification.SWORN),
            replace(spoken, interpreter_count=2),
        )[how]
        speakers, right = matching.qualified(spoken), matching.qualified(changed)
        if len(right) < changed.interpreter_count and (how == 0 or speakers):
            yield changed
