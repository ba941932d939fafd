"""Adding and keeping those who ask for interpreters."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import texts
from dispatch.database import db, expect_version, lock
from dispatch.errors import Conflict, NotFound
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import (
    Strategy,
    require_by_itself,
    require_kind,
    require_two_above,
)

AGREED = [
    "strategy",
    "assigns_directly",
    "asks_by_itself_since",
    "is_reviewed",
    "two_above_minutes",
]


def add(actor: Actor, *, name: str, kind: str, now: datetime) -> Organisation:
    """Add an organisation.

    Raises `Conflict` when one of that name is there, `Refusal` for what is no kind of one.
    """
    name = texts.name(name, field="name")
    require_kind(kind)
    _require_free(name)
    organisation = Organisation(name=name, kind=kind)
    db.session.add(organisation)
    db.session.flush()
    ledger.record(actor, "organisation.added", Concerning(organisation=organisation.id), now=now)
    return organisation


def change(
    actor: Actor,
    organisation_id: int,
    *,
    name: str,
    kind: str,
    now: datetime,
    expected_version: int | None = None,
) -> Organisation:
    """Give an organisation another name or kind.

    Raises as `add`, and `Conflict` where it has changed since somebody looked.
    """
    name = texts.name(name, field="name")
    require_kind(kind)
    organisation = lock(Organisation, organisation_id)
    expect_version(organisation.version, expected_version)
    if name != organisation.name:
        _require_free(name)
    fields = [
        field
        for field, value in {"name": name, "kind": kind}.items()
        if getattr(organisation, field) != value
    ]
    if fields:
        organisation.name, organisation.kind = name, kind
        concerning = Concerning(organisation=organisation.id)
        ledger.record(actor, "organisation.changed", concerning, now=now, fields=fields)
    return organisation


def _require_free(name: str) -> None:
    if db.session.scalar(sa.select(Organisation.id).where(Organisation.name == name)):
        raise Conflict(
            "organisation-taken",
            _l("There is an organisation “%(name)s” already.", name=name),
            field="name",
        )


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
        fields=AGREED,
    )
    return organisation
