"""A reminder for the client by SMS: the number, the consent, and when it goes."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.clients import queries, rules, service
from dispatch.errors import Refusal
from dispatch.languages.checked import locale_for
from dispatch.pages.caseworker import blueprint
from dispatch.requests import queries as requests
from dispatch.requests.rules import ALIVE
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only

LAST_DIGITS = 2


class ClientReminderForm(FlaskForm):  # type: ignore[misc]
    """The number, and that the client wants it."""

    phone = StringField(_l("Mobile number of the client"), validators=[InputRequired()])
    consents = BooleanField(_l("The client was asked and wants this SMS"))


@blueprint.get("/requests/<int:request_id>/client-reminder")
@only(*ASKS, Role.COORDINATOR)
def client_reminder(request_id: int) -> ResponseReturnValue:
    """Show whether the client is reminded, when and in which language."""
    return _page(request_id, ClientReminderForm())


@blueprint.post("/requests/<int:request_id>/client-reminder")
@only(*ASKS, Role.COORDINATOR)
def remind_client(request_id: int) -> ResponseReturnValue:
    """Keep the number until the appointment is over."""
    form = ClientReminderForm()
    if not form.validate():
        return _page(request_id, form), Refusal.status
    try:
        with once() as outcome:
            wanted = requests.find(current_user, request_id)
            service.give(
                current_user.actor,
                wanted.id,
                form.phone.data or "",
                consents=bool(form.consents.data),
                now=clock.now(),
            )
            said = _("Kept. The number is deleted when the appointment is over or cancelled.")
            outcome.leads_to(_address(request_id), ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(request_id, form), refusal.status
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/client-reminder/forget")
@only(*ASKS, Role.COORDINATOR)
def forget_client(request_id: int) -> ResponseReturnValue:
    """Delete the number; nobody is reminded then."""
    with once() as outcome:
        wanted = requests.find(current_user, request_id)
        service.take_back(current_user.actor, wanted.id, now=clock.now())
        outcome.leads_to(_address(request_id), ("success", _("The number is deleted.")))
    return outcome.answer()


def _address(request_id: int) -> str:
    return url_for("caseworker.client_reminder", request_id=request_id)


def _page(request_id: int, form: ClientReminderForm) -> str:
    wanted, now = requests.find(current_user, request_id), clock.now()
    kept = service.find(wanted.id)
    return render_template(
        "pages/caseworker/client_reminder.html",
        interpretation_request=wanted,
        form=form,
        kept=kept,
        is_over=wanted.state not in ALIVE or wanted.ends_at <= now,
        client_knows=queries.other_start_known(wanted.id, wanted.starts_at),
        is_reminded=queries.is_reminded(wanted.id),
        has_stopped=queries.has_stopped(wanted.id),
        has_started_again=queries.has_started_again(wanted.id),
        last_digits=kept.number[-LAST_DIGITS:] if kept and kept.number else "",
        goes_at=rules.still_goes_at(wanted.starts_at, kept.consented_at, now, active().city)
        if kept
        else None,
        would_go_at=rules.still_goes_at(wanted.starts_at, now, now, active().city),
        is_checked=locale_for(wanted.language) is not None,
    )
