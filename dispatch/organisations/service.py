"""Adding those who ask for interpreters."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import texts
from dispatch.database import db
from dispatch.errors import Conflict
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation


def add(actor: Actor, *, name: str, kind: str, now: datetime) -> Organisation:
    """Add an organisation; raises `Conflict` when one of that name is there."""
    name = texts.name(name)
    if db.session.scalar(sa.select(Organisation).where(Organisation.name == name)):
        raise Conflict(
            "organisation-taken", _l("There is an organisation “%(name)s” already.", name=name)
        )
    organisation = Organisation(name=name, kind=kind)
    db.session.add(organisation)
    db.session.flush()
    ledger.record(actor, "organisation.added", Concerning(organisation=organisation.id), now=now)
    return organisation
