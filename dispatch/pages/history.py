"""What happened, in words: to the office all of it, to an organisation a named list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.interpreters.models import Interpreter
from dispatch.ledger import service as ledger
from dispatch.ledger.models import Change, Reason
from dispatch.ledger.rules import Audience, Concerning
from dispatch.pages.lateness import minutes_late
from dispatch.web.formats import local_datetime

KINDS: dict[str, Any] = {
    "request.submitted": _l("Request received"),
    "request.urgent": _l("Urgent: sent in at short notice"),
    "request.approved": _l("Approved by the office"),
    "request.refused": _l("Refused by the office"),
    "request.in_review": _l("Waits for the office again"),
    "request.wished": _l("Wish for somebody noted"),
    "request.excluded": _l("Must not come"),
    "request.admitted": _l("May come after all"),
    "request.strategy": _l("Noted how interpreters are asked"),
    "request.time-agreed": _l("The time is agreed within the window"),
    "request.window-again": _l("The time is open again within the window"),
    "request.filled": _l("Everybody found"),
    "request.open": _l("Open again"),
    "request.still-open": _l("Still open: those who asked were told"),
    "request.question": _l("Those who asked were asked whether it may be otherwise"),
    "request.question_back": _l("The question about another start was taken back"),
    "request.start_refused": _l("Those who asked said no to another start"),
    "request.changed": _l("Request changed"),
    "request.client_number_given": _l("A reminder for the client was asked for"),
    "request.client_number_forgotten": _l("The number of the client was deleted"),
    "request.client_stopped": _l("The client wants no more SMS; their number was deleted"),
    "request.cancelled": _l("Request cancelled"),
    "request.undone": _l("Cancellation taken back"),
    "assignment.fee_waived": _l("What was owed is waived"),
    "request.by-agency": _l("A partner agency sends somebody"),
    "request.not-by-agency": _l("The partner agency sends nobody after all"),
    "request.unfilled": _l("Nobody found in time"),
    "request.completed": _l("Completed"),
    "offer.made": _l("An interpreter was asked"),
    "offer.to-approve": _l("A long way waits for the office; nobody is asked yet"),
    "offer.approved": _l("A long way was approved, and the interpreter asked"),
    "offer.not-approved": _l("A long way was refused; the interpreter was not asked"),
    "offer.approval-lapsed": _l("Nobody decided on a long way in time; it counts as refused"),
    "offer.accepted": _l("An interpreter has said yes"),
    "offer.declined": _l("An interpreter has said no"),
    "offer.unsaid": _l("The no was written down by mistake and is taken back"),
    "offer.expired": _l("An interpreter did not answer in time"),
    "offer.interested": _l("An interpreter could come"),
    "offer.chosen": _l("An interpreter who could come was chosen"),
    "offer.overtaken": _l("The question was asked anew after a change"),
    "offer.withdrawn": _l("The question was taken back"),
    "offer.lost": _l("Somebody else comes"),
    "round.begun": _l("A round that goes on by itself was begun"),
    "round.agency": _l("Everybody of the pool is asked; now a partner agency"),
    "round.exhausted": _l("The round ended, and too few said yes"),
    "round.stopped": _l("The round was stopped"),
    "assignment.confirmed": _l("An interpreter is confirmed"),
    "assignment.to_reconfirm": _l("An interpreter has to agree to the change"),
    "assignment.stands_again": _l(
        "The change was taken back before anybody was asked: the yes holds"
    ),
    "assignment.kept": _l("An interpreter comes as agreed, for less time"),
    "assignment.terms_declined": _l("An interpreter said no to the change"),
    "assignment.terms_expired": _l("An interpreter did not answer about the change in time"),
    "assignment.released": _l("An interpreter was released"),
    "assignment.withdrawn": _l("An interpreter has withdrawn"),
    "assignment.cannot-come": _l("An interpreter cannot come"),
    "assignment.cancelled": _l("Assignment cancelled"),
    "assignment.completed": _l("Assignment completed"),
    "assignment.day-before": _l("Confirmed for the next day"),
    "assignment.late": _l("Comes late"),
    "assignment.longer": _l("Takes longer"),
    "assignment.on_the_way": _l("On the way"),
    "assignment.arrived": _l("Arrived"),
    "assignment.running": _l("Begun"),
    "assignment.no_show_client": _l("The client did not come"),
    "assignment.no_show_interpreter": _l("The interpreter did not come"),
    "assignment.pinned": _l("Pinned"),
    "assignment.unpinned": _l("Unpinned"),
    "assignment.against_wishes": _l("Agreed on against a wish of theirs"),
    "series.asked": _l("Asked for"),
    "series.changed": _l("Dates changed"),
    "series.cancelled": _l("Dates cancelled"),
    "series.undone": _l("Cancellation taken back"),
    "series.given": _l("Somebody was assigned or asked"),
    "series.swapped": _l("Somebody comes instead"),
    "interpreter.added": _l("Taken into the pool"),
    "interpreter.changed": _l("What is kept of the person changed"),
    "interpreter.left": _l("Taken out of the pool"),
    "interpreter.back": _l("Taken into the pool again"),
    "interpreter.proof": _l("Proof of a qualification given"),
    "absence.saved": _l("Absence noted"),
    "absence.settled": _l("Decided: an assignment in the time of an absence"),
    "absence.ended": _l("Absence ended"),
    "availability.changed": _l("Times changed"),
    "message.failed": _l("Not delivered"),
    "message.perhaps_sent": _l("Perhaps sent"),
    "message.suppressed": _l("Not sent: opted out"),
    "message.sent_again": _l("Queued again"),
    "message.settled": _l("Settled"),
    "account.signed-in": _l("Signed in"),
    "planning.begun": _l("Planning was begun"),
    "planning.stopped": _l("Planning was stopped"),
    "proposal.made": _l("A plan was made"),
    "proposal.adopted": _l("A plan was adopted, all or part of it"),
    "account.added": _l("An account was added"),
    "account.changed": _l("An account was changed"),
    "account.disabled": _l("An account was shut out"),
    "account.enabled": _l("An account was let in again"),
    "account.signed_out": _l("An account was signed out everywhere"),
    "organisation.added": _l("An organisation was added"),
    "organisation.agreed": _l("Noted what is agreed with an organisation"),
    "organisation.changed": _l("An organisation was changed"),
    "organisation.closed": _l("An organisation asks for nothing new any more"),
    "organisation.reopened": _l("An organisation asks again"),
    "site.added": _l("A site was added"),
    "site.changed": _l("A site was changed"),
    "site.closed": _l("A site was closed"),
    "site.reopened": _l("A site was opened again"),
    "text.changed": _l("The text of a message was changed"),
    "text.restored": _l("A message reads as delivered again"),
    "account.hearing_chosen": _l("Somebody chose how they hear of what"),
    "feed.renewed": _l("A calendar to subscribe to got a new address"),
    "feed.ended": _l("A calendar to subscribe to was ended"),
    "mail.kept": _l("A mail came in that a person has to read"),
    "mail.settled": _l("A mail that came in was seen to"),
    "sms.kept": _l("An SMS came in that a person has to read"),
    "sms.settled": _l("An SMS that came in was seen to"),
    "private_calendar.added": _l("A private calendar was added"),
    "private_calendar.removed": _l("A private calendar was removed"),
    "timetable.imported": _l("A timetable was taken in"),
}
ORGANISATION_SEES = frozenset(
    {
        "request.submitted",
        "request.urgent",
        "request.approved",
        "request.refused",
        "request.in_review",
        "request.wished",
        "request.time-agreed",
        "request.window-again",
        "request.filled",
        "request.by-agency",
        "request.not-by-agency",
        "request.open",
        "request.still-open",
        "request.question",
        "request.start_refused",
        "request.changed",
        "request.cancelled",
        "request.undone",
        "request.unfilled",
        "request.completed",
        "offer.made",
        "offer.declined",
        "offer.unsaid",
        "offer.expired",
        "assignment.confirmed",
        "assignment.to_reconfirm",
        "assignment.stands_again",
        "assignment.terms_declined",
        "assignment.terms_expired",
        "assignment.released",
        "assignment.withdrawn",
        "assignment.cannot-come",
        "assignment.completed",
        "assignment.late",
        "assignment.longer",
        "assignment.on_the_way",
        "assignment.arrived",
        "assignment.running",
        "assignment.no_show_client",
        "assignment.no_show_interpreter",
    }
)
"""What an organisation reads about its request; pins and what plans did are the office's."""

ORGANISATION_SEES_OF_A_SERIES = frozenset(
    {
        "series.asked",
        "series.changed",
        "series.cancelled",
        "series.undone",
        "series.given",
        "series.swapped",
    }
)
INTERPRETER_SEES = frozenset(
    kind
    for kind in KINDS
    if kind.startswith(
        ("offer.", "assignment.", "interpreter.", "absence.", "availability.", "private_calendar.")
    )
) - {
    "assignment.pinned",
    "assignment.unpinned",
    # whom a long way was thought of for hears nothing of it unless they are asked
    "offer.to-approve",
    "offer.approved",
    "offer.not-approved",
    "offer.approval-lapsed",
}
"""What somebody reads about themselves: never whom a person wishes for, nor what plans did."""


class Line(NamedTuple):
    """One line of a history: when, what, and who did it (None: not for the reader)."""

    when: str
    what: str
    who: str | None


def of_request(request_id: int, *, for_office: bool) -> list[Line]:
    """Return what happened to a request, newest first."""
    kinds = None if for_office else ORGANISATION_SEES
    changes = ledger.history(Concerning(interpretation_request=request_id), kinds)
    return lines(changes[::-1], for_office=for_office)


def of_series(series_id: int, *, for_office: bool) -> list[Line]:
    """Return what was done with a series, newest first; what each date came to stands with it."""
    kinds = None if for_office else ORGANISATION_SEES_OF_A_SERIES
    changes = ledger.history(Concerning(series=series_id), kinds)
    return lines(changes[::-1], for_office=for_office)


def lines(
    changes: Sequence[Change], *, for_office: bool, about: Mapping[str, Any] | None = None
) -> list[Line]:
    """Return changes in words; names of interpreters and the office's reasons only for it.

    Where all are about one interpreter, `about` has the words that say so, and no names.
    """
    audiences = tuple(Audience) if for_office else (Audience.TOLD,)
    reasons = ledger.reasons_of(changes, audiences)
    named = for_office and about is None
    people = _interpreters(one.interpreter_id for one in changes) if named else {}
    kinds = {**KINDS, **(about or {})}
    actors = _accounts(one.actor_account_id for one in changes)
    late = minutes_late(changes)
    return [
        Line(
            local_datetime(change.at),
            _what(change, kinds, people, reasons.get(change.id, [])) + late.get(change.id, ""),
            _who(change, actors),
        )
        for change in changes
    ]


def _what(
    change: Change, kinds: Mapping[str, Any], people: dict[int, str], reasons: Sequence[Reason]
) -> str:
    text = str(kinds.get(change.kind, change.kind))
    name = people.get(change.interpreter_id or 0)
    parts = [f"{text}: {name}" if name else text]
    for reason in reasons:
        said = (
            _("for the office: %(reason)s", reason=reason.text)
            if reason.audience == Audience.OFFICE
            else _("reason: %(reason)s", reason=reason.text)
        )
        parts.append(said)
    return "; ".join(parts)


def _who(change: Change, actors: dict[int, str]) -> str | None:
    if change.actor_account_id is None:
        return _("automatically")
    return None if change.actor_role == "interpreter" else actors.get(change.actor_account_id)


def _interpreters(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = db.session.scalars(sa.select(Interpreter).where(Interpreter.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def _accounts(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    if not wanted:
        return {}
    rows = db.session.scalars(sa.select(Account).where(Account.id.in_(wanted)))
    return {row.id: row.name for row in rows}
