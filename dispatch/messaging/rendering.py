"""Turning a message's template and its facts into text: the city's own, else the delivered one."""

import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import has_app_context
from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2.exceptions import UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from dispatch.database import db, remembered
from dispatch.messaging.models import MessageText
from dispatch.settings import ROOT
from dispatch.web.formats import apart, without_isolates

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

TEMPLATES = ROOT / "templates" / "messages"
FALLBACK_LOCALES = ("de", "en")
WRITTEN = "written texts"
_log = logging.getLogger(__name__)


class TemplateFault(RuntimeError):
    """A message cannot be written: its template is missing or names a fact nobody gave."""


def render(name: str, part: str, locale: str, facts: "DataclassInstance") -> str:
    """Return one part (subject, body, sms) of a message in the locale, else in German.

    What the city has written itself (`texts.py`) goes before what was delivered; should it fail
    with these facts, the delivered text is sent and the log says so. Raises `TemplateFault` naming
    the template rather than send a text with a hole in it.
    """
    candidates = [f"{name}/{part}.{one}.txt" for one in (locale, *FALLBACK_LOCALES)]
    text = _written_or_delivered(candidates, asdict(facts))
    # An SMS says the same shorter: each such sign takes the room of a letter, of which a segment
    # has 70 then instead of 160, and older telephones show a box in its place.
    return without_isolates(text) if part == "sms" else text


def _written_or_delivered(candidates: list[str], facts: dict[str, Any]) -> str:
    if written():
        try:
            return _rendered(_of_the_city(), candidates, facts)
        except Exception as fault:  # whatever somebody wrote stops no message
            _log.error("a text of the city failed: %s: %s", candidates[0], type(fault).__name__)
    return _rendered(_as_delivered(), candidates, facts)


def trial(text: str, facts: dict[str, Any]) -> str:
    """Return what a text reads like with these facts; raises `TemplateFault`."""
    try:
        return _of_the_city().from_string(text).render(facts).strip()
    except Exception as wrong:  # whatever comes of what somebody wrote
        raise TemplateFault(str(wrong)) from wrong


def written() -> dict[str, str]:
    """Return the texts the city has written itself, by their paths; asked once a transaction."""
    if not has_app_context():
        return {}
    kept = remembered(WRITTEN)
    if "all" not in kept:
        newest = sa.select(sa.func.max(MessageText.id)).group_by(MessageText.path)
        rows = db.session.execute(
            sa.select(MessageText.path, MessageText.text).where(
                MessageText.id.in_(newest), MessageText.text.is_not(None)
            )
        ).all()
        kept = remembered(WRITTEN)  # the transaction may have begun with this very question
        kept["all"] = {row.path: row.text for row in rows}
    found: dict[str, str] = kept["all"]
    return found


def forget_written() -> None:
    """Have the texts of the city read anew, because one was changed in this transaction."""
    remembered(WRITTEN).clear()


def _rendered(environment: Environment, candidates: list[str], facts: dict[str, Any]) -> str:
    try:
        template = environment.select_template(candidates)
    except TemplateNotFound as missing:
        raise TemplateFault(f"there is no template {candidates[0]}") from missing
    try:
        return template.render(facts).strip()
    except UndefinedError as hole:
        raise TemplateFault(f"{template.name}: {hole}") from hole


class _Written(BaseLoader):
    """What the city has written instead of a delivered text, also where another takes it in."""

    def __init__(self) -> None:
        self._delivered = FileSystemLoader(TEMPLATES)

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        own = written().get(template)
        if own is not None:
            return own, None, lambda: written().get(template) == own
        source, file, is_fresh = self._delivered.get_source(environment, template)
        return source, file, lambda: is_fresh() and template not in written()


def _said(value: object) -> object:
    """Return a fact as it stands in a text: one there is, a name from right to left kept apart."""
    if value is None:
        raise UndefinedError("a fact has no value")
    return apart(value) if isinstance(value, str) else value


@cache
def _as_delivered() -> SandboxedEnvironment:
    return _sandbox(FileSystemLoader(TEMPLATES))


@cache
def _of_the_city() -> SandboxedEnvironment:
    return _sandbox(_Written())


def _sandbox(loader: BaseLoader) -> SandboxedEnvironment:
    return SandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, finalize=_said, autoescape=False
    )
