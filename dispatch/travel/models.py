"""What is kept of ways: the places, how long it takes between them, the timetable it comes from."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, one_of
from dispatch.travel.estimate import Mode


class Timetable(Base):
    """The timetable that counts, one row: what a GTFS file says of one working day.

    `valid_from` and `valid_until` are the days the file speaks of, `day` the one that was taken.
    `network` is the day's network, so that new places get their rows without the file.
    """

    __tablename__ = "timetables"
    __table_args__ = (CheckConstraint("valid_until >= valid_from", "valid_from_first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    publisher: Mapped[str]
    feed_version: Mapped[str]
    file_name: Mapped[str]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    day: Mapped[date]
    imported_at: Mapped[datetime]
    network: Mapped[bytes] = mapped_column(deferred=True)


class TravelPlace(Base):
    """A point that people set out from or go to (WGS 84); it keeps its number for ever."""

    __tablename__ = "travel_places"
    __table_args__ = (UniqueConstraint("latitude", "longitude", name="uq_travel_places_point"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


class TravelRow(Base):
    """The minutes from one place by one mode to every place: two bytes each, by its number.

    The lower byte comes first; 65535 is not known. The ways of a city are half a million numbers
    a mode, read some hundred rows at a time.
    """

    __tablename__ = "travel_rows"
    __table_args__ = (one_of("mode", Mode),)

    mode: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("travel_places.id"), primary_key=True)
    minutes: Mapped[bytes]
    found_at: Mapped[datetime]
