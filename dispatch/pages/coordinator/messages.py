"""What went out, for the coordinator."""

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.contacts import service as contacts
from dispatch.database import get
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Concerning
from dispatch.messaging import again, queries, resting, rules, service, words
from dispatch.messaging.models import Message
from dispatch.messaging.rules import MessageState
from dispatch.pages import history
from dispatch.pages.coordinator import blueprint
from dispatch.web.forms import whole
from dispatch.web.once import once
from dispatch.web.policy import only

STATES_IN_ORDER = (
    queries.WAITING,
    MessageState.FAILED,
    MessageState.PERHAPS_SENT,
    MessageState.SUPPRESSED,
    MessageState.QUEUED,
    MessageState.SENDING,
    MessageState.SENT,
    MessageState.SETTLED,
)


WITH_FAILED = (None, queries.WAITING, MessageState.FAILED)
"""Lists in which messages that failed stand."""


@blueprint.get("/messages")
@only(Role.COORDINATOR)
def messages() -> ResponseReturnValue:
    """List messages, newest first; on the first page those that wait for a person come before."""
    wanted = request.args.get("state")
    state = wanted if wanted in STATES_IN_ORDER else None
    text, before_id = request.args.get("q", ""), whole(request.args.get("before")) or None
    is_start = not (state or text or before_id)
    now = clock.now()
    return render_template(
        "pages/coordinator/messages.html",
        without_secrets=rules.without_secrets,
        rests=lambda message: resting.holds(message, now),
        waiting=queries.waiting_for_a_person() if is_start else [],
        page=queries.page(state, text, before_id),
        state=state,
        text=text,
        states=[None, *STATES_IN_ORDER],
        again=again.count(text, now) if state in WITH_FAILED else 0,
        troubled=[one for one in queries.transports(now) if not one.is_well],
    )


@blueprint.get("/messages/<int:message_id>")
@only(Role.COORDINATOR)
def message(message_id: int) -> ResponseReturnValue:
    """Show a message as the recipient gets it, except what makes its links work."""
    shown, now = get(Message, message_id), clock.now()
    over = rules.why_it_no_longer_stands(shown.taken_back_at, shown.makes_sense_until, now)
    waits = shown.state in rules.NEEDS_A_PERSON
    if over is None and waits and again.is_overtaken(shown):
        over = "overtaken"
    return render_template(
        "pages/coordinator/message.html",
        message=shown,
        body=rules.without_secrets(shown.body),
        reason=words.reason(shown.error_code, shown.error),
        waits=waits,
        **_rest(shown, now),
        over=words.REASONS[over] if over else None,
        lost=rules.LOST_SECRET if shown.has_lost_secret else None,
        history=history.lines(ledger.history(Concerning(message=shown.id))[::-1], for_office=True),
    )


@blueprint.post("/messages/<int:message_id>/send-again")
@only(Role.COORDINATOR)
def send_again(message_id: int) -> ResponseReturnValue:
    """Try once more what failed or was perhaps sent."""
    with once() as outcome:
        service.send_again(current_user.actor, message_id, now=clock.now())
        here = url_for("coordinator.message", message_id=message_id)
        outcome.leads_to(here, ("success", _("The message is queued again.")))
    return outcome.answer()


@blueprint.post("/messages/send-again")
@only(Role.COORDINATOR)
def send_all_again() -> ResponseReturnValue:
    """Try once more everything that failed, is what was searched for, and still stands."""
    text, state = request.form.get("q", ""), request.form.get("state") or None
    with once() as outcome:
        done = service.send_again_all(current_user.actor, text, now=clock.now())
        told = [("success", _queued(done.queued))]
        if done.lost:
            told.append(("warning", _left_out(done.lost)))
        outcome.leads_to(url_for("coordinator.messages", state=state, q=text or None), *told)
    return outcome.answer()


@blueprint.post("/messages/<int:message_id>/settle")
@only(Role.COORDINATOR)
def settle(message_id: int) -> ResponseReturnValue:
    """Close what failed or was perhaps sent without sending it again."""
    with once() as outcome:
        service.settle(current_user.actor, message_id, now=clock.now())
        told = _("The message is settled.")
        outcome.leads_to(url_for("coordinator.messages"), ("success", told))
    return outcome.answer()


def _rest(shown: Message, now: datetime) -> dict[str, Any]:
    """Return until when a message rests, in which quiet hours, and whose they are."""
    rests_until = resting.holds(shown, now)
    if rests_until is None:
        return {}
    wished = contacts.wishes_of([shown.account_id]) if shown.account_id else {}
    return {
        "rests_until": rests_until,
        "hours": shown.quiet_hours.replace("-", "–"),
        "own_hours": any(wishes.quiet_hours for wishes in wished.values()),
    }


def _queued(count: int) -> str:
    return ngettext("One message is queued again.", "%(num)d messages are queued again.", count)


def _left_out(count: int) -> str:
    return ngettext(
        "%(num)d message was left out: its link or code is gone. Open it to read what to do.",
        "%(num)d messages were left out: their link or code is gone. Open each to read what to do.",
        count,
    )
