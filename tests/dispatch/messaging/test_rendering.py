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


def test_what_a_fact_says_is_text_and_not_a_template() -> None:
    sly = replace(Facts(), city="{{ link }}")
    assert render("sign_in_link", "subject", "en", sly) == "Sign in to Dragoman {{ link }}"
