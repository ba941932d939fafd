"""What became of the requests of the past months: asked, answered, cancelled, over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatch.assignments.models import Assignment, Confirmation
from dispatch.assignments.rules import REPORT_WITHIN, AssignmentState, Terms, Via, Way
from dispatch.calendar.invitation import new_token, new_uid
from dispatch.cities import City
from dispatch.cities.working_time import evening_before
from dispatch.demo import sources
from dispatch.demo.chance import Random
from dispatch.demo.demand import Wish
from dispatch.demo.matching import Matching
from dispatch.demo.recording import Recording, hash_of_nothing
from dispatch.interpreters.models import Interpreter
from dispatch.invitations.models import Invitation
from dispatch.ledger.rules import SYSTEM, Actor, Reasons
from dispatch.messaging.mime import sender_name
from dispatch.offers.deadlines import answer_deadline
from dispatch.offers.models import Offer, OfferRound
from dispatch.offers.rules import OfferState, RoundState, Strategy
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

MOST_ASKED_FOR_ONE_SEAT = 4
STAYS_SILENT = 0.05
MAIL_DOMAIN = "dragoman.example"


@dataclass(frozen=True)
class Coming:
    """Somebody who has said yes, with the entry in the calendar."""

    assignment: Assignment
    invitation: Invitation


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

    def _find(self, wish: Wish, row: InterpretationRequest, over_at: datetime) -> list[Coming]:
        """Ask one after the other until every seat is taken, nobody is left or it is over."""
        able = self.matching.able(wish)
        self.random.shuffle(able)
        coming: list[Coming] = []
        at = wish.submitted_at
        for interpreter in able[: MOST_ASKED_FOR_ONE_SEAT * wish.interpreter_count]:
            offer = self._ask(row, len(coming) + 1, interpreter, self._between(at, over_at))
            at = self._answer(offer, over_at)
            if offer.state != OfferState.ACCEPTED:
                continue
            coming.append(self._confirm(offer, at))
            if len(coming) < wish.interpreter_count:
                continue
            self.recording.become(interpreter.account.actor, row, RequestState.FILLED, at)
            if not self._happens("interpreter_cancels_after_accept"):
                break
            at = self._between(at, over_at)
            self._lose(row, coming.pop(), at)
        for one in coming:
            self.matching.take(one.assignment.interpreter, wish)
        return coming

    def _ask(
        self, row: InterpretationRequest, seat: int, interpreter: Interpreter, at: datetime
    ) -> Offer:
        offer = Offer(
            round=OfferRound(strategy=Strategy.DIRECT, state=RoundState.OPEN, opened_at=at),
            interpretation_request=row,
            interpreter=interpreter,
            seat=seat,
            site=row.site,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            language=row.language,
            way=Way.ON_SITE,
            token_hash=hash_of_nothing(),
            state=OfferState.MADE,
            made_at=at,
            answer_by=answer_deadline(now=at, starts_at=row.starts_at, city=self.city).answer_by,
        )
        self.recording.rows.append(offer)
        self.recording.note(self.coordinator, "offer.made", offer, at)
        return offer

    def _answer(self, offer: Offer, over_at: datetime) -> datetime:
        """Take an answer or none, and return when."""
        person = offer.interpreter.account.actor
        if self.random.random() < STAYS_SILENT and offer.answer_by < over_at:
            self.recording.become(SYSTEM, offer, OfferState.EXPIRED, offer.answer_by)
            _close(offer, RoundState.EXHAUSTED, offer.answer_by)
            return offer.answer_by
        at = self._between(offer.made_at, min(offer.answer_by, over_at))
        offer.answered_at = at
        offer.answered_via = self.random.choice((Via.LINK, Via.LINK, Via.PAGE))
        declines = self._happens("interpreter_declines_offer")
        self.recording.become(
            person, offer, OfferState.DECLINED if declines else OfferState.ACCEPTED, at
        )
        _close(offer, RoundState.EXHAUSTED if declines else RoundState.FILLED, at)
        return at

    def _confirm(self, offer: Offer, at: datetime) -> Coming:
        interpreter = offer.interpreter
        assignment = Assignment(
            interpretation_request=offer.interpretation_request,
            seat=offer.seat,
            interpreter=interpreter,
            site=offer.site,
            starts_at=offer.starts_at,
            ends_at=offer.ends_at,
            language=offer.language,
            way=offer.way,
            state=AssignmentState.CONFIRMED,
            confirmed_at=at,
            confirmations=[_first_of(offer, at)],
        )
        self.recording.rows.append(assignment)
        self.recording.note(interpreter.account.actor, "assignment.confirmed", assignment, at)
        remind_at = evening_before(assignment.starts_at, self.city)
        if at < remind_at <= self.now:
            assignment.reminded_at = remind_at
        token = new_token()
        invitation = Invitation(
            interpreter_id=interpreter.id,
            uid=new_uid(MAIL_DOMAIN),
            token=token,
            sequence=0,
            stamped_at=at,
            organizer_name=sender_name(),
            organizer_address=f"einsatz+{token}@{MAIL_DOMAIN}",
            attendee_name=interpreter.name,
            attendee_address=interpreter.account.email,
        )
        coming = Coming(assignment, invitation)
        self.recording.invited.append((assignment, invitation))
        return coming

    def _lose(self, row: InterpretationRequest, one: Coming, at: datetime) -> None:
        why = Reasons(office=sources.words().released)
        self.recording.become(self.coordinator, one.assignment, AssignmentState.RELEASED, at, why)
        self.recording.become(self.coordinator, row, RequestState.OPEN, at)
        _take_back(one.invitation, at)

    def _cancel(
        self, wish: Wish, row: InterpretationRequest, coming: list[Coming], at: datetime
    ) -> None:
        actor, why = wish.asker.actor, Reasons(told=self.random.choice(sources.words().cancelled))
        self.recording.become(actor, row, RequestState.CANCELLED, at, why)
        for one in coming:
            self.recording.become(actor, one.assignment, AssignmentState.CANCELLED, at)
            _take_back(one.invitation, at)

    def _let_pass(self, wish: Wish, row: InterpretationRequest, coming: list[Coming]) -> None:
        if row.state == RequestState.OPEN and wish.starts_at <= self.now:
            ended = RequestState.FILLED if coming else RequestState.UNFILLED
            self.recording.become(SYSTEM, row, ended, wish.starts_at)
        at = wish.ends_at + REPORT_WITHIN
        if at > self.now:
            return
        for one in coming:
            self.recording.become(SYSTEM, one.assignment, AssignmentState.COMPLETED, at)
        if row.state == RequestState.FILLED:
            self.recording.become(SYSTEM, row, RequestState.COMPLETED, at)

    def _happens(self, outcome: str) -> bool:
        likely: float = sources.demand_model()["outcomes"][outcome]
        return self.random.random() < likely

    def _between(self, first: datetime, last: datetime) -> datetime:
        """Return an instant after the first and before the last, within a day or so."""
        span = min(last - first, timedelta(days=2))
        return first + span * self.random.uniform(0.05, 0.5)


def _first_of(offer: Offer, at: datetime) -> Confirmation:
    # Not stored yet, so the column's own default is not there.
    urgent = bool(offer.interpretation_request.is_urgent)
    asked = Confirmation.of(_terms(offer), 1, was_urgent=urgent, asked_at=offer.made_at)
    return asked.answered("yes", offer.answered_via or Via.LINK, at)


def _terms(offer: Offer) -> Terms:
    # The offer is not stored yet, so it knows its site but not the site's number.
    return Terms(
        offer.seat or 1,
        offer.site.id,
        offer.starts_at,
        offer.ends_at,
        offer.language,
        Way(offer.way),
    )


def _close(offer: Offer, state: RoundState, at: datetime) -> None:
    offer.round.state, offer.round.closed_at = state, at


def _take_back(invitation: Invitation, at: datetime) -> None:
    invitation.sequence = 1
    invitation.stamped_at = invitation.cancelled_at = at
