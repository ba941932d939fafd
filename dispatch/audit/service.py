"""Writing to the record."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from dispatch.audit.models import AuditEntry
from dispatch.audit.rules import Actor
from dispatch.database import db


def record(
    actor: Actor,
    action: str,
    object_type: str,
    object_id: int,
    *,
    now: datetime,
    fields: Iterable[str] = (),
    reason: str | None = None,
) -> None:
    """Write one entry in the transaction of the change it tells of."""
    db.session.add(
        AuditEntry(
            at=now,
            actor_account_id=actor.account_id,
            actor_role=actor.role,
            organisation_id=actor.organisation_id,
            action=action,
            object_type=object_type,
            object_id=object_id,
            fields=sorted(fields),
            reason=reason,
        )
    )


def history(object_type: str, object_id: int) -> list[AuditEntry]:
    """Return everything recorded about one thing, oldest first."""
    return list(
        db.session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.object_type == object_type, AuditEntry.object_id == object_id)
            .order_by(AuditEntry.id)
        )
    )
