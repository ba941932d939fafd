"""Choosing language and site: what was typed counts where exactly one is meant by it.

Without JavaScript nobody can choose from a list before the form was sent; with it people go on
without having chosen. Nothing is sent by itself: the form comes back with what was chosen.
"""

from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from wtforms.validators import StopValidation, ValidationError

from dispatch.languages.finding import named as languages_named
from dispatch.languages.rules import Language
from dispatch.requests import places
from dispatch.sites.models import Site
from dispatch.sites.queries import search
from dispatch.web.forms import whole


def or_in_words(form: Any, field: Any) -> None:
    """Ask for a language, chosen or in words; choose the only one that was typed, and say so."""
    if field.data or form.language_in_words.data:
        return
    only = only_language(request.form.get("named", ""))
    if only is None:
        raise ValidationError(str(_l("Choose the language.")))
    field.data = only.tag
    raise ValidationError(_chosen_now(only.name(str(get_locale()))))


def is_chosen(_form: Any, field: Any) -> None:
    """Ask for a site; choose the only one that was typed, and say so."""
    if field.data:
        return
    only = only_site(request.form.get("q", ""))
    if only is None:
        raise StopValidation(str(_l("Choose the site.")))
    field.data = str(only.id)
    raise StopValidation(_chosen_now(only.name))


def _chosen_now(name: str) -> str:
    return _(
        "%(name)s is chosen for what you typed; send the form again if that is right.", name=name
    )


def only_language(named: str) -> Language | None:
    """Return the language whose very name was typed, where there is exactly one."""
    found = languages_named(named)
    return found[0] if len(found) == 1 else None


def only_site(text: str) -> Site | None:
    """Return the site that was typed, where exactly one has all the words in its own texts."""
    found = search(text, places.shown_to(current_user.organisation_id), 1)
    return found.sites[0] if found.count == 1 and found.by_name and not found.without else None


def is_shown(_form: Any, field: Any) -> None:
    """Refuse a site that members of the organisation do not find; nothing tells that it exists."""
    if places.find(whole(field.data), current_user.organisation_id) is None:
        raise ValidationError(
            str(_l("This site is not in the register; search for it by name or street."))
        )
