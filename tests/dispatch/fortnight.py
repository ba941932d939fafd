"""A city for some days: people who answer at once, late, oddly or never, or are on holiday.

They answer by page, telephone, SMS or calendar, change and cancel what they asked for, fall ill and
run late; deadlines pass, and messages leave through the real outbox into the sink. The same seed
gives the same days.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.absences import service as absences
from dispatch.absences.queries import hit_by
from dispatch.absences.rules import Resolution
from dispatch.accounts.models import Account
from dispatch.amendments import restoring
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.answers import service as answers
from dispatch.answers.incoming import IncomingState
from dispatch.answers.service import Answer
from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import AGREED, AssignmentState, Via
from dispatch.attendance import day_before
from dispatch.attendance import service as attendance
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.contacts import choosing
from dispatch.contacts import service as contacts
from dispatch.database import db, transaction
from dispatch.engine.deadlines import deadlines
from dispatch.errors import Refusal
from dispatch.inbound import service as inbound
from dispatch.inbound.models import InboundMail
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging import service as messaging
from dispatch.messaging.models import Message, ReplyCode
from dispatch.messaging.rules import ON_THEIR_WAY, MessageState
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.planning.rounds import service as rounds
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.sites.models import Site
from dispatch.sms import service as sms
from dispatch.sms.models import InboundSms
from tests import factories
from tests.conftest import FrozenClock
from tests.dispatch.inbound.replies import CLIENTS, invited

LANGUAGES = ("ro", "bg", "pl", "uk", "tr", "ar")
WHY = Reasons(office="moved", told="moved")
ODD_TEXTS = ("J {}", "ja gerne", "J{} wenn es bis 11 geht", "?", "STOP 12345", "NEIN DANKE", "N{}")
FIRST_HOUR, LAST_HOUR = 5, 21
"""Of the steps of a day, in UTC; one of an hour each."""


@dataclass
class Temper:
    """How somebody is: how likely they answer within an hour, by which way, and how oddly."""

    answers: float
    says_yes: float
    way: str
    is_odd: bool
    loses: float


TEMPERS = (
    (0.40, 0.80, 0.00),  # answers soon
    (0.15, 0.60, 0.01),
    (0.04, 0.70, 0.01),  # late: often after the time to answer
    (0.00, 0.50, 0.00),  # never
    (0.30, 0.90, 0.04),  # says yes to everything, and cannot come then
)
WAYS = ("page", "telephone", "sms", "calendar")


class City:
    """People, what they do hour by hour, and what the outbox made of it."""

    def __init__(self, clock: FrozenClock, people: int, seed: int) -> None:
        self.clock, self.chance = clock, random.Random(seed)
        self.request_ids: list[int] = []
        self.refusals = 0
        with transaction():
            self.sites = [factories.site(f"Amt {number}").id for number in range(5)]
            self.who_ask = [
                factories.account(
                    of=factories.organisation(f"Schule {number}"), locale=self._locale(),
                    phone=f"+4915229{number:06d}" if number % 2 else None,
                ).id
                for number in range(people // 4)
            ]  # fmt: skip
            self.pool = [self._interpreter(number) for number in range(people - people // 4)]
        self.tempers = {id_: self._temper() for id_ in self.pool}
        self._wishes()

    def live(self, days: int) -> None:
        """Let so many days pass."""
        for _day in range(days):
            for hour in range(FIRST_HOUR, LAST_HOUR + 1):
                self.clock.move_to(self.clock.now.replace(hour=hour, minute=0, second=0))
                self.an_hour()
            self.clock.move_to(self.clock.now.replace(hour=FIRST_HOUR) + timedelta(days=1))

    def calm_down(self) -> None:
        """Let everything leave that waits for the morning or for another; nobody does anything."""
        for _hour in range(16):
            self.clock.advance(hours=1)
            self._let_fall_due()

    def an_hour(self) -> None:
        """Do what people do in an hour of a day."""
        if 6 <= self.clock.now.hour <= 14:
            for _request in range(max(1, len(self.who_ask) // 10)):
                self._ask()
            self._let_fall_due()  # nobody answers what has not reached them
        self._answer_offers()
        self._answer_terms()
        self._change_their_minds()
        self._live_the_day()
        self._let_fall_due()

    def _do(self, act: Callable[[], object]) -> None:
        self.clock.advance(seconds=1)  # each action has an instant of its own
        try:
            with transaction():
                act()
        except Refusal:
            db.session.rollback()
            self.refusals += 1

    def _happens(self, chance: float) -> bool:
        return self.chance.random() < chance

    def _locale(self) -> str:
        return self.chance.choice(("de", "en", "el"))

    def _interpreter(self, number: int) -> int:
        tags = self.chance.sample(LANGUAGES, 2)
        person = factories.interpreter(*tags, name=f"P{number}", locale=self._locale())
        person.phone = f"+4915228{number:06d}"
        db.session.flush()
        return person.id

    def _temper(self) -> Temper:
        answers_, yes, loses = self.chance.choice(TEMPERS)
        return Temper(answers_, yes, self.chance.choice(WAYS), self._happens(0.15), loses)

    def _wishes(self) -> None:
        for id_ in self.pool[::3]:
            account = db.session.get_one(Interpreter, id_).account
            topics = choosing.OF_INTERPRETERS
            wanted = {one: self.chance.choice(choosing.ALLOWED[one]) for one in topics}
            self._do(
                lambda account=account, wanted=wanted: contacts.choose(  # type: ignore[misc]
                    account.actor, account.id, wanted, (None, None), now=self.clock.now
                )
            )

    def _ask(self) -> None:
        wall = self.clock.now.replace(tzinfo=None, minute=0, second=0)
        start = (wall + timedelta(days=self.chance.randint(1, 5))).replace(
            hour=self.chance.randint(8, 16)
        )
        who = db.session.get_one(Account, self.chance.choice(self.who_ask))
        site = db.session.get_one(Site, self.chance.choice(self.sites))
        language, count = self.chance.choice(LANGUAGES), 1 + self._happens(0.1)
        begin = self.chance.choice(
            (rounds.cascade, rounds.cascade, rounds.direct, rounds.broadcast, rounds.interest)
        )

        def ask() -> None:
            found = factories.asked(
                language, by=who, at=site, start=start, interpreters=count,
                minutes=self.chance.choice((30, 60, 90)), now=self.clock.now,
            )  # fmt: skip
            self.request_ids.append(found.id)

        before = len(self.request_ids)
        self._do(ask)
        if len(self.request_ids) > before:
            self._do(lambda: begin(SYSTEM, self.request_ids[-1], now=self.clock.now))

    def _answer_offers(self) -> None:
        states = [OfferState.MADE, OfferState.EXPIRED]
        query = sa.select(Offer.id, Offer.interpreter_id, Offer.state, Offer.made_at)
        query = query.where(Offer.state.in_(states), Offer.interpreter_id.in_(self.pool))
        for offer_id, person, state, made_at in db.session.execute(query.order_by(Offer.id)).all():
            temper = self.tempers[person]
            is_old = made_at < self.clock.now - timedelta(days=1)
            is_late = state == OfferState.EXPIRED
            if not is_old and self._happens(temper.answers * (0.2 if is_late else 1.0)):
                self._answer_offer(offer_id, temper)

    def _answer_offer(self, offer_id: int, temper: Temper) -> None:
        offer = db.session.get_one(Offer, offer_id)
        answer = Answer.YES if self._happens(temper.says_yes) else Answer.NO
        account, now = offer.interpreter.account, self.clock.now
        if temper.way == "sms":
            self._answer_by_sms(f"offer:{offer_id}", offer.interpreter.phone, answer, temper)
        elif temper.way == "calendar":
            self._answer_in_calendar(f"offer:{offer_id}", account.email, answer)
        elif temper.way == "telephone":
            self._do(lambda: answers.by_telephone(SYSTEM, offer, answer, now=now))
        else:
            self._do(lambda: answers.by_page(account, offer_id, answer, now=now))

    def _answer_by_sms(self, about: str, number: str | None, answer: Answer, how: Temper) -> None:
        code = db.session.scalar(
            sa.select(ReplyCode.code).where(ReplyCode.number == number, ReplyCode.about == about)
        )
        if number is None or code is None:
            return
        text = f"{'J' if answer == Answer.YES else 'N'}{code}"
        if how.is_odd:
            text = self.chance.choice(ODD_TEXTS).format(code)
        reference, now = f"SM{len(self.request_ids)}-{self.clock.now:%d%H%M%S}", self.clock.now
        for _twice in range(1 + self._happens(0.1)):  # the provider may report it twice
            self._do(lambda: sms.store(reference, number, text, "", now=now))
        for stored in db.session.scalars(
            sa.select(InboundSms.id).where(InboundSms.state == IncomingState.STORED)
        ).all():
            self._do(lambda stored=stored: sms.take(stored, now=self.clock.now))  # type: ignore[misc]

    def _answer_in_calendar(self, about: str, address: str, answer: Answer) -> None:
        asked = db.session.scalars(
            sa.select(Message)
            .where(
                Message.about == about,
                Message.recipient == address,
                Message.calendar_method == "REQUEST",
                Message.state == MessageState.SENT,
            )
            .order_by(Message.id.desc())
        ).first()
        if asked is None:
            return
        said = replace(
            invited(asked),
            standing="ACCEPTED" if answer == Answer.YES else "DECLINED",
            stamped_at=self.clock.now,
        )
        octets, now = self.chance.choice(CLIENTS)(said), self.clock.now

        def take() -> None:
            row = InboundMail(
                mailbox="box", uid_validity=1, uid=self.chance.randint(1, 10**9),
                fingerprint=str(self.chance.random()), octets=octets, is_whole=True,
                received_at=now, state=IncomingState.STORED,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            inbound.take(row.id, now=now)

        self._do(take)

    def _answer_terms(self) -> None:
        open_terms = sa.select(Confirmation).where(Confirmation.answer.is_(None))
        for question in db.session.scalars(open_terms.order_by(Confirmation.id)).all():
            temper = self.tempers.get(question.assignment.interpreter_id)
            if temper and self._happens(temper.answers):
                verb = amendments.accept if self._happens(0.8) else amendments.decline
                self._do(
                    lambda verb=verb, id_=question.id: verb(  # type: ignore[misc]
                        SYSTEM, id_, via=Via.PAGE, now=self.clock.now
                    )
                )

    def _change_their_minds(self) -> None:
        """Whoever asked changes and cancels, the office releases, people fall ill or go away."""
        now = self.clock.now
        for request_id in self._of_requests(0.01):
            asked = details_of(db.session.get_one(InterpretationRequest, request_id))
            later = replace(asked, wall_start=asked.wall_start + timedelta(hours=1))
            room = replace(asked, room=f"{asked.room}1"[-3:])
            changed = self.chance.choice((later, room))
            self._do(lambda i=request_id, c=changed: amendments.amend(SYSTEM, i, c, now=now))  # type: ignore[misc]
        for request_id in self._of_requests(0.006):
            self._do(
                lambda i=request_id: cancellations.cancel_request(SYSTEM, i, reasons=WHY, now=now)  # type: ignore[misc]
            )
            if self._happens(0.3):
                self._do(lambda i=request_id: restoring.undo(SYSTEM, i, now=self.clock.now))  # type: ignore[misc]
        for assignment_id, person in self._coming():
            if self._happens(self.tempers[person].loses):
                lose = self.chance.choice(
                    (withdrawing.withdraw, withdrawing.cannot_come, cancellations.release)
                )
                self._do(
                    lambda lose=lose, i=assignment_id: lose(SYSTEM, i, reasons=WHY, now=now)  # type: ignore[misc]
                )
        if self._happens(0.1):
            self._be_away(self.chance.choice(self.pool))

    def _be_away(self, person: int) -> None:
        first = self.clock.now + timedelta(hours=self.chance.randint(4, 60))
        span = (first, first + timedelta(hours=self.chance.choice((8, 30, 100))))
        becomes = self.chance.choice((Resolution.REPLACE, Resolution.ASK, Resolution.KEEP))

        def go() -> None:
            resolved = {one.id: becomes for one in hit_by(person, span, self.clock.now).jobs}
            absences.save(SYSTEM, person, span, resolved, now=self.clock.now)

        self._do(go)

    def _live_the_day(self) -> None:
        """Say that one is late, has come, or has not; confirm the day before, or forget to."""
        for assignment_id, person in self._coming(soon=True):
            answers_ = self.tempers[person].answers
            if self._happens(answers_):
                self._do(lambda i=assignment_id: day_before.confirm(SYSTEM, i, now=self.clock.now))  # type: ignore[misc]
            if self._happens(0.03):
                self._do(lambda i=assignment_id: attendance.late(SYSTEM, i, 20, now=self.clock.now))  # type: ignore[misc]
            if self._happens(answers_ / 4):
                state = self.chance.choice(
                    (AssignmentState.COMPLETED, AssignmentState.NO_SHOW_CLIENT)
                )
                self._do(
                    lambda i=assignment_id, s=state: attendance.say(  # type: ignore[misc]
                        SYSTEM, i, s, now=self.clock.now
                    )
                )

    def _coming(self, *, soon: bool = False) -> list[tuple[int, int]]:
        query = (
            sa.select(Assignment.id, Assignment.interpreter_id)
            .join(InterpretationRequest)
            .where(Assignment.state.in_(AGREED))
            .order_by(Assignment.id)
        )
        if soon:
            query = query.where(
                InterpretationRequest.starts_at < self.clock.now + timedelta(days=2)
            )
        return [(id_, person) for id_, person in db.session.execute(query).all()]

    def _of_requests(self, chance: float) -> list[int]:
        wanted = sa.select(InterpretationRequest.id).where(
            InterpretationRequest.starts_at > self.clock.now,
            InterpretationRequest.state.in_([RequestState.OPEN, RequestState.FILLED]),
        )
        found = db.session.scalars(wanted.order_by(InterpretationRequest.id)).all()
        return [one for one in found if self._happens(chance)]

    def _let_fall_due(self) -> None:
        """Do what is due, and hand over what may leave."""
        now = self.clock.advance(seconds=1)
        db.session.rollback()
        for due, act in deadlines.values():
            for id_ in list(due(now)):
                with transaction():
                    act(id_, now=now)
        waiting = sa.select(Message.id).where(
            Message.state.in_(ON_THEIR_WAY),
            sa.or_(Message.next_try_at.is_(None), Message.next_try_at <= now),
        )
        ids = db.session.scalars(waiting.order_by(Message.id)).all()
        for first in range(0, len(ids), 20):
            messaging.deliver_in_turn(ids[first : first + 20], lambda: now, give_way=10**6)


def state_of(request_id: int) -> dict[str, Any]:
    """Return who is asked, comes and has to agree again, for `last_words.untrue_words`."""
    jobs = db.session.scalars(
        sa.select(Assignment).where(Assignment.interpretation_request_id == request_id)
    ).all()
    asked = db.session.scalars(
        sa.select(Offer).where(
            Offer.interpretation_request_id == request_id,
            Offer.state.in_([OfferState.MADE, OfferState.INTERESTED]),
        )
    ).all()
    return {
        "coming": [one for one in jobs if one.state in AGREED],
        "to_agree": [one for one in jobs if one.state == AssignmentState.TO_RECONFIRM],
        "questions": list(asked),
    }
