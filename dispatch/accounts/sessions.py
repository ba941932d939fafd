"""Sessions kept by the server: the cookie is a random key, the row is the session."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from dispatch import clock
from dispatch.accounts.models import BrowserSession
from dispatch.database import db

LIFE = timedelta(hours=10)


class Session(CallbackDict[str, Any], SessionMixin):
    """The session of one browser; `key` is None until something is worth keeping."""

    def __init__(self, key: str | None, data: dict[str, Any]) -> None:
        def on_update(_changed: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(data, on_update)
        self.key = key
        self.modified = False
        self.accessed = True


class DatabaseSessions(SessionInterface):
    """Reads and writes sessions in the database; a signed-in browser gets a new key."""

    def open_session(self, app: Flask, request: Request) -> Session:
        """Return what the cookie stands for, or an empty session."""
        key = request.cookies.get(self.get_cookie_name(app))
        row = db.session.scalar(_row(key)) if key else None
        if row is None or row.expires_at <= clock.now():
            return Session(None, {})
        return Session(key, dict(row.data))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and send the cookie; drop an emptied session."""
        if not isinstance(session, Session) or not session.modified:
            return
        db.session.rollback()
        changed_person = _account_key_of(session.key) != session.get("_user_id")
        if session.key and (changed_person or not session):
            db.session.execute(sa.delete(BrowserSession).where(_is(session.key)))
            session.key = None
        if session:
            self._store(session)
            response.set_cookie(
                self.get_cookie_name(app),
                session.key or "",
                path="/",
                httponly=True,
                secure=self.get_cookie_secure(app),
                samesite="Lax",
            )
        else:
            response.delete_cookie(self.get_cookie_name(app), path="/")
        db.session.commit()

    def _store(self, session: Session) -> None:
        if session.key is None:
            session.key = secrets.token_urlsafe(32)
            db.session.add(
                BrowserSession(
                    key_hash=_hash(session.key),
                    data=dict(session),
                    account_key=session.get("_user_id"),
                    expires_at=clock.now() + LIFE,
                )
            )
        else:
            db.session.execute(
                sa.update(BrowserSession).where(_is(session.key)).values(data=dict(session))
            )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _is(key: str) -> sa.ColumnElement[bool]:
    return BrowserSession.key_hash == _hash(key)


def _row(key: str) -> sa.Select[BrowserSession]:
    return sa.select(BrowserSession).where(_is(key))


def _account_key_of(key: str | None) -> str | None:
    if key is None:
        return None
    return db.session.scalar(sa.select(BrowserSession.account_key).where(_is(key)))
