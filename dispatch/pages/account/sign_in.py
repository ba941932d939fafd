"""Signing in by link, signing out, choosing a language."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user, login_user, logout_user

from dispatch import clock, settings
from dispatch.accounts import service
from dispatch.database import db, transaction
from dispatch.pages.account import blueprint
from dispatch.pages.account.forms import LinkForm, keys_of
from dispatch.web.formats import LOCALES
from dispatch.web.policy import only, public
from dispatch.web.urls import local_target


@blueprint.post("/sign-in/link")
@public
def send_link() -> ResponseReturnValue:
    """Mail a link; the answer is the same whether or not there is such an account."""
    form = LinkForm()
    if form.validate_on_submit():
        here = settings.active()
        now = clock.now()
        with transaction():
            keys = [f"link:{key}" for key in keys_of(form.email.data)]
            service.require_not_guessing(keys, now)
            service.record_try(keys, now)
            service.send_link(form.email.data, base_url=here.base_url, city=here.city.name, now=now)
        flash(_("If there is an account for this address, a link is on its way."), "success")
    return redirect(url_for("security.login"))


@blueprint.get("/sign-in/link/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Ask before signing in, so that a mail scanner that opens links uses nothing up."""
    account = service.peek_link(token, clock.now())
    return render_template("pages/account/link.html", account=account, token=token)


@blueprint.post("/sign-in/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in."""
    with transaction():
        account = service.use_link(token, clock.now())
    login_user(account, remember=False)
    return redirect(local_target(request.args.get("next")))


@blueprint.post("/sign-out")
@only()
def sign_out() -> ResponseReturnValue:
    """End the session."""
    logout_user()
    return redirect(url_for("security.login"))


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the language for the session, and for the person if signed in."""
    chosen: Any = request.form.get("locale")
    if chosen in LOCALES:
        session["locale"] = chosen
        if current_user.is_authenticated:
            with transaction():
                db.session.merge(current_user._get_current_object()).locale = chosen
    return redirect(local_target(request.form.get("next")))
