"""What happens next with a request that waits for somebody, and by when one hears of it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_security import current_user

from dispatch.languages.rules import NOT_LISTED
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import UNDECIDED, RequestState
from dispatch.requests.service import begins_by_itself
from dispatch.web.formats import local_datetime


def what_is_next(one: InterpretationRequest) -> str:
    """Say what happens next with what was just sent in."""
    if one.language == NOT_LISTED:
        return _("The office finds out first which language it is.")
    if one.state == RequestState.IN_REVIEW:
        return _("The office looks at it first. Nobody is asked before.")
    if begins_by_itself(one):
        return _("Interpreters are asked without waiting for the office.")
    return _("The office looks for somebody.")


def when_one_hears(one: InterpretationRequest, now: datetime) -> str:
    """Say by when those who asked hear how it stands; nothing where nobody is looked for."""
    if one.state not in UNDECIDED or one.starts_at <= now:
        return ""
    if one.next_word_at is None:
        return _(
            "Whoever asked hears by e-mail who comes. It begins soon: if nobody is found, they "
            "hear it only when it begins."
        )
    if one.next_word_at <= now:
        return ""
    when = local_datetime(one.next_word_at, one.time_zone)
    if one.account_id == current_user.id:
        return _(
            "You hear by e-mail who comes, and how it stands by %(when)s at the latest.", when=when
        )
    return _(
        "%(name)s hears by e-mail who comes, and how it stands by %(when)s at the latest.",
        name=one.account.name,
        when=when,
    )
