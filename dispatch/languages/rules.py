"""The languages there are: tags, names, direction, and what must be asked more precisely."""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal

TABLES = Path(__file__).parent
FALLBACK_LOCALE = "en"
EXAMPLES = ("apc", "tr")
TO = ">"
"""Between two languages of which neither is German, as `gaz>en` is stored and planned."""
NAMES_OF_GERMAN = {"de": "Deutsch", "en": "German", "el": "Γερμανικά"}
NOT_LISTED = "und"
"""Stored where the language is still to be settled (ISO 639-2: undetermined)."""
NAMES_OF_NOT_LISTED = {
    "de": "Sprache noch zu klären",
    "en": "language to be settled",
    "el": "γλώσσα υπό διευκρίνιση",
}
NAMES_IN_WORDS = {
    "de": "{words}, noch zu klären",
    "en": "{words}, to be settled",
    "el": "{words}, υπό διευκρίνιση",
}
T = TypeVar("T", "Language", "Macrolanguage")


@dataclass(frozen=True)
class Language:
    """A language, a variety of one, or a sign language; German is always the other side.

    `tag` is the BCP 47 tag that is stored, `iso` its ISO 639-3 code. `macrolanguage` names the
    group it belongs to, if asking for the group would be too vague. `offered` languages are listed
    in the form; the others can be asked for by their tag and are found outside the pool. `own` is
    what those who speak it call it, in its own script.
    """

    tag: str
    iso: str
    names: dict[str, str]
    own: str
    rtl: bool
    script: str
    macrolanguage: str | None
    offered: bool

    def name(self, locale: str) -> str:
        """Return the language's name in German, English or Greek (otherwise English)."""
        return _in_locale(self.names, locale)


@dataclass(frozen=True)
class Macrolanguage:
    """A group of languages whose speakers need not understand each other (ISO 639-3)."""

    tag: str
    iso: str
    names: dict[str, str]

    def name(self, locale: str) -> str:
        """Return the group's name in German, English or Greek (otherwise English)."""
        return _in_locale(self.names, locale)


def known() -> tuple[Language, ...]:
    """Return every language that can be asked for, by tag."""
    return tuple(_languages().values())


def known_by_tag(tag: str | None) -> Language | None:
    """Return the language stored under this tag, if there is one."""
    return _languages().get(tag or "")


def offered() -> tuple[Language, ...]:
    """Return the languages that the form lists, by tag."""
    return tuple(language for language in known() if language.offered)


def macrolanguages() -> tuple[Macrolanguage, ...]:
    """Return the groups instead of which a variety is asked for, by tag."""
    return tuple(_macrolanguages().values())


def by_script() -> tuple[Language, ...]:
    """Return every language, those of one script together, by own name: as people look for theirs.

    Scripts with most languages come first, what is signed and not written (`Zxxx`) last.
    """
    many = Counter(language.script for language in known())
    return tuple(
        sorted(
            known(),
            key=lambda language: (
                language.script == "Zxxx",
                -many[language.script],
                language.script,
                language.own.casefold(),
            ),
        )
    )


def varieties(macrolanguage: str) -> tuple[Language, ...]:
    """Return what to choose from instead of a macrolanguage's tag, by tag."""
    return tuple(language for language in known() if language.macrolanguage == macrolanguage)


def require(tag: str) -> Language:
    """Return the language for a BCP 47 tag or an ISO 639-3 code, whatever its case.

    Raises `Refusal` with code `macrolanguage` where a variety has to be named, and with
    `unknown-language` for everything else that is not in the table.
    """
    wanted = tag.strip().lower()
    group = _by_code(_macrolanguages()).get(wanted)
    if group is not None:
        raise Refusal(
            "macrolanguage",
            _l(
                "“%(name)s” is a group of languages whose speakers may not understand each other; "
                "choose one of: %(varieties)s.",
                name=LazyString(lambda: group.name(_locale())),
                varieties=LazyString(lambda: _listed(varieties(group.tag))),
            ),
            field="language",
        )
    language = _by_code(_languages()).get(wanted)
    if language is None:
        raise Refusal(
            "unknown-language",
            _l(
                "There is no language “%(tag)s” in the list; choose one from it, such as: "
                "%(suggestions)s.",
                tag=tag[:40],
                suggestions=LazyString(lambda: _listed(_suggested(wanted))),
            ),
            field="language",
        )
    return language


def name_of(tag: str, locale: str) -> str:
    """Return the name of a stored tag; a tag that left the table is its own name."""
    if tag == NOT_LISTED:
        return _in_locale(NAMES_OF_NOT_LISTED, locale)
    if TO in tag:
        return sides(tag, locale)
    language = _languages().get(tag)
    return language.name(locale) if language else tag


def name_in_words(words: str, locale: str) -> str:
    """Return how a language is called that is only known by what somebody calls it."""
    return _in_locale(NAMES_IN_WORDS, locale).format(words=words)


def pair(language: str, pivot: str) -> str:
    """Return as it is stored in what somebody works who interprets between these two."""
    return f"{language}{TO}{pivot}"


def sides(tag: str, locale: str) -> str:
    """Return between which two languages somebody interprets who works in this, by name."""
    own, _to, other = tag.partition(TO)
    side = name_of(other, locale) if other else name_of_german(locale)
    return f"{name_of(own, locale)} – {side}"


def name_of_german(locale: str) -> str:
    """Return the name of the language that is the other side unless another is said."""
    return _in_locale(NAMES_OF_GERMAN, locale)


def tags_like(text: str) -> list[str]:
    """Return the tags of all languages whose name in any locale, tag or code holds the text."""
    wanted = text.strip().casefold()
    return [
        language.tag
        for language in known()
        if wanted in {language.tag.casefold(), language.iso}
        or (
            len(wanted) > 1
            and any(wanted in name.casefold() for name in (language.own, *language.names.values()))
        )
    ]


def _in_locale(names: dict[str, str], locale: str) -> str:
    return names.get(locale[:2], names[FALLBACK_LOCALE])


def _locale() -> str:
    return str(get_locale() or FALLBACK_LOCALE)


def _listed(languages: tuple[Language, ...]) -> str:
    return ", ".join(f"{language.name(_locale())} ({language.tag})" for language in languages)


def _suggested(wanted: str) -> tuple[Language, ...]:
    """Return the languages whose tag or name is most like what was wanted."""
    by_word = {
        word.lower(): language
        for language in known()
        for word in (language.tag, language.iso, *language.names.values())
    }
    close = get_close_matches(wanted[:40], by_word, n=6, cutoff=0.6)
    chosen = {by_word[word].tag: by_word[word] for word in close} or {
        tag: _languages()[tag] for tag in EXAMPLES
    }
    return tuple(chosen.values())[:3]


def _by_code(table: Mapping[str, T]) -> dict[str, T]:
    return {code: entry for entry in table.values() for code in (entry.iso, entry.tag)}


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (TABLES / file_name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _names(row: dict[str, str]) -> dict[str, str]:
    return {locale: row[f"name_{locale}"] for locale in ("de", "en", "el")}


@cache
def _languages() -> dict[str, Language]:
    return {
        row["tag"]: Language(
            tag=row["tag"],
            iso=row["iso639_3"],
            names=_names(row),
            own=row["name_own"],
            rtl=row["rtl"] == "1",
            script=row["script"],
            macrolanguage=row["macrolanguage"] or None,
            offered=row["offered"] == "1",
        )
        for row in _rows("languages.csv")
    }


@cache
def _macrolanguages() -> dict[str, Macrolanguage]:
    return {
        row["tag"]: Macrolanguage(row["tag"], row["iso639_3"], _names(row))
        for row in _rows("macrolanguages.csv")
    }
