"""One request: what was asked, where it stands, who comes, and what happened."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.amendments import naming
from dispatch.amendments.naming import People
from dispatch.assignments import queries, service
from dispatch.assignments.models import Assignment
from dispatch.attendance import queries as attendance
from dispatch.cancellations import deciding, undoing
from dispatch.clients import queries as clients
from dispatch.messaging import queries as messages
from dispatch.offers import queries as offers
from dispatch.offers import service as offer_service
from dispatch.offers.long_ways import with_words
from dispatch.offers.models import Offer
from dispatch.offers.rules import UNDECIDED, OfferState
from dispatch.pages import history, rounds
from dispatch.pages.caseworker import blueprint
from dispatch.pages.caseworker.next_steps import when_one_hears
from dispatch.pages.caseworker.series import left_as_they_are
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState
from dispatch.series import naming as series_naming
from dispatch.series import queries as series
from dispatch.series.service import Outcome
from dispatch.settings import active
from dispatch.web.forms import whole
from dispatch.web.once import once
from dispatch.web.policy import only


@blueprint.get("/requests/<int:request_id>")
@only(*ASKS, Role.COORDINATOR)
def request_page(request_id: int) -> ResponseReturnValue:
    """Show what was asked, where it stands, who comes, and what happened."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    own = current_user.organisation_id == interpretation_request.organisation_id
    offers_made = offers.of_request(request_id)
    assignments = service.live(interpretation_request)
    return render_template(
        "pages/caseworker/interpretation_request.html",
        interpretation_request=interpretation_request,
        assignments=assignments,
        today={one.id: attendance.today(one, current_user.role, now) for one in assignments},
        questions=[offer for offer in offers_made if offer.state == OfferState.MADE],
        to_approve=with_words([one for one in offers_made if one.state == OfferState.TO_APPROVE]),
        interested=[offer for offer in offers_made if offer.state == OfferState.INTERESTED],
        answered=[offer for offer in offers_made if offer.state not in UNDECIDED],
        became=_became(offers_made, assignments),
        rounds=rounds.standing(offers_made),
        delivery=messages.states_about([f"offer:{offer.id}" for offer in offers_made]),
        free_seats=len(offer_service.free_seats(interpretation_request)),
        own=own,
        agencies=active().city.agencies_for(interpretation_request.language),
        series_date=series.of_request(request_id),
        dates_in_review=_dates_in_review(interpretation_request),
        decisions=deciding.of_request(request_id),
        client=clients.heard(request_id, interpretation_request.starts_at),
        can_be_undone=undoing.can_be_undone(interpretation_request, current_user.role, now),
        history=history.of_request(request_id, for_office=current_user.role == Role.COORDINATOR),
        over=interpretation_request.ends_at <= now,
        hears=when_one_hears(interpretation_request, now) if own else "",
        begun=interpretation_request.latest_start_at <= now,
        now=now,
        helpers=_helpers(interpretation_request, now) if own else [],
        wished={one.interpreter_id for one in interpretation_request.preferred_interpreters},
        excluded=[one for one in interpretation_request.excluded_interpreters if not one.by_office],
        excluded_by_office=[
            one for one in interpretation_request.excluded_interpreters if one.by_office
        ],
    )


def _became(made: Collection[Offer], live: Collection[Assignment]) -> dict[int, str]:
    """Return for the office what became of offers, where a yes is no longer somebody who comes."""
    said_yes = Counter(one.interpreter_id for one in made if one.state == OfferState.ACCEPTED)
    gone = said_yes - Counter(one.interpreter_id for one in live)
    return offers.became_of(made) if gone and current_user.role == Role.COORDINATOR else {}


def _dates_in_review(interpretation_request: InterpretationRequest) -> int:
    """Return how many dates wait together, where the office has to look at them first."""
    if interpretation_request.state != RequestState.IN_REVIEW:
        return 0
    return len(series.in_review_with(interpretation_request.id))


def _noted(people: People) -> str:
    if people.only:
        return _("Noted: we ask nobody but those you would like.")
    if people.wished:
        return _("We try to send whom you would like; it is a wish, not a promise.")
    if people.excluded:
        return _("Noted who must not come; they do not hear of it.")
    return _("Your wish is taken back.")


def _helpers(interpretation_request: InterpretationRequest, now: datetime) -> list[queries.Helper]:
    if (
        interpretation_request.state not in {RequestState.OPEN, RequestState.IN_REVIEW}
        or interpretation_request.latest_start_at <= now
    ):
        return []
    return queries.helpers_of(
        interpretation_request.organisation_id, interpretation_request.language, now
    )


@blueprint.post("/requests/<int:request_id>/wish")
@only(*ASKS)
def wish(request_id: int) -> ResponseReturnValue:
    """Take whom those who ask would like to come again, and who must not; nobody is promised."""
    people = People(
        wished={whole(text) for text in request.form.getlist("interpreter")},
        excluded={whole(text) for text in request.form.getlist("excluded")},
        only=bool(request.form.get("only")),
    )
    with once() as outcome:
        requests.find(current_user, request_id)
        if request.form.get("later"):
            done = series_naming.name_people(
                current_user.actor, request_id, people, now=clock.now()
            )
        else:
            naming.name_people(current_user.actor, request_id, people, now=clock.now())
            done = Outcome()
        here = url_for("caseworker.request_page", request_id=request_id)
        outcome.leads_to(here, ("success", _noted(people)), *_noted_for(done))
    return outcome.answer()


def _noted_for(done: Outcome) -> Iterator[tuple[str, str]]:
    """Yield for how many dates of a series it is noted too, and which stay as they are."""
    if done.done:
        yield (
            "info",
            ngettext(
                "Noted for one date.", "Noted for %(num)d dates of the series.", len(done.done)
            ),
        )
    yield from left_as_they_are(done)
