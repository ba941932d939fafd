"""Turning a message's template and its facts into text."""

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from dispatch.settings import ROOT

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TEMPLATES = ROOT / "templates" / "messages"
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
    except TemplateNotFound as missing:
        raise TemplateFault(f"there is no template {candidates[0]}") from missing
    try:
        return template.render(asdict(facts)).strip()
    except UndefinedError as hole:
        raise TemplateFault(f"{template.name}: {hole}") from hole


def _refuse_nothing(value: object) -> object:
    if value is None:
        raise UndefinedError("a fact has no value")
    return value


@cache
def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=_refuse_nothing,
        autoescape=False,
    )
