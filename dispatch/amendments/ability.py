"""Whether somebody can come as a change wants it, and if not, why; the reason is the office's."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.amendments import rules
from dispatch.amendments.rules import TO_FULFIL, Demand
from dispatch.assignments import fitting
from dispatch.assignments import service as assignments
from dispatch.assignments import terms as agreed
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import Terms
from dispatch.database import db
from dispatch.errors import Conflict, Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.offers import service as offer_service
from dispatch.offers.models import Offer
from dispatch.sites.models import Site


def why_not_so(
    by: Offer | Assignment, wanted: Terms, names: Collection[str], after: Demand, now: datetime
) -> Any:
    """Return in words what keeps somebody from these terms, empty if nothing; the office's alone.

    It tells of somebody's time, person and way, which is nothing for those who ask.
    """
    current = offer_service.terms_of(by) if isinstance(by, Offer) else agreed.of(by)
    zone_name = by.interpretation_request.time_zone
    why = _why_not(by, current, wanted, names, after, zone_name)
    return why or _outside(by.interpreter, current, wanted, zone_name, now)


def _why_not(
    by: Offer | Assignment,
    current: Terms,
    wanted: Terms,
    names: Collection[str],
    after: Demand,
    zone_name: str,
) -> Any:
    shared = by.interpretation_request.sharing is not None
    why = ""
    if TO_FULFIL & set(names):
        why = fitting.why_not(by.interpreter, after, wanted, zone_name, shared=shared)
    if why or not rules.to_be_agreed(current, wanted):
        return why
    if interpreters.is_absent(by.interpreter, wanted.starts_at, wanted.ends_at):
        return _l("is away at this time")
    try:
        assignments.require_reachable(by.interpreter, wanted, ignoring=by.hold_id)
    except Conflict as taken:
        return taken.text
    return ""


def _outside(
    interpreter: Interpreter, current: Terms, wanted: Terms, zone_name: str, now: datetime
) -> Any:
    """Return in words which times, notice or district somebody gave the change leaves.

    What was outside them before, agreed in person for instance, may be so again.
    """
    if not rules.to_be_agreed(current, wanted):
        return ""

    def there(terms: Terms) -> Refusal | None:
        span = (terms.starts_at, terms.ends_at)
        return interpreters.why_not_there(interpreter, span, zone_name, terms.way)

    def in_time(terms: Terms) -> Refusal | None:
        district = db.session.get_one(Site, terms.site_id).district
        return interpreters.why_not_asked(interpreter, terms.starts_at, district, now, terms.way)

    for refused in (there, in_time):
        why = refused(wanted)
        if why is not None and refused(current) is None:
            return why.text
    return ""
