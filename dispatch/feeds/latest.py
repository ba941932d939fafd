"""Whether anything of a calendar has changed: the latest entries of the record about it."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.database import db
from dispatch.feeds.reach import Since, asked_by, at_site, since_of
from dispatch.interpreters.models import Interpreter
from dispatch.ledger.models import Change
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site

LATEST_LOOKED_AT = 50
"""Entries of the record that tell states apart: some are committed after later ones."""

_SINCE = Since(sa.bindparam("ends_after"), sa.bindparam("starts_after"))
_ACCOUNT: sa.BindParameter[int] = sa.bindparam("account")
_ORGANISATION: sa.BindParameter[int] = sa.bindparam("organisation")
_NOW: sa.BindParameter[datetime] = sa.bindparam("now")


def last_changes(account: Account, now: datetime) -> Sequence[tuple[Any, ...]]:
    """Return the latest entries of the record that may concern somebody's calendar.

    Each with when an interpreter's latest assignment ended: from then on it shows no place; and
    with how often the sites and requests that are shown have changed. Who has any of them has an
    entry as well, so that one statement tells all.
    """
    about = {"account": account.id, "organisation": account.organisation_id, "now": now}
    rows = db.session.execute(_latest(account.role), about | since_of(now)._asdict())
    return [tuple(row) for row in rows]


@cache
def _latest(role: str) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement of those of a role; put together once, as calendars are asked for often.

    Versions only grow, and one that comes or goes leaves an entry in the record. The coordinator
    looks at the whole record, where each change of a site stands.
    """
    query: sa.Select[*tuple[Any, ...]] = sa.select(Change.id, Change.at)
    query = query.order_by(Change.id.desc()).limit(LATEST_LOOKED_AT)
    if role == Role.COORDINATOR:
        return query
    versions = sa.select(sa.func.sum(Site.version + InterpretationRequest.version))
    if role == Role.INTERPRETER:
        own = sa.select(Interpreter.id).where(Interpreter.account_id == _ACCOUNT).scalar_subquery()
        theirs = (Assignment.interpreter_id == own, *_SINCE.shown(Assignment))
        ended = sa.select(sa.func.max(Assignment.ends_at)).where(
            *theirs, Assignment.ends_at <= _NOW
        )
        versions = versions.select_from(Assignment).join(Assignment.site)
        versions = versions.join(Assignment.interpretation_request).where(*theirs)
        query = query.add_columns(ended.scalar_subquery(), versions.scalar_subquery())
        return query.where(Change.interpreter_id == own)
    asked = asked_by(_ACCOUNT, _ORGANISATION, _SINCE)
    versions = versions.select_from(InterpretationRequest).join(InterpretationRequest.site)
    query = query.add_columns(versions.where(*asked).scalar_subquery())
    return query.where(Change.organisation_id == _ORGANISATION)


def last_changes_at(site_id: int, now: datetime) -> Sequence[tuple[Any, ...]]:
    """Return the latest entries of the record about what is agreed to be at a site.

    Each with how many are shown: who goes elsewhere now takes the entries along.
    """
    shown = sa.select(sa.func.count(Assignment.id)).where(*at_site(site_id, now))
    there = sa.select(Assignment.id).where(Assignment.site_id == site_id)
    query = sa.select(Change.id, Change.at, shown.scalar_subquery())
    query = query.where(Change.assignment_id.in_(there))
    rows = db.session.execute(query.order_by(Change.id.desc()).limit(LATEST_LOOKED_AT))
    return [tuple(row) for row in rows]
