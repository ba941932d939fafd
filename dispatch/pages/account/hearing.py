"""How one wants to hear of what, and when one rests."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_wtf import FlaskForm
from wtforms import SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from dispatch import clock
from dispatch.accounts.rules import ASKS, Role
from dispatch.contacts import service
from dispatch.contacts.choosing import (
    ALLOWED,
    NO_WISHES,
    OF_INTERPRETERS,
    OF_WHO_ASKS,
    Choice,
    Topic,
    Wishes,
    as_hours,
)
from dispatch.errors import Refusal
from dispatch.pages.account import blueprint
from dispatch.settings import active
from dispatch.web.forms import attach
from dispatch.web.once import once
from dispatch.web.policy import only

LABELS = {
    Topic.QUESTIONS: _l("Offers and other questions to you"),
    Topic.AGREED: _l("What is agreed: who, when and where"),
    Topic.DAY_BEFORE: _l("The question on the day before whether you still come"),
    Topic.EVENING_BEFORE: _l("A reminder on the evening before"),
    Topic.HOURS_BEFORE: _l("A reminder two hours before the start"),
    Topic.RECEIPTS: _l("The receipt for each request you send in"),
    Topic.INFORMATION: _l("What is only good to know, such as receipts or who comes"),
}
WORDS = {
    Choice.BOTH: _l("by e-mail and SMS"),
    Choice.MAIL: _l("by e-mail"),
    Choice.SMS: _l("by SMS"),
    Choice.NONE: _l("not at all"),
    Choice.TOGETHER: _l("from the fourth e-mail in an hour on, all in one"),
    Choice.HOURLY: _l("one e-mail an hour at most"),
    Choice.EACH: _l("each in an e-mail of its own"),
}


class HearingForm(FlaskForm):  # type: ignore[misc]
    """A choice for each topic, and when somebody rests."""

    questions = SelectField(LABELS[Topic.QUESTIONS], validators=[InputRequired()])
    agreed = SelectField(LABELS[Topic.AGREED], validators=[InputRequired()])
    day_before = SelectField(LABELS[Topic.DAY_BEFORE], validators=[InputRequired()])
    evening_before = SelectField(LABELS[Topic.EVENING_BEFORE], validators=[InputRequired()])
    hours_before = SelectField(LABELS[Topic.HOURS_BEFORE], validators=[InputRequired()])
    receipts = SelectField(LABELS[Topic.RECEIPTS], validators=[InputRequired()])
    information = SelectField(LABELS[Topic.INFORMATION], validators=[InputRequired()])
    quiet_from = TimeField(_l("from"), validators=[Optional()])
    quiet_until = TimeField(_l("until"), validators=[Optional()])

    def keep(self, topics: tuple[Topic, ...], wishes: Wishes) -> None:
        """Ask about these topics only, and say what is chosen where nothing was sent."""
        for topic in Topic:
            if topic not in topics:
                delattr(self, topic)
                continue
            field = self[topic]
            field.choices = [(str(choice), WORDS[choice]) for choice in ALLOWED[topic]]
            if not self.is_submitted():
                field.data = str(wishes.about(topic))
        hours = as_hours(wishes.quiet_hours)
        if hours and not self.is_submitted():
            self.quiet_from.data, self.quiet_until.data = hours


@blueprint.get("/account/messages")
@only(*ASKS, Role.INTERPRETER)
def hearing() -> ResponseReturnValue:
    """Show how one hears of what, and what may be chosen."""
    return _page(_form())


@blueprint.post("/account/messages")
@only(*ASKS, Role.INTERPRETER)
def choose_hearing() -> ResponseReturnValue:
    """Keep what was chosen."""
    form = _form()
    if not form.validate():
        return _page(form), Refusal.status
    try:
        with once() as outcome:
            keep(form, current_user.id, _topics())
            said = _("Kept. It holds from now on, also for SMS that still wait.")
            outcome.leads_to(url_for("account.hearing"), ("success", said))
    except Refusal as refusal:
        attach(form, refusal)
        return _page(form), refusal.status
    return outcome.answer()


def _topics() -> tuple[Topic, ...]:
    return OF_INTERPRETERS if current_user.role == Role.INTERPRETER else OF_WHO_ASKS


def _form() -> HearingForm:
    return form_of(current_user.id, _topics())


def form_of(account_id: int, topics: tuple[Topic, ...]) -> HearingForm:
    """Return the form with what an account has chosen of these topics."""
    form = HearingForm()
    form.keep(topics, service.wishes_of([account_id]).get(account_id, NO_WISHES))
    return form


def keep(form: HearingForm, account_id: int, topics: tuple[Topic, ...]) -> None:
    """Keep what a valid form says for an account; raises `Refusal`."""
    chosen = {topic: Choice(form[topic].data) for topic in topics}
    quiet = (form.quiet_from.data, form.quiet_until.data)
    service.choose(current_user.actor, account_id, chosen, quiet, now=clock.now())


def city_hours() -> dict[str, str]:
    """Return when the city rests, as the page says it."""
    hours = active().city.quiet_hours
    return {"city_from": f"{hours.first:%H:%M}", "city_until": f"{hours.last:%H:%M}"}


def _page(form: HearingForm) -> str:
    return render_template(
        "pages/account/hearing.html", form=form, topics=_topics(), **city_hours()
    )
