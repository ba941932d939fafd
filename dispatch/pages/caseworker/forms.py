"""The form in which somebody asks for an interpreter."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from dispatch.accounts.models import Account
from dispatch.clock import at_place
from dispatch.languages.rules import NOT_LISTED, known_by_tag
from dispatch.pages.caseworker.choosing import (
    is_chosen,
    is_shown,
    only_language,
    only_site,
    or_in_words,
)
from dispatch.pages.caseworker.wishes_form import WishFields, wishes
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import DURATIONS_MINUTES, SETTING_NAMES, second_occurrence
from dispatch.requests.sharing import asked_for
from dispatch.requests.ways import LINK_OF
from dispatch.requests.wording import GENDER_NAMES, QUALIFICATION_NAMES
from dispatch.web.forms import Day, Time, Whole, options, whole

NEEDED = _l("Please fill this in.")


class AskForm(WishFields):
    """What a caseworker fills in; the server checks everything again."""

    colleague = SelectField(
        _l("For whom"),
        description=_l("Whoever you choose hears of this request, as if they had asked."),
        validators=[Optional()],
        validate_choice=False,
    )
    language = HiddenField(_l("Language"), validators=[or_in_words])
    language_in_words = StringField(
        _l("Not in the list?"),
        description=_l(
            "Write what the client calls it; the office finds out which language it is."
        ),
    )
    site = HiddenField(_l("Site"), validators=[is_chosen, is_shown])
    day = Day(_l("Day"), wrong=_l("Give the day as a date."))
    start = Time(_l("Start time"), wrong=_l("Give the start as a time, such as 09:30."))
    latest_start = Time(
        _l("Latest start"),
        description=_l("Only if it may begin later as well: then somebody is found more easily."),
        wrong=_l("Give the latest start as a time, such as 11:00, or leave it empty."),
        needed=False,
    )
    occurrence = RadioField(
        _l("Which one?"),
        choices=options([("first", _l("The first")), ("second", _l("The second, an hour later"))]),
        validators=[Optional()],
    )
    duration = RadioField(
        _l("Duration in minutes"),
        choices=options((one, str(one)) for one in DURATIONS_MINUTES),
        default="60",
        validators=[InputRequired(NEEDED)],
        validate_choice=False,
    )
    setting = SelectField(
        _l("Setting"),
        choices=options([("", "–"), *SETTING_NAMES.items()]),
        validators=[InputRequired(_l("Choose the setting of the talk."))],
        validate_choice=False,
    )
    interpreter_count = Whole(
        _l("Number of interpreters"), default=1, wrong=_l("Give a number from 1 to 10.")
    )
    alone_because = StringField(
        _l("Why one is enough"),
        description=_l("For instance: with long breaks, or mostly in writing."),
    )
    case_reference = StringField(
        _l("Case reference"),
        description=_l("Your own number for the case. Never a name."),
    )
    note = TextAreaField(
        _l("Note for the interpreter"),
        description=_l("What to prepare. Nothing that tells who the client is."),
    )
    contact = StringField(_l("Contact on site"))
    room = StringField(_l("Room"))
    cost_centre = StringField(_l("Cost centre"))
    gender_required = SelectField(
        _l("Interpreter’s gender"),
        description=_l("Only when the client asks for it."),
        choices=options(GENDER_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    qualification_required = SelectField(
        _l("Qualification at least"),
        choices=options(QUALIFICATION_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )

    is_urgent = BooleanField(
        _l("Yes, it cannot wait"),
        description=_l(
            "Then it goes the urgent way. We may find nobody; if it cannot take place without an "
            "interpreter, call us as well."
        ),
    )
    again = BooleanField(_l("Yes, a second one is meant"))
    draft = HiddenField()
    keep_name = StringField(
        _l("Name"), description=_l("By which you find it again. Never a client’s name.")
    )

    def offer_colleagues(self, me: Account, everybody: Iterable[Account]) -> None:
        """Let one ask for somebody else of the organisation, if there is anybody else."""
        others = [one for one in everybody if one.id != me.id]
        if not others:
            del self.colleague
            return
        self.colleague.choices = options(
            [("", _("For me")), *((str(one.id), one.name) for one in others)]
        )

    def fill(self, one: InterpretationRequest) -> None:
        """Fill in what a request asks for, apart from its day."""
        for name in (
            "language_in_words",
            "setting",
            "alone_because",
            "contact",
            "room",
        ):
            getattr(self, name).data = getattr(one, name)
        self.interpreter_count.data = asked_for(one.interpreter_count, one.sharing)
        self.language.data = "" if one.language == NOT_LISTED else one.language
        for name in ("note", "case_reference", "cost_centre"):
            if name in self:
                self[name].data = getattr(one, name)
        self.site.data = str(one.site_id)
        self.start.data = at_place(one.starts_at, one.time_zone).time()
        if one.has_window:
            self.latest_start.data = at_place(one.latest_start_at, one.time_zone).time()
        self.offer_duration(one.duration_minutes)
        self.duration.data = str(one.duration_minutes)
        self.gender_required.data = one.gender_required or ""
        self.qualification_required.data = one.qualification_required or ""
        self.show_wishes(one)

    def fill_usual(self, last: InterpretationRequest) -> None:
        """Fill in what stays the same for most who ask, as in the last request of theirs."""
        self.site.data = str(last.site_id)
        for name in ("setting", "contact", "cost_centre"):
            self[name].data = getattr(last, name)

    def offer_duration(self, minutes: int) -> None:
        """Let a length that is no usual one be kept."""
        usual = {*DURATIONS_MINUTES, minutes}
        self.duration.choices = options((one, str(one)) for one in sorted(usual))

    def take_the_only_ones(self) -> None:
        """Choose language and site where exactly one is meant by what was typed."""
        if not self.language.data and (language := only_language(request.form.get("named", ""))):
            self.language.data = language.tag
        if not self.site.data and (site := only_site(request.form.get("q", ""))):
            self.site.data = str(site.id)

    def take_language_pointed_at(self) -> None:
        """Choose the language the client pointed at, if the address names one."""
        pointed_at = known_by_tag(request.args.get("language"))
        if pointed_at:
            self.language.data = pointed_at.tag


def sent() -> MultiDict[str, str]:
    """Return the form as it was sent; a time chosen among the possible ones is its day and start.

    With JavaScript both say the same; without, what was chosen among them was chosen later.
    """
    fields = request.form.copy()
    day, separator, start = fields.get("possible_start", "").partition("T")
    if separator:
        fields["day"], fields["start"], fields["latest_start"] = day, start, ""
    return fields


class ChangeForm(AskForm):
    """The same for a request that is there, with the version that was looked at.

    `seen` stands for what the page said the change would do; only that is done.
    """

    colleague = draft = keep_name = None
    version = IntegerField(validators=[Optional()])
    seen = HiddenField()

    def leave_out_what_the_office_does_not_read(self) -> None:
        """Take out what those who ask keep to themselves."""
        for name in ("note", "case_reference", "cost_centre", *LINK_OF.values()):
            delattr(self, name)

    def show(self, one: InterpretationRequest) -> None:
        """Fill in what is asked for as it stands."""
        self.fill(one)
        self.interpreter_count.data = one.interpreter_count
        self.day.data, self.version.data = one.day, one.version

    def take_other_start(self) -> None:
        """Fill in the one start that the address names, if it names one."""
        try:
            wanted = time.fromisoformat(request.args.get("start", ""))
        except ValueError:
            return
        self.start.data, self.latest_start.data = wanted.replace(tzinfo=None), None


def details(form: Any, kept: InterpretationRequest | None = None) -> RequestDetails:
    """Return what was filled in; a field that is not shown stays as it is in `kept`."""

    def text(name: str) -> str:
        field = form[name].data if name in form else getattr(kept, name, "")
        return (field or "").replace("\r\n", "\n")

    wall_start = datetime.combine(form.day.data, form.start.data)
    return RequestDetails(
        language=form.language.data or "",
        language_in_words=text("language_in_words").strip(),
        site_id=whole(form.site.data),
        wall_start=wall_start,
        duration_minutes=whole(form.duration.data),
        setting=form.setting.data,
        interpreter_count=form.interpreter_count.data,
        alone_because=text("alone_because").strip(),
        case_reference=text("case_reference"),
        note=text("note"),
        contact=text("contact"),
        room=text("room"),
        cost_centre=text("cost_centre"),
        gender_required=form.gender_required.data or None,
        qualification_required=form.qualification_required.data or None,
        second_occurrence=_occurrence(form, wall_start, kept),
        latest_start=form.latest_start.data,
        is_urgent=form.is_urgent.data,
        **wishes(form, kept),
    )


def _occurrence(form: Any, wall_start: datetime, kept: InterpretationRequest | None) -> bool | None:
    """Return which of two equal wall times is meant; of a start that stays, the one it was."""
    said = second_occurrence(form.occurrence.data)
    if said is None and kept is not None:
        starts = at_place(kept.starts_at, kept.time_zone)
        if starts.replace(tzinfo=None) == wall_start:
            return bool(starts.fold)
    return said


class ImportForm(FlaskForm):  # type: ignore[misc]
    """A file with many requests."""

    file = FileField(_l("CSV or XLSX file"), validators=[FileRequired(_l("Choose a file first."))])
    again = BooleanField(_l("Take rows too that are there already"))
