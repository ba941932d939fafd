"""What must be so after whatever people did: rules over rows, and last words that are true."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TypeVar

import sqlalchemy as sa

from dispatch.assignments.announced import about_coming
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, AssignmentState
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.messaging import otherwise, subjects
from dispatch.messaging.models import Message
from dispatch.messaging.rules import CALENDAR_ENTRY, MessageState
from dispatch.offers.models import Offer
from dispatch.offers.rules import NEVER_ASKED, OfferState
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import ALIVE, RequestState
from dispatch.web.formats import time_in

Row = TypeVar("Row", Offer, Assignment)

SAYS_COME = frozenset(
    {
        "absence_question",
        "absence_stays",
        "assignment_back",
        "assignment_changed",
        "assignment_confirmed",
        "assignment_reminder",
        "assignment_soon",
        "day_before",
        "shared_talk",
    }
)
SAYS_AGREE = frozenset({"assignment_asked_again", "absence_question", "change_reminder"})
SAYS_ANSWER = frozenset(
    {
        "interest",
        "interest_chosen",
        "offer",
        "offer_broadcast",
        "offer_changed",
        "offer_reminder",
    }
)
CALLING_OFF = {"interpreter_lost", "interpreter_withdrawn", "interpreter_missing"}
VAGUE = re.compile(r"ha(?:s|ve) to accept again|cannot come like this")
SAYS_NO_TIME = {"change_reminder"}
"""What leads to the page and names no time."""


def rows(model: type[Row], request_id: int) -> list[Row]:
    """All rows of a request, oldest first."""
    return list(
        db.session.scalars(
            sa.select(model).where(model.interpretation_request_id == request_id).order_by(model.id)
        )
    )


def nobody_is_in_two_places(people: list[int]) -> list[str]:
    """Holds of one person that overlap."""
    held = db.session.scalars(
        sa.select(Hold)
        .where(Hold.interpreter_id.in_(people))
        .order_by(Hold.interpreter_id, Hold.starts_at)
    ).all()
    return [
        f"{one.interpreter_id} is in two places"
        for one, then in pairwise(held)
        if one.interpreter_id == then.interpreter_id and then.starts_at < one.ends_at
    ]


def asked_after_a_no(request_id: int) -> list[str]:
    """Who was asked again for what they declined."""
    said_no: set[int] = set()
    found = []
    for one in rows(Offer, request_id):
        if one.interpreter_id in said_no:
            found.append(f"{one.interpreter_id} was asked again after a no")
        if one.state == OfferState.DECLINED:
            said_no.add(one.interpreter_id)
    return found


def told_of(offers: list[Offer], states: Collection[str]) -> list[int]:
    """The messages about offers in these states."""
    about = [f"offer:{one.id}" for one in offers if one.state in states]
    return list(db.session.scalars(sa.select(Message.id).where(Message.about.in_(about))))


def what_is_broken(request_id: int, now: datetime) -> list[str]:
    """Which of the field's rules do not hold for a request and its people."""
    asked = db.session.get_one(InterpretationRequest, request_id)
    jobs, every = rows(Assignment, request_id), rows(Offer, request_id)
    questions = [one for one in every if one.state == OfferState.MADE]
    to_approve = [one for one in every if one.state == OfferState.TO_APPROVE]
    coming = [one for one in jobs if one.state in AGREED]
    to_agree = [one for one in jobs if one.state == AssignmentState.TO_RECONFIRM]
    seats = db.session.scalars(
        sa.select(Hold.seat).where(Hold.interpretation_request_id == request_id)
    ).all()
    exclusive = sum(one.exclusive for one in [*questions, *to_approve])
    broken = {
        "somebody comes to what is over": asked.state
        in {RequestState.CANCELLED, RequestState.UNFILLED}
        and (coming or to_agree),
        "somebody is asked for what needs nobody": asked.state != RequestState.OPEN
        and (questions or to_approve or to_agree),
        "somebody hears of a way that is not approved": told_of(every, NEVER_ASKED),
        "filled, and not all come": asked.state == RequestState.FILLED
        and asked.starts_at > now
        and len(coming) != asked.seats_of_pool,
        "all come, and it is open": asked.state == RequestState.OPEN
        and len(coming) == asked.seats_of_pool,
        "more come than are missing beside an agency": len(seats) > asked.seats_of_pool
        and asked.agency is not None,
        "time is taken by others than these": len(seats) != len(coming) + len(to_agree) + exclusive,
        "more seats than asked for": max(seats, default=1) > asked.interpreter_count,
    }
    found = [rule for rule, is_so in broken.items() if is_so] + asked_after_a_no(request_id)
    if asked.starts_at > now:  # afterwards nobody is told what cannot be helped
        found += untrue_words(request_id, coming, to_agree, questions)
        found += untrue_words_to_who_asked(asked, coming)
    return [f"{request_id}: {each}" for each in found]


def untrue_words(
    request_id: int,
    coming: list[Assignment],
    to_agree: list[Assignment],
    questions: list[Offer],
) -> list[str]:
    """The last words to each person that do not describe what is so, or name another time."""
    people: list[Assignment | Offer] = [*coming, *to_agree, *questions]
    words = last_words(request_id)
    last = {who: message.name.removesuffix("_several") for who, message in words.items()}
    true = {
        **dict.fromkeys((one.interpreter_id for one in questions), SAYS_ANSWER),
        **dict.fromkeys((one.interpreter_id for one in to_agree), SAYS_AGREE),
        **dict.fromkeys((one.interpreter_id for one in coming), SAYS_COME),
    }
    every = SAYS_COME | SAYS_AGREE | SAYS_ANSWER
    said_no = {
        one.interpreter_id for one in rows(Offer, request_id) if one.state == OfferState.DECLINED
    }
    return [
        f"{who} heard last {name}"
        for who, name in last.items()
        if (name not in true[who] if who in true else name in every)
        and not (who in said_no and name in SAYS_ANSWER)  # whoever says no is not told so
    ] + [
        *(f"{who} heard nothing" for who in true if who not in last),
        *(
            f"{one.interpreter_id} heard last of another time in {last[one.interpreter_id]}"
            for one in people
            if one.interpreter_id in words and not names_time(one, words[one.interpreter_id])
        ),
    ]


def names_time(one: Assignment | Offer, message: Message) -> bool:
    """Whether a message says when the question or assignment really begins."""
    name = message.name.removesuffix("_several")
    zone = one.interpretation_request.time_zone
    return name in SAYS_NO_TIME or time_in(one.starts_at, zone, "en") in message.body


def untrue_words_to_who_asked(
    asked: InterpretationRequest, coming: Sequence[Assignment]
) -> list[str]:
    """Who is said to come to those who asked and does not, and who comes without a word.

    Whoever cancels gets no message of it, and knows all the same.
    """
    if asked.state not in ALIVE:
        return []
    people = {one.interpreter for one in rows(Assignment, asked.id)}
    names = {one.first_name for one in people}
    come = {one.interpreter.first_name for one in coming}
    said: set[str] = set()
    about = [f"request:{asked.id}", *(about_coming(one.id) for one in rows(Assignment, asked.id))]
    for message in db.session.scalars(
        sa.select(Message)
        .where(
            subjects.concerns(about),
            Message.state != MessageState.SETTLED,
            Message.recipient == asked.account.email,
        )
        .order_by(Message.id)
    ):
        named = {one for one in names if re.search(rf"\b{one}\b", message.body)}
        name = message.name.removesuffix("_several")
        if name == "request_back":  # it says all that come, and how many are missing
            said = named
        elif name == "interpreter_found":
            gone = {one for one in named if f"{one} does not come any more" in message.body}
            said = (said | named) - gone
        elif name in CALLING_OFF:
            said -= named
        elif VAGUE.search(message.body):  # how many have to agree again or leave, not who
            said &= come
    return [
        *(f"who asked hears last that {one} comes" for one in sorted(said - come)),
        *(f"who asked does not hear that {one} comes" for one in sorted(come - said)),
    ]


def last_words(request_id: int) -> dict[int, Message]:
    """What each person was told last of a request, as far as it was not settled unsaid."""
    things = {
        f"{kind}:{one.id}": one.interpreter_id
        for kind, found in (
            ("offer", rows(Offer, request_id)),
            ("assignment", rows(Assignment, request_id)),
        )
        for one in found
    }
    told = db.session.scalars(
        sa.select(Message)
        .where(
            subjects.concerns(list(things)),
            Message.state != MessageState.SETTLED,
            Message.name != otherwise.NAME,  # says again what an SMS was to say
            Message.name != CALENDAR_ENTRY,  # what it means is said by the mail before it
        )
        .order_by(Message.id)
    )
    addresses = {
        one.id: {one.account.email, one.phone}
        for one in db.session.scalars(
            sa.select(Interpreter).where(Interpreter.id.in_(things.values()))
        )
    }
    return {
        things[about]: message
        for message in told
        for about in subjects.of(message)
        if about in things and message.recipient in addresses[things[about]]
    }
