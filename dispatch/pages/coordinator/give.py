"""Giving a request to somebody from the board: how well each row fits, the question, the move."""

from collections.abc import Sequence
from datetime import datetime

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import overriding
from dispatch.assignments.models import Assignment
from dispatch.assignments.overriding import Wish
from dispatch.cancellations import deciding
from dispatch.cancellations.reversing import Seat, window_of
from dispatch.cancellations.rules import require_reason
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.ledger.rules import Reasons
from dispatch.messaging.service import held_back
from dispatch.offers.models import Offer
from dispatch.offers.seats import AS_ASKED, Wanted
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.board import steps
from dispatch.pages.coordinator.board.geometry import minute_of_day
from dispatch.pages.coordinator.candidates import chosen_start
from dispatch.pages.reasons import OfficeReasonForm
from dispatch.planning.advice import assigning, wishes_alone, wording
from dispatch.planning.advice.assigning import Instead
from dispatch.planning.advice.candidates import CandidateLine, look
from dispatch.planning.advice.verdicts import verdicts
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.web.forms import attach, whole
from dispatch.web.once import once, require_unsent
from dispatch.web.policy import only

KINDS: dict[str, type[Assignment] | type[Offer]] = {"assignment": Assignment, "offer": Offer}


@blueprint.get("/board/requests/<int:request_id>/verdicts")
@only(Role.COORDINATOR)
def verdicts_of_rows(request_id: int) -> ResponseReturnValue:
    """Say how well everybody fits; who is not named does not work in the language."""
    found = verdicts(requests.find(current_user, request_id), now=clock.now())
    return jsonify(
        rows=[[one.interpreter_id, one.fit, one.words] for one in found],
        others=str(wording.OF_NO_SUCH_LANGUAGE),
    )


@blueprint.get("/board/requests/<int:request_id>/give/<int:interpreter_id>")
@only(Role.COORDINATOR)
def ask_give(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Ask how somebody is to get the request, and why instead of whom."""
    interpretation_request = requests.find(current_user, request_id)
    instead = whose_seat(interpretation_request)
    version = instead.version if isinstance(instead, Assignment) else None
    return _page(interpretation_request, interpreter_id, OfficeReasonForm(version=version))


@blueprint.post("/board/requests/<int:request_id>/give/<int:interpreter_id>")
@only(Role.COORDINATOR)
def give(request_id: int, interpreter_id: int) -> ResponseReturnValue:
    """Give a seat to somebody else in one step; who had it is told."""
    require_unsent()
    form, start = OfficeReasonForm(), chosen_start()
    interpretation_request = requests.find(current_user, request_id)
    window = window_of(interpretation_request)
    directly, now = request.form.get("way") == "assign", clock.now()
    against = _against(interpretation_request, interpreter_id, directly=directly)
    wanted = AS_ASKED if against else _able(interpretation_request, interpreter_id, start)
    try:
        with held_back(steps.HELD_SECONDS), once() as outcome:
            of = whose_seat(interpretation_request)
            if of is None and not against:
                raise NotFound
            before = Seat.of(of) if of else None
            instead = Instead(of, form.reasons, form.version.data) if of else None
            made = assigning.by_hand_or_instead(
                current_user.actor,
                request_id,
                interpreter_id,
                wanted,
                instead=instead,
                directly=directly,
                now=now,
            )
            _mark(made, against, form.reasons)
            name = made.interpreter.name
            moved, given = (
                _("Moved to %(name)s; everyone concerned is told.", name=name),
                _("%(name)s is assigned; both sides are told.", name=name),
            )
            outcome.leads_to(
                url_for("caseworker.request_page", request_id=request_id),
                ("success", moved if of else given),
            )
    except Refusal as refusal:
        if refusal.field is None:
            raise
        attach(form, refusal)
        return _page(interpretation_request, interpreter_id, form), refusal.status
    steps.seated(interpretation_request, window, before, Seat.of(made))
    return outcome.answer()


def _able(
    interpretation_request: InterpretationRequest, interpreter_id: int, start: datetime | None
) -> Wanted:
    """Return on which terms somebody could come, instead of whom the form names; refuses else."""
    of = whose_seat(interpretation_request)
    return assigning.require_able_now(
        interpretation_request,
        interpreter_id,
        start,
        leaving=of.interpreter_id if of else None,
        now=clock.now(),
    )


def _mark(made: Assignment | Offer, against: Sequence[Wish], reasons: Reasons) -> None:
    """Mark what was agreed against wishes; that needs a reason, a release beside it or not."""
    if isinstance(made, Assignment) and against:
        require_reason(reasons, by_office=True)
        overriding.mark(current_user.actor, made, against, reasons=reasons, now=clock.now())


def _against(
    interpretation_request: InterpretationRequest, interpreter_id: int, *, directly: bool
) -> Sequence[Wish]:
    """Return the wishes that the form sets aside; only what was agreed in person does."""
    if "against" not in request.form or not directly:
        return []
    return wishes_alone.require(interpretation_request, interpreter_id, now=clock.now())


def _page(
    interpretation_request: InterpretationRequest, interpreter_id: int, form: OfficeReasonForm
) -> str:
    line, against = _looked_at(interpretation_request, interpreter_id)
    part, instead = "HX-Request" in request.headers, whose_seat(interpretation_request)
    return render_template(
        "pages/coordinator/_give.html" if part else "pages/coordinator/give.html",
        interpretation_request=interpretation_request,
        interpreter=interpreters.find(current_user, interpreter_id),
        one=line,
        against=against,
        starts=_nearest_first(line, interpretation_request),
        instead=instead,
        owed=deciding.owed_for(instead, clock.now()) if isinstance(instead, Assignment) else None,
        instead_kind=request.values.get("kind"),
        form=form,
    )


def _looked_at(
    interpretation_request: InterpretationRequest, interpreter_id: int
) -> tuple[CandidateLine | None, Sequence[Wish]]:
    """Return how somebody fits, and the wishes where these alone are in the way."""
    try:
        seen = look(interpretation_request, clock.now(), [interpreter_id])
    except KeyError:
        return None, []
    line = next((one for one in seen.lines if one.interpreter.id == interpreter_id), None)
    directly = interpretation_request.organisation.assigns_directly
    return line, wishes_alone.of(seen, interpretation_request, interpreter_id) if directly else []


def _nearest_first(
    line: CandidateLine | None, interpretation_request: InterpretationRequest
) -> list[datetime]:
    """Return the starts of a window, first the one nearest to where the block was dropped."""
    starts = line.starts if line else []
    if "at" not in request.args:
        return starts
    dropped, one = whole(request.args["at"]), interpretation_request

    def far(at: datetime) -> int:
        return abs(minute_of_day(at, one.day, one.time_zone) - dropped)

    return sorted(starts, key=far)


def whose_seat(interpretation_request: InterpretationRequest) -> Assignment | Offer | None:
    """Return whose seat it is to be, as the address or the form says; None for a free one."""
    kind = KINDS.get(request.values.get("kind", ""))
    if kind is None:
        return None
    found = get(kind, whole(request.values.get("instead")))
    if found.interpretation_request_id != interpretation_request.id:
        raise NotFound
    return found
