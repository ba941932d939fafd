"""Those who ask, for the office: found, added, changed, what is agreed with each, and closed."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.ledger import reading
from dispatch.organisations import queries, service
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import Strategy
from dispatch.pages import history
from dispatch.pages.coordinator import blueprint
from dispatch.pages.turning import turn
from dispatch.pages.words import ORGANISATION_KINDS, STRATEGIES
from dispatch.requests import closing
from dispatch.settings import active
from dispatch.web.forms import attach, options
from dispatch.web.once import once
from dispatch.web.policy import only

NEEDED = _l("This is needed.")
ABOUT_ITSELF = tuple(
    f"organisation.{what}" for what in ("added", "agreed", "changed", "closed", "reopened")
)
"""Its requests have stories of their own."""


class OrganisationForm(FlaskForm):  # type: ignore[misc]
    """What an organisation is called and what it is."""

    name = StringField(_l("Name"), validators=[InputRequired(NEEDED)])
    kind = SelectField(_l("Kind"), choices=options(ORGANISATION_KINDS.items()))
    version = IntegerField(validators=[Optional()])


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """How interpreters are asked for an organisation."""

    strategy = SelectField(_l("How a plan and the office ask"), choices=options(STRATEGIES.items()))
    two_above = IntegerField(
        _l("Two interpreters above so many minutes"), validators=[Optional(strip_whitespace=True)]
    )
    directly = BooleanField(_l("May be assigned directly, after a word on the telephone"))
    by_itself = BooleanField(_l("Asking begins by itself as soon as a request comes in"))
    reviewed = BooleanField(_l("The office looks at each request first and approves or refuses it"))

    @classmethod
    def of(cls, one: Organisation) -> "AgreementForm":
        """Return the form as things stand."""
        return cls(
            formdata=None,
            strategy=one.strategy,
            two_above=one.two_above_minutes,
            directly=one.assigns_directly,
            by_itself=one.asks_by_itself_since is not None,
            reviewed=one.is_reviewed,
        )


@blueprint.get("/organisations")
@only(Role.COORDINATOR)
def organisations() -> ResponseReturnValue:
    """List organisations by name, with how interpreters are asked for each."""
    text, closed = request.args.get("q", "").strip(), request.args.get("closed") == "1"
    return render_template(
        "pages/coordinator/organisations.html",
        page=queries.organisations_page(text, turn(), closed=closed),
        text=text,
        closed=closed,
    )


@blueprint.get("/organisations/new")
@only(Role.COORDINATOR)
def ask_add_organisation() -> str:
    """Show what is kept of an organisation, to be filled in."""
    return _new_page(OrganisationForm(formdata=None))


@blueprint.post("/organisations/new")
@only(Role.COORDINATOR)
def add_organisation() -> ResponseReturnValue:
    """Add an organisation, and lead to where it is said how it is asked for."""
    form = OrganisationForm()
    if not form.validate():
        return _new_page(form), Refusal.status
    try:
        with once() as outcome:
            one = service.add(
                current_user.actor, name=form.name.data, kind=form.kind.data, now=clock.now()
            )
            told = _("%(name)s is added; say now what is agreed with it.", name=one.name)
            outcome.leads_to(_address(one.id), ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _new_page(form), refusal.status
    return outcome.answer()


@blueprint.get("/organisations/<int:organisation_id>/agreement")
@blueprint.get("/organisations/<int:organisation_id>")  # the last is what links lead to
@only(Role.COORDINATOR)
def organisation(organisation_id: int) -> str:
    """Show what is agreed with an organisation, who asks for it, and what is to come."""
    return _page(get(Organisation, organisation_id))


@blueprint.post("/organisations/<int:organisation_id>")
@only(Role.COORDINATOR)
def change_organisation(organisation_id: int) -> ResponseReturnValue:
    """Keep its name and kind."""
    one, form = get(Organisation, organisation_id), OrganisationForm()
    if not form.validate():
        return _page(one, form), Refusal.status
    try:
        with once() as outcome:
            kept = service.change(
                current_user.actor,
                organisation_id,
                name=form.name.data,
                kind=form.kind.data,
                now=clock.now(),
                expected_version=form.version.data,
            )
            told = _("%(name)s is kept.", name=kept.name)
            outcome.leads_to(_address(organisation_id), ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(get(Organisation, organisation_id), form), refusal.status
    return outcome.answer()


@blueprint.post("/organisations/<int:organisation_id>/agreement")
@only(Role.COORDINATOR)
def agree(organisation_id: int) -> ResponseReturnValue:
    """Note how interpreters are asked for one organisation from now on."""
    one, form = get(Organisation, organisation_id), AgreementForm()
    if not form.validate():
        return _page(one, agreement=form), Refusal.status
    try:
        with once() as outcome:
            name = service.agree(
                current_user.actor,
                organisation_id,
                strategy=Strategy(form.strategy.data),
                assigns_directly=form.directly.data,
                by_itself=form.by_itself.data,
                is_reviewed=form.reviewed.data,
                two_above_minutes=form.two_above.data,
                now=clock.now(),
            ).name
            told = _("Noted for %(name)s; what is asked already stays as it is.", name=name)
            outcome.leads_to(_address(organisation_id), ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(get(Organisation, organisation_id), agreement=form), refusal.status
    return outcome.answer()


@blueprint.post("/organisations/<int:organisation_id>/<any(close, reopen):step>")
@only(Role.COORDINATOR)
def close_organisation(organisation_id: int, step: str) -> ResponseReturnValue:
    """Have an organisation ask for nothing new any more, or let it ask again."""
    asks = step == "reopen"
    with once() as outcome:
        name = closing.set_asking(current_user.actor, organisation_id, asks, now=clock.now()).name
        told = _("%(name)s asks again.", name=name)
        if not asks:
            told = _("%(name)s asks for nothing new; what is to come stays.", name=name)
        outcome.leads_to(_address(organisation_id), ("success", told))
    return outcome.answer()


def _address(organisation_id: int) -> str:
    return url_for("coordinator.organisation", organisation_id=organisation_id)


def _new_page(form: OrganisationForm) -> str:
    return render_template("pages/coordinator/organisation_new.html", form=form)


def _page(
    one: Organisation,
    form: OrganisationForm | None = None,
    agreement: AgreementForm | None = None,
) -> str:
    page = reading.of_organisation(one.id, ABOUT_ITSELF, turn())
    return render_template(
        "pages/coordinator/organisation.html",
        one=one,
        form=form or OrganisationForm(formdata=None, obj=one),
        agreement=agreement or AgreementForm.of(one),
        people=accounts.who_ask(one.id),
        to_come=closing.to_come_of(one.id, clock.now()),
        page=page,
        story=history.lines(page.rows, for_office=True),
        two_in_the_city=active().city.policies.two_above_minutes,
    )
