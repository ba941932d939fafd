"""The record of changes with filters, and the proof that it is whole; words of people stay out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ROLE_NAMES, Role
from dispatch.database import db
from dispatch.ledger import reading, sealing
from dispatch.ledger.models import Change
from dispatch.pages import history
from dispatch.pages.auditor import blueprint
from dispatch.pages.auditor.fields import in_words
from dispatch.pages.turning import turn
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.web.days import day_from
from dispatch.web.formats import local_datetime
from dispatch.web.policy import only

ABOUT = {
    "request": _l("Requests"),
    "series": _l("Series"),
    "offer": _l("Offers"),
    "round": _l("Rounds"),
    "assignment": _l("Assignments"),
    "interpreter": _l("Interpreters"),
    "availability": _l("Times"),
    "absence": _l("Absences"),
    "message": _l("Messages"),
    "account": _l("Accounts"),
    "organisation": _l("Organisations"),
    "site": _l("Sites"),
    "planning": _l("Planning"),
    "proposal": _l("Plans"),
    "feed": _l("Calendars to subscribe to"),
    "mail": _l("Mails that came in"),
    "sms": _l("SMS that came in"),
    "private_calendar": _l("Private calendars"),
    "timetable": _l("Timetables"),
    "text": _l("Texts"),
}
"""By the first word of a kind; a kind of another is found without this filter."""


@dataclass(frozen=True)
class Line:
    """One entry as it is shown: `where` is the number of the request, `fields` what changed."""

    number: int
    when: str
    what: str
    who: str
    role: str
    where: str
    fields: str


@blueprint.get("/record")
@only(Role.AUDITOR, Role.ADMINISTRATOR)
def record() -> str:
    """List what was done, newest first, by what is looked for; the address says all of it."""
    sought, kept = _sought()
    page = reading.changes_page(sought, turn())
    return render_template(
        "pages/auditor/record.html",
        page=page,
        lines=_lines(page.rows),
        kept=kept,
        abouts=ABOUT,
        last=sealing.last(),
    )


@blueprint.get("/record/proof")
@only(Role.AUDITOR, Role.ADMINISTRATOR)
def proof() -> str:
    """Read the whole record, and say whether it is as it was when it was sealed."""
    return render_template("pages/auditor/proof.html", proof=sealing.prove())


def _sought() -> tuple[reading.Sought, dict[str, str]]:
    """Return what is looked for, and the same as it stands in the address."""
    kept = {
        name: text
        for name in ("about", "who", "number", "first", "last")
        if (text := request.args.get(name, "").strip()[:100])
    }
    zone = active().city.zone_name
    first, last = (_day(kept, name) for name in ("first", "last"))
    return (
        reading.Sought(
            about=kept["about"] if kept.get("about") in ABOUT else "",
            actors=_accounts_like(kept["who"]) if "who" in kept else None,
            request_id=_request_of(kept["number"]) if "number" in kept else None,
            first=clock.day_bounds(first, zone)[0] if first else None,
            after=clock.day_bounds(last, zone)[1] if last else None,
        ),
        kept,
    )


def _day(kept: dict[str, str], name: str) -> date | None:
    day = day_from(kept.get(name))
    if day is None:
        kept.pop(name, None)
    return day


def _accounts_like(text: str) -> list[int]:
    like = sa.or_(
        Account.name.icontains(text, autoescape=True),
        Account.email.icontains(text, autoescape=True),
    )
    return list(db.session.scalars(sa.select(Account.id).where(like)))


def _request_of(number: str) -> int:
    """Return the id of the request with this number; 0, which nothing has, where there is none."""
    query = sa.select(InterpretationRequest.id).where(
        InterpretationRequest.reference == number.upper()
    )
    return db.session.scalar(query) or 0


def _lines(changes: Sequence[Change]) -> list[Line]:
    accounts = _named(Account, Account.name, {one.actor_account_id for one in changes})
    references = _named(
        InterpretationRequest,
        InterpretationRequest.reference,
        {one.interpretation_request_id for one in changes},
    )
    return [
        Line(
            number=one.id,
            when=local_datetime(one.at),
            what=str(history.KINDS.get(one.kind, one.kind)),
            who=accounts.get(one.actor_account_id or 0, _("automatically")),
            role=str(ROLE_NAMES.get(one.actor_role, "")),
            where=references.get(one.interpretation_request_id or 0, ""),
            fields=in_words(one.fields),
        )
        for one in changes
    ]


def _named(
    model: type[Account] | type[InterpretationRequest],
    name: sa.orm.InstrumentedAttribute[str],
    ids: set[int | None],
) -> dict[int, str]:
    wanted = [one for one in ids if one is not None]
    rows = db.session.execute(sa.select(model.id, name).where(model.id.in_(wanted)))
    return {row[0]: row[1] for row in rows}
