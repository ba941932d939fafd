"""What must be so after whatever people did: rules over rows, and last words that are true."""

from collections.abc import Collection
from itertools import pairwise
from typing import TypeVar

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.holds.models import Hold
from dispatch.interpreters.models import Interpreter
from dispatch.messaging import subjects
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState

Row = TypeVar("Row", Offer, Assignment)

SAYS_COME = frozenset(
    {
        "absence_question",
        "absence_stays",
        "assignment_back",
        "assignment_changed",
        "assignment_confirmed",
        "assignment_reminder",
        "day_before",
    }
)
SAYS_AGREE = frozenset({"assignment_asked_again", "absence_question"})
SAYS_ANSWER = frozenset({"offer", "offer_broadcast", "offer_changed", "offer_reminder"})


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


def untrue_words(
    request_id: int,
    coming: list[Assignment],
    to_agree: list[Assignment],
    questions: list[Offer],
) -> list[str]:
    """The last words to each person that do not describe what is so."""
    last = last_words(request_id)
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
    ] + [f"{who} heard nothing" for who in true if who not in last]


def last_words(request_id: int) -> dict[int, str]:
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
        .where(subjects.concerns(list(things)), Message.state != MessageState.SETTLED)
        .order_by(Message.id)
    )
    addresses = {
        one.id: {one.account.email, one.phone}
        for one in db.session.scalars(
            sa.select(Interpreter).where(Interpreter.id.in_(things.values()))
        )
    }
    return {
        things[about]: message.name.removesuffix("_several")
        for message in told
        for about in subjects.of(message)
        if about in things and message.recipient in addresses[things[about]]
    }
