"""The pool's tables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.availability.models import Availability
from dispatch.database import Base, one_of
from dispatch.interpreters.rules import Employment, Gender, Qualification
from dispatch.travel.estimate import Mode


class Interpreter(Base):
    """A person of the pool; home is a postcode's centroid (WGS 84), never an address.

    `office_note` is what colleagues in the office should know; the person may ask to read it.
    """

    __tablename__ = "interpreters"
    __table_args__ = (
        one_of("travel_mode", Mode),
        one_of("gender", Gender),
        one_of("employment", Employment),
        CheckConstraint("home_latitude BETWEEN -90 AND 90", "latitude_in_degrees"),
        CheckConstraint("home_longitude BETWEEN -180 AND 180", "longitude_in_degrees"),
        CheckConstraint("fee_cents_per_hour >= 0", "fee_from_nothing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), unique=True)
    first_name: Mapped[str]
    last_name: Mapped[str]
    phone: Mapped[str] = mapped_column(index=True)
    home_postcode: Mapped[str]
    home_latitude: Mapped[float]
    home_longitude: Mapped[float]
    travel_mode: Mapped[str]
    gender: Mapped[str | None]
    employment: Mapped[str]
    maximum_minutes_per_day: Mapped[int] = mapped_column(default=480)
    maximum_minutes_per_week: Mapped[int] = mapped_column(default=2400)
    fee_cents_per_hour: Mapped[int]
    availability_id: Mapped[int] = mapped_column(ForeignKey("availabilities.id"), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    office_note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    account: Mapped[Account] = relationship()
    working_languages: Mapped[list["WorkingLanguage"]] = relationship(
        order_by="WorkingLanguage.tag", cascade="all, delete-orphan"
    )
    qualifications: Mapped[list["HeldQualification"]] = relationship(cascade="all, delete-orphan")
    availability: Mapped[Availability] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def name(self) -> str:
        """First and last name, for the coordinator and the person; some people have one name."""
        return f"{self.first_name} {self.last_name}".strip()


class WorkingLanguage(Base):
    """One language of an interpreter, by its tag; German is the other side.

    `gaz>en` is between these two, for a relay.
    """

    __tablename__ = "working_languages"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", "level_one_to_five"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"), index=True)
    tag: Mapped[str] = mapped_column(index=True)
    level: Mapped[int]


class HeldQualification(Base):
    """A qualification with the days from and until which it is valid (until: None is for ever).

    `proof_file` is the name of the file that proves it, in the folder of proofs (`proofs.py`).
    """

    __tablename__ = "held_qualifications"
    __table_args__ = (
        one_of("qualification", Qualification),
        CheckConstraint("valid_until >= valid_from", "valid_from_first"),
        CheckConstraint("(proof_file IS NULL) = (proof_given_at IS NULL)", "proof_given_at_a_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"), index=True)
    qualification: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    proof_file: Mapped[str | None] = mapped_column(unique=True)
    proof_given_at: Mapped[datetime | None]
