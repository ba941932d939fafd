"""SMS that came in, each once, and numbers that wait for their code."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.answers.incoming import IncomingState
from dispatch.database import Base, one_of
from dispatch.requests.models import InterpretationRequest
from dispatch.sms.rules import Outcome


class InboundSms(Base):
    """One SMS that came in and what came of it; stored before anything is done with it.

    `reference` is the provider's name of it (SID). `keyword` is what the provider itself did with
    it: STOP, START, HELP or "". `text` is deleted a while after it was seen to.
    """

    __tablename__ = "inbound_sms"
    __table_args__ = (
        one_of("state", IncomingState),
        one_of("outcome", ("", *Outcome)),
        sa.Index("ix_inbound_sms_sender_id", "sender", "id"),
        sa.Index("ix_inbound_sms_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str]
    text: Mapped[str]
    keyword: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime]
    state: Mapped[str]
    outcome: Mapped[str] = mapped_column(default="")
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))
    interpretation_request_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("interpretation_requests.id")
    )
    seen_to_at: Mapped[datetime | None] = mapped_column(index=True)

    account: Mapped[Account | None] = relationship()
    interpretation_request: Mapped[InterpretationRequest | None] = relationship()


class WantedNumber(Base):
    """The number somebody gives for themselves, until the code that was sent there comes back."""

    __tablename__ = "wanted_numbers"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    number: Mapped[str]
    code_hash: Mapped[str]
    expires_at: Mapped[datetime]
