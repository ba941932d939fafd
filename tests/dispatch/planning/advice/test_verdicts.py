"""How well people fit a request, and giving it to somebody else in one step."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.database import db
from dispatch.errors import Conflict, Refusal
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.advice import assigning, standing
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.advice.verdicts import Fit, fits, verdicts
from dispatch.planning.snapshot.problem import of_day
from dispatch.requests.models import InterpretationRequest
from solver.analysis import Candidate
from solver.problem import Way
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

FAR_AWAY = (51.60, 7.60)
BECAUSE = Reasons(office="Mira is ill.")
HERE = Candidate(
    interpreter="1",
    feasible=True,
    assigned=False,
    start=0,
    way=Way.ON_SITE,
    language="ro",
    begin=0,
    end=60,
    choice=0,
    extra_travel=20,
    extra_cents=0,
    penalties=0,
)


def test_good_is_hardly_longer_on_the_way_and_costs_no_wish_more() -> None:
    def like(**more: object) -> Candidate:
        return replace(HERE, **more)  # type: ignore[arg-type]

    found = [
        HERE,
        like(extra_travel=35),
        like(extra_travel=36),
        like(penalties=1),
        like(feasible=False),
    ]
    assert fits(found) == [Fit.BEST, Fit.GOOD, Fit.POSSIBLE, Fit.POSSIBLE, Fit.NO]
    assert fits([like(feasible=False)]) == [Fit.NO]


@pytest.mark.usefixtures("session")
class TestVerdicts:
    def test_everybody_of_the_language_has_one_with_the_reason_in_words(self) -> None:
        asked = factories.asked()
        near = factories.interpreter(name="Near")
        asleep = factories.interpreter(name="Asleep", hours=(18, 20))
        factories.interpreter("uk", name="Other")
        found = {one.interpreter_id: one for one in verdicts(asked, now=NOW)}
        assert set(found) == {near.id, asleep.id}
        assert found[near.id].fit == Fit.BEST
        assert found[asleep.id].fit == Fit.AGAINST_WISH
        assert found[asleep.id].words == "only with a reason: does not work at this time"

    def test_who_comes_already_is_said_to(self) -> None:
        asked, mira = factories.asked(), factories.interpreter()
        factories.coming(asked, mira)
        ana = factories.interpreter(name="Ana")
        found = {one.interpreter_id: one.fit for one in verdicts(asked, now=NOW)}
        assert found == {mira.id: Fit.NO, ana.id: Fit.BEST}

    def test_whoever_is_looked_at_alone_is_judged_as_among_everybody(self) -> None:
        asked, near, far = factories.asked(), factories.site(), factories.site(point=FAR_AWAY)
        people = [factories.interpreter(name=name) for name in ("Ana", "Bo", "Cem", "Dana", "Eva")]
        people[1].maximum_minutes_per_week = 90
        for hours, site in ((-24, near), (-12, near), (-1, far), (1, far), (12, near), (24, near)):
            there = factories.asked(at=site, start=factories.hours_later(TOMORROW_TEN, hours))
            offers.assign(SYSTEM, there.id, people[abs(hours) % 4].id, now=NOW)
        offers.make(SYSTEM, factories.asked().id, people[2].id, now=NOW)
        looked_at = [one.id for one in people[1:]]
        found = [one for one in _found(asked, None) if int(one.interpreter) in looked_at]
        assert found == _found(asked, looked_at)
        assert {one.feasible for one in found} == {True, False}

    def test_what_is_over_fits_nobody(self) -> None:
        asked = factories.asked()
        with pytest.raises(Conflict, match="Nobody is needed"):
            verdicts(asked, now=asked.ends_at)


@pytest.mark.usefixtures("session")
class TestMoving:
    def test_who_came_is_released_and_the_other_asked_in_one_step(self) -> None:
        comes = factories.coming(factories.asked(), factories.interpreter())
        ana = factories.interpreter(name="Ana")
        assigning.move(SYSTEM, ana.id, Instead(comes, BECAUSE), directly=False, now=NOW)
        assert comes.state == AssignmentState.RELEASED
        assert _asked(ana.id).state == OfferState.MADE

    def test_a_question_is_taken_back_for_it(self) -> None:
        asked = factories.asked()
        offer = offers.make(SYSTEM, asked.id, factories.interpreter().id, now=NOW)
        ana = factories.interpreter(name="Ana")
        assigning.move(SYSTEM, ana.id, Instead(offer, Reasons()), directly=False, now=NOW)
        assert offer.state == OfferState.WITHDRAWN
        assert _asked(ana.id).state == OfferState.MADE

    def test_nobody_who_comes_is_released_without_a_reason(self) -> None:
        comes = factories.coming(factories.asked(), factories.interpreter())
        ana = factories.interpreter(name="Ana")
        with pytest.raises(Refusal, match="Say in a few words why"):
            assigning.move(SYSTEM, ana.id, Instead(comes, Reasons()), directly=False, now=NOW)

    def test_who_looked_before_it_changed_moves_nothing(self) -> None:
        comes = factories.coming(factories.asked(), factories.interpreter())
        ana = factories.interpreter(name="Ana")
        late = replace(Instead(comes, BECAUSE), expected_version=comes.version + 1)
        with pytest.raises(Conflict):
            assigning.move(SYSTEM, ana.id, late, directly=False, now=NOW)
        assert db.session.get_one(Assignment, comes.id).state == AssignmentState.CONFIRMED


def _found(asked: InterpretationRequest, who: list[int] | None) -> list[Candidate]:
    question = of_day(asked.day, asked.time_zone, now=NOW, only=asked.id, who=who)
    return standing.candidates(standing.as_it_stands(question), asked.id)


def _asked(interpreter_id: int) -> Offer:
    return db.session.scalars(sa.select(Offer).where(Offer.interpreter_id == interpreter_id)).one()
