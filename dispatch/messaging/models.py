"""The outbox: one row per message, written in the transaction of the change it reports."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.messaging.rules import RECEIPT_RANKS
from dispatch.messaging.words import ADDRESS_IS_DEAD

ON_THEIR_WAY = "state IN ('queued', 'sending')"
FOR_A_PERSON = "state IN ('failed', 'suppressed', 'perhaps_sent')"
"""The few among many that were sent, as indexes have them: only the same words find them by it."""
WITH_FACTS = "facts IS NOT NULL"
NOBODY_THERE = "error_code IN ('" + "', '".join(sorted(ADDRESS_IS_DEAD)) + "')"


class Message(Base):
    """One message to one recipient and what became of it.

    `account_id` is whose it is: until it leaves it follows that person to another address
    (`following.py`); None where it is for this address alone.
    `about` names what it is about (such as "assignment:12"). `attempts` counts hand-overs that a
    transport could answer. `may_have_left`: it was sent, or nobody knows that it was not.
    `mail_id` is the Message-ID without its angle brackets: random, since row numbers come again
    after a restore and mailboxes drop what they have seen. `error_code` says what went wrong in our
    words (`words.py`), `error` in the provider's. `receipt` is the furthest the provider reported
    of an SMS, "" for nothing yet, `receipt_error` its sign for why. `otherwise_to` is the e-mail
    address an SMS is told at if it does not arrive; None where a mail says the same anyway.
    `quiet_hours` ("21:00-07:00", "" for none) are when its recipient rests.
    `most_an_hour`: so many mails like it leave within an hour before the next are put together
    (`together.py`), 0 for one that always leaves by itself; `sent_with` is the one it went with.
    `handed_over_by` is the job that handed it over last, "" for none: until that is done no other
    takes it. `has_lost_secret`: its text was kept without what makes its link or code work.
    `facts` is what the first message of its name in a transaction was made of, without what makes
    links work: by it a text that somebody changes is shown as it would read. `parts` is what one
    about several things is made of, until it has left: what no longer stands of it is left out
    (`several.py`).
    """

    __tablename__ = "messages"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('email', 'sms')", name="channel"),
        sa.CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'suppressed', 'perhaps_sent',"
            " 'settled')",
            name="state",
        ),
        one_of("receipt", ("", *RECEIPT_RANKS)),
        sa.Index("ix_messages_state_id", "state", "id"),
        sa.Index(
            "ix_messages_on_their_way",
            "channel",
            sqlite_where=sa.text(ON_THEIR_WAY),
            postgresql_where=sa.text(ON_THEIR_WAY),
        ),
        sa.Index(
            "ix_messages_for_a_person",
            "id",
            sqlite_where=sa.text(FOR_A_PERSON),
            postgresql_where=sa.text(FOR_A_PERSON),
        ),
        sa.Index("ix_messages_channel_handed_over", "channel", "handed_over_at"),
        sa.Index("ix_messages_about_id", "about", "id"),
        sa.Index(
            "ix_messages_with_facts",
            "name",
            "id",
            sqlite_where=sa.text(WITH_FACTS),
            postgresql_where=sa.text(WITH_FACTS),
        ),
        sa.Index("ix_messages_recipient_id", "recipient", "id"),
        sa.Index(
            "ix_messages_nobody_there",
            "recipient",
            "id",
            sqlite_where=sa.text(NOBODY_THERE),
            postgresql_where=sa.text(NOBODY_THERE),
        ),
        sa.Index("ix_messages_sender_id", "sender", "id"),
        sa.Index("ix_messages_provider_reference", "provider_reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    recipient_name: Mapped[str]
    account_id: Mapped[int | None]
    sender: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    has_lost_secret: Mapped[bool] = mapped_column(default=False)
    segments: Mapped[int | None]
    calendar_method: Mapped[str | None]
    calendar_text: Mapped[str | None]
    mail_id: Mapped[str | None] = mapped_column(unique=True)
    about: Mapped[str]
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    queued_at: Mapped[datetime]
    makes_sense_until: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    handed_over_by: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    may_have_left: Mapped[bool] = mapped_column(default=False)
    perhaps_repeated: Mapped[bool] = mapped_column(default=False)
    provider_reference: Mapped[str | None]
    receipt: Mapped[str] = mapped_column(default="")
    receipt_error: Mapped[str] = mapped_column(default="")
    receipt_at: Mapped[datetime | None]
    otherwise_to: Mapped[str | None]
    quiet_hours: Mapped[str] = mapped_column(default="")
    most_an_hour: Mapped[int] = mapped_column(default=0)
    sent_with: Mapped[int | None]
    facts: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    parts: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")


class MessageText(Base):
    """What the city wrote for one text of a message ("offer/body.de.txt"); the newest row counts.

    `text` None: the delivered one counts again.
    """

    __tablename__ = "message_texts"
    __table_args__ = (sa.Index("ix_message_texts_path", "path", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    text: Mapped[str | None]
    written_at: Mapped[datetime]
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id"))


class MessageSubject(Base):
    """One of several things a message is about; `Message.about` names the first of them then."""

    __tablename__ = "message_subjects"
    __table_args__ = (sa.Index("ix_message_subjects_about", "about", "message_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id"), index=True)
    about: Mapped[str]
    taken_back_at: Mapped[datetime | None]


class PhoneNumber(Base):
    """What is known of a number (E.164) whatever is sent there; without a row nothing is.

    `stopped_at`: the person wants no SMS and said so (STOP). `blocked_at`: the provider refuses to
    send there, because it was told so. Both end when the person writes START. `confirmed_at`: a
    code that was sent there came back, and with it the consent to SMS in its wording of the
    `consent_version`.
    """

    __tablename__ = "phone_numbers"

    number: Mapped[str] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    consent_version: Mapped[int | None]


class StoppedNumber(Base):
    """A number from which STOP came while it was nobody's here, as a keyed hash and nothing else.

    `digest` is made with the key of this installation (`numbers.py`).
    """

    __tablename__ = "stopped_numbers"

    digest: Mapped[str] = mapped_column(primary_key=True)
    stopped_at: Mapped[datetime]


class ReplyCode(Base):
    """The two signs by which an SMS from a number answers one question, such as "7K"."""

    __tablename__ = "reply_codes"
    __table_args__ = (
        sa.UniqueConstraint("number", "code"),
        sa.Index("uq_reply_codes_question", "number", "about", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    code: Mapped[str]
    about: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(index=True)


class TransportState(Base):
    """How the way of a channel stands: up, slowed (asked to wait) or down, since when and why.

    While it is not up, one message at a time is tried, not before `next_try_at`; the others wait.
    `told_at` is when those who look after it were told of this outage, `next_turn_at` from when on
    the next message may leave at the pace that is set. `failures` in a row. `taken_over_at`: since
    when urgent SMS go by the second provider, whose row is "sms_second".
    """

    __tablename__ = "transport_states"
    __table_args__ = (
        sa.CheckConstraint("channel IN ('email', 'sms', 'sms_second')", name="channel"),
        sa.CheckConstraint("state IN ('up', 'slowed', 'down')", name="state"),
    )

    channel: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    since: Mapped[datetime]
    next_try_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    next_turn_at: Mapped[datetime | None]
    taken_over_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
