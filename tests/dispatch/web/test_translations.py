"""No text is forgotten: all the code says is in the catalogue, in each language of the pages."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask
from flask_babel import ngettext
from jinja2 import Environment

from dispatch.settings import ROOT
from dispatch.web.formats import LOCALES

TRANSLATIONS = ROOT / "translations"
TEXTS_TAKEN = {
    "_": 1,
    "_l": 1,
    "gettext": 1,
    "lazy_gettext": 1,
    "ngettext": 2,
    "lazy_ngettext": 2,
}
"""How many texts each function takes: the second is the plural."""

COUNTED = re.compile(
    r"%\((\w+)\)d (\w+ )?(minutes|hours|days|weeks|dates|times|requests|offers|questions|"
    r"messages|mails|assignments|jobs|people|interpreters|organisations|sites|rows|entries|groups)\b"
)
NEVER_ONE = frozenset({"all", "days", "high", "hours", "least", "low", "most", "rows"})
"""Placeholders of limits, and of what is only said of several."""
OF_SEVERAL = frozenset(
    {
        "%(found)d of %(wanted)d interpreters were found.",
        "All %(count)d questions",
        "Approve all %(count)d dates of the series",
        "More than %(number)d rows take up to some minutes; a page shows how far it is.",
        "There are %(count)d different sites and homes; a table of ways is kept for %(most)d. Ways "
        "are estimated.",
        "What is longer than %(minutes)d minutes two interpret in turn. Ask for 2, or say why one "
        "is enough.",
        "one after the other, the second after %(count)d minutes",
        "It holds the first %(count)d entries; ask the office for the others, %(phone)s.",
        "It holds the first %(count)d entries; the others are to be found at %(link)s.",
    }
)
"""What is only said where there are more than one."""
PLACEHOLDER = re.compile(r"%\(\w+\)[ds]")
Text = tuple[str, ...]


@pytest.fixture(scope="module")
def template() -> Catalog:
    """Every text there is, as `make messages` collected them."""
    return catalogue(TRANSLATIONS / "messages.pot")


@pytest.fixture(scope="module", params=sorted(set(LOCALES) - {"en"}))
def translated(request: pytest.FixtureRequest) -> Catalog:
    """The texts of one other language."""
    return catalogue(TRANSLATIONS / request.param / "LC_MESSAGES" / "messages.po")


def test_every_text_of_the_code_is_in_the_catalogue(template: Catalog) -> None:
    known = {forms(message.id) for message in template if message.id}
    spoken = {*spoken_by_the_program(), *spoken_by_the_pages()}
    assert spoken - known == set(), "run: make messages"
    assert known - spoken == set(), "run: make messages"


def test_every_text_is_translated(template: Catalog, translated: Catalog) -> None:
    answered = {message.id for message in translated if message.id and all(forms(message.string))}
    assert {message.id for message in template if message.id} - answered == set()
    assert [message.id for message in translated if message.fuzzy and message.id] == []


def test_what_is_counted_is_said_of_one_as_well(template: Catalog) -> None:
    """“1 minutes” is no sentence: counts are `ngettext`, an abbreviation, or stand behind."""
    wrong = [
        one.id
        for one in template
        if isinstance(one.id, str) and (found := COUNTED.search(one.id))
        if found[1] not in NEVER_ONE and one.id not in OF_SEVERAL
    ]
    assert wrong == []


def test_translations_keep_the_placeholders(translated: Catalog) -> None:
    assert [message.id for message in translated if message.id and not keeps(message)] == []


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def forms(text: Any) -> Text:
    """Return a text as its singular and, if it has one, its plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def keeps(message: Message) -> bool:
    pairs = zip(forms(message.id), forms(message.string), strict=True)
    return all(
        sorted(PLACEHOLDER.findall(asked)) == sorted(PLACEHOLDER.findall(answered))
        for asked, answered in pairs
    )


def spoken_by_the_program() -> Iterator[Text]:
    for path in sorted((ROOT / "dispatch").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                count = TEXTS_TAKEN.get(node.func.id, 0)
                if count:
                    texts = [each.value for each in node.args if isinstance(each, ast.Constant)]
                    yield written_out(texts[:count], count, f"{path.name}:{node.lineno}")


def spoken_by_the_pages() -> Iterator[Text]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        source = path.read_text(encoding="utf-8")
        found = environment.extract_translations(source)  # type: ignore[attr-defined]
        for line, function, arguments in found:
            count = TEXTS_TAKEN[function]
            yield written_out(forms(arguments)[:count], count, f"{path.name}:{line}")


def written_out(texts: Sequence[object], count: int, place: str) -> Text:
    """Return the texts; one that is put together while running could not be translated."""
    plain = tuple(text for text in texts if isinstance(text, str))
    assert len(plain) == count, f"{place}: write the text out where it is translated"
    return plain


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_catalogue_is_read_once_and_not_for_every_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    load = Translations.load

    def told(*given: Any, **named: Any) -> Any:
        read.append(str(given))
        return load(*given, **named)

    monkeypatch.setattr(Translations, "load", told)
    for _page in range(3):
        with app.test_request_context(headers={"Accept-Language": "de"}):
            assert ngettext("%(num)d person", "%(num)d people", 2) == "2 Personen"
    assert len(read) <= 1
