import pytest

from dispatch.sites.rules import TELLING, SiteKind, search_words, searchable


@pytest.mark.parametrize(
    "typed",
    [
        "Hörder Bahnhofstraße",
        "hoerder bahnhofstrasse",
        "HORDER BAHNHOFSTR.",
        "Bahnhofstra",
        "hörd bahnh 16",
    ],
)
def test_a_street_is_found_however_it_is_typed(typed):
    found = searchable("Seniorenbüro Hörde", "Hörder Bahnhofstr. 16")
    assert all(word in found for word in search_words(typed))


@pytest.mark.parametrize("typed", ["Hombruch", "bahnhofstrasse 17"])
def test_another_street_is_not_found(typed):
    found = searchable("Seniorenbüro Hörde", "Hörder Bahnhofstr. 16")
    assert not all(word in found for word in search_words(typed))


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "\x00", "'; --", "…"])
def test_signs_alone_are_no_words_to_search_for(typed):
    assert search_words(typed) == []


def test_accents_of_other_languages_do_not_count():
    assert searchable("Café Αθήνα") == "cafe αθηνα"


def test_a_very_long_text_is_searched_by_its_beginning():
    assert search_words("straße " * 10_000) == ["strasse"] * 8


def test_places_that_tell_something_about_the_client_are_not_named_in_messages():
    assert {SiteKind.SHELTER, SiteKind.HOSPITAL, SiteKind.COUNSELLING} <= TELLING
    assert SiteKind.SCHOOL not in TELLING
