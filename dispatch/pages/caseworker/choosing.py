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

from dispatch.languages.finding import languages_like
from dispatch.languages.finding import named as languages_named
from dispatch.languages.rules import Language
from dispatch.requests import places
from dispatch.sites.models import Site
from dispatch.sites.queries import search
from dispatch.sites.rules import search_words
from dispatch.web.formats import apart
from dispatch.web.forms import whole

ALL = 10_000
"""More than there are of anything."""


def or_in_words(form: Any, field: Any) -> None:
    """Ask for a language, chosen or in words; choose the only one that was typed, and say so."""
    named = request.form.get("named", "")
    in_words = form.language_in_words.data
    if field.data and named != in_words and not is_language_typed(field.data, named):
        field.data = ""
        raise ValidationError(_other_than(named))
    if field.data or in_words:
        return
    only = only_language(named)
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


def _other_than(typed: str) -> str:
    return _("“%(typed)s” is not what was chosen: choose again.", typed=apart(typed[:60]))


def _chosen_now(name: str) -> str:
    return _(
        "%(name)s is chosen for what you typed; send the form again if that is right.", name=name
    )


def is_language_typed(tag: str, named: str) -> bool:
    """Tell whether the language is among those that what was typed may mean; of nothing, yes.

    Without JavaScript what was chosen before stays chosen while somebody types another name.
    """
    return not named.strip() or tag in {one.tag for one in languages_like(named, "en", ALL)}


def only_language(named: str) -> Language | None:
    """Return the language whose very name was typed, where there is exactly one."""
    found = languages_named(named)
    return found[0] if len(found) == 1 else None


def only_site(text: str) -> Site | None:
    """Return the site that was typed, where exactly one has all the words in its own texts."""
    found = search(text, places.shown_to(current_user.organisation_id), 1)
    return found.sites[0] if found.count == 1 and found.by_name and not found.without else None


def is_shown(_form: Any, field: Any) -> None:
    """Refuse a site that members of the organisation do not find; nothing tells that it exists.

    And one that is another than was typed since: without JavaScript it stays chosen all the same.
    """
    shown = places.shown_to(current_user.organisation_id)
    site = places.find(whole(field.data), current_user.organisation_id)
    if site is None:
        raise ValidationError(
            str(_l("This site is not in the register; search for it by name or street."))
        )
    typed = request.form.get("q", "")
    if search_words(typed) and site not in search(typed, shown, ALL).sites:
        field.data = ""
        raise ValidationError(_other_than(typed))
