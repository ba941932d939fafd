"""Asking for interpreters in the browser."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.requests import importing, queries, rules, service
from dispatch.requests.forms import AskForm, ImportForm
from dispatch.requests.service import Asked
from dispatch.sites.models import Site
from dispatch.sites.queries import search
from dispatch.web.forms import attach, codes, whole
from dispatch.web.notices import tell
from dispatch.web.policy import only

blueprint = Blueprint("requests", __name__)


@blueprint.get("/requests")
@only(*ASKS, Role.COORDINATOR)
def index() -> ResponseReturnValue:
    """List what the account may see: what is to come, and what is over."""
    now = clock.now()
    over = request.args.get("show") == "past"
    listed = (queries.past if over else queries.coming)(current_user, now)
    return render_template("requests/index.html", listed=listed, over=over)


@blueprint.get("/requests/new")
@only(*ASKS)
def ask() -> ResponseReturnValue:
    """Show the form."""
    form = AskForm()
    form.offer_languages()
    return _form_page(form)


@blueprint.post("/requests/new")
@only(*ASKS)
def submit() -> ResponseReturnValue:
    """Take the form; answer with the reference number, or with every field that has to change."""
    form = AskForm()
    form.offer_languages()
    if not form.validate():
        return _form_page(form), 422
    try:
        with transaction():
            interpretation_request = service.submit(
                current_user.actor, current_user, _asked(form), now=clock.now()
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _form_page(form, doubled="local-time-exists-twice" in codes(refusal)), 422
    tell(
        "success",
        _(
            "Your request has the number %(reference)s. You hear from us by e-mail.",
            reference=interpretation_request.reference,
        ),
    )
    return redirect(url_for("assignments.request_page", request_id=interpretation_request.id))


@blueprint.get("/requests/import")
@only(*ASKS)
def import_form() -> ResponseReturnValue:
    """Show where a file goes and what it looks like."""
    return render_template("requests/import.html", form=ImportForm(), columns=importing.COLUMNS)


@blueprint.post("/requests/import")
@only(*ASKS)
def import_file() -> ResponseReturnValue:
    """Take all rows of a file, or none and say what is wrong in each."""
    form = ImportForm()
    if form.validate():
        try:
            with transaction():
                taken = importing.load(current_user, form.file.data.read(), now=clock.now())
            count = len(taken)
            told = ngettext(
                "%(num)d request was taken over.", "%(num)d requests were taken over.", count
            )
            tell("success", told)
            return redirect(url_for("requests.index"))
        except Refusal as refusal:
            attach(form, refusal)
    page = render_template("requests/import.html", form=form, columns=importing.COLUMNS)
    return page, 422


def _asked(form: Any) -> Asked:
    return Asked(
        language=form.language.data,
        site_id=whole(form.site.data),
        wall_start=datetime.combine(form.day.data, form.start.data),
        duration_minutes=whole(form.duration.data),
        setting=form.setting.data,
        interpreter_count=form.interpreter_count.data,
        case_reference=form.case_reference.data or "",
        note=form.note.data or "",
        contact=form.contact.data or "",
        room=form.room.data or "",
        cost_centre=form.cost_centre.data or "",
        gender_required=form.gender_required.data or None,
        qualification_required=form.qualification_required.data or None,
        second_occurrence=rules.second_occurrence(form.occurrence.data),
    )


def _form_page(form: Any, *, doubled: bool = False) -> str:
    site = db.session.get(Site, whole(form.site.data))
    typed = request.form.get("q", "")
    found = [site] if site else search(typed, 8) if typed else []
    return render_template(
        "requests/new.html", form=form, found=found, site=site, typed=typed, doubled=doubled
    )
