"""One person for one, some or all dates of a series: assigned, asked, or instead of somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_security import current_user
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from dispatch import clock
from dispatch.accounts.rules import Role
from dispatch.database import get
from dispatch.errors import Refusal
from dispatch.interpreters import queries as interpreters
from dispatch.interpreters.models import Interpreter
from dispatch.pages.caseworker.series import (
    SCOPES,
    choice_of,
    dates_to_come,
    left_as_they_are,
)
from dispatch.pages.coordinator import blueprint
from dispatch.pages.reasons import OfficeReasonForm
from dispatch.series import ability, giving, queries, rules
from dispatch.series.ability import Able, How
from dispatch.series.giving import DateGiven, Gift
from dispatch.series.models import Series, SeriesDate
from dispatch.series.queries import DateStanding
from dispatch.series.rules import Choice
from dispatch.web.forms import attach, options, whole
from dispatch.web.once import once
from dispatch.web.policy import only


class GiftForm(OfficeReasonForm):
    """Who is to come, how, and instead of whom; `seen` stands for the dates that were shown."""

    interpreter = SelectField(
        _l("Who is to come"), validators=[InputRequired(_l("Choose somebody."))]
    )
    instead_of = SelectField(_l("Instead of"), validators=[Optional()])
    how = RadioField(
        _l("How"),
        choices=options(
            [
                (How.OFFER, _l("Make an offer: one message for all dates")),
                (How.ASSIGN, _l("Assign, agreed by telephone")),
            ]
        ),
        default=How.OFFER.value,
    )
    seen = HiddenField()
    reason_office = StringField(
        _l("Reason for the office"),
        validators=[Optional()],
        description=_l("Needed where somebody is released. Only the office reads this."),
    )

    @property
    def gift(self) -> Gift:
        """What was filled in."""
        return Gift(
            interpreter_id=whole(self.interpreter.data),
            how=How(self.how.data),
            instead_of=whole(self.instead_of.data) or None,
            reasons=self.reasons,
        )


@dataclass(frozen=True)
class _Named:
    """The dates an address names, as they stand."""

    series: Series
    choice: Choice
    dates: Sequence[SeriesDate]
    named: Sequence[DateStanding]


@blueprint.get("/series/<int:series_id>/people")
@only(Role.COORDINATOR)
def series_people(series_id: int) -> ResponseReturnValue:
    """Show who could come to how many of the dates, and choose somebody."""
    there = _named(series_id)
    return _page(there, _form(there))


@blueprint.post("/series/<int:series_id>/people")
@only(Role.COORDINATOR)
def give_series(series_id: int) -> ResponseReturnValue:
    """Say for each date whether she can come; do it once that was seen and is still so."""
    there = _named(series_id)
    form = _form(there)
    if not form.validate():
        return _page(there, form), 422
    now, found = clock.now(), list[DateGiven]()
    try:
        found = giving.foresee([one.date for one in there.named], form.gift, now=now)
        giving.require_one_possible(found)
        if form.seen.data != giving.digest(found):
            form.seen.data = giving.digest(found)
            return _page(there, form, found)
        with once() as outcome:
            queries.find(current_user, series_id)
            done = giving.give(
                current_user.actor,
                series_id,
                there.choice,
                form.gift,
                now=now,
                seen=form.seen.data,
            )
            outcome.leads_to(
                url_for("caseworker.series_page", series_id=series_id),
                ("success", _said(form.gift, len(done.done))),
                *left_as_they_are(done),
            )
    except Refusal as refusal:
        attach(form, refusal)
        return _page(there, form, found), refusal.status
    return outcome.answer()


def _said(gift: Gift, count: int) -> str:
    name = interpreters.find(current_user, gift.interpreter_id).name
    if gift.how == How.ASSIGN:
        return ngettext(
            "%(name)s is assigned to %(num)d date; both sides are told.",
            "%(name)s is assigned to %(num)d dates; both sides are told.",
            count,
            name=name,
        )
    return ngettext(
        "The offer to %(name)s is made for %(num)d date.",
        "The offer to %(name)s is made for %(num)d dates.",
        count,
        name=name,
    )


def _named(series_id: int) -> _Named:
    series, dates = queries.find(current_user, series_id), dates_to_come(series_id)
    choice = choice_of(dates)
    named = queries.standing(rules.named(dates, choice)) if dates else []
    return _Named(series, choice, dates, named)


def _form(there: _Named) -> GiftForm:
    form = GiftForm()
    people: dict[int, Interpreter] = {
        one.interpreter_id: one.interpreter for date in there.named for one in date.coming
    }
    people |= {one.interpreter_id: one.interpreter for date in there.named for one in date.asked}
    nobody = ("", _l("Nobody: where a seat is free"))
    form.instead_of.choices = options([nobody, *((id_, one.name) for id_, one in people.items())])
    able = ability.everybody(there.named, now=clock.now()) if there.named else []
    form.interpreter.choices = options(
        [("", "–"), *((one.interpreter.id, _free_on(one, len(there.named))) for one in able)]
    )
    return form


def _free_on(able: Able, dates: int) -> str:
    if able.agreed > able.dates:
        return ngettext(
            "%(name)s: can be asked for %(dates)d of %(num)d date, agreed by telephone for "
            "%(agreed)d",
            "%(name)s: can be asked for %(dates)d of %(num)d dates, agreed by telephone for "
            "%(agreed)d",
            dates,
            name=able.interpreter.name,
            dates=able.dates,
            agreed=able.agreed,
        )
    return ngettext(
        "%(name)s: free on %(dates)d of %(num)d date",
        "%(name)s: free on %(dates)d of %(num)d dates",
        dates,
        name=able.interpreter.name,
        dates=able.dates,
    )


def _page(there: _Named, form: GiftForm, found: Sequence[DateGiven] = ()) -> str:
    who = whole(form.interpreter.data)
    return render_template(
        "pages/coordinator/series_people.html",
        name=get(Interpreter, who).name if found else "",
        series=there.series,
        dates=there.dates,
        choice=there.choice,
        scopes=SCOPES,
        named=there.named,
        form=form,
        found=found,
    )
