"""Forms that were sent, and what they led to."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class SentForm(Base):
    """One form of one person (hashed with what was in it), where it led, what was told there."""

    __tablename__ = "sent_forms"

    digest: Mapped[str] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
    leads_to: Mapped[str]
    told: Mapped[list[list[str]]]
