"""Writing to the record, and reading it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.ledger.models import Change, Reason
from dispatch.ledger.rules import NO_REASONS, Actor, Audience, Concerning, Reasons


def record(
    actor: Actor,
    kind: str,
    concerning: Concerning,
    *,
    now: datetime,
    fields: Iterable[str] = (),
    reasons: Reasons = NO_REASONS,
) -> Change:
    """Write one change in the transaction that makes it; reasons go into rows of their own."""
    change = Change(
        at=now,
        kind=kind,
        actor_account_id=actor.account_id,
        actor_role=actor.role,
        organisation_id=concerning.organisation,
        interpretation_request_id=concerning.interpretation_request,
        offer_id=concerning.offer,
        assignment_id=concerning.assignment,
        interpreter_id=concerning.interpreter,
        message_id=concerning.message,
        proposal_id=concerning.proposal,
        planning_run_id=concerning.planning_run,
        account_id=concerning.account,
        site_id=concerning.site,
        series_id=concerning.series,
        fields=sorted(fields),
    )
    db.session.add(change)
    for audience, text in ((Audience.OFFICE, reasons.office), (Audience.TOLD, reasons.told)):
        if text.strip():
            db.session.flush()
            db.session.add(Reason(change_id=change.id, audience=audience, text=text.strip()))
    return change


def record_each(kind: str, made: Iterable[tuple[Actor, Concerning]], *, now: datetime) -> None:
    """Write the same kind of change of many things at once, by one statement."""
    rows = [
        {
            "at": now,
            "kind": kind,
            "actor_account_id": actor.account_id,
            "actor_role": actor.role,
            "fields": [],
            **{f"{name}_id": identity for name, identity in vars(concerning).items()},
        }
        for actor, concerning in made
    ]
    if rows:
        db.session.execute(sa.insert(Change), rows)


def record_selected(kind: str, made: "sa.Select[Any]", *, now: datetime) -> None:
    """Write the same kind of change for each row of a query, inside the database.

    The columns of `made` are called as those of a change, such as `actor_role`.
    """
    rows = made.add_columns(
        sa.literal(now, Change.__table__.c.at.type).label("at"),
        sa.literal(kind).label("kind"),
        sa.literal([], Change.__table__.c.fields.type).label("fields"),
    )
    names = [column.name for column in rows.selected_columns]
    db.session.execute(sa.insert(Change).from_select(names, rows))


def history(concerning: Concerning, kinds: Collection[str] | None = None) -> Sequence[Change]:
    """Return the changes that concern all of the ids given, oldest first; of these kinds only."""
    query = sa.select(Change).order_by(Change.id)
    for name, identity in vars(concerning).items():
        if identity is not None:
            query = query.where(getattr(Change, f"{name}_id") == identity)
    if kinds is not None:
        query = query.where(Change.kind.in_(kinds))
    return db.session.scalars(query).all()


def latest(concerning: Concerning, most: int) -> Sequence[Change]:
    """Return the newest changes that concern all of the ids given, newest first."""
    query = sa.select(Change).order_by(Change.id.desc()).limit(most)
    for name, identity in vars(concerning).items():
        if identity is not None:
            query = query.where(getattr(Change, f"{name}_id") == identity)
    return db.session.scalars(query).all()


def reasons_of(
    changes: Iterable[Change], audiences: Collection[Audience]
) -> dict[int, list[Reason]]:
    """Return the reasons these audiences may read, by the change they were given for."""
    found: dict[int, list[Reason]] = {}
    query = (
        sa.select(Reason)
        .where(
            Reason.change_id.in_([change.id for change in changes]),
            Reason.audience.in_(audiences),
        )
        .order_by(Reason.id)
    )
    for reason in db.session.scalars(query):
        found.setdefault(reason.change_id, []).append(reason)
    return found
