"""What a cancellation owes to an interpreter by the city's policy; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from dispatch.cities import City
from dispatch.cities.city import Cancellation
from dispatch.cities.working_time import local_day, next_office_hour, working_days_between
from dispatch.clock import minutes_between

CENT = Decimal("0.01")


class Rule(StrEnum):
    """Which rule of the policy a decision follows."""

    LATE = "late"
    IN_TIME = "in_time"
    NOT_BY_JOB = "not_by_job"
    """Paid otherwise, or not at all: nothing hangs on the single job."""


@dataclass(frozen=True)
class Owed:
    """What is owed for one cancelled assignment: by which rule, for how many minutes, at what fee.

    `told_at` is when the cancellation counts as told: at once in office hours, else when the office
    opens next.
    """

    rule: Rule
    told_at: datetime
    minutes: int
    cents_per_hour: int

    @property
    def amount(self) -> Decimal:
        """The fee for the minutes, in euros."""
        euros = Decimal(self.cents_per_hour * self.minutes) / 6000
        return euros.quantize(CENT, ROUND_HALF_UP)


def owed(
    *,
    now: datetime,
    starts_at: datetime,
    ends_at: datetime,
    employment: str,
    cents_per_hour: int,
    city: City,
) -> Owed:
    """Return what is owed when an assignment is cancelled now.

    Late is what is told on the day it begins or one of the policy's working days before: as JVEG,
    section 9, has it for the day and the two before, here counted in working time.
    """
    policy = city.cancellation
    told_at = next_office_hour(now, city)
    ahead = working_days_between(local_day(told_at, city), local_day(starts_at, city), city)
    late = ahead <= policy.late_working_days
    rule = Rule.LATE if late else Rule.IN_TIME
    if employment not in policy.paid:
        rule = Rule.NOT_BY_JOB
    minutes = min(minutes_between(starts_at, ends_at), policy.most_minutes)
    return Owed(rule, told_at, minutes if rule == Rule.LATE else 0, cents_per_hour)


def what_is_paid(employment: str, city: City) -> Cancellation | None:
    """Return the policy for what is cancelled late; None for whom nothing hangs on a single job."""
    return city.cancellation if employment in city.cancellation.paid else None


def paid_until(starts_at: datetime, minutes: int) -> datetime:
    """Return until when somebody is still paid for a time that is free now."""
    return starts_at + timedelta(minutes=minutes)
