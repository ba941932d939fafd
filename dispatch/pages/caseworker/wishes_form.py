"""The fields behind “More wishes”: by which ways somebody may take part."""

from collections.abc import Collection
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Optional

from dispatch.availability.rules import Way
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.ways import LINK_OF, WAY_NAMES
from dispatch.requests.wording import GENDER_NAMES, LEVEL_NAMES, QUALIFICATION_NAMES
from dispatch.web.forms import options, whole

ONE_OF_THE_WAYS = options(WAY_NAMES.items())
SHARING = ("relay_allowed", "handover_allowed")
OR_NONE = options([("", "–"), *WAY_NAMES.items()])


class WishFields(FlaskForm):  # type: ignore[misc]
    """What most requests leave as it is."""

    ways = SelectField(
        _l("How the interpreter takes part"),
        choices=ONE_OF_THE_WAYS,
        default=Way.ON_SITE,
        validate_choice=False,
    )
    second_way = SelectField(
        _l("If nobody is found"), choices=OR_NONE, validators=[Optional()], validate_choice=False
    )
    third_way = SelectField(
        _l("If nobody is found that way either"),
        choices=OR_NONE,
        validators=[Optional()],
        validate_choice=False,
    )
    video_link = StringField(
        _l("Link to the video talk"),
        description=_l("Only whoever interprets by video gets it. You can add it later."),
    )
    dial_in = StringField(
        _l("Number to call"),
        description=_l("Only whoever interprets by telephone gets it. You can add it later."),
    )

    gender_wished = SelectField(
        _l("Interpreter’s gender, if possible"),
        choices=options(GENDER_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    qualification_wished = SelectField(
        _l("Qualification at least, if possible"),
        choices=options(QUALIFICATION_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    level_required = SelectField(
        _l("Level of language at least"),
        choices=options(LEVEL_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    level_wished = SelectField(
        _l("Level of language, if possible"),
        choices=options(LEVEL_NAMES.items()),
        validators=[Optional()],
        validate_choice=False,
    )
    accepts_varieties = BooleanField(
        _l("A related variety will do if nobody is found for the language")
    )
    decides_on_rights = BooleanField(
        _l("What is said leads to a decision on somebody’s rights"),
        description=_l("Such as a permit, a benefit, custody, or a contract."),
    )
    is_signed = BooleanField(
        _l("Somebody signs or declares something binding"),
        description=_l("If one of the two holds, we send nobody who is only a trained volunteer."),
    )
    only_same_person = BooleanField(
        _l("Only somebody who came to this case before"),
        description=_l(
            "Where you give a case reference we try this anyway. Ticked, we ask nobody else, as "
            "long as one of them works with us."
        ),
    )

    relay_allowed = BooleanField(
        _l("If nobody interprets into German directly, two people may do it by relay"),
        description=_l(
            "One interprets into a third language, the other from there into German: it takes "
            "longer, and two strangers hear what is said."
        ),
    )
    handover_allowed = BooleanField(
        _l("Two people may share the talk, one after the other"),
        description=_l("From an hour on, if nobody has time for all of it."),
    )
    handover_minutes = IntegerField(
        _l("The second takes over after so many minutes"),
        description=_l("At least 30 for each. Left empty, about half of it each, as fits."),
        validators=[Optional()],
    )

    def show_wishes(self, one: InterpretationRequest) -> None:
        """Fill in what was wished for."""
        second_and_third = [*one.ranked_ways[1:], "", ""]
        self.ways.data = one.ranked_ways[0]
        self.second_way.data, self.third_way.data = second_and_third[:2]
        for name in ("gender_wished", "qualification_wished", "level_required", "level_wished"):
            self[name].data = str(getattr(one, name) or "")
        for name in (
            "accepts_varieties",
            "decides_on_rights",
            "is_signed",
            "only_same_person",
            *SHARING,
        ):
            self[name].data = getattr(one, name)
        self.handover_minutes.data = one.handover_minutes
        for name in LINK_OF.values():
            if name in self:
                self[name].data = getattr(one, name)

    @property
    def wishes_are_shown(self) -> bool:
        """Whether something behind the press is filled in or refused, and must be seen."""
        return self._is_shown(WISH_FIELDS)

    @property
    def day_itself_is_shown(self) -> bool:
        """Whether something for the day itself is filled in or refused, and must be seen."""
        return self._is_shown(DAY_ITSELF)

    def _is_shown(self, names: Collection[str]) -> bool:
        named = [field for field in self if field.name in names]
        return any(field.errors or (field.data and field.data != field.default) for field in named)


WISH_FIELDS = (
    "interpreter_count",
    "gender_required",
    "qualification_required",
    "ways",
    "second_way",
    "third_way",
    *LINK_OF.values(),
    "gender_wished",
    "qualification_wished",
    "level_required",
    "level_wished",
    "only_same_person",
    "accepts_varieties",
    *SHARING,
    "handover_minutes",
)


DAY_ITSELF = ("contact", "room", "note", "case_reference", "cost_centre")


def wishes(form: Any, kept: InterpretationRequest | None) -> dict[str, Any]:
    """Return what was wished for as details of a request; what is not shown stays as in `kept`."""
    chosen = (form.ways.data, form.second_way.data, form.third_way.data)
    links = {
        name: (form[name].data or "").strip() if name in form else getattr(kept, name, "")
        for name in LINK_OF.values()
    }
    return {
        "ways": tuple(way for way in chosen if way),
        "gender_wished": form.gender_wished.data or None,
        "qualification_wished": form.qualification_wished.data or None,
        "level_required": whole(form.level_required.data) if form.level_required.data else None,
        "level_wished": whole(form.level_wished.data) if form.level_wished.data else None,
        "accepts_varieties": form.accepts_varieties.data,
        "decides_on_rights": form.decides_on_rights.data,
        "is_signed": form.is_signed.data,
        "only_same_person": form.only_same_person.data,
        **{name: form[name].data for name in SHARING},
        "handover_minutes": form.handover_minutes.data,
        **links,
    }
