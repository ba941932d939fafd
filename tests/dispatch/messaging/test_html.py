"""The HTML part of a mail says what its text says, and nothing but what we wrote is in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.messaging.html import page_of
from tests.approving import leads_to, says, words

TEXTS = st.text(st.sampled_from("ab ä<>&\"'.\n​שׁ") | st.characters(codec="utf-8"))
"""Letters that mean something in HTML, and all others."""


@given(TEXTS)
def test_it_says_exactly_what_the_text_says(text: str) -> None:
    readable = "".join(sign if sign.isprintable() or sign == "\n" else "" for sign in text)
    assert says(page_of(readable, title="", locale="de")) == words(readable)


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("Hier: https://dolmetschen.dortmund.de/o/x_-1", "https://dolmetschen.dortmund.de/o/x_-1"),
        ("Siehe https://a.example/b?c=1&d=%20.", "https://a.example/b?c=1&d=%20"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("http://127.0.0.1:8000/requests/1, bitte", "http://127.0.0.1:8000/requests/1"),
    ],
)
def test_an_address_can_be_pressed_without_the_signs_behind_it(line: str, link: str) -> None:
    assert leads_to(page_of(line, title="", locale="de")) == [link]


def test_what_somebody_typed_is_text_and_nothing_to_press_or_to_fetch() -> None:
    page = page_of(
        '<img src="https://a.example/x"><a href="javascript:x">', title="</title><b>", locale="el"
    )
    assert leads_to(page) == ["https://a.example/x"]  # a link that one can see, not an image
    assert not re.search(r"<(img|b|script)\b|href=.javascript", page)


def test_it_names_its_language_and_the_side_it_is_read_from() -> None:
    assert '<html lang="el" dir="ltr">' in page_of("Γεια", title="", locale="el")
    assert '<html lang="ar" dir="rtl">' in page_of("مرحبا", title="", locale="ar")
