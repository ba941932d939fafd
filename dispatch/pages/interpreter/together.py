"""Answering all that one action asked: yes to all, or date by date, with one press."""

from collections.abc import Callable, Iterator, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.answers import service, together
from dispatch.answers.together import Answered
from dispatch.assignments import queries as assignments
from dispatch.assignments import terms
from dispatch.assignments.models import Confirmation
from dispatch.offers import queries
from dispatch.offers.models import Offer
from dispatch.offers.ways_there import ways_there
from dispatch.pages.interpreter import blueprint
from dispatch.web.formats import local_datetime
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.once import once
from dispatch.web.policy import only, public


@blueprint.get("/o/<token>/all")
@public
def offers_together(token: str) -> ResponseReturnValue:
    """Show all that was asked with the link's question; looking changes nothing."""
    offer = queries.by_token(token)
    return _page(offer, url_for("interpreter.answer_together", token=token))


@blueprint.post("/o/<token>/all")
@public
def answer_together(token: str) -> ResponseReturnValue:
    """Take the answers of whoever holds the link; they were sent to one person only."""
    queries.by_token(token)
    here = url_for("interpreter.offers_together", token=token)
    return _taken(here, lambda yes: together.all_by_link(token, yes, now=clock.now()))


@blueprint.get("/offers/<int:offer_id>/all")
@only(Role.INTERPRETER)
def own_offers_together(offer_id: int) -> ResponseReturnValue:
    """Show the signed-in interpreter all that was asked with this question."""
    offer = queries.find(current_user.id, offer_id)
    return _page(offer, url_for("interpreter.answer_own_together", offer_id=offer_id))


@blueprint.post("/offers/<int:offer_id>/all")
@only(Role.INTERPRETER)
def answer_own_together(offer_id: int) -> ResponseReturnValue:
    """Take the answers of the signed-in interpreter."""
    queries.find(current_user.id, offer_id)
    here, account = url_for("interpreter.own_offers_together", offer_id=offer_id), current_user
    return _taken(
        here,
        lambda yes: together.all_by_page(account.id, account.actor, offer_id, yes, now=clock.now()),
        leads_to=url_for("interpreter.offers"),
    )


@blueprint.get("/c/<terms_token>/all")
@public
def terms_together(terms_token: str) -> ResponseReturnValue:
    """Show all terms that were changed with those of the link; looking changes nothing."""
    question = service.terms_by_token(terms_token)
    action = url_for("interpreter.answer_terms_together", terms_token=terms_token)
    return _page_of_terms(question, action)


@blueprint.post("/c/<terms_token>/all")
@public
def answer_terms_together(terms_token: str) -> ResponseReturnValue:
    """Take the answers of whoever holds the link; they were sent to one person only."""
    service.terms_by_token(terms_token)
    here = url_for("interpreter.terms_together", terms_token=terms_token)
    return _taken(here, lambda yes: together.all_terms_by_link(terms_token, yes, now=clock.now()))


@blueprint.get("/assignments/<int:assignment_id>/terms/all")
@only(Role.INTERPRETER)
def own_terms_together(assignment_id: int) -> ResponseReturnValue:
    """Show the signed-in interpreter all terms that were changed with those of this assignment."""
    question = assignments.find(current_user, assignment_id).confirmations[-1]
    action = url_for("interpreter.answer_own_terms_together", assignment_id=assignment_id)
    return _page_of_terms(question, action)


@blueprint.post("/assignments/<int:assignment_id>/terms/all")
@only(Role.INTERPRETER)
def answer_own_terms_together(assignment_id: int) -> ResponseReturnValue:
    """Take the answers of the signed-in interpreter."""
    assignments.find(current_user, assignment_id)
    here = url_for("interpreter.own_terms_together", assignment_id=assignment_id)
    return _taken(
        here,
        lambda yes: together.all_terms_by_page(current_user, assignment_id, yes, now=clock.now()),
    )


def _taken(
    here: str, answer: Callable[[set[int]], Answered], leads_to: str = ""
) -> ResponseReturnValue:
    """Give the answer: yes to what was ticked, no to the rest.

    Nothing ticked is a no only where it says so; else the page is shown again and nothing is done.
    """
    yes = {whole(text) for text in request.form.getlist("one")}
    if not yes and not request.form.get("none"):
        tell("warning", _("Nothing was ticked and nothing is answered; tick what you come to."))
        return redirect(here)
    with once() as outcome:
        outcome.leads_to(leads_to or here, *_thanks(answer(yes)))
    return outcome.answer()


def _thanks(answered: Answered) -> Iterator[tuple[str, str]]:
    if answered.accepted:
        yield (
            "success",
            ngettext(
                "Thank you. You come to %(num)d date.",
                "Thank you. You come to %(num)d dates.",
                answered.accepted,
            ),
        )
    for one, why in answered.refused:
        when = local_datetime(one.starts_at, one.interpretation_request.time_zone)
        yield "warning", f"{when}: {why}"
    if not answered.accepted and not answered.refused:
        yield "info", _("Thank you for answering. The office looks for somebody else.")


def _page(offer: Offer, action: str) -> str:
    now = clock.now()
    waiting: Sequence[Offer] = [one for one in queries.asked_together(offer) if now < one.answer_by]
    return render_template(
        "pages/interpreter/together.html",
        offer=offer,
        waiting=waiting,
        ways=ways_there(waiting),
        action=action,
    )


def _page_of_terms(question: Confirmation, action: str) -> str:
    now = clock.now()
    waiting = [
        one for one in terms.asked_together(question) if one.answer_by and now < one.answer_by
    ]
    return render_template(
        "pages/interpreter/terms_together.html",
        interpreter=question.assignment.interpreter,
        waiting=[(one, terms.agreed_before(one)) for one in waiting],
        action=action,
    )
