"""Adding accounts, shutting them out and letting them in again."""

import secrets
from datetime import datetime

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_security import hash_password

from dispatch.accounts.models import Account, BrowserSession, SignInLink
from dispatch.accounts.rules import Role
from dispatch.database import db
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.organisations.models import Organisation


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


def disable(actor: Actor, email: str, *, now: datetime) -> Account:
    """Shut an account out: its sessions and links end at once."""
    account = require(email)
    account.active = False
    _end_all(account)
    ledger.record(actor, "account.disabled", Concerning(account=account.id), now=now)
    return account


def enable(actor: Actor, email: str, *, now: datetime) -> Account:
    """Let an account in again; it starts without sessions and links."""
    account = require(email)
    account.active = True
    _end_all(account)
    ledger.record(actor, "account.enabled", Concerning(account=account.id), now=now)
    return account


def _end_all(account: Account) -> None:
    """End what would let somebody in without proving again who they are."""
    account.fs_uniquifier = secrets.token_hex(16)
    for model in (BrowserSession, SignInLink):
        db.session.execute(sa.delete(model).where(model.account_id == account.id))


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
