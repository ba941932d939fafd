"""Looking at what came in before anybody is asked: approving it, or refusing it with reasons."""

from collections.abc import Callable, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.errors import Refusal
from dispatch.pages.coordinator import blueprint
from dispatch.pages.reasons import RefusalForm
from dispatch.pages.returning import typed
from dispatch.requests import queries as requests
from dispatch.requests import reviewing
from dispatch.series import queries as series
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.post("/requests/<int:request_id>/approve")
@only(Role.COORDINATOR)
def approve(request_id: int) -> ResponseReturnValue:
    """Have somebody looked for; with `all` for every date of its series that waits."""
    with once() as outcome:
        ids = _meant(request_id, series.in_review_with, everything="all" in request.form)
        for one in ids:
            reviewing.approve(current_user.actor, one, now=clock.now())
        outcome.leads_to(
            url_for("caseworker.request_page", request_id=request_id),
            (
                "success",
                ngettext(
                    "Approved; those who asked hear it.",
                    "%(num)d dates are approved; those who asked hear it.",
                    len(ids),
                ),
            ),
        )
    return outcome.answer()


@blueprint.get("/requests/<int:request_id>/refuse")
@only(Role.COORDINATOR)
def ask_refuse(request_id: int) -> ResponseReturnValue:
    """Ask for the two reasons."""
    return _page(request_id, RefusalForm(formdata=typed()))


@blueprint.post("/requests/<int:request_id>/refuse")
@only(Role.COORDINATOR)
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuse it, or every date of its series that waits; those who asked hear it."""
    form = RefusalForm()
    try:
        with once() as outcome:
            meant = _meant(request_id, series.refusable_with, everything=form.all_dates.data)
            for one in meant:
                reviewing.refuse(current_user.actor, one, reasons=form.reasons, now=clock.now())
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=request_id),
                ("success", _("Refused; those who asked hear it.")),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(request_id, form), refusal.status
    return outcome.answer()


def _meant(
    request_id: int, dates_with: Callable[[int], Sequence[int]], *, everything: bool
) -> list[int]:
    """Return the requests to decide on, in the one order in which they are locked."""
    requests.find(current_user, request_id)
    others = dates_with(request_id) if everything else []
    return sorted({request_id, *others})


def _page(request_id: int, form: RefusalForm) -> str:
    return render_template(
        "pages/coordinator/refuse.html",
        interpretation_request=requests.find(current_user, request_id),
        dates_that_wait=len(series.refusable_with(request_id)),
        form=form,
    )
