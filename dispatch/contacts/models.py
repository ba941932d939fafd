"""What people have chosen about being told."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base


class HearingWish(Base):
    """How one account wants to hear of what (`choosing.py`); without a row the defaults hold.

    `choices` are names of topics and of choices, `quiet_hours` such as "21:00-07:00", "" for those
    of the city.
    """

    __tablename__ = "hearing_wishes"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    choices: Mapped[dict[str, Any]]
    quiet_hours: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
