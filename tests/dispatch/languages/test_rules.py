import unicodedata
from itertools import groupby

import pytest
from babel import Locale, UnknownLocaleError

from dispatch.errors import Refusal
from dispatch.languages.rules import (
    by_script,
    known,
    name_of,
    offered,
    require,
    tags_like,
    varieties,
)

NEVER_ALONE = ["ara", "kur", "fas", "pus", "rom", "sqi", "orm", "ful", "man", "zza"]
TO_ASK_FOR = [
    "apc",
    "acm",
    "arz",
    "ary",
    "aeb",
    "ayl",
    "apd",
    "arb",
    "kmr",
    "ckb",
    "sdh",
    "pes",
    "prs",
    "pbt",
    "pbu",
    "rmn",
    "rmy",
    "rmc",
    "aln",
    "als",
    "gaz",
    "fuf",
    "fuv",
    "mnk",
    "bam",
    "diq",
    "kiu",
]
NAMED_ON_PURPOSE = {"aeb", "aln", "arq", "ary", "arz", "ckb", "kiu", "rif", "sdh"}
LOCALES = ("de", "en", "el")


def test_42_languages_are_offered_and_german_sign_language_is_one_of_them():
    tags = {language.tag for language in offered()}
    assert len(tags) == 42
    assert "gsg" in tags


@pytest.mark.parametrize("code", NEVER_ALONE)
def test_a_macrolanguage_is_refused_with_the_varieties_to_choose_from(code):
    with pytest.raises(Refusal) as refused:
        require(code)
    assert refused.value.code == "macrolanguage"
    assert refused.value.field == "language"
    sentence = str(refused.value)
    group = next(v.macrolanguage for v in known() if f"({v.tag})" in sentence)
    assert group is not None
    assert all(f"({variety.tag})" in sentence for variety in varieties(group))


def test_the_sentence_about_a_macrolanguage_names_it_and_every_variety():
    with pytest.raises(Refusal) as refused:
        require("ku")
    assert str(refused.value) == (
        "“Kurdish” is a group of languages whose speakers may not understand each other; "
        "choose one of: Kurdish (Sorani) (ckb), Kurdish (Kurmanji) (kmr), Kurdish (Southern) (sdh)."
    )


@pytest.mark.parametrize("code", TO_ASK_FOR)
def test_every_variety_of_the_field_can_be_asked_for(code):
    assert require(code).iso == code


@pytest.mark.parametrize("code", ["ar", "fa", "sq", "ps", "ff", "om"])
def test_the_two_letter_tag_of_a_macrolanguage_is_refused_too(code):
    with pytest.raises(Refusal) as refused:
        require(code)
    assert refused.value.code == "macrolanguage"


@pytest.mark.parametrize("tag", ["", "klingon", "tlh", "de", "apc; drop table", "ار"])
def test_an_unknown_language_is_refused_with_field_and_remedy(tag):
    with pytest.raises(Refusal) as refused:
        require(tag)
    assert (refused.value.code, refused.value.field) == ("unknown-language", "language")
    assert "choose one" in str(refused.value)


def test_a_language_is_found_by_its_iso_code_and_in_any_case():
    assert require(" TUR ").tag == "tr"
    assert require("Kmr").tag == "kmr"


def test_names_follow_the_reader_and_fall_back_to_english():
    assert name_of("tr", "de") == "Türkisch"
    assert name_of("tr", "el") == "Τουρκικά"
    assert name_of("tr", "de_DE") == "Türkisch"
    assert name_of("tr", "fi") == "Turkish"


def test_a_tag_that_left_the_table_is_its_own_name():
    assert name_of("xx-old", "de") == "xx-old"


@pytest.mark.parametrize("language", known(), ids=lambda language: language.tag)
def test_names_are_those_of_cldr_where_it_knows_them_and_we_do_not_name_on_purpose(language):
    for locale in LOCALES:
        name = language.name(locale)
        cldr = Locale(locale).languages.get(language.tag)
        assert name
        if cldr is not None and language.tag not in NAMED_ON_PURPOSE:
            assert name == cldr


def test_no_two_languages_share_a_name():
    for locale in LOCALES:
        names = [language.name(locale) for language in known()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("tag", ["apc", "prs", "ckb", "ur", "aii", "pbu"])
def test_languages_written_from_right_to_left_say_so(tag):
    assert require(tag).rtl


@pytest.mark.parametrize("tag", ["tr", "kmr", "uk", "el"])
def test_languages_written_from_left_to_right_say_so(tag):
    assert not require(tag).rtl


def test_the_script_decides_the_direction():
    assert {language.script for language in known() if language.rtl} == {"Arab", "Syrc"}
    assert not {"Arab", "Syrc"} & {language.script for language in known() if not language.rtl}


SHAPED_ON_PURPOSE = {
    "als", "apc", "arb", "bm", "ckb", "gaz", "kmr", "pbu", "pes", "sdh",
}  # fmt: skip
"""What CLDR names for a whole country, or without saying which variety is meant."""


@pytest.mark.parametrize("language", known(), ids=lambda language: language.tag)
def test_own_names_are_those_of_cldr_where_it_has_them(language):
    try:
        cldr = Locale.parse(language.tag.replace("-", "_")).display_name
    except UnknownLocaleError:
        cldr = None
    assert language.own
    if cldr is not None and language.tag not in SHAPED_ON_PURPOSE:
        assert language.own.casefold() == cldr.casefold()


@pytest.mark.parametrize("language", known(), ids=lambda language: language.tag)
def test_own_names_are_written_in_the_language_s_script(language):
    scripts = {
        "Arab": "ARABIC", "Syrc": "SYRIAC", "Ethi": "ETHIOPIC", "Cyrl": "CYRILLIC",
        "Beng": "BENGALI", "Guru": "GURMUKHI", "Taml": "TAMIL", "Grek": "GREEK", "Hans": "CJK",
        "Latn": "LATIN",
        "Zxxx": "LATIN",
    }  # fmt: skip
    letters = [one for one in language.own if unicodedata.category(one).startswith("L")]
    assert all(unicodedata.name(one).startswith(scripts[language.script]) for one in letters)


def test_no_two_languages_share_an_own_name_and_all_stand_in_their_script():
    names = [language.own for language in known()]
    assert len(set(names)) == len(names)
    assert sorted(one.tag for one in by_script()) == sorted(one.tag for one in known())
    scripts = [script for script, _ in groupby(one.script for one in by_script())]
    assert len(scripts) == len(set(scripts))


def test_a_language_is_found_by_its_own_name():
    assert tags_like("türkçe") == ["tr"]
    assert "apc" in tags_like("العربية")
