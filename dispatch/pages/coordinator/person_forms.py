"""The forms in which the office keeps a person of the pool."""

from decimal import ROUND_HALF_UP, Decimal

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from dispatch.errors import Refusal
from dispatch.interpreters.keeping import Details
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Employment, Gender, Qualification
from dispatch.languages import rules as languages
from dispatch.pages.words import EMPLOYMENTS
from dispatch.requests.wording import GENDER_NAMES, LEVEL_NAMES, QUALIFICATION_NAMES
from dispatch.settings import active
from dispatch.sites import queries as sites
from dispatch.travel.estimate import Mode, Point
from dispatch.travel.wording import MODES
from dispatch.web.formats import LOCALES
from dispatch.web.forms import Day, options

NEEDED = _l("This is needed.")


class PersonForm(FlaskForm):  # type: ignore[misc]
    """What is kept of a person; hours, languages and qualifications stand on their own."""

    first_name = StringField(_l("First name"), validators=[InputRequired(NEEDED)])
    last_name = StringField(_l("Last name"), description=_l("Whoever has one name has none."))
    email = StringField(_l("E-mail"), validators=[InputRequired(NEEDED)])
    phone = StringField(_l("Mobile number"), validators=[InputRequired(NEEDED)])
    locale = SelectField(_l("Language of pages and messages"))
    home_postcode = StringField(
        _l("Postcode of home"),
        validators=[InputRequired(NEEDED)],
        description=_l("Ways are counted from the middle of it; no address is kept."),
    )
    travel_mode = SelectField(_l("Travels"), choices=options(MODES.items()))
    employment = SelectField(_l("Employment"), choices=options(EMPLOYMENTS.items()))
    gender = SelectField(
        _l("Gender"),
        choices=options([("", _l("not kept")), *((one, GENDER_NAMES[one]) for one in Gender)]),
        description=_l("Only ever used when a client asks for it."),
    )
    fee = DecimalField(_l("Fee in euros an hour"), places=2, validators=[InputRequired(NEEDED)])
    maximum_minutes_per_day = IntegerField(
        _l("Hours a day at most"), validators=[InputRequired(NEEDED)]
    )
    maximum_minutes_per_week = IntegerField(
        _l("Hours a week at most"), validators=[InputRequired(NEEDED)]
    )
    office_note = StringField(
        _l("Note of the office"),
        description=_l("What colleagues should know. The person has a right to read it."),
    )
    version = IntegerField(validators=[Optional()])

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        city = active().city
        offered = city.locales_for(str(values.get("locale") or city.locales[0]))
        self.locale.choices = options((one, LOCALES[one]) for one in offered)

    @classmethod
    def of(cls, one: Interpreter) -> "PersonForm":
        """Return the form as the person is kept now."""
        same = ("first_name", "last_name", "phone", "home_postcode", "travel_mode", "employment")
        return cls(
            **{name: getattr(one, name) for name in same},
            email=one.account.email,
            locale=one.account.locale,
            gender=one.gender or "",
            fee=Decimal(one.fee_cents_per_hour) / 100,
            maximum_minutes_per_day=one.maximum_minutes_per_day // 60,
            maximum_minutes_per_week=one.maximum_minutes_per_week // 60,
            office_note=one.office_note,
            version=one.version,
        )

    def details(self, before: Interpreter | None = None) -> Details:
        """Return what was filled in; raises `Refusal` where the postcode is not known."""
        postcode = (self.home_postcode.data or "").strip()
        return Details(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            locale=self.locale.data,
            home_postcode=postcode,
            home=_home(postcode, before),
            travel_mode=Mode(self.travel_mode.data),
            employment=Employment(self.employment.data),
            gender=self.gender.data or None,
            fee_cents_per_hour=int((self.fee.data * 100).quantize(Decimal(1), ROUND_HALF_UP)),
            maximum_minutes_per_day=60 * self.maximum_minutes_per_day.data,
            maximum_minutes_per_week=60 * self.maximum_minutes_per_week.data,
            office_note=self.office_note.data or "",
        )


def _home(postcode: str, before: Interpreter | None) -> Point:
    if before is not None and postcode == before.home_postcode:
        return Point(before.home_latitude, before.home_longitude)
    centre = sites.centre_of(postcode)
    if centre is None:
        raise Refusal(
            "postcode-unknown",
            _l(
                "No site of the register lies in this postcode; take the nearest one that has one, "
                "or import the person with the point."
            ),
            field="home_postcode",
        )
    return Point(*centre)


LEVELS = options([("1", _l("1 – just usable")), *((k, v) for k, v in LEVEL_NAMES.items() if k)])


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """One working language with its level."""

    tag = SelectField(_l("Language"))
    level = SelectField(_l("Level"), choices=LEVELS, default="4")

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.tag.choices = _languages()


class NewPersonForm(PersonForm):
    """Somebody who is to come into the pool, with the first language."""

    tag = SelectField(_l("Language"), validators=[InputRequired(NEEDED)])
    level = SelectField(_l("Level"), choices=LEVELS, default="4")

    def __init__(self, *arguments: object, **values: object) -> None:
        super().__init__(*arguments, **values)
        self.tag.choices = [*options([("", _l("Choose"))]), *_languages()]


def _languages() -> list[SelectChoice]:
    locale = str(get_locale())
    named = [(one.tag, languages.name_of(one.tag, locale)) for one in languages.known()]
    return options(sorted(named, key=lambda pair: pair[1].casefold()))


class QualificationForm(FlaskForm):  # type: ignore[misc]
    """A qualification that was proved, with its days."""

    qualification = SelectField(
        _l("Qualification"),
        choices=options((one, QUALIFICATION_NAMES[one]) for one in Qualification),
    )
    valid_from = Day(_l("Valid from"), wrong=_l("Give the day as a date."))
    valid_until = Day(_l("Valid until"), wrong=_l("Give the day as a date."), needed=False)
