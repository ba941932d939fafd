"""Cancelling a request: by those who asked, or by the office."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments import restoring
from dispatch.assignments import service as assignments
from dispatch.cancellations import deciding, service, undoing
from dispatch.clients import queries as clients
from dispatch.errors import Conflict, Refusal
from dispatch.messaging.service import held_back
from dispatch.offers import queries as offers
from dispatch.pages.caseworker import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.reasons import OfficeReasonForm, ToldReasonForm
from dispatch.pages.returning import typed
from dispatch.requests import queries as requests
from dispatch.requests.rules import require_alive
from dispatch.web.formats import local_datetime
from dispatch.web.forms import attach, whole
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def ask_cancel(request_id: int) -> ResponseReturnValue:
    """Ask why the request is cancelled; of what cannot be cancelled any more say why not."""
    interpretation_request = requests.find(current_user, request_id)
    try:
        require_alive(interpretation_request.state, interpretation_request.ends_at, clock.now())
    except Conflict as refusal:
        tell("warning", str(refusal.text))
        return redirect(url_for("caseworker.request_page", request_id=request_id))
    return _page(request_id, _form(formdata=typed(), version=interpretation_request.version))


@blueprint.post("/requests/<int:request_id>/cancel")
@only(*ASKS, Role.COORDINATOR)
def cancel(request_id: int) -> ResponseReturnValue:
    """Cancel the request and tell everyone concerned; what cannot be comes back with why."""
    form, by_office = _form(), current_user.role == Role.COORDINATOR
    try:
        with held_back(steps.HELD_SECONDS if by_office else 0), once() as outcome:
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=request_id),
                ("success", _("The request is cancelled; everyone concerned is told.")),
            )
            requests.find(current_user, request_id)
            service.cancel_request(
                current_user.actor,
                request_id,
                reasons=form.reasons,
                now=clock.now(),
                expected_version=form.version.data,
            )
    except Refusal as refusal:
        attach(form, refusal)
        # Whoever reads the reason decides anew, on what is there now.
        form.version.data = requests.find(current_user, request_id).version
        return _page(request_id, form), refusal.status
    if by_office:
        steps.did(steps.Cancelling(request_id, cancelled=True))
    return outcome.answer()


@blueprint.post("/requests/<int:request_id>/undo")
@only(*ASKS, Role.COORDINATOR)
def undo_cancelling(request_id: int) -> ResponseReturnValue:
    """Take the cancellation back: the same people come again, as far as they are still free."""
    with once() as outcome:
        time_zone = requests.find(current_user, request_id).time_zone
        back = restoring.undo(
            current_user.actor,
            request_id,
            now=clock.now(),
            expected_version=whole(request.form.get("version")) or None,
        )
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            ("success", _("It takes place after all; everyone concerned is told.")),
            *(("warning", text) for text in what_becomes_of(back, time_zone)),
        )
    return outcome.answer()


def about_people(back: undoing.Back) -> Iterator[str]:
    """Say of each of those who came before and do not simply come again what becomes of them."""
    for one in back.asked:
        yield _(
            "%(name)s had not agreed to the change yet and is asked again.",
            name=one.interpreter.first_name,
        )
    for gone in back.gone:
        yield _(
            "%(name)s is not free any more; the place is open.", name=gone.interpreter.first_name
        )


def what_becomes_of(back: undoing.Back, time_zone: str) -> Iterator[str]:
    """Say what becomes of those who came before, and that the client has to be told."""
    yield from about_people(back)
    if back.asked_anew:
        yield ngettext(
            "%(num)d person who had been asked is asked once more.",
            "%(num)d people who had been asked are asked once more.",
            back.asked_anew,
        )
    if back.nobody_asked:
        yield _("Somebody is still wanted, and at the moment nobody is asked.")
    if back.client and back.client.other_start:
        yield _(
            "From our SMS the client still knows another start: %(when)s. Please tell them that it "
            "takes place after all, and when.",
            when=local_datetime(back.client.other_start, time_zone),
        )
    elif back.client:
        yield _(
            "The client was reminded by SMS before it was cancelled: please tell them that it "
            "takes place after all."
        )


def _form(**data: Any) -> ToldReasonForm | OfficeReasonForm:
    by_office = current_user.role == Role.COORDINATOR
    return (OfficeReasonForm if by_office else ToldReasonForm)(**data)


def _page(request_id: int, form: ToldReasonForm | OfficeReasonForm) -> str:
    interpretation_request = requests.find(current_user, request_id)
    return render_template(
        "pages/caseworker/cancel.html",
        interpretation_request=interpretation_request,
        foreseen=deciding.foresee(interpretation_request, clock.now()),
        concerned=offers.of_request(request_id) or assignments.live(interpretation_request),
        client_reminded=clients.is_reminded(request_id),
        form=form,
    )
