"""The register of sites for the office: found, looked at, added, changed and closed."""

import re
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DecimalField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Optional, StopValidation

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.feeds import service as feeds
from dispatch.organisations.queries import all_by_name
from dispatch.pages.coordinator import blueprint
from dispatch.pages.turning import turn
from dispatch.requests import closing
from dispatch.settings import active
from dispatch.sites import queries, service
from dispatch.sites.models import Site
from dispatch.sites.rules import DEFAULT_BUFFER_MINUTES, SiteKind
from dispatch.web.forms import attach, options, whole
from dispatch.web.once import once
from dispatch.web.policy import only

NEEDED = _l("This is needed.")
KINDS = {
    SiteKind.ADULT_EDUCATION: _l("Adult education"),
    SiteKind.CITIZEN_OFFICE: _l("Citizens’ office"),
    SiteKind.COMMUNITY_CENTRE: _l("Community centre"),
    SiteKind.COUNSELLING: _l("Counselling"),
    SiteKind.COURT: _l("Court"),
    SiteKind.HEALTH_OFFICE: _l("Health office"),
    SiteKind.HOSPITAL: _l("Hospital"),
    SiteKind.IMMIGRATION_OFFICE: _l("Immigration office"),
    SiteKind.JOBCENTER: _l("Job centre"),
    SiteKind.KITA: _l("Day nursery"),
    SiteKind.LIBRARY: _l("Library"),
    SiteKind.LOKAL_WILLKOMMEN: _l("“lokal willkommen”"),
    SiteKind.MIGRANT_ORGANISATION: _l("Migrants’ organisation"),
    SiteKind.MUNICIPAL_OFFICE: _l("Municipal office"),
    SiteKind.POLICE: _l("Police"),
    SiteKind.PRISON: _l("Prison"),
    SiteKind.SCHOOL: _l("School"),
    SiteKind.SENIOR_CENTRE: _l("Senior citizens’ centre"),
    SiteKind.SHELTER: _l("Shelter"),
    SiteKind.SOCIAL_WELFARE: _l("Social welfare"),
    SiteKind.TOWN_HALL: _l("Town hall"),
    SiteKind.YOUTH_CENTRE: _l("Youth centre"),
}
MINUTES = ("buffer_before_minutes", "buffer_after_minutes")
TEXTS = ("register_number", "name", "address", "postcode", "district", "access_notes")

PASTED = re.compile(r"\s*(-?\d+\.\d+)\s*[,;]\s*(-?\d+\.\d+)\s*")
"""Two numbers as maps on the web copy a place."""


def _given(_form: FlaskForm, field: DecimalField) -> None:
    """Ask for a number; not in the browser, where both may stand in the first field."""
    if not any(field.raw_data or []):
        field.errors[:] = []
        raise StopValidation(NEEDED)


class SiteForm(FlaskForm):  # type: ignore[misc]
    """A place in the register."""

    register_number = StringField(_l("Number in the register"), validators=[InputRequired(NEEDED)])
    name = StringField(_l("Name"), validators=[InputRequired(NEEDED)])
    kind = SelectField(_l("Kind"))
    address = StringField(_l("Street and number"), validators=[InputRequired(NEEDED)])
    postcode = StringField(_l("Postcode"))
    district = StringField(_l("District"), validators=[InputRequired(NEEDED)])
    latitude = DecimalField(
        _l("Latitude"),
        places=6,
        description=_l(
            "On a map on the web, press the place with the right button and copy the two numbers, "
            "such as 51.511234, 7.464321. Both may be pasted here."
        ),
        validators=[_given],
    )
    longitude = DecimalField(_l("Longitude"), places=6, validators=[_given])
    buffer_before_minutes = IntegerField(
        _l("Minutes before"), default=DEFAULT_BUFFER_MINUTES, validators=[InputRequired(NEEDED)]
    )
    buffer_after_minutes = IntegerField(
        _l("Minutes after"), default=DEFAULT_BUFFER_MINUTES, validators=[InputRequired(NEEDED)]
    )
    is_public = BooleanField(
        _l("The address tells nothing about the client"),
        description=_l("Else messages and calendars name the district only."),
    )
    belongs_to = SelectField(
        _l("Belongs to"),
        description=_l("A place that is not public is found by this organisation, not by others."),
        validators=[Optional()],
    )
    access_notes = StringField(
        _l("How to get in"), description=_l("Whoever comes reads it: the entrance, whom to ask.")
    )
    version = IntegerField(validators=[Optional()])

    @property
    def values(self) -> dict[str, str]:
        """What was filled in, as a row of a file would say it."""
        found = {name: getattr(self, name).data or "" for name in TEXTS}
        found |= {name: str(getattr(self, name).data) for name in MINUTES}
        found |= {name: str(getattr(self, name).data) for name in ("latitude", "longitude")}
        is_public = "yes" if self.is_public.data else "no"
        return found | {"kind": self.kind.data, "is_public": is_public}


@blueprint.get("/sites")
@only(Role.COORDINATOR)
def sites() -> str:
    """List the register by name, or what is like the words that are looked for."""
    text, closed = request.args.get("q", "").strip(), request.args.get("closed") == "1"
    return render_template(
        "pages/coordinator/sites.html",
        page=queries.sites_page(text, turn(), closed=closed),
        text=text,
        closed=closed,
        kinds=KINDS,
    )


@blueprint.get("/sites/new")
@only(Role.COORDINATOR)
def ask_add_site() -> str:
    """Show what is kept of a site, to be filled in."""
    return _page(None, _form(formdata=None, is_public=True))


@blueprint.post("/sites/new")
@only(Role.COORDINATOR)
def add_site() -> ResponseReturnValue:
    """Add a site to the register."""
    return _keep(None)


@blueprint.get("/sites/<int:site_id>")
@only(Role.COORDINATOR)
def site(site_id: int) -> str:
    """Show what is kept of a site, to be changed."""
    one = get(Site, site_id)
    return _page(one, _form(formdata=None, obj=one, belongs_to=str(one.organisation_id or "")))


@blueprint.post("/sites/<int:site_id>")
@only(Role.COORDINATOR)
def change_site(site_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    return _keep(get(Site, site_id))


@blueprint.post("/sites/<int:site_id>/<any(close, reopen):step>")
@only(Role.COORDINATOR)
def close_site(site_id: int, step: str) -> ResponseReturnValue:
    """Close a site, so that nobody can choose it, or open it again."""
    opens = step == "reopen"
    with once() as outcome:
        name = closing.set_open(current_user.actor, site_id, opens, now=clock.now()).name
        told = _("%(name)s is open again.", name=name)
        if not opens:
            told = _("%(name)s is closed; what is to be held there stays.", name=name)
        outcome.leads_to(url_for("coordinator.site", site_id=site_id), ("success", told))
    return outcome.answer()


@blueprint.post("/sites/<int:site_id>/calendar/renew")
@only(Role.COORDINATOR)
def renew_site_calendar(site_id: int) -> ResponseReturnValue:
    """Give the site a calendar address; the one before leads nowhere any more."""
    with once() as outcome:
        feeds.renew(current_user.actor, get(Site, site_id), now=clock.now())
        said = _("This is its address now; any earlier one leads nowhere.")
        outcome.leads_to(url_for("coordinator.site", site_id=site_id), ("success", said))
    return outcome.answer()


@blueprint.post("/sites/<int:site_id>/calendar/end")
@only(Role.COORDINATOR)
def end_site_calendar(site_id: int) -> ResponseReturnValue:
    """Let the address of the site's calendar lead nowhere."""
    with once() as outcome:
        feeds.end(current_user.actor, get(Site, site_id), now=clock.now())
        said = _("The address leads nowhere any more.")
        outcome.leads_to(url_for("coordinator.site", site_id=site_id), ("success", said))
    return outcome.answer()


def _form(**values: Any) -> SiteForm:
    """Return the form; a kind that one city alone has stands there only where it has such sites."""
    form = SiteForm(**values)
    local = SiteKind.LOKAL_WILLKOMMEN
    kinds = [each for each in KINDS.items() if each[0] != local or queries.has_kind(local)]
    form.kind.choices = options(kinds)
    named = ((one.id, one.name) for one in all_by_name())
    form.belongs_to.choices = options([("", _("Nobody in particular")), *named])
    return form


def _sent() -> MultiDict[str, str]:
    """Return what was sent; of two numbers pasted into the first field, each in its own."""
    found = MultiDict(request.form)
    if pair := PASTED.fullmatch(found.get("latitude", "")):
        found["latitude"], found["longitude"] = pair.groups()
    return found


def _keep(one: Site | None) -> ResponseReturnValue:
    form = _form(formdata=_sent())
    if not form.validate():
        return _page(one, form), Refusal.status
    try:
        with once() as outcome:
            kept = service.keep_one(
                current_user.actor,
                form.values,
                site_id=one.id if one else None,
                expected_version=form.version.data,
                belongs_to=whole(form.belongs_to.data) or None,
                city=active().city,
                now=clock.now(),
            )
            told = _("%(name)s is kept.", name=kept.name)
            outcome.leads_to(url_for("coordinator.sites", q=kept.name), ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(one, form), refusal.status
    return outcome.answer()


def _page(one: Site | None, form: Any) -> str:
    to_come = closing.to_come_at(one.id, clock.now()) if one else 0
    return render_template(
        "pages/coordinator/site.html",
        one=one,
        form=form,
        to_come=to_come,
        calendar=feeds.address_of(one) if one else None,
    )
