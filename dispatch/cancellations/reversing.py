"""Reversing one step of the office: whoever was given a seat loses it, who lost it has it again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.assignments import announced
from dispatch.assignments import messages as assignment_messages
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import TO_COME
from dispatch.cancellations import deciding, rules, service, undoing
from dispatch.contacts.hearing import Event, Party
from dispatch.contacts.notices import names_of
from dispatch.database import get
from dispatch.errors import Conflict
from dispatch.holds import service as holds
from dispatch.invitations import service as invitations
from dispatch.ledger.rules import Actor, Reasons
from dispatch.messaging import queries as messages
from dispatch.messaging import service as messaging
from dispatch.messaging import subjects
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from dispatch.offers.rules import HOLDING
from dispatch.offers.seats import free_seats, share, wanted_again
from dispatch.requests import service as requests
from dispatch.requests.messages import about_all
from dispatch.requests.models import InterpretationRequest

OFF = names_of(Event.RELEASED, Party.COMING) | names_of(Event.WITHDRAWN, Party.COMING)
"""Released by the office, or withdrawn by telephone as it wrote down."""


class Kind(StrEnum):
    """By what somebody has a seat."""

    OFFER = "offer"
    ASSIGNMENT = "assignment"


MODELS: dict[Kind, type[Offer] | type[Assignment]] = {
    Kind.OFFER: Offer,
    Kind.ASSIGNMENT: Assignment,
}


@dataclass(frozen=True)
class Seat:
    """Who has or had a seat: asked by an open question, or coming by an assignment."""

    kind: Kind
    id: int
    pinned: bool = False

    @classmethod
    def of(cls, one: Offer | Assignment) -> "Seat":
        """Return the seat that a question or an assignment takes now."""
        if isinstance(one, Offer):
            return cls(Kind.OFFER, one.id)
        return cls(Kind.ASSIGNMENT, one.id, one.pinned)

    @property
    def about(self) -> str:
        """What messages about it say that they are about."""
        return f"{self.kind}:{self.id}"

    def row(self) -> Offer | Assignment:
        """Return the question or assignment."""
        return get(MODELS[self.kind], self.id)


Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Step:
    """Something the office did with one seat of a request: whose it was, whose it became.

    None: nobody's. `window`: the first and the latest start there were, where this closed them.
    """

    request_id: int
    before: Seat | None = None
    after: Seat | None = None
    window: Window | None = None


class Effect(StrEnum):
    """What reversing a step does to one person."""

    NEVER_HEARD = "never heard"
    """Is off it again and has heard nothing of it."""

    TOLD_OFF = "told off"
    """Was told, and is told now that it does not hold."""

    ASKED_AGAIN = "asked again"
    """The question was taken back, and is put anew."""

    NOTHING_HAPPENED = "nothing happened"
    """Comes as before and has heard nothing of the release."""

    INVITED_AGAIN = "invited again"
    """Was told of the release, and gets a new invitation."""

    ASKER_TOLD = "asker told"
    """Has asked, was told of the step, and is told now how it is."""

    ASKER_WAITS = "asker waits"
    """Has asked, was told that nobody is found, and hears once somebody comes."""

    INVITED = "invited"
    """Has heard neither of the assignment nor of the release, and is told now."""


@dataclass(frozen=True)
class Foreseen:
    """What reversing does to somebody, and since when they know what it reverses."""

    name: str
    effect: Effect
    told_at: datetime | None


def foresee(step: Step) -> list[Foreseen]:
    """Return whom reversing the step concerns, and what would be sent to them now."""
    return list(_foreseen(step))


def _foreseen(step: Step) -> Iterator[Foreseen]:
    if step.after is not None:
        told_at = messages.first_left(step.after.about)
        effect = Effect.TOLD_OFF if told_at else Effect.NEVER_HEARD
        yield Foreseen(step.after.row().interpreter.name, effect, told_at)
    if step.before is not None:
        name, is_question = step.before.row().interpreter.name, step.before.kind == Kind.OFFER
        told_at = messages.first_left(step.before.about, None if is_question else OFF)
        if is_question:
            yield Foreseen(name, Effect.ASKED_AGAIN, told_at)
        else:
            heard = messages.first_left(step.before.about) is not None
            unheard = Effect.NOTHING_HAPPENED if heard else Effect.INVITED
            effect = Effect.INVITED_AGAIN if told_at else unheard
            yield Foreseen(name, effect, told_at)
    yield from _told_who_asked(step.request_id, _told_of(step))


def _told_of(step: Step) -> datetime | None:
    """Return when those who asked heard of the step: that somebody comes, or does not come."""
    if step.after is not None and step.after.kind == Kind.ASSIGNMENT:
        return messages.first_left(announced.about_coming(step.after.id))
    if step.before is not None and step.before.kind == Kind.ASSIGNMENT:
        return messages.first_left(announced.about_coming(step.before.id), announced.LOST)
    return None


def _told_who_asked(request_id: int, told_at: datetime | None) -> Iterator[Foreseen]:
    if told_at is not None:
        who = get(InterpretationRequest, request_id).account.name
        yield Foreseen(who, Effect.ASKER_TOLD, told_at)


def foresee_back(request_id: int) -> list[Foreseen]:
    """Return whom taking the cancellation of a request back concerns, if they are still free."""
    off = names_of(Event.CANCELLED_BY_OFFICE, Party.WHO_ASKED)
    told_at = messages.first_left(about_all(request_id), off)
    before = [one.assignment for one in deciding.of_last_cancellation(request_id)]
    return [*map(_foreseen_back, before), *_told_who_asked(request_id, told_at)]


def _foreseen_back(before: Assignment) -> Foreseen:
    about = f"assignment:{before.id}"
    told_at = messages.first_left(about, undoing.CALLED_OFF)
    if not undoing.had_agreed(before):
        return Foreseen(before.interpreter.name, Effect.ASKED_AGAIN, told_at)
    effect = Effect.INVITED_AGAIN
    if told_at is None:
        heard = messages.first_left(about) is not None
        effect = Effect.NOTHING_HAPPENED if heard else Effect.INVITED
    return Foreseen(before.interpreter.name, effect, told_at)


def reverse(actor: Actor, step: Step, *, now: datetime) -> Step:
    """Give the seat back to who had it; return the step that reverses this one.

    Whoever has heard of the step is told, nobody else. Raises `Conflict` where somebody has
    answered meanwhile, is not free any more, or the seat is somebody else's; then nothing changes.
    """
    interpretation_request = requests.lock(step.request_id)
    window = window_of(interpretation_request)
    both = [seat.row() for seat in (step.before, step.after) if seat is not None]
    # In the order of ids, as everybody locks several: nobody waits in a ring.
    for interpreter_id in sorted({one.interpreter_id for one in both}):
        assignments.lock_interpreter(interpreter_id)
    comes_again = step.before is not None and step.before.kind != Kind.OFFER
    if step.after is not None:
        _take_off(actor, step.after, now, tells_who_asked=not comes_again)
    if step.window is not None and not (
        interpretation_request.has_window or holds.of_request(step.request_id)
    ):
        requests.open_window_again(actor, interpretation_request, *step.window, now=now)
    back = _give_back(actor, interpretation_request, step.before, now) if step.before else None
    closed = window if not interpretation_request.has_window else None
    return Step(step.request_id, step.after, Seat.of(back) if back else None, closed)


def window_of(interpretation_request: InterpretationRequest) -> Window | None:
    """Return the first and the latest start, where the time is still to be found between them."""
    one = interpretation_request
    return (one.starts_at, one.latest_start_at) if one.has_window else None


def _take_off(actor: Actor, seat: Seat, now: datetime, *, tells_who_asked: bool) -> None:
    """Take the seat from who got it; who comes again instead is told of by the caller."""
    if seat.kind == Kind.OFFER:
        offer = offers.lock(seat.id)
        if offer.state not in HOLDING:
            raise Conflict(
                "answered-meanwhile",
                _l("%(name)s has answered meanwhile.", name=offer.interpreter.name),
            )
        offers.withdraw(actor, seat.id, now=now)
        return
    assignment = assignments.lock(seat.id)
    rules.require_not_over(assignment.ends_at, now)
    if assignment.state not in TO_COME:
        raise Conflict(
            "over-meanwhile",
            _l("%(name)s does not come to it any more.", name=assignment.interpreter.name),
        )
    has_heard = messages.first_left(seat.about) is not None
    service.open_again(
        actor,
        assignment,
        Event.RELEASED,
        reasons=Reasons(office=_("Undone by who had done it.")),
        owes=has_heard,
        now=now,
        only_heard=True,
    )
    if tells_who_asked:
        assignment_messages.tell_who_asked(Event.RELEASED, assignment, now=now)


def _give_back(
    actor: Actor, interpretation_request: InterpretationRequest, seat: Seat, now: datetime
) -> Offer | Assignment:
    before = seat.row()
    wanted = wanted_again(before)
    share(interpretation_request, wanted.sharing)
    if before.seat not in free_seats(interpretation_request):
        raise Conflict("seat-taken", _l("Somebody else has the seat meanwhile."))
    if isinstance(before, Offer):
        return offers.make(actor, interpretation_request.id, before.interpreter_id, wanted, now=now)
    return _come_again(actor, interpretation_request, before, seat, now)


def _come_again(
    actor: Actor,
    interpretation_request: InterpretationRequest,
    before: Assignment,
    seat: Seat,
    now: datetime,
) -> Assignment:
    if not undoing.had_agreed(before):
        raise Conflict(
            "not-agreed-yet",
            _l(
                "%(name)s had not agreed to the change yet; ask them again.",
                name=before.interpreter.name,
            ),
        )
    before.withdrawn_at = None  # where it was written down: nobody has said no
    heard = messages.first_left(seat.about) is not None
    told = messaging.take_back(seat.about, names=OFF, now=now)
    back = undoing.come_again(actor, interpretation_request, before, now, pinned=seat.pinned)
    if back is None:
        raise Conflict(
            "not-free-any-more",
            _l("%(name)s is not free any more.", name=before.interpreter.name),
        )
    back.against_wishes = before.against_wishes
    deciding.undo(before.id, now=now)
    if told or not heard:
        undoing.invite(back, now)
    else:
        invitations.resume(before.id, back.id)
        subjects.goes_on(seat.about, Seat.of(back).about)
    assignment_messages.tell_who_asked(Event.ACCEPTED, back, now=now)
    return back
