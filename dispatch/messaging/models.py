"""The outbox: one row per message, written in the transaction of the change it reports."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Message(Base):
    """One message to one recipient and what became of it.

    `about` names what it is about (such as "assignment:12") for the people who look after it.
    `attempts` counts hand-overs to a transport; more than one is shown as perhaps repeated.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    recipient_name: Mapped[str]
    sender: Mapped[str]
    locale: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    calendar_method: Mapped[str | None]
    calendar_text: Mapped[str | None]
    about: Mapped[str] = mapped_column(index=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(index=True)
    queued_at: Mapped[datetime] = mapped_column(index=True)
    handed_over_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    perhaps_repeated: Mapped[bool] = mapped_column(default=False)
    provider_reference: Mapped[str | None]
    error: Mapped[str] = mapped_column(default="")
