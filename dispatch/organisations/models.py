"""The organisations table."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.organisations.rules import OrganisationKind, Strategy


class Organisation(Base):
    """A city department, school, clinic or welfare association that asks for interpreters.

    For its requests interpreters are asked by `strategy`, and assigned without being asked in
    writing only where it `assigns_directly`. For what comes in after `asks_by_itself_since` the
    round begins by itself; None: a person or a plan asks. What comes in from one that `is_reviewed`
    waits until the office has looked at it. Where its talks are longer than `two_above_minutes`,
    two interpret them in turn; None: as in the whole city. One that is not `active` asks for
    nothing new.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        one_of("kind", OrganisationKind),
        one_of("strategy", Strategy),
        CheckConstraint("two_above_minutes BETWEEN 15 AND 600", "two_above_a_duration"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    strategy: Mapped[str] = mapped_column(default=Strategy.DIRECT)
    assigns_directly: Mapped[bool] = mapped_column(default=True)
    is_reviewed: Mapped[bool] = mapped_column(default=False)
    two_above_minutes: Mapped[int | None]
    asks_by_itself_since: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
