"""The next thing to do about an open request of the worklist: whom to ask, or what would help."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.pages.coordinator import blueprint
from dispatch.planning.advice import service as advice
from dispatch.planning.advice.candidates import candidates_page
from dispatch.planning.advice.remedies import help_page
from dispatch.planning.advice.verdicts import by_wish
from dispatch.requests import queries as requests
from dispatch.settings import active
from dispatch.web.policy import only


@blueprint.get("/worklist/<int:request_id>")
@only(Role.COORDINATOR)
def first_step(request_id: int) -> ResponseReturnValue:
    """Show who fits best, to be asked by one press; where nobody does, what was found to help."""
    interpretation_request = requests.find(current_user, request_id)
    now = clock.now()
    page = candidates_page(interpretation_request, now)
    able = [one for one in page.lines if one.fits] if page else []
    part = "HX-Request" in request.headers
    return render_template(
        "pages/coordinator/_first_step.html" if part else "pages/coordinator/first_step.html",
        interpretation_request=interpretation_request,
        needed=page is not None,
        best=able[0] if able else None,
        others=len(able) - 1,
        by_wish=[] if able else by_wish(interpretation_request, now=now),
        obstacles=page.obstacles if page else "",
        page=None if able else help_page(interpretation_request, advice.last(request_id)),
        agencies=active().city.agencies_for(interpretation_request.language),
    )
