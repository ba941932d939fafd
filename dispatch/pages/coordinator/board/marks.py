"""What stands on the board under which figure: open, asked, confirmed, late and so on."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AGREED, AssignmentState
from dispatch.offers.rules import OfferState
from dispatch.offers.schedules import Taken


class Mark(StrEnum):
    """How a seat of the day stands, in the order in which it is told."""

    OPEN = "open"
    TO_APPROVE = "to_approve"
    ASKED = "asked"
    TO_RECONFIRM = "to_reconfirm"
    CONFIRMED = "confirmed"
    LATE = "late"
    ON_THE_WAY = "on_the_way"
    UNDER_WAY = "under_way"
    FINISHED = "finished"
    MISSED = "missed"


ALWAYS_TOLD = (Mark.OPEN, Mark.ASKED, Mark.CONFIRMED)
"""Figures that stand there even when they are nothing; the others only where there are any."""

NAMES = {
    Mark.OPEN: _l("open"),
    Mark.TO_APPROVE: _l("way to approve"),
    Mark.ASKED: _l("asked"),
    Mark.TO_RECONFIRM: _l("to reconfirm"),
    Mark.CONFIRMED: _l("confirmed"),
    Mark.LATE: _l("late"),
    Mark.ON_THE_WAY: _l("on the way"),
    Mark.UNDER_WAY: _l("under way"),
    Mark.FINISHED: _l("finished"),
    Mark.MISSED: _l("missed"),
}
STATES = {
    Mark.OPEN: "open",
    Mark.TO_APPROVE: "to_approve",
    Mark.ASKED: "made",
    Mark.TO_RECONFIRM: "to_reconfirm",
    Mark.CONFIRMED: "confirmed",
    Mark.LATE: "late",
    Mark.ON_THE_WAY: "on_the_way",
    Mark.UNDER_WAY: "running",
    Mark.FINISHED: "completed",
    Mark.MISSED: "no_show_client",
}
"""The state by whose look each mark is drawn."""

_OF_ASSIGNMENTS = {
    AssignmentState.CONFIRMED: Mark.CONFIRMED,
    AssignmentState.TO_RECONFIRM: Mark.TO_RECONFIRM,
    AssignmentState.ON_THE_WAY: Mark.ON_THE_WAY,
    AssignmentState.ARRIVED: Mark.UNDER_WAY,
    AssignmentState.RUNNING: Mark.UNDER_WAY,
    AssignmentState.COMPLETED: Mark.FINISHED,
}


def mark_of(one: Taken) -> Mark:
    """Return the mark of somebody's time: asked for by an offer, or agreed."""
    if not isinstance(one, Assignment):
        return Mark.TO_APPROVE if one.state == OfferState.TO_APPROVE else Mark.ASKED
    if one.late_minutes and one.state in AGREED - {AssignmentState.RUNNING}:
        return Mark.LATE
    return _OF_ASSIGNMENTS.get(AssignmentState(one.state), Mark.MISSED)
