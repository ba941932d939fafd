"""Names as people write them: joiners stay, what nobody sees goes, one line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import texts
from dispatch.errors import Refusal


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("श्री\u200dमान", "श्री\u200dमान"),
        ("\u202bسارا\u202c\u200f", "سارا"),
        ("Zoe\u0308", "Zoë"),
        ("\ufeffAnna\u00ad\u200b", "Anna"),
        ("Anna\u00a0Maria", "Anna Maria"),
        ("  Nigar ", "Nigar"),
        ("👩\u200d🏫 Kim 🎉", "👩\u200d🏫 Kim 🎉"),
        ("𐍃𐌿𐌽𐌾𐌰", "𐍃𐌿𐌽𐌾𐌰"),
        ("O’Neil-Ōta", "O’Neil-Ōta"),
    ],
)
def test_a_name_is_kept_as_it_is_written(typed: str, kept: str) -> None:
    assert texts.name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Anna\nBcc: x", "holds a line break; write it on one line"),
        ("Anna\r\nB", "holds a line break; write it on one line"),
        ("A\u2028B", "holds a line break; write it on one line"),
        ("A\tB", "that cannot be seen (U+0009); leave it out"),
        ("A\x00B", "that cannot be seen (U+0000); leave it out"),
        ("A\ud800", "that cannot be seen (U+D800); leave it out"),
    ],
)
def test_line_breaks_and_controls_are_refused(typed: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        texts.name(typed)
    assert refused.value.code == "text-not-one-line"
    assert said in str(refused.value)


@pytest.mark.parametrize("typed", ["", "  ", "\u200c\u200d", "\u202e", "\ufeff"])
def test_a_name_nobody_sees_is_none(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        texts.name(typed)
    assert refused.value.code == "name-missing"


def test_what_is_too_long_is_refused_with_the_limit_and_never_cut() -> None:
    with pytest.raises(Refusal) as refused:
        texts.name("x" * 121)
    assert str(refused.value) == "The text has 121 characters and may have 120; shorten it."


@given(st.text(max_size=60))
def test_what_is_kept_stays_the_same_when_it_is_kept_again(typed: str) -> None:
    try:
        kept = texts.line(typed, most=200)
    except Refusal:
        return
    assert texts.line(kept, most=1000) == kept
    assert unicodedata.is_normalized("NFC", kept)


@pytest.mark.parametrize(
    "text",
    [
        "Der Termin entfällt.",
        "Verlegt, z.B. auf Mai",
        "Dr. Kim ist krank",
        "علی\u200cرضا",
        "9.30 Uhr",
    ],
)
def test_a_few_words_may_be_told(text: str) -> None:
    texts.require_tellable(text, most=200, field="reason_told")


@pytest.mark.parametrize(
    "text",
    [
        "see https://evil.example/x",
        "HTTP://evil",
        "www.evil.test",
        "write kim@evil.test",
        "evil-bank.com has it",
        "moved\nBcc: x",
        "moved \u202etxt",
        "x" * 201,
    ],
)
def test_what_would_lead_elsewhere_or_hide_something_is_not_told(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        texts.require_tellable(text, most=200, field="reason_told")
    assert refused.value.field == "reason_told"
