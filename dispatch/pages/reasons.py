"""Why something is undone: what the office keeps to itself, and what the other side is told."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Optional

from dispatch.ledger.rules import Reasons

FOR_THE_OFFICE = _l("Only the office reads this, an illness for example. It can be erased.")


class ToldReasonForm(FlaskForm):  # type: ignore[misc]
    """The reason of those who asked, which is told, and the version the person looked at."""

    reason_told = StringField(
        _l("Reason"),
        validators=[InputRequired()],
        description=_l(
            "Whoever was asked or has accepted reads this, and so does the office. "
            "Nothing that tells who the client is."
        ),
    )
    version = IntegerField(validators=[Optional()])

    @property
    def reasons(self) -> Reasons:
        """What was written, by who may read it."""
        return Reasons(told=self.reason_told.data or "")


class CannotComeForm(FlaskForm):  # type: ignore[misc]
    """Why an interpreter does not come, if there is time to say it: only the office reads it."""

    reason_office = StringField(_l("Reason for the office"), description=FOR_THE_OFFICE)

    @property
    def reasons(self) -> Reasons:
        """What was written; those who asked read no reason."""
        return Reasons(office=self.reason_office.data or "")


class WithdrawalForm(CannotComeForm):
    """Why an interpreter takes a yes back, and the version they looked at."""

    reason_office = StringField(
        _l("Reason for the office"), validators=[InputRequired()], description=FOR_THE_OFFICE
    )
    version = IntegerField(validators=[Optional()])


class OfficeReasonForm(FlaskForm):  # type: ignore[misc]
    """The office's two reasons, and the version the person looked at."""

    reason_office = StringField(
        _l("Reason for the office"),
        validators=[InputRequired()],
        description=FOR_THE_OFFICE,
    )
    reason_told = StringField(
        _l("Told to the others"),
        description=_l(
            "The interpreters concerned and those who asked read this in their messages. "
            "Leave it empty to tell them no reason."
        ),
    )
    version = IntegerField(validators=[Optional()])

    @property
    def reasons(self) -> Reasons:
        """What was written, by who may read it."""
        return Reasons(office=self.reason_office.data or "", told=self.reason_told.data or "")


class RefusalForm(OfficeReasonForm):
    """The office's reasons, and whether they hold for every date of a series."""

    reason_told = StringField(
        _l("Told to those who asked"),
        description=_l("They read this in their message. Leave it empty to tell them no reason."),
    )
    all_dates = BooleanField(_l("Every date of the series that waits for the office"))


class ReleaseForm(OfficeReasonForm):
    """The office's reasons, and whether the interpreter asked for it: then nothing is owed."""

    own_wish = BooleanField(
        _l("The interpreter asked for it, or cannot be there"),
        description=_l("Then nothing is owed, however late it is."),
    )
