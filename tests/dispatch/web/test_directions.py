"""What people type is kept apart from the text around it: names are read from right to left too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext, lazy_gettext

from dispatch.settings import ROOT

TEMPLATES = ROOT / "templates"
PRINTED = re.compile(r"{{(.*?)}}")
TYPED = re.compile(
    r"\.(name|first_name|last_name|recipient_name|sender_name|contact|room|access_notes|address"
    r"|case_reference|organisation_name|cost_centre|subject|language_in_words)\b(?!\()"
)
OURS = re.compile(r"\b(city|row|line)\.name\b")
"""Names of the city, of languages and of figures, which nobody types."""
ISOLATES = re.compile(
    r"\s*(fact|cell|page_header|appointment|breadcrumb|field|form_button|link_button|square)\("
)
"""Macros that keep their values apart, fields, and texts that are only read aloud."""
OPEN = re.compile(r"<(bdi|pre|code)\b[^>]*>[^<]*$")
IN_AN_ATTRIBUTE = re.compile(r"=\"[^\"<>]*$")


def test_every_text_of_a_person_is_kept_apart() -> None:
    bare = [
        f"{path.relative_to(TEMPLATES)}:{number}: {text}"
        for path in sorted(TEMPLATES.rglob("*.html"))
        for number, text in _bare(path)
    ]
    assert bare == []


@pytest.mark.parametrize("locale", ["de", "el", "en"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sentence_put_together_in_the_program_keeps_a_name_apart(app: Flask, locale: str) -> None:
    said = "You reach %(name)s at %(phone)s."
    with app.app_context(), force_locale(locale):
        for sentence in (gettext, lazy_gettext):
            assert "\u2068דנה\u2069" in str(sentence(said, name="דנה", phone="+49301"))
            assert "\u2068" not in str(sentence(said, name="Dana", phone="+49301"))
        inside = gettext(said, name="דנה", phone="+49301")
        assert str(gettext("%(why)s", why=inside)) == inside


def _bare(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for found in PRINTED.finditer(line):
            inside, before = found.group(1), line[: found.start()]
            if "|apart" in inside or ISOLATES.match(inside) or OURS.search(inside):
                continue
            if OPEN.search(before) or IN_AN_ATTRIBUTE.search(before):
                continue
            if TYPED.search(inside):
                yield number, found.group(0)
