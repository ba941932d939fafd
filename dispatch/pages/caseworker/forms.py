"""The form in which somebody asks for an interpreter."""

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from dispatch.languages.rules import offered
from dispatch.pages.words import GENDER_NAMES, QUALIFICATION_NAMES
from dispatch.requests.rules import DURATIONS_MINUTES, SETTING_NAMES
from dispatch.web.forms import Day, Time, Whole

NEEDED = _l("Please fill this in.")


class AskForm(FlaskForm):  # type: ignore[misc]
    """What a caseworker fills in; the server checks everything again."""

    language = SelectField(
        _l("Language"), validators=[InputRequired(NEEDED)], validate_choice=False
    )
    site = HiddenField(_l("Site"), validators=[InputRequired(_l("Choose the site."))])
    day = Day(_l("Day"), wrong=_l("Give the day as a date."))
    start = Time(_l("Start time"), wrong=_l("Give the start as a time, such as 09:30."))
    occurrence = RadioField(
        _l("Which one?"),
        choices=[("first", _l("The first")), ("second", _l("The second, an hour later"))],
        validators=[Optional()],
    )
    duration = RadioField(
        _l("Duration in minutes"),
        choices=[(str(minutes), str(minutes)) for minutes in DURATIONS_MINUTES],
        default="60",
        validators=[InputRequired(NEEDED)],
        validate_choice=False,
    )
    setting = SelectField(
        _l("Setting"),
        choices=[("", "–"), *SETTING_NAMES.items()],
        validators=[InputRequired(_l("Choose the setting of the talk."))],
        validate_choice=False,
    )
    interpreter_count = Whole(
        _l("Number of interpreters"), default=1, wrong=_l("Give a number from 1 to 10.")
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
        choices=list(GENDER_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    qualification_required = SelectField(
        _l("Qualification at least"),
        choices=list(QUALIFICATION_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )

    again = BooleanField(_l("Yes, a second one is meant"))

    def offer_languages(self) -> None:
        """List the languages by their name in the reader's language."""
        locale = str(get_locale())
        named = sorted((language.name(locale), language.tag) for language in offered())
        self.language.choices = [("", "–"), *((tag, name) for name, tag in named)]


class ImportForm(FlaskForm):  # type: ignore[misc]
    """A file with many requests."""

    file = FileField(_l("CSV or XLSX file"), validators=[FileRequired(_l("Choose a file first."))])
    again = BooleanField(_l("Take rows too that are there already"))
