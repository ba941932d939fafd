"""Who may sign in: adding accounts, shutting them out and letting them in, ending sessions."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired

from dispatch import clock
from dispatch.accounts import queries, service
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ROLE_NAMES, Role
from dispatch.database import get
from dispatch.errors import Conflict, Refusal
from dispatch.pages.administrator import blueprint
from dispatch.pages.turning import turn
from dispatch.settings import active
from dispatch.web.formats import LOCALES
from dispatch.web.forms import attach, options, whole
from dispatch.web.once import once
from dispatch.web.policy import only

NEEDED = _l("This is needed.")
ADDED_HERE = tuple(role for role in Role if role != Role.INTERPRETER)
"""An interpreter comes into the pool with languages and hours, by the office."""


class AccountForm(FlaskForm):  # type: ignore[misc]
    """Somebody who is to sign in."""

    name = StringField(_l("Name"), validators=[InputRequired(NEEDED)])
    email = StringField(
        _l("E-mail"),
        validators=[InputRequired(NEEDED)],
        description=_l("They sign in with a link that is sent to this address; no password."),
    )
    role = SelectField(_l("Role"), choices=options((one, ROLE_NAMES[one]) for one in ADDED_HERE))
    organisation = StringField(
        _l("Organisation"),
        description=_l("Its name as it was added; only who asks belongs to one."),
    )
    locale = SelectField(_l("Language"))

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.locale.choices = options((one, LOCALES[one]) for one in active().city.locales)


@blueprint.get("/accounts")
@only(Role.ADMINISTRATOR)
def accounts() -> ResponseReturnValue:
    """List who may sign in, and add somebody."""
    return _page(AccountForm(formdata=None))


@blueprint.post("/accounts")
@only(Role.ADMINISTRATOR)
def add_account() -> ResponseReturnValue:
    """Let somebody new sign in."""
    form = AccountForm()
    if not form.validate():
        return _page(form), Refusal.status
    try:
        with once() as outcome:
            account = service.add(
                current_user.actor,
                email=form.email.data,
                name=form.name.data,
                role=form.role.data,
                organisation=form.organisation.data or None,
                password=None,
                locale=form.locale.data,
                now=clock.now(),
            )
            told = _("%(name)s can sign in now, with a link by e-mail.", name=account.name)
            outcome.leads_to(url_for("administrator.accounts"), ("success", told))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form), refusal.status
    return outcome.answer()


@blueprint.post("/accounts/access")
@only(Role.ADMINISTRATOR)
def change_access() -> ResponseReturnValue:
    """Shut an account out, let it in again, or sign it out everywhere."""
    account = get(Account, whole(request.form.get("account")))
    verbs = {
        "disable": (service.disable, _("%(name)s is shut out.", name=account.name)),
        "enable": (service.enable, _("%(name)s can sign in again.", name=account.name)),
        "end": (service.end_sessions, _("%(name)s is signed out everywhere.", name=account.name)),
    }
    step = request.form.get("step", "")
    if step not in verbs:
        raise Refusal("no-such-step", _("Choose what is to be done with the account."))
    if account.id == current_user.id and step == "disable":
        raise Conflict("own-account", _("Nobody shuts themselves out; ask a colleague."))
    verb, told = verbs[step]
    with once() as outcome:
        verb(current_user.actor, account.email, now=clock.now())
        outcome.leads_to(url_for("administrator.accounts"), ("success", told))
    return outcome.answer()


def _page(form: AccountForm) -> str:
    text, role = request.args.get("q", "").strip(), request.args.get("role", "")
    page = queries.accounts_page(text, role, turn())
    return render_template(
        "pages/administrator/accounts.html",
        page=page,
        here=queries.signed_in([one.id for one in page.rows], clock.now()),
        form=form,
        text=text,
        role=role,
        roles=ROLE_NAMES,
    )
