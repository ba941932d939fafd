"""Sessions: a row of the database for those signed in, a signed cookie for everybody else."""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, has_request_context, request, session
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from flask_security import SQLAlchemyUserDatastore, UserMixin
from itsdangerous import BadSignature
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.datastructures import CallbackDict
from werkzeug.local import LocalProxy

from dispatch import clock
from dispatch.accounts.models import Account, BrowserSession
from dispatch.accounts.rules import SESSION_IDLE, SESSION_LIFE
from dispatch.database import db, transaction
from dispatch.database_refusals import as_outage
from dispatch.errors import Conflict, Unavailable

SESSION_SECONDS = int(SESSION_LIFE.total_seconds())
FORGOTTEN_AFTER = SESSION_IDLE + timedelta(days=1)
SEEN_AGAIN_AFTER = timedelta(minutes=1)
"""Looking at pages is noted this often, so that most looking writes nothing."""

WATCHING = "Dragoman-Watching"
"""The header of what a page asks by itself; it must not keep an abandoned desk signed in."""

UNIMPORTANT = (OperationalError, Conflict, Unavailable)
"""An answer that is ready must not fail because the database takes nothing in at the moment.

What was done is done, and who only looks changes nothing; lost is a notice, or a form's mark.
"""


# Put together once: every page asks it.
_WITH_OWNER = (
    sa.select(BrowserSession, Account)
    .join(Account, Account.id == BrowserSession.account_id)
    .where(BrowserSession.key_hash == sa.bindparam("key_hash"))
)


class Session(CallbackDict[str, Any], SessionMixin):
    """What one browser keeps; `key` names its row once somebody is signed in."""

    def __init__(self, key: str | None, data: dict[str, Any]) -> None:
        def on_update(_changed: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(data, on_update)
        self.key = key
        self.owner = data.get("_user_id")
        self.modified = False
        self.accessed = True
        self.unseen = False
        self.account: Account | None = None
        self.former_account_id: int | None = None
        self.outage: Unavailable | None = None


class Sessions(SessionInterface):
    """Reads and writes sessions; one cookie holds the key of a row or, signed, what it keeps.

    Nobody has a row before signing in, so that looking around leaves nothing behind. Signing in
    or out always gives the browser something new.
    """

    def open_session(self, app: Flask, asked: Request) -> Session:
        """Return what the cookie stands for, or an empty session."""
        cookie = asked.cookies.get(self.get_cookie_name(app), "")
        if "." in cookie:  # a signature is joined with dots, a key has none
            return Session(None, self._visit(app, cookie))
        if not cookie:
            return Session(None, {})
        now = clock.now()
        try:
            found = db.session.execute(_WITH_OWNER, {"key_hash": _hash(cookie)}).one_or_none()
        except SQLAlchemyError as failure:
            return _unread(failure)
        if found is None:
            return Session(None, {})
        row, owner = found
        if row.is_over(now):
            ended = Session(None, {})
            ended.former_account_id = row.account_id
            return ended
        session = Session(cookie, dict(row.data))
        session.account = owner
        is_there = WATCHING not in asked.headers
        session.unseen = is_there and not now - SEEN_AGAIN_AFTER < row.seen_at <= now
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and send the cookie."""
        if not isinstance(session, Session) or not (session.modified or session.unseen):
            return
        if session.outage is not None:
            return  # what the browser has is still good once the database is back
        if session.key and session.owner == session.get("_user_id"):
            with suppress(*UNIMPORTANT):
                _store(session)
            return
        if session.key:
            with transaction():
                db.session.execute(sa.delete(BrowserSession).where(_is(session.key)))
        value = _begin(session) if "_user_id" in session else self._signed(app, session)
        response.set_cookie(
            self.get_cookie_name(app),
            value,
            path="/",
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite="Lax",
        )

    def _visit(self, app: Flask, cookie: str) -> dict[str, Any]:
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        try:
            return dict(serializer.loads(cookie, max_age=SESSION_SECONDS))  # type: ignore[union-attr]
        except BadSignature:
            return {}

    def _signed(self, app: Flask, session: Session) -> str:
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        return str(serializer.dumps(dict(session)))  # type: ignore[union-attr]


class Accounts(SQLAlchemyUserDatastore):
    """Finds accounts for Flask-Security; whose session it is was read together with the session."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> UserMixin | None:
        """Return the account of which this is true, None if there is none."""
        here = _looked_at(session) if has_request_context() else None
        known = here.account if isinstance(here, Session) else None
        if known is not None and wanted == {"fs_uniquifier": known.fs_uniquifier}:
            return known
        return super().find_user(case_insensitive, **wanted)


def former_account_id(session: SessionMixin) -> int | None:
    """Return whose session it was that has run out, so that what they send now is not lost."""
    looked_at = _looked_at(session)
    return looked_at.former_account_id if isinstance(looked_at, Session) else None


def is_here(row: BrowserSession) -> bool:
    """Tell whether it is the session of the browser that asks."""
    here = _looked_at(session)
    return isinstance(here, Session) and row.key_hash == _hash(here.key or "")


def require_read() -> None:
    """Refuse (503) where nobody can tell who it is, because the database did not answer.

    Health and static files are there for everybody. Not refused where the session is read: there
    Flask knows no answer but a fault, with a traceback in the log for every page.
    """
    here = _looked_at(session)
    of_everybody = request.blueprint == "health" or request.endpoint == "static"
    if isinstance(here, Session) and here.outage is not None and not of_everybody:
        raise here.outage


def _looked_at(session: SessionMixin) -> SessionMixin:
    """Return what is behind Flask's stand-in for the session of the page under way."""
    return session._get_current_object() if isinstance(session, LocalProxy) else session


def _unread(failure: SQLAlchemyError) -> Session:
    outage = as_outage(failure)
    if outage is None:
        raise failure
    db.session.rollback()
    unread = Session(None, {})
    unread.outage = outage
    return unread


def forget_old(now: datetime) -> None:
    """Delete sessions that ended by themselves a day ago; until then they tell whose they were."""
    db.session.execute(
        sa.delete(BrowserSession).where(BrowserSession.seen_at <= now - FORGOTTEN_AFTER)
    )


def _begin(session: Session) -> str:
    now, key = clock.now(), secrets.token_urlsafe(32)
    with transaction():
        account_id = db.session.scalars(
            sa.select(Account.id).where(Account.fs_uniquifier == session["_user_id"])
        ).one()
        row = BrowserSession(
            key_hash=_hash(key),
            account_id=account_id,
            data=dict(session),
            seen_at=now,
            expires_at=now + SESSION_LIFE,
        )
        db.session.add(row)
    return key


def _store(session: Session) -> None:
    changed = {"data": dict(session)} if session.modified else {}
    with transaction():
        db.session.execute(
            sa.update(BrowserSession)
            .where(_is(session.key or ""))
            .values(seen_at=clock.now(), **changed)
        )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _is(key: str) -> sa.ColumnElement[bool]:
    return BrowserSession.key_hash == _hash(key)
