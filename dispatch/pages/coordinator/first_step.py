"""The next thing to do about an open request of the worklist: whom to ask, or what would help."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.offers import queries as offers
from dispatch.offers.models import Offer
from dispatch.offers.rounds import AT_ONCE
from dispatch.offers.rules import OfferState
from dispatch.pages.coordinator import blueprint
from dispatch.pages.coordinator.why_open import whys_open
from dispatch.pages.rounds import Standing, standing
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.remedies import help_page
from dispatch.planning.advice.verdicts import by_wish
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.settings import active
from dispatch.web.policy import only


@blueprint.get("/worklist/<int:request_id>")
@only(Role.COORDINATOR)
def first_step(request_id: int) -> ResponseReturnValue:
    """Show who fits best, to be asked by one press; where nobody does, what was found to help.

    Who is asked already stands before it; where several are at once, nobody else can be asked.
    """
    interpretation_request = requests.find(current_user, request_id)
    now, offers_made = clock.now(), offers.of_request(request_id)
    rounds = standing(offers_made)
    if any(one.round.strategy in AT_ONCE for one in rounds):
        return _shown(interpretation_request, offers_made, rounds, needed=False)
    page = candidates_page(interpretation_request, now)
    able = [one for one in page.lines if one.fits] if page else []
    return _shown(
        interpretation_request,
        offers_made,
        rounds,
        needed=page is not None,
        best=able[0] if able else None,
        others=len(able) - 1,
        by_wish=[] if able else by_wish(interpretation_request, now=now),
        obstacles=page.obstacles if page else "",
        page=None if able else help_page(interpretation_request, advice.last(request_id)),
        agencies=active().city.agencies_for(interpretation_request.language),
    )


def _shown(
    interpretation_request: InterpretationRequest,
    offers_made: Sequence[Offer],
    rounds: Sequence[Standing],
    *,
    needed: bool,
    **values: object,
) -> str:
    """Return it as a part of the worklist, or as a page of its own."""
    part = "HX-Request" in request.headers
    of_rounds = {one.round.id for one in rounds}
    return render_template(
        "pages/coordinator/_first_step.html" if part else "pages/coordinator/first_step.html",
        interpretation_request=interpretation_request,
        rounds=rounds,
        needed=needed,
        why=whys_open([interpretation_request], clock.now()) if needed and not part else {},
        asked=[
            one
            for one in offers_made
            if one.state == OfferState.MADE and one.round_id not in of_rounds
        ],
        **values,
    )
