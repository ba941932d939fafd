"""The texts of messages are called as people call them, not as files are."""

import re

import pytest
from flask import Flask
from flask_babel import force_locale

from dispatch.accounts.rules import Role
from dispatch.database import transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import texts as service
from dispatch.messaging.rendering import TEMPLATES
from dispatch.messaging.several import SEVERAL
from dispatch.offers import service as offers
from dispatch.pages.coordinator.text_fields import MEANINGS, conditions, in_words, meaning
from dispatch.pages.coordinator.text_names import NAMES, PART_NAMES
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW


def test_every_message_has_a_name() -> None:
    assert set(NAMES) == {name.removesuffix(SEVERAL) for name in service.names()}


def test_every_part_of_a_message_has_a_name() -> None:
    assert set(PART_NAMES) == {file.name.split(".")[0] for file in TEMPLATES.glob("*/*.de.txt")}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_lists_show_names_and_beginnings_without_the_language_of_templates(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    browser = sign_in(app, coordinator)
    page = browser.get("/texts?language=en").text
    assert "Question to one person" in page
    for raw in ("offer_broadcast<", "{{", "{%"):
        assert raw not in page
    assert "Question to one person (several at once)" in browser.get(
        "/texts/offer_several/body/en"
    ).text  # fmt: skip


def test_letters_that_are_added_or_not_stand_in_brackets(app: Flask) -> None:
    with app.test_request_context():
        shown = in_words(
            '{{ minutes }} minute{{ "s" if minutes != 1 }} {{ "is" if minutes == 1 else "are" }}'
        )
    assert shown.endswith("› minute(s) (is/are)")


def test_every_field_has_a_meaning_in_words() -> None:
    # what a text may name is what it names in any language
    known = {
        field
        for name in service.names()
        for file in (TEMPLATES / name).glob("*.de.txt")
        for field in service.fields(f"{name}/{file.name}").known
    }
    assert known - set(MEANINGS) == set()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('{% if way == "on_site" %}', "“way: at the place, by video or by telephone” is on site"),
        ("{% if urgent %}", "there is “it is urgent”"),
        ("{%- if not yes_code and others %}", "not (there is “code for yes”) and there is “how"),
        ("{% elif each|length == 2 %}", "“list: one entry for each” has 2 characters or entries"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_condition_is_told_in_words(app: Flask, written: str, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        (found,) = conditions(f"{written}x")
        assert words in found.words
        assert "{" not in in_words(f"{{{{ day }}}} {written}x{{% endif %}}")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_delivered_text_shows_the_language_of_templates_in_its_words(app: Flask) -> None:
    with app.test_request_context():
        for name in service.names():
            for file in (TEMPLATES / name).glob("*.txt"):
                said = in_words(file.read_text(encoding="utf-8"))
                assert not re.search(r"{{|{%|%}|}}", said), file


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_greek_text_is_shown_with_what_greeks_read(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
        offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    page = sign_in(app, coordinator).get("/texts/offer/body/el").text
    preview = page.partition('id="preview"')[2]
    assert "Ρουμανικά" in preview
    assert "Romanian" not in preview
    assert "An example with invented facts" in preview
    assert 'data-insert="{{ answer_by }}"' in page
    assert "until when an answer is needed: day and time" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_decides_a_text_has_an_example_in_words(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR, locale="de")
        offers.make(SYSTEM, factories.asked().id, factories.interpreter().id, now=NOW)
    page = sign_in(app, coordinator).get("/texts/offer/body/de").text
    legend = page.partition('id="fields"')[2].partition('id="preview"')[0]
    examples = re.findall(r"<bdi[^>]*>([^<]*)</bdi>", legend)
    assert {"geschätzt", "vor Ort"} <= set(examples)
    assert {"estimate", "on_site"} & set(examples) == set()


def test_what_is_noted_in_a_delivered_text_is_in_the_language_of_the_text() -> None:
    notes: dict[str, set[str]] = {"de": set(), "en": set(), "el": set()}
    for file in TEMPLATES.glob("*/*.txt"):
        notes[file.name.split(".")[1]] |= set(re.findall(r"{#(.*?)#}", file.read_text("utf-8")))
    assert all(
        not notes[one] & notes[other] for one, other in (("de", "en"), ("de", "el"), ("en", "el"))
    )


CANNOT_BE_MADE_UP = {"question/body", "question_several/body"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_text_is_shown_with_an_example_where_no_such_message_was_written(app: Flask) -> None:
    with app.app_context(), transaction():
        coordinator = factories.account(Role.COORDINATOR)
    page = sign_in(app, coordinator).get("/texts/assignment_released/body/en").text
    assert "An example with invented facts" in page
    assert "Mira Example" in page
    with app.app_context():
        paths = {
            one.path
            for name in service.names()
            if name != "shared"
            for one in service.of_message(name, "en")
        }
        shown = {path for path in paths if _is_shown(path)}
    missing = {path.removesuffix(".en.txt") for path in paths - shown}
    assert missing == CANNOT_BE_MADE_UP


def _is_shown(path: str) -> bool:
    try:
        return service.preview(path, service.find(path).current, meaning) is not None
    except Refusal:  # a delivered text may use means that a new one may not
        return True
