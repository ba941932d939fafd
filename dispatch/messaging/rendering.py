"""Turning a message's template and its facts into text."""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import SandboxedEnvironment

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "templates" / "messages"
FALLBACK_LOCALES = ("de", "en")


class TemplateFault(RuntimeError):
    """A message cannot be written: its template is missing or names a fact nobody gave."""


def render(name: str, part: str, locale: str, facts: "DataclassInstance") -> str:
    """Return one part (subject, body, sms) of a message in the locale, else in German.

    Raises `TemplateFault` naming the template rather than send a text with a hole in it.
    """
    candidates = [f"{name}/{part}.{one}.txt" for one in (locale, *FALLBACK_LOCALES)]
    try:
        template = _environment().select_template(candidates)
        return template.render(asdict(facts)).strip()
    except TemplateNotFound as missing:
        raise TemplateFault(f"there is no template {candidates[0]}") from missing
    except UndefinedError as hole:
        raise TemplateFault(f"{candidates[0]}: {hole}") from hole


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=False
    )
