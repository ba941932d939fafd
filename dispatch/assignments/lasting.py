"""How long an assignment really takes, as far as somebody has said so."""

from datetime import datetime, timedelta

from dispatch.assignments.rules import AssignmentState

FORGOTTEN_AFTER = timedelta(hours=3)
"""Whoever has not said so long after the end that it is over has forgotten to, and is gone."""


def expected_end(
    state: str,
    ends_at: datetime,
    late_minutes: int | None,
    now: datetime,
    lasts_until: datetime | None = None,
) -> datetime:
    """Return when somebody will be free again, as far as was said.

    What begins late ends as much later. What runs ends when somebody said that it would
    (`lasts_until`), and now at the earliest; but whoever has said nothing for hours has forgotten
    it, and is not counted as running.
    """
    if state == AssignmentState.RUNNING:
        said = max(ends_at, lasts_until or ends_at)
        return max(said, now) if now < said + FORGOTTEN_AFTER else ends_at
    if state == AssignmentState.TO_RECONFIRM:
        return ends_at  # what was said of being late was said of other terms
    return ends_at + timedelta(minutes=late_minutes or 0)
