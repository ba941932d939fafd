"""What people send to sign in."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_security.forms import LoginForm
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import DataRequired

from dispatch import clock
from dispatch.accounts import service
from dispatch.database import transaction

WRONG_PASSWORD = _l(
    "E-mail address and password do not belong together; check both, or ask for a sign-in link."
)


def keys_of(email: str) -> list[str]:
    """Return what tries are counted by: the address typed and the network it comes from."""
    return [f"email:{email.strip().lower()}", f"address:{request.remote_addr}"]


class PasswordForm(LoginForm):
    """E-mail and password; refuses to look once somebody guesses."""

    def validate(self, **kwargs: Any) -> bool:
        """Count failed tries per address and network before and after looking."""
        now = clock.now()
        keys = keys_of(self.email.data or "")
        service.require_not_guessing(keys, now)
        if super().validate(**kwargs):
            return True
        with transaction():
            service.record_try(keys, now)
        return False


class LinkForm(FlaskForm):  # type: ignore[misc]
    """The address a sign-in link goes to."""

    email = EmailField(_l("E-mail address"), validators=[DataRequired()])
