"""Keeping, finding and forgetting what somebody has not sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch.database import db
from dispatch.drafts import rules
from dispatch.drafts.models import Draft
from dispatch.drafts.rules import KEPT_FOR, Fields, Kind
from dispatch.errors import Conflict, NotFound


def keep(
    account_id: int,
    kind: Kind,
    name: str,
    fields: Iterable[tuple[str, str]],
    *,
    now: datetime,
    instead_of: int | None = None,
) -> Draft:
    """Keep a form for its owner, in place of the one it was begun from if that is of the kind.

    Raises `Refusal` without a name, `Conflict` where too many are kept, `NotFound` for what is
    somebody else's.
    """
    name = rules.require_name(name)
    before = find(account_id, instead_of) if instead_of else None
    if before is not None and before.kind == kind:
        draft = before
    else:
        rules.require_room(len(all_of(account_id)))
        draft = Draft(account_id=account_id, kind=kind)
        db.session.add(draft)
    draft.name = name
    draft.fields = [list(one) for one in rules.to_keep(kind, fields)]
    draft.expires_at = now + KEPT_FOR[kind]
    db.session.flush()
    return draft


def find(account_id: int, draft_id: int) -> Draft:
    """Return what somebody keeps; what others keep does not exist."""
    found = db.session.get(Draft, draft_id)
    if found is None or found.account_id != account_id:
        raise NotFound("not-found", _l("There is nothing here, or it is not yours to see."))
    return found


def fields_of(draft: Draft) -> Fields:
    """Return what is kept as a form holds it."""
    return [(name, text) for name, text in draft.fields]


def all_of(account_id: int) -> Sequence[Draft]:
    """Return all that somebody keeps, drafts before templates, by name."""
    return db.session.scalars(
        sa.select(Draft).where(Draft.account_id == account_id).order_by(Draft.kind, Draft.name)
    ).all()


def named(account_id: int, name: str) -> Draft:
    """Return what somebody keeps under a name, or under its number.

    Raises `NotFound` where there is none, `Conflict` where several are called so.
    """
    mine, name = all_of(account_id), name.strip()
    found = [one for one in mine if one.name == name]
    found = found or [one for one in mine if str(one.id) == name]
    if not found:
        raise NotFound(
            "nothing-kept", _l("You keep nothing that is called “%(name)s”.", name=name[:80])
        )
    if len(found) > 1:
        raise Conflict(
            "several-kept",
            _l(
                "You keep several that are called “%(name)s”: give the number of one: %(numbers)s.",
                name=name,
                numbers=", ".join(str(one.id) for one in found),
            ),
        )
    return found[0]


def sent(account_id: int, draft_id: int, *, now: datetime) -> None:
    """Note that somebody has asked from it: a draft is gone, a template stays for another year."""
    draft = db.session.get(Draft, draft_id)
    if draft is None or draft.account_id != account_id:
        return
    if draft.kind == Kind.DRAFT:
        db.session.delete(draft)
    else:
        draft.expires_at = now + KEPT_FOR[Kind.TEMPLATE]


def delete(account_id: int, draft_id: int) -> None:
    """Delete what somebody keeps."""
    db.session.delete(find(account_id, draft_id))


def forget_old(now: datetime) -> None:
    """Delete what nobody came back to."""
    db.session.execute(sa.delete(Draft).where(Draft.expires_at <= now))
