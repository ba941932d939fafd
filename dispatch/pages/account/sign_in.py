"""Signing in by link, signing out, choosing a language."""

from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import current_user, login_user, logout_user
from werkzeug import Response

from dispatch import clock
from dispatch.accounts import links, tries
from dispatch.database import db, transaction
from dispatch.pages.account import blueprint
from dispatch.pages.account.forms import LinkForm
from dispatch.pages.returning import keep_typed
from dispatch.settings import active
from dispatch.web.once import once
from dispatch.web.policy import only, public
from dispatch.web.urls import local_target


@blueprint.post("/sign-in/link")
@public
def send_link() -> ResponseReturnValue:
    """Mail a link; answer and work are the same whether or not there is such an account."""
    form, now = LinkForm(), clock.now()
    leads_to = local_target(form.next.data)
    if form.validate_on_submit():
        keys = tries.keys_of("link", form.email.data, request.remote_addr or "")
        with once() as outcome:
            tries.take(keys, now)
            links.want(form.email.data, leads_to, now)
            told = _("If there is an account for this address, a link is on its way.")
            outcome.leads_to(url_for("security.login", next=leads_to), ("success", told))
        return outcome.answer()
    return redirect(url_for("security.login", next=leads_to))


@blueprint.get("/sign-in/link/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Ask before signing in, so that a mail scanner that opens links uses nothing up."""
    account = links.peek(token, clock.now())
    return render_template("pages/account/link.html", account=account, token=token)


@blueprint.post("/sign-in/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in, and lead to where the person wanted to go."""
    with transaction():
        link = links.use(token, clock.now())
    login_user(link.account, remember=False)
    return redirect(local_target(link.leads_to))


@blueprint.post("/sign-out")
@only()
def sign_out() -> ResponseReturnValue:
    """End the session; the browser forgets what it kept for reading without a connection."""
    logout_user()
    return forgetting(redirect(url_for("security.login")))


def forgetting(answer: Response) -> Response:
    """Have the browser forget with this answer what it kept."""
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the language for the session, and for the person if signed in.

    Where they stand in the address, what is sent is a form that was being filled in: it is kept
    for the page it stands on.
    """
    chosen: Any = request.args.get("locale") or request.form.get("locale")
    if chosen in active().city.locales_for(str(get_locale())):
        session["locale"] = chosen
        if current_user.is_authenticated:
            with transaction():
                db.session.merge(current_user._get_current_object()).locale = chosen
    back = local_target(request.args.get("next") or request.form.get("next"))
    if "next" in request.args and current_user.is_authenticated:
        keep_typed(back)
    return redirect(back)
