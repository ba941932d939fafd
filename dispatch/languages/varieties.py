"""Which related variety may do instead of one, where a city has decided and those asking agree."""

from collections.abc import Sequence

from dispatch.cities.city import Substitution
from dispatch.languages.rules import name_of
from dispatch.settings import active


def instead_of(tag: str) -> tuple[str, ...]:
    """Return the tags of what may do instead of a language, what is meant first in front."""
    return tuple(one.instead for one in _of(tag))


def label(tag: str, instead: str, locale: str) -> str:
    """Return what is to be known of the one instead of the other, in the locale or in English."""
    for one in _of(tag):
        if one.instead == instead:
            return one.labels.get(locale[:2]) or one.labels["en"]
    return ""


def each_named(locale: str) -> list[str]:
    """Return for every pair of the city what may do instead of what, in its names."""
    return [
        f"{name_of(one.instead, locale)} → {name_of(one.asked, locale)}"
        for one in active().city.substitutions
    ]


def _of(tag: str) -> Sequence[Substitution]:
    return [one for one in active().city.substitutions if one.asked == tag]


def languages_for(tag: str, *, accepts_varieties: bool) -> tuple[str, ...]:
    """Return the tags that will do for a language, itself in front; the others by consent alone."""
    return (tag, *instead_of(tag)) if accepts_varieties else (tag,)


def name_instead(spoken: str, asked: str, locale: str) -> str:
    """Return the name of what was asked for where somebody speaks another; nothing if the same."""
    return name_of(asked, locale) if spoken != asked else ""
