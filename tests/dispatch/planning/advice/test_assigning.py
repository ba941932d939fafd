"""Looking at one interpreter alone says the same as looking at everybody."""

from datetime import timedelta

import pytest

from dispatch.database import transaction
from dispatch.errors import Conflict
from dispatch.interpreters.models import Interpreter
from dispatch.planning.advice import assigning, standing
from dispatch.planning.snapshot.problem import of_day
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def people(count: int) -> list[Interpreter]:
    return [factories.interpreter(name=f"Person {number}") for number in range(count)]


@one_database
def test_one_interpreter_alone_is_told_what_they_would_be_told_among_all() -> None:
    """Free, at work elsewhere then or too close before it, on the request, at work later."""
    with transaction():
        free, busy, near, on_it, other = people(5)
        wanted = factories.asked(interpreters=2)
        factories.coming(factories.asked(), busy)
        factories.coming(factories.asked(start=TOMORROW_TEN - timedelta(minutes=65)), near)
        factories.coming(wanted, on_it)
        factories.coming(factories.asked(start=TOMORROW_TEN + timedelta(hours=4)), other)
    day = {"day": wanted.day, "zone_name": wanted.time_zone, "now": NOW, "only": wanted.id}
    everybody = standing.as_it_stands(of_day(**day))  # type: ignore[arg-type]
    among_all = {one.interpreter: one for one in everybody.candidates(str(wanted.id))}
    assert {one.feasible for one in among_all.values()} == {True, False}
    for person in (free, busy, near, on_it, other):
        alone = standing.as_it_stands(of_day(**day, who=[person.id]))  # type: ignore[arg-type]
        [found] = [
            one for one in alone.candidates(str(wanted.id)) if one.interpreter == str(person.id)
        ]
        same = among_all[str(person.id)]
        assert (found.feasible, found.assigned, found.start, found.language, found.way) == (
            same.feasible, same.assigned, same.start, same.language, same.way,
        )  # fmt: skip
        assert found.violations == same.violations


@one_database
def test_what_of_somebodys_day_is_too_near_is_named_and_the_nearest_start_that_fits() -> None:
    with transaction():
        [near] = people(1)
        wanted = factories.asked()
        there = factories.asked(start=TOMORROW_TEN - timedelta(minutes=55))
        other = factories.coming(there, near)
    with pytest.raises(Conflict) as refused:
        assigning.require_able_now(wanted, near.id, now=NOW)
    said = str(refused.value)
    assert said[0].isupper()
    assert said.endswith(f"assignment {other.id}, 09:05–10:05.")
    assert "The nearest start that fits is" in said
