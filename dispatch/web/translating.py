"""What templates say in the reader's language; each text is looked up once for each language.

Flask-Babel asks who reads it, and in which catalogue to look, some three hundred times a page.
"""

from functools import cache
from typing import Any

from flask import Flask
from flask_babel import get_translations
from flask_wtf import FlaskForm
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from dispatch.web import built_in
from dispatch.web.formats import language_of_reader


def register(app: Flask) -> None:
    """Have templates translate by it; after Flask-Babel, whose functions it takes the place of."""
    FlaskForm.Meta.get_translations = built_in.of_form
    app.jinja_env.globals.update(gettext=translated, _=translated)


@pass_eval_context
def translated(context: EvalContext, text: str, /, **variables: Any) -> str:
    """Return a text of a template with its variables, each of them escaped where pages are."""
    said = _in(language_of_reader(""), text)  # nobody: as it stands in the template
    return (Markup(said) if context.autoescape else said) % variables  # noqa: S704 - our own text


@cache
def _in(_language: str, text: str) -> str:
    return get_translations().gettext(text)
