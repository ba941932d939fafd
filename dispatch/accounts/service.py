"""Adding accounts, shutting them out and letting them in again."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_security import hash_password

from dispatch import database, settings, texts
from dispatch.accounts.models import Account, BrowserSession, SignInLink
from dispatch.accounts.rules import (
    ASKS,
    LEAST_IN_A_PASSWORD,
    MOST_IN_A_PASSWORD,
    ROLE_NAMES,
    UNICODE_OF_SECRETS,
    Role,
    locale_among,
)
from dispatch.database import db
from dispatch.errors import Conflict, NotFound, Refusal
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.messaging import service as messaging
from dispatch.messaging.addresses import require_mailbox, require_mobile
from dispatch.organisations.models import Organisation

MOST_IN_A_QUERY = 500
LONGEST_NUMBER = 40
"""Characters of a telephone number as people write it."""


def add(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: str,
    organisation: str | None,
    password: str | None,
    now: datetime,
    locale: str | None = None,
    phone: str | None = None,
) -> Account:
    """Add an account; caseworkers and leads belong to the organisation named.

    Raises what `prepare` raises, and `Conflict` when there is an account with this address.
    """
    account = prepare(
        email=email,
        name=name,
        role=role,
        organisation=organisation,
        password=password,
        locale=locale,
        phone=phone,
    )
    require_unused(account.email)
    store(actor, [account], now=now)
    return account


def prepare(
    *,
    email: str,
    name: str,
    role: str,
    organisation: str | None = None,
    password: str | None = None,
    locale: str | None = None,
    phone: str | None = None,
) -> Account:
    """Return an account as it would be stored, checked; nothing is written.

    Without a `locale` it reads what most do in the city.

    Raises `Refusal` naming what has to change: address, name, role, organisation, password, locale,
    number.
    """
    return Account(
        email=require_mailbox(email).lower(),
        name=texts.name(name),
        role=_role(role),
        organisation_id=_organisation_id(role, organisation),
        password=None if password is None else _hashed(password),
        active=True,
        fs_uniquifier=secrets.token_hex(16),
        locale=locale_among(settings.active().city.locales, locale),
        phone=_phone(role, phone),
    )


def store(actor: Actor, prepared: Sequence[Account], *, now: datetime) -> None:
    """Store what was prepared and write it down."""
    db.session.add_all(prepared)
    db.session.flush()
    for account in prepared:
        ledger.record(actor, "account.added", Concerning(account=account.id), now=now)


def taken(addresses: Sequence[str]) -> set[str]:
    """Return which of the addresses belong to accounts."""
    return {
        email
        for first in range(0, len(addresses), MOST_IN_A_QUERY)
        for email in db.session.scalars(
            sa.select(Account.email).where(
                Account.email.in_(addresses[first : first + MOST_IN_A_QUERY])
            )
        )
    }


def require_unused(email: str) -> None:
    """Refuse (409) an address somebody signs in with already."""
    if taken([email]):
        raise Conflict(
            "email-taken",
            _l("There is an account for %(email)s already.", email=email),
            field="email",
        )


def find(email: str) -> Account | None:
    """Return the account with this address, whatever its case and the form of its domain."""
    try:
        address = require_mailbox(email)
    except Refusal:
        return None
    return db.session.scalar(sa.select(Account).where(Account.email == address.lower()))


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


def who_ask(organisation_id: int | None) -> Sequence[Account]:
    """Return everybody who asks for an organisation, by name."""
    return db.session.scalars(
        sa.select(Account)
        .where(Account.organisation_id == organisation_id, Account.role.in_(ASKS), Account.active)
        .order_by(Account.name, Account.id)
    ).all()


def colleague(account: Account, account_id: int) -> Account:
    """Return the colleague somebody asks for; 0 and their own id mean themselves.

    Raises `Refusal` for somebody who does not ask for the same organisation.
    """
    if account_id in {0, account.id}:
        return account
    for one in who_ask(account.organisation_id):
        if one.id == account_id:
            return one
    raise Refusal(
        "no-colleague",
        _l("Choose somebody who asks for your organisation as well, or ask for yourself."),
        field="colleague",
    )


def disable(actor: Actor, email: str, *, now: datetime) -> Account:
    """Shut an account out: its sessions and links end at once."""
    account = require(email)
    account.active = False
    _end_all(account)
    ledger.record(actor, "account.disabled", Concerning(account=account.id), now=now)
    return account


def enable(actor: Actor, email: str, *, now: datetime) -> Account:
    """Let an account in again; it starts without sessions, links and addresses.

    Whoever was not shut out keeps what they have.
    """
    account = require(email)
    if account.active:
        return account
    account.active, account.let_in_at = True, now
    _end_all(account)
    ledger.record(actor, "account.enabled", Concerning(account=account.id), now=now)
    return account


def end_sessions(actor: Actor, email: str, *, now: datetime) -> Account:
    """Sign an account out everywhere; it can sign in again."""
    account = require(email)
    _end_all(account)
    ledger.record(actor, "account.signed_out", Concerning(account=account.id), now=now)
    return account


def change_phone(account_id: int, text: str, *, now: datetime) -> Account:
    """Keep the mobile number somebody gives for themselves, or none where the text is empty.

    What waits for them goes there.

    Raises `Refusal` (field phone) when it cannot receive SMS, or the role is sent none.
    """
    account = database.lock(Account, account_id)
    former, account.phone = account.phone, _phone(account.role, text)
    messaging.follow(account.id, former or "", now=now)
    about = Concerning(account=account.id)
    ledger.record(account.actor, "account.changed", about, now=now, fields=["phone"])
    return account


def _end_all(account: Account) -> None:
    """End what would let somebody in without proving again who they are."""
    account.fs_uniquifier = secrets.token_hex(16)
    for model in (BrowserSession, SignInLink):
        db.session.execute(sa.delete(model).where(model.account_id == account.id))


def _hashed(password: str) -> str:
    """Return the hash of a password in the form in which the sign-in page reads it."""
    if not LEAST_IN_A_PASSWORD <= len(password) <= MOST_IN_A_PASSWORD:
        raise Refusal(
            "password-length",
            _l(
                "A password has %(least)d to %(most)d characters; this one has %(length)d.",
                least=LEAST_IN_A_PASSWORD,
                most=MOST_IN_A_PASSWORD,
                length=len(password),
            ),
            field="password",
        )
    return str(hash_password(unicodedata.normalize(UNICODE_OF_SECRETS, password)))


def _phone(role: str, text: str | None) -> str | None:
    """Return the number in E.164; numbers that nothing is sent to are not kept."""
    number = texts.line(text or "", most=LONGEST_NUMBER, field="phone")
    if not number:
        return None
    if role not in ASKS:
        raise Refusal(
            "phone-of-no-use",
            _l(
                "Text messages go to those who ask for interpreters; the number of an interpreter "
                "stands in the list of interpreters. Leave it out here (role: %(role)s).",
                role=ROLE_NAMES.get(role, role),
            ),
            field="phone",
        )
    return require_mobile(number, settings.active().city.phone_region)


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
                _l("A role of an organisation (%(role)s): name which.", role=ROLE_NAMES[role]),
                field="organisation",
            )
        return None
    name = texts.name(name, field="organisation")
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
