"""A form has one effect, however often it is sent: what came of it is kept and shown again."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.dialects import postgresql, sqlite

from dispatch import clock
from dispatch.database import db, transaction
from dispatch.web.models import SentForm
from dispatch.web.notices import tell

KEY = "form_key"
MARKS = frozenset({KEY, "csrf_token"})
KEPT_FOR = timedelta(days=1)


@dataclass
class Outcome:
    """Where a form led, and what is told there."""

    address: str = "/"
    told: list[list[str]] = field(default_factory=list)

    def leads_to(self, address: str, *told: tuple[str, ...]) -> None:
        """Say where the form leads; `told` are level and text, some with a link (see `tell`)."""
        self.address, self.told = address, [[str(part) for part in each] for each in told]

    def answer(self) -> ResponseReturnValue:
        """Lead there, so that a reload repeats nothing."""
        session.pop("kept", None)
        for each in self.told:
            tell(*each)
        return redirect(self.address)


class SentBefore(Exception):
    """A form that had its effect already."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


@contextmanager
def once() -> Iterator[Outcome]:
    """Do what is inside in one transaction, unless this very form was sent before.

    The same form at the same moment waits for the first one and then leads where that led. One
    that is refused may be sent again. A form that was changed is another form.
    """
    digest = _digest()
    with transaction():
        outcome = Outcome()
        if digest is not None:
            _take(digest)
        yield outcome
        if digest is not None:
            db.session.execute(
                sa.update(SentForm)
                .where(SentForm.digest == digest)
                .values(leads_to=outcome.address, told=outcome.told)
            )


def require_unsent() -> None:
    """Lead where this very form led before, if it was sent; for what looks before it acts."""
    digest = _digest()
    before = db.session.get(SentForm, digest) if digest else None
    if before is not None:
        raise SentBefore(Outcome(before.leads_to, before.told))


def marks() -> Markup:
    """Return what every form holds: who may send it, and which one it is."""
    fields = {"csrf_token": generate_csrf(), KEY: secrets.token_urlsafe(12)}
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    return Markup("").join(hidden.format(name, value) for name, value in fields.items())


def forget_old(now: datetime) -> None:
    """Forget forms that nobody will send again."""
    db.session.execute(sa.delete(SentForm).where(SentForm.sent_at <= now - KEPT_FOR))


def register(app: Flask) -> None:
    """Make the marks known to the templates, and lead those who send a form again."""
    app.add_template_global(marks, "form_marks")
    app.register_error_handler(SentBefore, lambda before: before.outcome.answer())


def _take(digest: str) -> None:
    on_postgresql = db.session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    taken = db.session.scalar(
        insert(SentForm)
        .values(digest=digest, sent_at=clock.now(), leads_to="/", told=[])
        .on_conflict_do_nothing()  # waits for the same form that is being worked on
        .returning(SentForm.digest)
    )
    if taken is None:
        first = db.session.get_one(SentForm, digest)
        raise SentBefore(Outcome(first.leads_to, first.told))


def _digest() -> str | None:
    if not request.form.get(KEY):
        return None
    sent = [request.path, str(current_user.get_id()), request.form[KEY]]
    for name, text in sorted(request.form.items(multi=True)):
        if name not in MARKS:
            sent += [name, text]
    for name, file in sorted(request.files.items(multi=True)):
        sent += [name, hashlib.sha256(file.stream.read()).hexdigest()]
        file.stream.seek(0)
    return hashlib.sha256("\0".join(sent).encode()).hexdigest()
