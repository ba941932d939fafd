"""Private calendars: where each is read, how it stands, and when its person is busy."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base
from dispatch.interpreters.models import Interpreter


class PrivateCalendar(Base):
    """One calendar of an interpreter: an address that is read again and again, or a file, once.

    `spans` is the last good state: pairs of minutes since 1970, nothing else of the calendar is
    kept. `read_at` is how old it is; `failing_since` and `error_code` say since when and why it
    cannot be read; its owner is told once (`told_at`).
    """

    __tablename__ = "private_calendars"

    id: Mapped[int] = mapped_column(primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(sa.ForeignKey("interpreters.id"), index=True)
    name: Mapped[str]
    address: Mapped[str | None]
    etag: Mapped[str] = mapped_column(default="")
    modified: Mapped[str] = mapped_column(default="")
    spans: Mapped[list[list[int]]] = mapped_column(sa.JSON, default=list)
    read_at: Mapped[datetime | None]
    whole_read_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    failing_since: Mapped[datetime | None]
    error_code: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None]

    interpreter: Mapped[Interpreter] = relationship()
