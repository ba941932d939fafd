"""The workers, and when each last looked after the work."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class Worker(Base):
    """A process that does jobs; `seen_at` is by the real clock, also where ours stands still."""

    __tablename__ = "workers"

    executor_id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
