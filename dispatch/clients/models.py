"""The number a client is reminded at; the row is deleted with the appointment."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.requests.models import InterpretationRequest


class ClientReminder(Base):
    """One number (E.164) for one request, and the locale of the SMS; it stands nowhere else.

    `number` is None once the client has answered STOP; `stopped_by` is the keyed hash of it then,
    until START comes from it, else "" (decision 0074). `consented_at` is when whoever typed it said
    that the client wants the SMS. `told_start_at` is the start the last SMS said, None before there
    was one.
    """

    __tablename__ = "client_reminders"

    interpretation_request_id: Mapped[int] = mapped_column(
        sa.ForeignKey("interpretation_requests.id"), primary_key=True
    )
    number: Mapped[str | None] = mapped_column(index=True)
    locale: Mapped[str]
    consented_at: Mapped[datetime]
    told_start_at: Mapped[datetime | None]
    stopped_by: Mapped[str] = mapped_column(default="")

    interpretation_request: Mapped[InterpretationRequest] = relationship()
