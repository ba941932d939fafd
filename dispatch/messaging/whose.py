"""Where somebody is reached now: a message is for a person, whatever address it was written to."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.database import db
from dispatch.messaging.addresses import usable
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel
from dispatch.settings import active

_accounts = sa.table("accounts", sa.column("id"), sa.column("email"), sa.column("phone"))
_interpreters = sa.table("interpreters", sa.column("account_id"), sa.column("phone"))
"""By their names: the rooms they belong to lie above this one."""


def address_column(account_id: Any, channel: Any) -> sa.ColumnElement[str]:
    """Return the column with the address of an account on a channel; empty where there is none."""
    email, phone = (
        sa.select(one).where(_accounts.c.id == account_id).scalar_subquery()
        for one in (_accounts.c.email, _accounts.c.phone)
    )
    of_pool = sa.select(_interpreters.c.phone).where(_interpreters.c.account_id == account_id)
    number = sa.func.coalesce(of_pool.scalar_subquery(), phone)
    return sa.case((channel == Channel.EMAIL, email), else_=number)


def address(account_id: int, channel: Channel) -> str:
    """Return where an account is reached on a channel now, "" for nowhere."""
    found = db.session.scalar(sa.select(address_column(account_id, sa.literal(str(channel)))))
    return as_written(channel, found or "")


def last_told_at(number: str, since: datetime) -> int | None:
    """Return the account to which an SMS at a number was written last, since an instant."""
    told = sa.select(Message.account_id).where(
        Message.recipient == number, Message.account_id.is_not(None), Message.queued_at >= since
    )
    return db.session.scalar(told.order_by(Message.id.desc()).limit(1))


def is_had(number: str) -> bool:
    """Tell whether anybody has a number."""
    has = sa.select(_accounts.c.id).where(_accounts.c.phone == number)
    interprets = sa.select(_interpreters.c.account_id).where(_interpreters.c.phone == number)
    return db.session.scalar(sa.union_all(has, interprets).limit(1)) is not None


def as_written(channel: str, found: str) -> str:
    """Return an address as messages have it."""
    return usable(Channel(channel), found, active().city.phone_region) or found
