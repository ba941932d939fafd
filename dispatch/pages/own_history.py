"""What concerns one interpreter: in words to them or about them, and of which job."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.languages.rules import name_of
from dispatch.ledger.models import Change
from dispatch.offers.models import Offer
from dispatch.pages import history
from dispatch.requests.models import InterpretationRequest
from dispatch.web.formats import local_datetime

TO_THEMSELVES: dict[str, Any] = {
    "offer.made": _l("You were asked"),
    "offer.accepted": _l("Your yes was noted"),
    "offer.declined": _l("Your no was noted"),
    "offer.expired": _l("You had not answered in time"),
    "offer.interested": _l("Noted that you could come"),
    "offer.chosen": _l("You were chosen"),
    "assignment.confirmed": _l("You are confirmed"),
    "assignment.to_reconfirm": _l("You have to agree to the change"),
    "assignment.kept": _l("You come as agreed, for less time"),
    "assignment.terms_declined": _l("Your no to the change was noted"),
    "assignment.terms_expired": _l("You had not answered about the change in time"),
    "assignment.released": _l("You were released"),
    "assignment.withdrawn": _l("Noted that you have withdrawn"),
    "assignment.cannot-come": _l("Noted that you cannot come"),
    "assignment.no_show_interpreter": _l("Noted that you did not come"),
}
"""Where “an interpreter” of the record is the reader."""


ABOUT_ONE: dict[str, Any] = {
    "offer.made": _l("Asked"),
    "offer.accepted": _l("Said yes"),
    "offer.declined": _l("Said no"),
    "offer.expired": _l("Did not answer in time"),
    "offer.interested": _l("Could come"),
    "offer.chosen": _l("Chosen"),
    "assignment.confirmed": _l("Confirmed"),
    "assignment.to_reconfirm": _l("Has to agree to the change"),
    "assignment.kept": _l("Comes as agreed, for less time"),
    "assignment.terms_declined": _l("Said no to the change"),
    "assignment.terms_expired": _l("Did not answer about the change in time"),
    "assignment.released": _l("Released"),
    "assignment.withdrawn": _l("Has withdrawn"),
    "assignment.cannot-come": _l("Cannot come"),
    "assignment.no_show_interpreter": _l("Did not come"),
}
"""Where “an interpreter” of the record is whom the page is about."""


class OwnLine(NamedTuple):
    """When, what, who did it; of which job and where that stands, empty for neither."""

    when: str
    what: str
    who: str | None
    job: str
    url: str


def lines(changes: Sequence[Change], *, own: bool, for_office: bool = False) -> list[OwnLine]:
    """Return changes that concern one interpreter, in words to them (`own`) or about them.

    `for_office` with the reasons that are the office's.
    """
    words = TO_THEMSELVES if own else ABOUT_ONE
    said = history.lines(changes, for_office=for_office, about=words)
    jobs = _jobs(changes)
    return [
        OwnLine(
            line.when,
            line.what,
            line.who,
            jobs.get(("assignments", change.assignment_id or 0))
            or jobs.get(("offers", change.offer_id or 0), ""),
            _where(change, own=own),
        )
        for line, change in zip(said, changes, strict=True)
    ]


def _where(change: Change, *, own: bool) -> str:
    if change.assignment_id:
        return url_for("interpreter.assignment", assignment_id=change.assignment_id)
    if change.interpretation_request_id and not own:
        return url_for("caseworker.request_page", request_id=change.interpretation_request_id)
    return ""


def _jobs(changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """Return language and start of each assignment and question, as they are there."""
    wanted = (
        (Assignment, {one.assignment_id for one in changes} - {None}),
        (Offer, {one.offer_id for one in changes} - {None}),
    )
    rows = db.session.execute(
        sa.union_all(
            *(
                sa.select(
                    sa.literal(table.__tablename__).label("of"),
                    table.id,
                    table.language,
                    table.starts_at,
                    InterpretationRequest.time_zone,
                )
                .join(table.interpretation_request)
                .where(table.id.in_(ids))
                for table, ids in wanted
            )
        )
    )
    locale = str(get_locale())
    return {
        (of, id_): f"{name_of(tag, locale)}, {local_datetime(at, zone)}"
        for of, id_, tag, at, zone in rows
    }
