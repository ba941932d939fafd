"""What an interpreter hears of an absence: questions taken back, what is asked, what stays."""

from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from dispatch.assignments import messages as assignments
from dispatch.assignments.models import Assignment
from dispatch.cities.working_time import is_urgent
from dispatch.contacts.hearing import Event
from dispatch.offers import messages as offers
from dispatch.offers.models import Offer
from dispatch.settings import active


def no_longer_asked(offer: Offer, now: datetime) -> None:
    """Say that a question is taken back because the person is away."""
    with force_locale(offer.interpreter.account.locale):
        reason = _("You are away at this time.")
    offers.tell_taken_back(Event.ABSENCE_SAVED, offer, now, reason)


def ask_to_keep(assignment: Assignment, now: datetime) -> None:
    """Ask whether the interpreter comes although away."""
    _tell(Event.ABSENCE_QUESTION, assignment, now)


def stays(assignment: Assignment, now: datetime) -> None:
    """Say that the office could not take the assignment off the interpreter."""
    _tell(Event.ABSENCE_STAYS, assignment, now)


def _tell(event: Event, assignment: Assignment, now: datetime) -> None:
    urgent = is_urgent(now, assignment.starts_at, active().city)
    assignments.tell(event, assignment, now=now, urgent=urgent)
