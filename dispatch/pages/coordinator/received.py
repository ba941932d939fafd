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
    """List what waits for a person, newest first; else all mails (?show=all) or SMS (?show=sms)."""
    url = active().imap_url
    show = request.args.get("show", "")
    mails = queries.received(is_open=show != "all", turn=turn()) if show != "sms" else None
    all_texts = sms.received(turn()) if show == "sms" else None
    texts = sms.waiting() if show not in {"all", "sms"} and turn() == BEGINNING else []
    return render_template(
        "pages/coordinator/received.html",
        page=all_texts or mails,
        show=show if show in {"all", "sms"} else "",
        outcomes=words.OUTCOMES,
        texts=all_texts.rows if all_texts else texts,
        mails=mails.rows if mails else [],
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
