"""What came in by mail and SMS: what a person has to read, and what counted by itself."""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.inbound import queries, service, words
from dispatch.pages.coordinator import blueprint
from dispatch.pages.turning import turn
from dispatch.settings import active
from dispatch.sms import queries as sms
from dispatch.sms import service as sms_service
from dispatch.sms.words import OUTCOMES as SMS_OUTCOMES
from dispatch.web.once import once
from dispatch.web.paging import BEGINNING
from dispatch.web.policy import only


@blueprint.get("/messages/received")
@only(Role.COORDINATOR)
def received() -> ResponseReturnValue:
    """List what waits for a person, newest first; with ?show=all everything that came in."""
    url = active().imap_url
    show_all = request.args.get("show") == "all"
    return render_template(
        "pages/coordinator/received.html",
        page=queries.received(is_open=not show_all, turn=turn()),
        show_all=show_all,
        outcomes=words.OUTCOMES,
        texts=sms.received(is_open=not show_all) if turn() == BEGINNING else [],
        sms_outcomes=SMS_OUTCOMES,
        reading=queries.reading(url) if url else None,
    )


@blueprint.post("/messages/received/<int:mail_id>/settle")
@only(Role.COORDINATOR)
def settle_received(mail_id: int) -> ResponseReturnValue:
    """Close a mail that somebody has seen to."""
    return _seen_to(lambda: service.settle(current_user.actor, mail_id, now=clock.now()))


@blueprint.post("/messages/received/sms/<int:sms_id>/settle")
@only(Role.COORDINATOR)
def settle_sms(sms_id: int) -> ResponseReturnValue:
    """Close an SMS that somebody has seen to."""
    return _seen_to(lambda: sms_service.settle(current_user.actor, sms_id, now=clock.now()))


def _seen_to(verb: Callable[[], object]) -> ResponseReturnValue:
    with once() as outcome:
        verb()
        outcome.leads_to(url_for("coordinator.received"), ("success", _("Seen to.")))
    return outcome.answer()
