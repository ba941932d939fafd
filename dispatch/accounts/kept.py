"""What somebody typed into a form that could not be taken, until it is sent again."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from dispatch.accounts.models import KeptForm
from dispatch.database import db

KEPT_FOR = timedelta(minutes=30)
Fields = list[list[str]]
"""Names and texts of fields, in their order."""


def keep(account_id: int, path: str, fields: Sequence[tuple[str, str]], now: datetime) -> str:
    """Keep what the account typed into the form at `path`; return the key to it."""
    key = secrets.token_urlsafe(24)
    row = KeptForm(
        key_hash=_hash(key),
        account_id=account_id,
        path=path,
        fields=[list(pair) for pair in fields],
        kept_at=now,
    )
    db.session.add(row)
    return key


def find(key: str, account_id: int, paths: Collection[str], now: datetime) -> Fields:
    """Return what this account typed into the form at one of these; nothing for anybody else."""
    row = db.session.get(KeptForm, _hash(key))
    if row is None or row.account_id != account_id or row.path not in paths:
        return []
    return row.fields if row.kept_at > now - KEPT_FOR else []


def forget_old(now: datetime) -> None:
    """Delete what nobody came back for."""
    db.session.execute(sa.delete(KeptForm).where(KeptForm.kept_at <= now - KEPT_FOR))


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
