"""Another start for what somebody is asked for or comes to: what it would do, and doing it.

Within the window of a request the person alone is asked anew; otherwise the request is changed.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.amendments import moving
from dispatch.amendments.foreseeing import Concerned
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.messaging.service import held_back
from dispatch.offers.models import Offer
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import Time, attach
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only


class MoveForm(FlaskForm):  # type: ignore[misc]
    """Another start within the window."""

    start = Time(_l("Start instead"), wrong=_l("Give a time, such as 13:30."))


@blueprint.post("/board/offers/<int:offer_id>/start")
@only(Role.COORDINATOR)
def move_start(offer_id: int) -> ResponseReturnValue:
    """Ask whoever has not answered yet anew, about another start of the window."""
    require_unsent()
    form, offer = MoveForm(), get(Offer, offer_id)
    one = requests.find(current_user, offer.interpretation_request_id)
    if not form.validate():
        return move_page(offer, form), Refusal.status
    before = offer.starts_at
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            now, starts_at = clock.now(), moving.instant_of(one, form.start.data)
            asked = moving.move_start(current_user.actor, offer_id, starts_at, now=now)
            told = _("%(name)s is asked anew, about the other start.", name=asked.interpreter.name)
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=one.id), ("success", told)
            )
    except Refusal as refusal:
        attach(form, refusal)
        return move_page(get(Offer, offer_id), form), refusal.status
    steps.did(steps.Moving(one.id, asked.id, before, starts_at))
    return outcome.answer()


def move_page(offer: Offer, form: MoveForm) -> str:
    """Return the question whether somebody is asked anew, about another start of the window."""
    move = None
    if form.start.data:
        starts_at = moving.instant_of(offer.interpretation_request, form.start.data)
        move = moving.foresee_move(offer, starts_at, now=clock.now())
    return _drawn(
        "move_start",
        interpretation_request=offer.interpretation_request,
        offer=offer,
        form=form,
        people=[move] if move else [],
    )


def change_page(one: InterpretationRequest, starts_at: datetime) -> str:
    """Return what a change to another start would do, and the way to it."""
    people, refused = would_concern(one, starts_at)
    return _drawn(
        "change_start",
        interpretation_request=one,
        starts_at=starts_at,
        start=clock.at_place(starts_at, one.time_zone).strftime("%H:%M"),
        people=people,
        refused=refused,
    )


def would_concern(
    one: InterpretationRequest, starts_at: datetime
) -> tuple[Sequence[Concerned], str]:
    """Return whom another start would concern and how, or why it cannot be so."""
    try:
        return moving.foresee_start(one, starts_at, now=clock.now()).people, ""
    except Refusal as refusal:
        return (), str(refusal.text)


def _drawn(name: str, **values: object) -> str:
    part = "HX-Request" in request.headers
    folder = "pages/coordinator/"
    return render_template(f"{folder}_{name}.html" if part else f"{folder}{name}.html", **values)
