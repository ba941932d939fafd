"""The quick panel beside the board: one request at a glance, and what can be done about it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.rules import AGREED
from dispatch.attendance import rules as attendance
from dispatch.languages.rules import NOT_LISTED
from dispatch.messaging import queries as messages
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.long_ways import with_words
from dispatch.offers.rules import OfferState
from dispatch.pages import history, rounds
from dispatch.pages.coordinator import blueprint
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.verdicts import by_wish
from dispatch.requests import queries as requests
from dispatch.web.policy import only

MOST_OF_THE_STORY = 6
MOST_CANDIDATES = 5


@blueprint.get("/board/requests/<int:request_id>")
@only(Role.COORDINATOR)
def panel(request_id: int) -> ResponseReturnValue:
    """Show facts, people, deadlines, delivery and story of a request, with its verbs."""
    interpretation_request = requests.find(current_user, request_id)
    offers_made = offers.of_request(request_id)
    live = assignments.live(interpretation_request)
    story = history.of_request(request_id, for_office=True)
    return _shown(
        "panel",
        interpretation_request=interpretation_request,
        assignments=live,
        agreed=AGREED,
        can_be_late=[
            one
            for one in live
            if attendance.can_be_late(one.state, one.starts_at, one.ends_at, clock.now())
        ],
        questions=[offer for offer in offers_made if offer.state == OfferState.MADE],
        to_approve=with_words([one for one in offers_made if one.state == OfferState.TO_APPROVE]),
        interested=[offer for offer in offers_made if offer.state == OfferState.INTERESTED],
        rounds=rounds.standing(offers_made),
        delivery=messages.states_about([f"offer:{offer.id}" for offer in offers_made]),
        is_to_settle=interpretation_request.language == NOT_LISTED,
        free_seats=len(offer_service.free_seats(interpretation_request)),
        is_over=interpretation_request.latest_start_at <= clock.now(),
        story=story[:MOST_OF_THE_STORY],
        more=len(story) > MOST_OF_THE_STORY,
    )


@blueprint.get("/board/requests/<int:request_id>/could")
@only(Role.COORDINATOR)
def could(request_id: int) -> ResponseReturnValue:
    """Show the best few who could come, or why nobody can."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    page = candidates_page(interpretation_request, now)
    able = [one for one in page.lines if one.fits] if page else []
    return _shown(
        "could",
        interpretation_request=interpretation_request,
        able=able,
        by_wish=[] if able else by_wish(interpretation_request, now=now),
        most=MOST_CANDIDATES,
        obstacles=page.obstacles if page else "",
    )


def _shown(name: str, **values: object) -> str:
    """Return it as a part of the board, or as a page of its own."""
    part = "HX-Request" in request.headers
    folder = "pages/coordinator/"
    return render_template(f"{folder}_{name}.html" if part else f"{folder}{name}.html", **values)
