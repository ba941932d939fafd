"""Who can sign in, and who is signed in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.accounts.models import Account, BrowserSession
from dispatch.accounts.rules import SESSION_IDLE, Role
from dispatch.database import db
from dispatch.web.paging import BEGINNING, Page, Turn, page

ORDER = (Account.name, Account.id)


@dataclass(frozen=True)
class SignedIn:
    """On how many browsers somebody is signed in, and when they were seen last."""

    browsers: int
    seen_at: datetime


def accounts_page(text: str = "", role: str = "", turn: Turn = BEGINNING) -> Page[Account]:
    """Return accounts by name whose name or address holds the text, of a role, in pages."""
    query = sa.select(Account).options(joinedload(Account.organisation))
    if text:
        query = query.where(
            sa.or_(
                Account.name.icontains(text, autoescape=True),
                Account.email.icontains(text, autoescape=True),
            )
        )
    if role in set(Role):
        query = query.where(Account.role == role)
    return page(query, ORDER, turn)


def names_of(account_ids: Collection[int]) -> dict[int, str]:
    """Return what these accounts are called, by id."""
    rows = db.session.execute(
        sa.select(Account.id, Account.name).where(Account.id.in_(account_ids))
    )
    return {row.id: row.name for row in rows}


def sessions_of(account_id: int, now: datetime) -> Sequence[BrowserSession]:
    """Return where somebody is signed in now, the browser that was used last first."""
    return db.session.scalars(
        sa.select(BrowserSession)
        .where(BrowserSession.account_id == account_id, *_lasts(now))
        .order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())
    ).all()


def signed_in(account_ids: Collection[int], now: datetime) -> dict[int, SignedIn]:
    """Return who of these is signed in now."""
    rows = db.session.execute(
        sa.select(
            BrowserSession.account_id,
            sa.func.count(BrowserSession.id),
            sa.func.max(BrowserSession.seen_at),
        )
        .where(BrowserSession.account_id.in_(account_ids), *_lasts(now))
        .group_by(BrowserSession.account_id)
    )
    return {account_id: SignedIn(count, seen_at) for account_id, count, seen_at in rows}


def _lasts(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    seen = BrowserSession.seen_at
    return BrowserSession.expires_at > now, seen > now - SESSION_IDLE, seen < now + SESSION_IDLE
