"""Accounts, their sign-in links, their sessions, and tries to sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.rules import SESSION_IDLE, SESSION_LIFE, Role
from dispatch.database import Base, one_of
from dispatch.ledger.rules import Actor
from dispatch.organisations.models import Organisation


@dataclass
class AccountRole(RoleMixin):
    """A role as Flask-Security sees it."""

    name: str


class Account(Base, UserMixin):
    """Somebody who can sign in; `let_in_at`: again, after having been shut out."""

    __tablename__ = "accounts"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    let_in_at: Mapped[datetime | None]
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    locale: Mapped[str] = mapped_column(default="de")
    phone: Mapped[str | None] = mapped_column(index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The one role as Flask-Security wants it."""
        return [AccountRole(self.role)]

    def honours(self, given_at: datetime) -> bool:
        """Tell whether a link or an address that was given out then still leads anywhere.

        What was given out before somebody was shut out, or meanwhile, stays dead.
        """
        return self.active and (self.let_in_at is None or given_at > self.let_in_at)

    @property
    def organisation_name(self) -> str | None:
        """The organisation's name, if the account belongs to one."""
        return self.organisation.name if self.organisation else None

    @property
    def actor(self) -> Actor:
        """The account as the one who does something."""
        return Actor(self.id, self.role, self.organisation_id)


class SignInLink(Base):
    """A link that signs one account in once; only its hash is kept."""

    __tablename__ = "sign_in_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    leads_to: Mapped[str] = mapped_column(default="/")
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class WantedLink(Base):
    """An address somebody wants a link for; it goes once the link is made, or nobody has it."""

    __tablename__ = "wanted_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    leads_to: Mapped[str]
    wanted_at: Mapped[datetime]


class BrowserSession(Base):
    """Somebody signed in on one browser; deleting the row ends it at once."""

    __tablename__ = "browser_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    data: Mapped[dict[str, Any]]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    @property
    def began_at(self) -> datetime:
        """When somebody signed in there."""
        return self.expires_at - SESSION_LIFE

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has ended by itself.

        So has one that was seen long after now: the clock was set back, and nobody can tell since
        when it has been left alone.
        """
        return self.expires_at <= now or abs(now - self.seen_at) >= SESSION_IDLE


class SignInTries(Base):
    """How often somebody tried, by what is tried from where (hashed), and when the next may be."""

    __tablename__ = "sign_in_tries"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    free_at: Mapped[datetime]


class KeptForm(Base):
    """What an account typed into a form that was out of date, until it is sent again."""

    __tablename__ = "kept_forms"

    key_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    path: Mapped[str]
    fields: Mapped[list[list[str]]]
    kept_at: Mapped[datetime]
