"""Which languages a person has read our texts for clients in; in others nothing is written.

A text nobody here can read may say something else. Another language is added with its translation
and with who has read it.
"""

from collections.abc import Mapping

CHECKED_BY: Mapping[str, str] = {
    "de": "the project",
    "en": "the project",
    "el": "the project",
}
"""By locale, who has read the texts."""


def locale_for(tag: str) -> str | None:
    """Return the locale of the checked texts for a language, None where nobody has checked any."""
    locale = tag.partition("-")[0]
    return locale if locale in CHECKED_BY else None
