"""Looking quickly says what looking slowly does, whatever has happened meanwhile."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.absences import service as absences
from dispatch.amendments import naming
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Via
from dispatch.availability.rules import Way
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.offers import service as offers
from dispatch.planning.advice.candidates import Look, look
from dispatch.planning.advice.quickly import look_quickly
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from tests import factories
from tests.factories import NOW, TOMORROW_TEN

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
FAR = ((51.60, 7.60), (51.49, 7.50), (51.55, 7.47))
BECAUSE = Reasons(office="moved", told="moved")


class World:
    """A pool, places and requests of one day, and things that happen to them at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        with transaction():
            self.caseworker = factories.account(of=factories.organisation())
            self.sites = [factories.site(f"Place {n}", point=at) for n, at in enumerate(FAR)]
            self.pool = [self._person(number) for number in range(8)]
            self.asked = [self._request() for _ in range(10)]

    def _person(self, number: int) -> Interpreter:
        chance = self.random
        one = factories.interpreter(
            *chance.choice([("ro",), ("ro", "tr"), ("tr",)]),
            name=f"P{number}",
            hours=chance.choice([(7, 19), (9, 12), (11, 20), (6, 22)]),
            gender=chance.choice(["female", "male", None]),
            qualification=chance.choice([None, "sprint", "sworn"]),
            home=chance.choice(FAR),
        )
        one.travel_mode = chance.choice(["car", "bicycle", "public_transport"])
        one.maximum_minutes_per_day = chance.choice([120, 480])
        if chance.random() < 0.3:
            one.availability.notice = 30
        if chance.random() < 0.3:
            one.availability.regions = [self.sites[0].district]
        if chance.random() < 0.3:
            for hours in one.availability.weekly_hours:
                hours.ways = [Way.VIDEO]
        return one

    def _request(self) -> InterpretationRequest:
        chance, start = (
            self.random,
            TOMORROW_TEN + timedelta(minutes=30 * self.random.randrange(12)),
        )
        return factories.asked(
            chance.choice(["ro", "ro", "tr"]),
            by=self.caseworker,
            at=chance.choice(self.sites),
            start=start,
            minutes=chance.choice([30, 60, 90]),
            interpreters=chance.choice([1, 1, 2]),
            latest_start=chance.choice([None, None, (start + timedelta(hours=2)).time()]),
            gender_required=chance.choice([None, None, "female"]),
            qualification_wished=chance.choice([None, "sworn"]),
            ways=chance.choice([(Way.ON_SITE,), (Way.ON_SITE, Way.VIDEO)]),
            case_reference=chance.choice(["", "BSP-7"]),
        )

    def happen(self) -> None:
        """Let one thing happen, if the rules allow it."""
        does: list[Callable[[], object]] = [
            self._ask, self._ask, self._assign, self._assign, self._release,
            self._decline, self._be_away, self._exclude, self._be_busy,
        ]  # fmt: skip
        try:
            with transaction():
                self.random.choice(does)()
        except (Refusal, IndexError):
            pass

    def _pair(self) -> tuple[int, int]:
        return self.random.choice(self.asked).id, self.random.choice(self.pool).id

    def _ask(self) -> None:
        offers.make(SYSTEM, *self._pair(), now=NOW)

    def _assign(self) -> None:
        offers.assign(SYSTEM, *self._pair(), now=NOW)

    def _release(self) -> None:
        one = self.random.choice(db.session.scalars(sa.select(Assignment)).all())
        cancellations.release(SYSTEM, assignments.lock(one.id).id, reasons=BECAUSE, now=NOW)

    def _decline(self) -> None:
        offer = offers.make(SYSTEM, *self._pair(), now=NOW)
        offers.decline(SYSTEM, offer.id, via=Via.PAGE, now=NOW)

    def _be_away(self) -> None:
        one, at = self.random.choice(self.pool), self.random.choice(self.asked).starts_at
        absences.save(SYSTEM, one.id, (at, at + timedelta(hours=2)), {}, now=NOW)

    def _exclude(self) -> None:
        request_id, interpreter_id = self._pair()
        naming.exclude(SYSTEM, request_id, [interpreter_id], by_office=True, now=NOW)

    def _be_busy(self) -> None:
        """A private calendar has something new: nothing of it is in the record."""
        at = int(self.random.choice(self.asked).starts_at.timestamp() // 60)
        one = db.session.get_one(Interpreter, self.random.choice(self.pool).id)
        one.availability.busy_minutes = [[at, at + 60]]


def told(seen: Look) -> list[tuple[object, ...]]:
    """Return what is to be the same of everybody, in order: fit or why not, price and words."""
    return [
        (
            one.interpreter,
            one.feasible,
            one.start,
            one.way,
            one.language,
            one.violations,
            one.penalties,
            (one.extra_travel, one.extra_cents, line.note) if one.feasible else None,
            list(map(str, line.reasons)),
        )
        for one, line in zip(seen.found, seen.lines, strict=True)
    ]


@pytest.mark.parametrize(
    "seed", [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 12))]
)
def test_it_says_the_same_as_looking_slowly_after_everything_that_happens(seed: int) -> None:
    world, compared = World(seed), 0
    for _ in range(12):
        world.happen()
        for one in world.random.sample(world.asked, 3):
            asked = db.session.get_one(InterpretationRequest, one.id)
            try:
                slowly = look(asked, NOW)
            except KeyError:
                with pytest.raises(KeyError):
                    look_quickly(asked, NOW)
                continue
            quickly = look_quickly(asked, NOW)
            assert told(quickly) == told(slowly)
            assert quickly.on_it == slowly.on_it
            compared += len(slowly.found)
    assert compared > 50


def test_of_what_is_over_neither_says_anything() -> None:
    with transaction():
        asked = factories.asked()
        factories.interpreter()
        cancellations.cancel_request(SYSTEM, asked.id, reasons=BECAUSE, now=NOW)
    assert asked.state == RequestState.CANCELLED
    with pytest.raises(KeyError):
        look_quickly(asked, NOW)
