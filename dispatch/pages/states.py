"""The states of requests, offers, assignments and messages, in words.

In a template each look would translate all of them; a full list shows hundreds.
"""

from functools import lru_cache

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

STATES = {
    "draft": _l("Draft"),
    "submitted": _l("Submitted"),
    "in_review": _l("In review"),
    "open": _l("Open"),
    "filled": _l("Filled"),
    "completed": _l("Completed"),
    "cancelled": _l("Cancelled"),
    "refused": _l("Refused"),
    "unfilled": _l("Not filled"),
    "proposed": _l("Proposed"),
    "offered": _l("Asked"),
    "made": _l("Asked"),
    "to_approve": _l("Way to approve"),
    "not_approved": _l("Way not approved"),
    "interested": _l("Could come"),
    "confirmed": _l("Confirmed"),
    "to_reconfirm": _l("To reconfirm"),
    "on_the_way": _l("On the way"),
    "arrived": _l("Arrived"),
    "running": _l("Running"),
    "released": _l("Released"),
    "could_not_come": _l("Could not come after all"),
    "no_show_client": _l("Client did not come"),
    "no_show_interpreter": _l("Interpreter did not come"),
    "accepted": _l("Accepted"),
    "declined": _l("Declined"),
    "expired": _l("Expired"),
    "withdrawn": _l("Withdrawn"),
    "lost": _l("Taken by another"),
    "late": _l("Late"),
    "queued": _l("Queued"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "delivered": _l("Delivered"),
    "failed": _l("Failed"),
    "suppressed": _l("Not sent: opted out"),
    "perhaps_sent": _l("Perhaps sent"),
    "not_sent": _l("Not sent"),
    "settled": _l("Settled"),
    "stored": _l("Not looked at yet"),
    "done": _l("Done"),
}


def state_name(state: object) -> str:
    """Return a state in the reader's language, as it is where there is no word for it."""
    locale = get_locale()
    return _named(str(state), locale.language if locale else "en")


@lru_cache(maxsize=1_000)
def _named(state: str, _reader: str) -> str:
    """Return the word for a state; every row of every list has one, and there are few."""
    return str(STATES.get(state, state))
