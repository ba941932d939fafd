"""What was read from the mailbox: each mail once, and how far it has been read."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from dispatch.answers.incoming import IncomingState
from dispatch.database import Base, one_of
from dispatch.inbound.rules import Outcome
from dispatch.interpreters.models import Interpreter
from dispatch.requests.models import InterpretationRequest


class InboundMail(Base):
    """One mail that came in, as it was read, and what came of it.

    It is stored before anything is done with it. `uid_validity` and `uid` are its number in the
    mailbox; `fingerprint` is the same for the same mail, should numbers begin anew. `octets` are
    the mail (of a large one its headers), and are deleted with `text` a while after it was seen to.
    `is_cut` says that `text` is the beginning of a longer one. `outcome` says what it did or why a
    person has to read it; `proposed_*` is the other time somebody proposes.
    """

    __tablename__ = "inbound_mails"
    __table_args__ = (
        one_of("state", IncomingState),
        one_of("outcome", ("", *Outcome)),
        sa.UniqueConstraint("mailbox", "uid_validity", "uid"),
        sa.Index("ix_inbound_mails_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str]
    uid_validity: Mapped[int] = mapped_column(sa.BigInteger)
    uid: Mapped[int] = mapped_column(sa.BigInteger)
    fingerprint: Mapped[str] = mapped_column(unique=True)
    octets: Mapped[bytes | None] = deferred(mapped_column())
    is_whole: Mapped[bool]
    received_at: Mapped[datetime]
    state: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    sender: Mapped[str] = mapped_column(default="")
    sender_name: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    is_cut: Mapped[bool] = mapped_column(default=False)
    interpreter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("interpreters.id"))
    interpretation_request_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("interpretation_requests.id")
    )
    message_id: Mapped[int | None] = mapped_column(sa.ForeignKey("messages.id"))
    proposed_starts_at: Mapped[datetime | None]
    proposed_ends_at: Mapped[datetime | None]
    seen_to_at: Mapped[datetime | None] = mapped_column(index=True)

    interpreter: Mapped[Interpreter | None] = relationship()
    interpretation_request: Mapped[InterpretationRequest | None] = relationship()


class MailboxState(Base):
    """How far a mailbox has been read, and since when and why it cannot be."""

    __tablename__ = "mailbox_states"

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    uid_validity: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    last_uid: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    read_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
