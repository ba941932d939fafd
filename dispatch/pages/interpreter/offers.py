"""Answering offers: by the signed link without signing in, or on the interpreter's page."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.answers import service as answers
from dispatch.answers.service import Answer
from dispatch.assignments import queries as assignments
from dispatch.errors import Refusal
from dispatch.offers import queries
from dispatch.offers.models import Offer
from dispatch.offers.rules import NEVER_ASKED, UNDECIDED, OfferState
from dispatch.offers.ways_there import ways_there
from dispatch.pages.interpreter import blueprint
from dispatch.pages.turning import turn
from dispatch.settings import active
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only, public

ENDED = [state for state in OfferState if state not in UNDECIDED | NEVER_ASKED]
ANSWERS = {"accept": Answer.YES, "decline": Answer.NO, "could": Answer.COULD}


@blueprint.get("/o/<token>")
@public
def offer(token: str) -> ResponseReturnValue:
    """Show the question; looking changes nothing."""
    return _page(queries.by_token(token), token)


@blueprint.post("/o/<token>/<answer>")
@public
def answer_by_link(token: str, answer: str) -> ResponseReturnValue:
    """Take the answer of whoever holds the link; it was sent to one person only.

    What became of it is on the page of the link, so that a reload repeats nothing.
    """
    wanted = answer_of(answer)
    return taken(
        url_for("interpreter.offer", token=token),
        lambda: answers.by_link(token, wanted, comment=_comment(), now=clock.now()),
    )


@blueprint.get("/offers")
@only(Role.INTERPRETER)
def offers() -> ResponseReturnValue:
    """Show the interpreter every question that waits, and how earlier ones ended, in pages."""
    wanted, text = request.args.get("state"), request.args.get("q", "").strip()
    state = wanted if wanted in ENDED else None
    waiting = queries.waiting_for(current_user.id, clock.now())
    ended = queries.ended_for(current_user.id, text, state, turn())
    return render_template(
        "pages/interpreter/offers.html",
        waiting=waiting,
        ways=ways_there(waiting),
        ended=ended,
        outcomes=queries.outcomes_of(ended.rows),
        text=text,
        state=state,
        states=ENDED,
    )


@blueprint.post("/offers/<int:offer_id>/<answer>")
@only(Role.INTERPRETER)
def answer_on_page(offer_id: int, answer: str) -> ResponseReturnValue:
    """Take the answer of the signed-in interpreter."""
    wanted = answer_of(answer)
    return taken(
        url_for("interpreter.offers"),
        lambda: answers.by_page(
            current_user, offer_id, wanted, comment=_comment(), now=clock.now()
        ),
        _thanks(wanted),
    )


def taken(
    leads_to: str, answer: Callable[[], object], *told: tuple[str, str]
) -> ResponseReturnValue:
    """Take an answer once and lead on; one that does not count says why, there."""
    try:
        with once() as outcome:
            answer()
            outcome.leads_to(leads_to, *told)
    except Refusal as refusal:
        if refusal.status == NotFound.code:
            raise
        tell("warning", str(refusal.text))
        return redirect(leads_to)
    return outcome.answer()


def _thanks(answer: Answer) -> tuple[str, str]:
    if answer == Answer.YES:
        return "success", _("Thank you. The assignment is yours.")
    if answer == Answer.COULD:
        return "success", _("Thank you. The office chooses, and you hear either way.")
    return "info", _("Thank you for answering. The office looks for somebody else.")


def _comment() -> str:
    return request.form.get("comment", "")


def answer_of(answer: str) -> Answer:
    """Return the answer an address means; 404 for one nobody gives."""
    if answer not in ANSWERS:
        raise NotFound()
    return ANSWERS[answer]


def _page(offer: Offer, token: str) -> str:
    now = clock.now()
    waiting = offer.state == OfferState.MADE and now < offer.answer_by
    kept = queries.kept_by(offer)
    to_come = kept is not None and assignments.is_to_come(kept, now)
    until = active().city.policies.withdrawal_ends(kept.starts_at) if kept else now
    return render_template(
        "pages/interpreter/offer.html",
        offer=offer,
        token=token,
        waiting=waiting,
        to_come=to_come,
        taken_back_until=until if to_come and now < until else None,
        way=ways_there([offer])[offer] if waiting else None,
        together=len(queries.asked_together(offer)) if waiting and not offer.is_interest else 0,
        state=OfferState.EXPIRED
        if offer.state == OfferState.MADE and not waiting
        else "overtaken"
        if queries.asked_anew(offer)
        else queries.outcomes_of([offer])[offer.id],
    )
