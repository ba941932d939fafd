"""What is agreed with each organisation: how interpreters are asked for it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.exceptions import NotFound

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.organisations import queries, service
from dispatch.organisations.rules import Strategy
from dispatch.pages.coordinator import blueprint
from dispatch.pages.turning import turn
from dispatch.settings import active
from dispatch.web.forms import whole
from dispatch.web.notices import tell
from dispatch.web.policy import only


@blueprint.get("/organisations")
@only(Role.COORDINATOR)
def organisations() -> ResponseReturnValue:
    """List organisations by name, with what is agreed with each."""
    text = request.args.get("q", "").strip()
    return render_template(
        "pages/coordinator/organisations.html",
        page=queries.organisations_page(text, turn()),
        text=text,
        strategies=list(Strategy),
        two_in_the_city=active().city.policies.two_above_minutes,
    )


@blueprint.post("/organisations")
@only(Role.COORDINATOR)
def agree() -> ResponseReturnValue:
    """Note how interpreters are asked for one organisation from now on."""
    strategy = request.form.get("strategy", "")
    two_above = request.form.get("two_above", "").strip()
    if strategy not in set(Strategy):
        raise NotFound()
    try:
        with transaction():
            name = service.agree(
                current_user.actor,
                whole(request.form.get("organisation")),
                strategy=Strategy(strategy),
                assigns_directly="directly" in request.form,
                by_itself="by_itself" in request.form,
                is_reviewed="reviewed" in request.form,
                two_above_minutes=whole(two_above) if two_above else None,
                now=clock.now(),
            ).name
    except Refusal as refusal:
        tell("warning", str(refusal.text))
    else:
        tell("success", _("Noted for %(name)s; what is asked already stays as it is.", name=name))
    return redirect(url_for("coordinator.organisations"))
