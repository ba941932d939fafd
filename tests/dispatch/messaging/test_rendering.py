"""A text with a hole in it is never sent."""

from dataclasses import dataclass, replace

import pytest

from dispatch.messaging.rendering import TemplateFault, render
from tests.dispatch.messaging.outbox import Facts


@dataclass(frozen=True)
class WithoutLink:
    """Everything but the link."""

    city: str = "Dortmund"


def test_a_fact_nobody_gave_is_refused_by_name() -> None:
    with pytest.raises(TemplateFault, match=r"sign_in_link/body\.de\.txt.*'link' is undefined"):
        render("sign_in_link", "body", "de", WithoutLink())


def test_a_fact_without_a_value_is_refused() -> None:
    hole = replace(Facts(), link=None)  # type: ignore[arg-type]
    with pytest.raises(TemplateFault, match="no value"):
        render("sign_in_link", "body", "de", hole)


def test_a_message_nobody_wrote_is_refused_by_name() -> None:
    with pytest.raises(TemplateFault, match=r"greeting/body\.en\.txt"):
        render("greeting", "body", "en", Facts())


def test_a_language_without_a_text_of_its_own_is_written_in_german() -> None:
    assert render("sign_in_link", "subject", "fr", Facts()) == "Anmelden bei Dragoman Dortmund"


def test_a_name_from_right_to_left_is_kept_apart_from_the_text_around_it() -> None:
    """Else a number or a sign behind it is read as part of it (Unicode, UAX 9)."""
    from_right = replace(Facts(), city="דורטמונד")
    assert render("sign_in_link", "subject", "en", from_right) == (
        "Sign in to Dragoman \u2068דורטמונד\u2069"
    )
    leads_there = replace(Facts(), link="https://example.org/דורטמונד")
    assert "\u2068" not in render("sign_in_link", "body", "en", leads_there)


def test_an_sms_has_no_room_for_signs_that_keep_names_apart() -> None:
    from_right = replace(Facts(), district="דורטמונד")
    text = render("assignment_reminder", "sms", "de", from_right)
    assert "דורטמונד" in text
    assert not {"\u2068", "\u2069"} & set(text)


def test_what_a_fact_says_is_text_and_not_a_template() -> None:
    sly = replace(Facts(), city="{{ link }}")
    assert render("sign_in_link", "subject", "en", sly) == "Sign in to Dragoman {{ link }}"
