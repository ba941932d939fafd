"""What fields say by themselves is said in the reader's language as well."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import TimeField
from wtforms.i18n import messages_path

from dispatch.web.formats import LOCALES

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Rest(FlaskForm):  # type: ignore[misc]
    """A form with a field whose words are not ours."""

    begins = TimeField("begins")


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {"en"}))
def test_every_built_in_sentence_of_a_field_is_translated(app: Flask, locale: str) -> None:
    with (Path(messages_path()) / "wtforms.pot").open("rb") as file:
        sentences = [one.id for one in read_po(file) if one.id]
    assert len(sentences) > 20
    with app.test_request_context(), force_locale(locale):
        words = Rest(meta={"csrf": False}).meta.get_translations(None)
        for one in sentences:
            if isinstance(one, tuple):
                assert words.ngettext(*one, 1) != one[0]
                assert words.ngettext(*one, 2) != one[1]
            else:
                assert words.gettext(one) != one


def test_a_time_nobody_can_read_is_refused_in_german(app: Flask) -> None:
    with app.test_request_context(), force_locale("de"):
        form = Rest(MultiDict({"begins": "25:99"}), meta={"csrf": False})
        assert not form.validate()
        assert form.begins.errors == ["Das ist keine Uhrzeit."]
