"""People write a language as they can."""

import pytest

from dispatch.languages.finding import _names, languages_like
from dispatch.languages.rules import known


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rum", "ro"), ("Rumänisch", "ro"), ("rumanisch", "ro"), ("romana", "ro"),
        ("Română", "ro"), ("moldauisch", "ro"), ("türk", "tr"), ("turkce", "tr"), ("TR", "tr"),
        ("українська", "uk"), ("ukrainian", "uk"), ("Ρουμανικά", "ro"), ("العربية (العراق)", "acm"),
        ("syrisch", "apc"), ("tigrinia", "ti"), ("eritrea", "ti"), ("Bulgrisch", "bg"),
        ("polnich", "pl"), ("kurmanci", "kmr"), ("Kurmandji", "kmr"), ("farsi", "pes"),
        ("dari", "prs"), ("Gebärdensprache", "gsg"), ("vietnamesich", "vi"), ("中文", "zh"),
        ("albanesich", "aln"), ("romany", "rmn"),
    ],
)  # fmt: skip
def test_the_language_that_is_meant_comes_first(typed: str, first: str) -> None:
    assert languages_like(typed, "de")[0].tag == first


def test_a_group_brings_its_varieties() -> None:
    assert {one.tag for one in languages_like("kurdisch", "de")} == {"kmr", "ckb", "sdh"}
    assert {one.macrolanguage for one in languages_like("arabisch", "de")} == {"ar"}
    assert {one.tag for one in languages_like("romani", "de")} >= {"rmc", "rmn", "rmy"}


def test_who_speaks_several_is_shown_them_all() -> None:
    assert {one.tag for one in languages_like("afghanisch", "de")} == {"prs", "pbt", "pbu"}


@pytest.mark.parametrize(
    "typed",
    [
        *("twi", "kantonesisch", "mongolisch", "armenisch", "georgisch", "japanisch"),
        *("koreanisch", "dänisch", "uigurisch", "indonesisch", "turkmenisch", "malaiisch"),
        *("birmanisch", "dinka", "Cantonese", "korean", "japanes", "kantonesich", "Γεωργιανά"),
    ],
)
def test_a_language_nobody_interprets_here_finds_none_that_only_looks_alike(typed: str) -> None:
    assert languages_like(typed, "de") == []


@pytest.mark.parametrize("typed", ["", "  ", "!?", "xqzw", "deutsch bitte jetzt sofort", "e" * 500])
def test_what_is_no_language_finds_none(typed: str) -> None:
    assert languages_like(typed, "de") == []


def test_offered_languages_come_before_those_nobody_speaks() -> None:
    found = [one.offered for one in languages_like("arab", "de")]
    assert found == sorted(found, reverse=True)


def test_every_other_name_belongs_to_a_language() -> None:
    assert set(_names()) == {one.tag for one in known()}
