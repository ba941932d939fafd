"""Why something is undone."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional


class ReasonForm(FlaskForm):  # type: ignore[misc]
    """A reason in a few words, and the version the person looked at."""

    reason = StringField(
        _l("Reason"),
        validators=[
            InputRequired(
                _l("Say in a few words why; the people concerned and the record need it.")
            ),
            Length(max=200, message=_l("200 characters are the most.")),
        ],
    )
    version = IntegerField(validators=[Optional()])
