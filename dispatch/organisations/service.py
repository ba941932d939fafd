"""Adding those who ask for interpreters."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import texts
from dispatch.database import db, lock
from dispatch.errors import Conflict, NotFound
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import Strategy, require_by_itself, require_two_above


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


def named(name: str) -> Organisation:
    """Return the organisation of this name; raises `NotFound` where there is none."""
    found = db.session.scalar(sa.select(Organisation).where(Organisation.name == texts.name(name)))
    if found is None:
        raise NotFound(
            "no-organisation",
            _l("There is no organisation “%(name)s”; look at its name.", name=name),
        )
    return found


def agree(
    actor: Actor,
    organisation_id: int,
    *,
    strategy: Strategy,
    assigns_directly: bool,
    by_itself: bool = False,
    is_reviewed: bool = False,
    two_above_minutes: int | None = None,
    now: datetime,
) -> Organisation:
    """Note how interpreters are asked for an organisation from now on; what is asked stays so.

    `by_itself`: the round of what comes in from now on begins without the office. `is_reviewed`:
    it waits until the office has looked at it. `two_above_minutes`: two interpret what is longer;
    None: as in the whole city. Raises `Refusal` where the round of one person is to begin by
    itself, or for minutes no talk has.
    """
    require_two_above(two_above_minutes)
    if by_itself:
        require_by_itself(strategy)
    organisation = lock(Organisation, organisation_id)
    organisation.strategy, organisation.assigns_directly = strategy, assigns_directly
    since = organisation.asks_by_itself_since or now
    organisation.asks_by_itself_since = since if by_itself else None
    organisation.is_reviewed = is_reviewed
    organisation.two_above_minutes = two_above_minutes
    ledger.record(
        actor,
        "organisation.agreed",
        Concerning(organisation=organisation.id),
        now=now,
        fields=["strategy", "assigns_directly", "asks_by_itself_since"],
    )
    return organisation
