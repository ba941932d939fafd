"""What became of the requests of the past months: asked, answered, cancelled, over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.assignments.models import Assignment, Invitation
from dispatch.assignments.rules import REMIND_BEFORE, REPORT_WITHIN, AssignmentState
from dispatch.calendar.invitation import new_token, new_uid
from dispatch.cities import City
from dispatch.demo import sources
from dispatch.demo.chance import Random
from dispatch.demo.demand import Wish
from dispatch.demo.matching import Matching
from dispatch.demo.recording import Recording, hash_of_nothing
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.rules import SYSTEM, Actor
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState, Via
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

MOST_ASKED_FOR_ONE_SEAT = 4
STAYS_SILENT = 0.05
CANCELLED_BECAUSE = ("Termin verschoben", "Termin entfällt", "Doppelt angefragt")
RELEASED_BECAUSE = "krank gemeldet"
MAIL_DOMAIN = "dragoman.example"


@dataclass(frozen=True)
class History:
    """Lets the past happen, one request after the other, up to `now`."""

    random: Random
    matching: Matching
    recording: Recording
    coordinator: Actor
    city: City
    now: datetime

    def unfold(self, wish: Wish, row: InterpretationRequest) -> None:
        """Let happen what became of a request."""
        over_at = min(wish.starts_at, self.now)
        cancelled_at = None
        if self._happens("requester_cancels"):
            over_at = cancelled_at = self._between(wish.submitted_at, over_at)
        coming = self._find(wish, row, over_at)
        if cancelled_at:
            self._cancel(wish, row, coming, cancelled_at)
        else:
            self._let_pass(wish, row, coming)

    def _find(self, wish: Wish, row: InterpretationRequest, over_at: datetime) -> list[Invitation]:
        """Ask one after the other until every seat is taken, nobody is left or it is over."""
        able = self.matching.able(wish)
        self.random.shuffle(able)
        coming: list[Invitation] = []
        at = wish.submitted_at
        for interpreter in able[: MOST_ASKED_FOR_ONE_SEAT * wish.interpreter_count]:
            offer = self._ask(row, len(coming) + 1, interpreter, self._between(at, over_at))
            at = self._answer(offer, over_at)
            if offer.state != OfferState.ACCEPTED:
                continue
            coming.append(self._confirm(offer.assignment, at))
            if len(coming) < wish.interpreter_count:
                continue
            self.recording.become(interpreter.account.actor, row, RequestState.FILLED, at)
            if not self._happens("interpreter_cancels_after_accept"):
                break
            at = self._between(at, over_at)
            self._lose(row, coming.pop(), at)
        for invitation in coming:
            self.matching.take(invitation.interpreter, wish)
        return coming

    def _ask(
        self, row: InterpretationRequest, seat: int, interpreter: Interpreter, at: datetime
    ) -> Offer:
        assignment = Assignment(
            interpretation_request=row,
            seat=seat,
            interpreter=interpreter,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=AssignmentState.OFFERED,
        )
        offer = Offer(
            assignment=assignment,
            interpreter=interpreter,
            token_hash=hash_of_nothing(),
            state=OfferState.MADE,
            made_at=at,
            answer_by=answer_deadline(now=at, starts_at=row.starts_at, city=self.city).answer_by,
        )
        self.recording.rows += (assignment, offer)
        self.recording.note(self.coordinator, "assignment.offered", assignment, at)
        self.recording.note(self.coordinator, "offer.made", offer, at)
        return offer

    def _answer(self, offer: Offer, over_at: datetime) -> datetime:
        """Take an answer or none, and return when."""
        assignment, person = offer.assignment, offer.interpreter.account.actor
        if self.random.random() < STAYS_SILENT and offer.answer_by < over_at:
            self.recording.become(SYSTEM, offer, OfferState.EXPIRED, offer.answer_by)
            self._release(SYSTEM, assignment, offer.answer_by, "no answer in time")
            return offer.answer_by
        at = self._between(offer.made_at, min(offer.answer_by, over_at))
        offer.answered_at = at
        offer.answered_via = self.random.choice((Via.LINK, Via.LINK, Via.PAGE))
        if self._happens("interpreter_declines_offer"):
            self.recording.become(person, offer, OfferState.DECLINED, at)
            self._release(person, assignment, at, "declined")
        else:
            self.recording.become(person, offer, OfferState.ACCEPTED, at)
        return at

    def _confirm(self, assignment: Assignment, at: datetime) -> Invitation:
        person = assignment.interpreter.account.actor
        self.recording.become(person, assignment, AssignmentState.CONFIRMED, at)
        assignment.confirmed_at = at
        remind_at = assignment.starts_at - REMIND_BEFORE
        if at <= remind_at <= self.now:
            assignment.reminded_at = remind_at
        invitation = Invitation(
            assignment=assignment,
            interpreter=assignment.interpreter,
            uid=new_uid(MAIL_DOMAIN),
            token=new_token(),
            sequence=0,
            stamped_at=at,
        )
        self.recording.rows.append(invitation)
        return invitation

    def _lose(self, row: InterpretationRequest, invitation: Invitation, at: datetime) -> None:
        self._release(self.coordinator, invitation.assignment, at, RELEASED_BECAUSE)
        self.recording.become(self.coordinator, row, RequestState.OPEN, at, RELEASED_BECAUSE)
        _take_back(invitation, at)

    def _release(self, actor: Actor, assignment: Assignment, at: datetime, why: str) -> None:
        self.recording.become(actor, assignment, AssignmentState.RELEASED, at, why)

    def _cancel(
        self, wish: Wish, row: InterpretationRequest, coming: list[Invitation], at: datetime
    ) -> None:
        actor, why = wish.asker.actor, self.random.choice(CANCELLED_BECAUSE)
        self.recording.become(actor, row, RequestState.CANCELLED, at, why)
        for invitation in coming:
            self.recording.become(actor, invitation.assignment, AssignmentState.CANCELLED, at, why)
            _take_back(invitation, at)

    def _let_pass(self, wish: Wish, row: InterpretationRequest, coming: list[Invitation]) -> None:
        if row.state == RequestState.OPEN and wish.starts_at <= self.now:
            self.recording.become(SYSTEM, row, RequestState.UNFILLED, wish.starts_at)
        at = wish.ends_at + REPORT_WITHIN
        if at > self.now:
            return
        for invitation in coming:
            self.recording.become(SYSTEM, invitation.assignment, AssignmentState.COMPLETED, at)
        if row.state == RequestState.FILLED:
            self.recording.become(SYSTEM, row, RequestState.COMPLETED, at)

    def _happens(self, outcome: str) -> bool:
        likely: float = sources.demand_model()["outcomes"][outcome]
        return self.random.random() < likely

    def _between(self, first: datetime, last: datetime) -> datetime:
        """Return an instant after the first and before the last, within a day or so."""
        span = min(last - first, timedelta(days=2))
        return first + span * self.random.uniform(0.05, 0.5)


def _take_back(invitation: Invitation, at: datetime) -> None:
    invitation.sequence = 1
    invitation.stamped_at = invitation.cancelled_at = at
