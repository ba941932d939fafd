"""How far back a calendar reaches, and what of a site or of those who ask is in reach."""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Way
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.windows import LONGEST_SPAN

LOOKS_BACK = timedelta(days=30)
"""How long what is over or cancelled is still shown: many calendars do not notice what is gone."""


class Since(NamedTuple):
    """How far back a calendar reaches: to what ended after an instant.

    What ended then had begun by another: all of a talk fits into a day. That says nothing more,
    but the indexes know by it what is long over, which is nearly everything after some years.
    """

    ends_after: Any
    starts_after: Any

    def shown(
        self, what: type[Assignment] | type[InterpretationRequest]
    ) -> tuple[sa.ColumnElement[bool], ...]:
        """Return that it is still shown."""
        return what.ends_at > self.ends_after, what.starts_at > self.starts_after


def since_of(now: datetime) -> Since:
    """Return how far back a calendar reaches now."""
    ends_after = day_of(now) - LOOKS_BACK
    return Since(ends_after, ends_after - LONGEST_SPAN)


def day_of(now: datetime) -> datetime:
    """Return when the day began (UTC) for which a calendar is written.

    What is looked back and ahead from here moves once a day, as the validator does.
    """
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def at_site(site_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Return that it is on site at a site, and still shown there."""
    there = (Assignment.site_id == site_id, Assignment.way == Way.ON_SITE)
    return (*there, *since_of(now).shown(Assignment))


def asked_by(
    account_id: Any, organisation_id: Any, since: Since
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return that somebody asked for it, for the organisation, and it is still shown to them."""
    return (
        InterpretationRequest.account_id == account_id,
        InterpretationRequest.organisation_id == organisation_id,
        *since.shown(InterpretationRequest),
    )
