"""Signing in by a link that works once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from dispatch import engine
from dispatch.accounts.models import Account, SignInLink, WantedLink
from dispatch.accounts.rules import SIGN_IN_LINK_LIFE
from dispatch.accounts.service import find
from dispatch.cities import City
from dispatch.database import db
from dispatch.errors import Gone, NotFound
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import Channel


@dataclass(frozen=True)
class SignInFacts:
    """What the sign-in mail says."""

    city: str
    link: str
    office: str
    phone: str


def want(email: str, leads_to: str, now: datetime) -> None:
    """Note that somebody wants a link to `leads_to`; a job makes and mails it.

    The one who asks waits for the same work whether or not there is such an account.
    """
    wanted = WantedLink(email=email, leads_to=leads_to, wanted_at=now)
    db.session.add(wanted)
    db.session.flush()
    engine.enqueue("send_sign_in_link", wanted.id, priority=engine.URGENT)


def send_wanted(wanted_id: int, *, base_url: str, city: City, now: datetime) -> None:
    """Mail the link if the address belongs to an active account; done once however often called."""
    wanted = db.session.get(WantedLink, wanted_id, with_for_update=True)
    if wanted is None:
        return
    db.session.delete(wanted)
    account = find(wanted.email)
    if account is None or not account.active:
        return
    token = issue(account, now, leads_to=wanted.leads_to)
    messaging.queue(
        "sign_in_link",
        channel=Channel.EMAIL,
        recipient=messaging.Recipient(account.email, account.name, account.locale, account.id),
        facts=SignInFacts(
            city=city.name,
            link=f"{base_url}/sign-in/link/{token}",
            office=city.office.name,
            phone=city.office_phone,
        ),
        about=f"account:{account.id}",
        now=now,
        urgent=True,
    )


def issue(account: Account, now: datetime, *, leads_to: str = "/") -> str:
    """Return a new token that signs the account in once within 72 hours."""
    token = secrets.token_urlsafe(24)
    expires_at = now + SIGN_IN_LINK_LIFE
    db.session.add(
        SignInLink(
            account=account, token_hash=_hash(token), leads_to=leads_to, expires_at=expires_at
        )
    )
    return token


def peek(token: str, now: datetime) -> Account:
    """Return whom the link would sign in, without using it up."""
    return _usable(token, now).account


def use(token: str, now: datetime) -> SignInLink:
    """Use the link up and return it: whom it signs in, and where it leads."""
    link = _usable(token, now)
    taken = db.session.scalar(
        sa.update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    if taken is None:
        raise _used()
    ledger.record(
        link.account.actor, "account.signed-in", Concerning(account=link.account_id), now=now
    )
    return link


def forget_old(now: datetime) -> None:
    """Delete links that have run out."""
    db.session.execute(sa.delete(SignInLink).where(SignInLink.expires_at <= now))


def _usable(token: str, now: datetime) -> SignInLink:
    link = db.session.scalar(sa.select(SignInLink).where(SignInLink.token_hash == _hash(token)))
    if link is None:
        raise NotFound("not-found", _l("This link is not known; ask for a new one."))
    if link.used_at is not None:
        raise _used()
    if link.expires_at <= now or not link.account.active:
        raise Gone("link-expired", _l("This link has run out; ask for a new one."))
    return link


def _used() -> Gone:
    return Gone("link-used", _l("This link was used already; ask for a new one."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
