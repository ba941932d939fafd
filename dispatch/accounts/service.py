"""Adding accounts, signing in by link, and slowing down those who guess."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_security import hash_password

from dispatch.accounts.models import Account, SignInLink, SignInTry
from dispatch.accounts.rules import (
    FAILED_TRIES,
    FAILED_TRIES_WINDOW,
    SIGN_IN_LINK_LIFE,
    Role,
)
from dispatch.database import db
from dispatch.errors import Conflict, Gone, NotFound, Refusal, TooMany
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import service as messaging
from dispatch.messaging.rules import Channel
from dispatch.organisations.models import Organisation


@dataclass(frozen=True)
class SignInFacts:
    """What the sign-in mail says."""

    city: str
    link: str


def add(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str,
    organisation: str | None,
    password: str | None,
    now: datetime,
    locale: str = "de",
) -> Account:
    """Add an account; caseworkers and leads belong to the organisation named."""
    try:
        address = validate_email(
            email, check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError as invalid:
        raise Refusal(
            "email-invalid",
            _l(
                "“%(email)s” is not an e-mail address; write it like name@example.org.", email=email
            ),
            field="email",
        ) from invalid
    if find(address):
        raise Conflict(
            "email-taken", _l("There is an account for %(email)s already.", email=address)
        )
    account = Account(
        email=address,
        name=name,
        role=_role(role),
        organisation_id=_organisation_id(role, organisation),
        password=hash_password(password) if password else None,
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        locale=locale,
    )
    db.session.add(account)
    db.session.flush()
    ledger.record(actor, "account.added", Concerning(account=account.id), now=now)
    return account


def find(email: str) -> Account | None:
    """Return the account with this address, whatever its case."""
    return db.session.scalar(sa.select(Account).where(Account.email == email.strip().lower()))


def require(email: str) -> Account:
    """Return the account with this address, or refuse."""
    account = find(email)
    if account is None:
        raise NotFound(
            "unknown-account",
            _l("There is no account for %(email)s; add one first.", email=email),
            field="email",
        )
    return account


def issue_link(account: Account, now: datetime) -> str:
    """Return a new token that signs the account in once within 72 hours."""
    token = secrets.token_urlsafe(24)
    db.session.add(
        SignInLink(account=account, token_hash=_hash(token), expires_at=now + SIGN_IN_LINK_LIFE)
    )
    return token


def send_link(email: str, *, base_url: str, city: str, now: datetime) -> None:
    """Mail a sign-in link if the address belongs to an active account; say nothing either way."""
    account = find(email)
    if account is None or not account.active:
        return
    link = f"{base_url}/sign-in/link/{issue_link(account, now)}"
    messaging.queue(
        "sign_in_link",
        channel=Channel.EMAIL,
        recipient=messaging.Recipient(account.email, account.name, account.locale),
        facts=SignInFacts(city=city, link=link),
        about=f"account:{account.id}",
        now=now,
        urgent=True,
    )


def peek_link(token: str, now: datetime) -> Account:
    """Return whom the link would sign in, without using it up."""
    return _usable_link(token, now).account


def use_link(token: str, now: datetime) -> Account:
    """Use the link up and return whom it signs in."""
    link = _usable_link(token, now)
    link.used_at = now
    ledger.record(
        link.account.actor, "account.signed-in", Concerning(account=link.account_id), now=now
    )
    return link.account


def _usable_link(token: str, now: datetime) -> SignInLink:
    link = db.session.scalar(sa.select(SignInLink).where(SignInLink.token_hash == _hash(token)))
    if link is None:
        raise NotFound("not-found", _l("This link is not known; ask for a new one."))
    if link.used_at is not None:
        raise Gone("link-used", _l("This link was used already; ask for a new one."))
    if link.expires_at <= now or not link.account.active:
        raise Gone("link-expired", _l("This link has run out; ask for a new one."))
    return link


def require_not_guessing(keys: list[str], now: datetime) -> None:
    """Refuse (429) once any of the keys failed ten times within a quarter of an hour."""
    since = now - FAILED_TRIES_WINDOW
    for key in keys:
        failed = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(SignInTry)
            .where(SignInTry.key_hash == _hash(key), SignInTry.at > since)
        )
        if (failed or 0) >= FAILED_TRIES:
            raise TooMany(
                "too-many-tries",
                _l("Too many tries; wait a quarter of an hour, or ask for a sign-in link."),
            )


def record_try(keys: list[str], now: datetime) -> None:
    """Count one try against each key and forget those that no longer matter."""
    db.session.execute(sa.delete(SignInTry).where(SignInTry.at <= now - FAILED_TRIES_WINDOW))
    db.session.add_all(SignInTry(key_hash=_hash(key), at=now) for key in keys)


def _role(role: str) -> Role:
    try:
        return Role(role)
    except ValueError as unknown:
        raise Refusal(
            "unknown-role",
            _l(
                "There is no role “%(role)s”; the roles are %(roles)s.",
                role=role,
                roles=", ".join(Role),
            ),
            field="role",
        ) from unknown


def _organisation_id(role: str, name: str | None) -> int | None:
    if name is None:
        if role in {Role.CASEWORKER, Role.ORGANISATION_LEAD}:
            raise Refusal(
                "organisation-missing",
                _l("A %(role)s belongs to an organisation; name it.", role=role),
                field="organisation",
            )
        return None
    organisation = db.session.scalar(sa.select(Organisation).where(Organisation.name == name))
    if organisation is None:
        raise Refusal(
            "unknown-organisation",
            _l(
                "There is no organisation “%(name)s”; write its name as it was added, "
                "or add it first.",
                name=name,
            ),
            field="organisation",
        )
    return organisation.id


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
