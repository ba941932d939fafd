"""Slowing down those who guess, without locking their neighbours out."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network
from math import ceil

import sqlalchemy as sa
from flask_babel import LazyString, format_timedelta
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite

from dispatch.accounts.models import SignInTries
from dispatch.accounts.rules import FREE_TRIES, FREE_TRIES_IN_ALL, TRIES_FORGOTTEN_AFTER, WAITS
from dispatch.database import db
from dispatch.errors import TooMany

OF_ONE_CONNECTION = 64
"""Bits that the addresses of one connection of IPv6 have in common."""


def keys_of(kind: str, email: str, address: str) -> dict[str, int]:
    """Return what a try from an address is counted by, each with how many are free.

    A network alone is never counted: behind one address there may be a whole town hall.
    """
    account = f"{kind}:{email.strip().lower()}"
    return {account: FREE_TRIES_IN_ALL, f"{account}:{_network(address)}": FREE_TRIES}


def take(keys: Mapping[str, int], now: datetime, *, or_by_link: bool = False) -> None:
    """Take one try from each key, or refuse (429); call it before looking, and commit.

    `or_by_link`: a sign-in link leads to the same.
    One statement counts and decides, so that tries at the same moment cannot pass together.
    """
    for key, free in keys.items():
        if db.session.scalar(_taken(key, free, now)) is None:
            raise _too_many(key, now, or_by_link=or_by_link)


def forget(keys: Mapping[str, int]) -> None:
    """Forget the tries of somebody who got in from where that was; others may still guess."""
    _account, here = keys
    db.session.execute(sa.delete(SignInTries).where(SignInTries.key_hash == _hash(here)))


def forget_old(now: datetime) -> None:
    """Forget what was last tried long ago."""
    old = SignInTries.free_at <= now - TRIES_FORGOTTEN_AFTER
    db.session.execute(sa.delete(SignInTries).where(old))


def _network(address: str) -> str:
    """Return what one connection has: of IPv6 it is 2**64 addresses (RFC 6177), not one."""
    try:
        one = IPv6Address(address)
    except ValueError:
        return address
    return str(one.ipv4_mapped or IPv6Network((int(one), OF_ONE_CONNECTION), strict=False))


def _too_many(key: str, now: datetime, *, or_by_link: bool) -> TooMany:
    free_at = db.session.scalar(
        sa.select(SignInTries.free_at).where(SignInTries.key_hash == _hash(key))
    )
    seconds = max(1, ceil(((free_at or now) - now).total_seconds()))
    left = timedelta(seconds=seconds if seconds < 60 else ceil(seconds / 60) * 60)
    how_long = LazyString(lambda: format_timedelta(left, threshold=1))
    text = (
        _l("Too many tries; wait %(left)s, or ask for a sign-in link.", left=how_long)
        if or_by_link
        else _l("Too many tries; wait %(left)s.", left=how_long)
    )
    return TooMany("too-many-tries", text, wait=timedelta(seconds=seconds))


def _taken(key: str, free: int, now: datetime) -> sa.sql.dml.ReturningInsert[tuple[int]]:
    on_postgresql = db.session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    waits = [(SignInTries.count < free + number, now + wait) for number, wait in enumerate(WAITS)]
    return (
        insert(SignInTries)
        .values(key_hash=_hash(key), count=1, free_at=now)
        .on_conflict_do_update(
            index_elements=[SignInTries.key_hash],
            set_={
                "count": SignInTries.count + 1,
                "free_at": sa.case(
                    (SignInTries.count + 1 < free, now), *waits, else_=now + WAITS[-1]
                ),
            },
            where=sa.or_(
                SignInTries.count < free,
                SignInTries.free_at <= now,
                SignInTries.free_at > now + WAITS[-1],  # the clock was set back since
            ),
        )
        .returning(SignInTries.count)
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
