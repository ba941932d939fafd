"""What people send to sign in."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from dispatch import clock
from dispatch.accounts import tries
from dispatch.accounts.rules import MOST_IN_A_PASSWORD
from dispatch.database import transaction

MOST_IN_AN_ADDRESS = 254
WRONG_PASSWORD = _l(
    "E-mail address and password do not belong together; check both, or ask for a sign-in link."
)


class PasswordForm(LoginForm):
    """E-mail and password; refuses to look once somebody guesses."""

    remember = None  # a session ends by itself; nothing brings it back without signing in

    def validate(self, **kwargs: Any) -> bool:
        """Take a try before looking, and give it back to those who got in."""
        if len(self.password.data or "") > MOST_IN_A_PASSWORD:
            self.password.data = ""
        keys = tries.keys_of("password", self.email.data or "", request.remote_addr or "")
        with transaction():
            tries.take(keys, clock.now(), or_by_link=True)
        if not super().validate(**kwargs):
            return False
        with transaction():
            tries.forget(keys)
        return True


class LinkForm(FlaskForm):  # type: ignore[misc]
    """The address a sign-in link goes to, and where it leads."""

    email = EmailField(
        _l("E-mail address"), validators=[DataRequired(), Length(max=MOST_IN_AN_ADDRESS)]
    )
    next = HiddenField()


class NumberForm(FlaskForm):  # type: ignore[misc]
    """The mobile number somebody gives for themselves."""

    phone = StringField(_l("Mobile number"), validators=[DataRequired()])


class CodeForm(FlaskForm):  # type: ignore[misc]
    """The code that was sent to a number."""

    code = StringField(_l("Code from the SMS"), validators=[DataRequired()])
