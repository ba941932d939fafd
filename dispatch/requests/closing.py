"""An organisation asks no more, a site is closed: nothing new begins there, what is agreed stays.

Whoever closes reads before what still hangs on it; each of those is then for a person to settle.
"""

from datetime import datetime

import sqlalchemy as sa

from dispatch.database import db, lock
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.states import WANTED
from dispatch.requests.windows import LONGEST_SPAN
from dispatch.sites.models import Site


def to_come_of(organisation_id: int, now: datetime) -> int:
    """Return how many of an organisation's requests are still to be held."""
    return _to_come(InterpretationRequest.organisation_id == organisation_id, now)


def to_come_at(site_id: int, now: datetime) -> int:
    """Return how many requests are still to be held at a site."""
    return _to_come(InterpretationRequest.site_id == site_id, now)


def set_asking(actor: Actor, organisation_id: int, asks: bool, *, now: datetime) -> Organisation:
    """Have an organisation ask for nothing new, or let it ask again; its people read on."""
    organisation = lock(Organisation, organisation_id)
    if organisation.active != asks:
        organisation.active = asks
        kind = "organisation.reopened" if asks else "organisation.closed"
        concerning = Concerning(organisation=organisation.id)
        ledger.record(actor, kind, concerning, now=now, fields=["active"])
    return organisation


def set_open(actor: Actor, site_id: int, is_open: bool, *, now: datetime) -> Site:
    """Close a site, so that nobody can choose it any more, or open it again."""
    site = lock(Site, site_id)
    if site.active != is_open:
        site.active = is_open
        kind = "site.reopened" if is_open else "site.closed"
        ledger.record(actor, kind, Concerning(site=site.id), now=now, fields=["active"])
    return site


def _to_come(where: sa.ColumnElement[bool], now: datetime) -> int:
    one = InterpretationRequest
    query = sa.select(sa.func.count(one.id)).where(
        where,
        one.state.in_(WANTED),
        one.starts_at > now - LONGEST_SPAN,  # implied, and has an index
        one.ends_at > now,
    )
    return db.session.scalar(query) or 0
