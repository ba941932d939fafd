"""Asking those who asked whether an open request may begin at another time of its day."""

from collections.abc import Sequence
from datetime import datetime, time

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.amendments import proposing
from dispatch.amendments.foreseeing import Concerned
from dispatch.amendments.moving import instant_of, is_in_window
from dispatch.errors import Refusal
from dispatch.messaging.service import held_back
from dispatch.offers.models import Offer
from dispatch.offers.rules import OfferState
from dispatch.offers.schedules import Taken
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.coordinator.give import whose_seat
from dispatch.pages.coordinator.moved_start import (
    MoveForm,
    change_page,
    move_page,
    would_concern,
)
from dispatch.pages.returning import typed
from dispatch.planning.advice.questions import how_many_at, require_somebody_at
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.states import RequestState
from dispatch.web.forms import Time, attach, whole
from dispatch.web.once import once
from dispatch.web.policy import only

MINUTES_OF_A_DAY = 24 * 60


class StartForm(FlaskForm):  # type: ignore[misc]
    """Another time of the same day."""

    start = Time(_l("Start instead"), wrong=_l("Give a time, such as 13:30."))
    sure = BooleanField(_l("I know of somebody who could come then"))


@blueprint.get("/board/requests/<int:request_id>/start")
@only(Role.COORDINATOR)
def ask_other_start(request_id: int) -> ResponseReturnValue:
    """Ask which start it would be; `?at=` is the minute of the day where a block was dropped.

    Of somebody's block (`?kind=` and `?instead=`) it may be the person alone who is asked anew, or
    a change of the request; else those who asked are asked.
    """
    one = requests.find(current_user, request_id)
    taken = whose_seat(one)
    start = _dropped() or _own(taken or one, one.time_zone)
    at = instant_of(one, start)
    if isinstance(taken, Offer) and taken.state == OfferState.MADE and is_in_window(taken, at):
        return move_page(taken, MoveForm(formdata=typed(), start=start))
    if taken is not None and (one.has_window or one.state != RequestState.OPEN):
        return change_page(one, at)
    return _page(one, StartForm(formdata=typed(), start=start))


@blueprint.post("/board/requests/<int:request_id>/start")
@only(Role.COORDINATOR)
def put_other_start(request_id: int) -> ResponseReturnValue:
    """Put the question; nothing changes before there is a yes."""
    form = StartForm()
    interpretation_request = requests.find(current_user, request_id)
    if not form.validate():
        return _page(interpretation_request, form), Refusal.status
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            wall = datetime.combine(interpretation_request.day, form.start.data)
            starts_at = clock.localize(wall, interpretation_request.time_zone)
            if not form.sure.data:
                require_somebody_at(interpretation_request, starts_at, now=clock.now())
            before = interpretation_request.proposed_start_at
            put = proposing.propose_start(
                current_user.actor, request_id, starts_at, now=clock.now()
            )
            told = _("%(name)s is asked by e-mail, and can answer with one press.",
                     name=put.account.name)  # fmt: skip
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=request_id), ("success", told)
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(requests.find(current_user, request_id), form), refusal.status
    steps.did(steps.Asking(request_id, before, starts_at))
    return outcome.answer()


def _dropped() -> time | None:
    minute = whole(request.args.get("at"))
    if "at" not in request.args or minute >= MINUTES_OF_A_DAY:
        return None
    return time(minute // 60, minute % 60)


def _own(one: InterpretationRequest | Taken, zone_name: str) -> time:
    return clock.at_place(one.starts_at, zone_name).time()


def _page(one: InterpretationRequest, form: StartForm) -> str:
    part, could = "HX-Request" in request.headers, None
    people: Sequence[Concerned] = ()
    if form.start.data:
        at = instant_of(one, form.start.data)
        people, _refused = would_concern(one, at)
        could = how_many_at(one, at, people, now=clock.now())
    return render_template(
        "pages/coordinator/_other_start.html" if part else "pages/coordinator/other_start.html",
        interpretation_request=one,
        form=form,
        could=could,
        people=people,
    )
