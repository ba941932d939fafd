"""Changing a request: whom it concerns and who is asked again is shown before anything is done."""

from collections.abc import Collection

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments import service
from dispatch.amendments.foreseeing import Concerned, Foreseen, foresee
from dispatch.amendments.rules import Fate
from dispatch.amendments.telling import reason_for
from dispatch.clients import queries as clients
from dispatch.database import expect_version
from dispatch.errors import Conflict, Refusal
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.ask import fields_of
from dispatch.pages.caseworker.forms import ChangeForm, details
from dispatch.pages.returning import typed
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import attach, codes
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>/change")
@only(*ASKS, Role.COORDINATOR)
def ask_change(request_id: int) -> ResponseReturnValue:
    """Show the request as a form, filled in; `?start=` is another start that is wanted."""
    interpretation_request = requests.find(current_user, request_id)
    before = typed()
    form = _form(interpretation_request, before)
    if before is None:
        form.show(interpretation_request)
        form.take_other_start()
    return _page(interpretation_request, form)


@blueprint.post("/requests/<int:request_id>/change")
@only(*ASKS, Role.COORDINATOR)
def change(request_id: int) -> ResponseReturnValue:
    """Say what the change would do; do it once that was seen and is still so."""
    interpretation_request = requests.find(current_user, request_id)
    form = _form(interpretation_request)
    if not form.validate():
        return _page(interpretation_request, form), 422
    now = clock.now()
    try:
        expect_version(interpretation_request.version, form.version.data)
        wanted = details(form, interpretation_request)
        foreseen = foresee(interpretation_request, wanted, now=now)
        if form.seen.data != foreseen.digest:
            form.seen.data = foreseen.digest
            return _page(interpretation_request, form, foreseen)
        with once() as outcome:
            requests.find(current_user, request_id)
            done = service.amend(
                current_user.actor,
                request_id,
                wanted,
                now=now,
                expected_version=form.version.data,
            )
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=request_id), ("success", _said(done))
            )
    except Refusal as refusal:
        attach(form, refusal)
        if isinstance(refusal, Conflict):
            # Whoever reads the reason decides anew, on what is there now.
            form.version.data = requests.find(current_user, request_id).version
        return _page(interpretation_request, form, refused=codes(refusal)), refusal.status
    return outcome.answer()


def _said(done: Foreseen) -> str:
    if any(one.fate == Fate.ASKED_AGAIN for one in done.people):
        return _("The request is changed; whoever has to agree again is asked.")
    if any(one.fate == Fate.STANDS for one in done.people):
        return _("The request is changed; who comes had not been asked yet, and the yes stands.")
    return _("The request is changed; whoever has to know is told.")


def _form(interpretation_request: InterpretationRequest, data: object = None) -> ChangeForm:
    version = interpretation_request.version
    form = ChangeForm(formdata=data, version=version) if data is not None else ChangeForm()
    form.offer_duration(interpretation_request.duration_minutes)
    if current_user.role == Role.COORDINATOR:
        form.leave_out_what_the_office_does_not_read()
    return form


def _page(
    interpretation_request: InterpretationRequest,
    form: ChangeForm,
    foreseen: Foreseen | None = None,
    refused: Collection[str] = (),
) -> str:
    def why(one: Concerned) -> str:
        return str(reason_for(current_user.role, foreseen, one, clock.now()) if foreseen else "")

    return render_template(
        "pages/caseworker/change.html",
        why_of=why,
        interpretation_request=interpretation_request,
        foreseen=foreseen,
        client_knows=foreseen
        and clients.other_start_known(interpretation_request.id, foreseen.demand.starts_at),
        fates=Fate,
        **fields_of(form, refused, interpretation_request),
    )
