"""What fits into an SMS, and how what does not is shortened."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.messaging import texting


@dataclass(frozen=True)
class Facts:
    """What the text below is made of."""

    start: str = "10:00"
    language: str = "Rumänisch"
    district: str = "Hörde"
    place: str = "Rathaus"
    link: str = "https://dolmetschen.dortmund.de/o/0123456789abcdefghijkl"
    relay_with: str = ""


def german(facts: Facts) -> str:
    return (
        f"Angebot: Di 02.03. {facts.start}-11:00, {facts.language}, {facts.district}. "
        f"Antwort bis Mo 01.03. 16:30: {facts.link}"
    )


def relayed(facts: Facts) -> str:
    said = f", Relais mit {facts.relay_with}" if facts.relay_with else ""
    return german(replace(facts, language=f"{facts.language}{said}"))


def greek(facts: Facts) -> str:
    return f"Προσφορά: Τρι 02.03. {facts.start}, {facts.language}, {facts.district}: {facts.link}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("ä" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("ş" * 134, 2),
        ("ş" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, expected: int) -> None:
    assert texting.segments(text) == expected


@pytest.mark.parametrize(
    ("text", "fits"), [("Grüße für Hörde", True), ("10–11", False), ("Şahin", False)]
)
def test_one_foreign_character_leaves_the_small_alphabet(text: str, fits: bool) -> None:
    assert texting.is_gsm(text) is fits


def test_what_fits_is_left_alone() -> None:
    assert texting.write_short(german, Facts()) == german(Facts())


def test_typographic_signs_do_not_double_the_price() -> None:
    facts = Facts(district="Innenstadt – „Nord“\u00a0…")
    assert 'Innenstadt - "Nord" ...' in texting.write_short(german, facts)


def test_long_facts_lose_their_ends_language_first_and_the_link_never() -> None:
    facts = Facts(
        language="Kurdisch (Kurmandschi, Nordkurdisch)", district="Lütgendortmund-Holte-Kreta"
    )
    text = texting.write_short(german, facts)
    assert texting.segments(text) == 1
    assert facts.link in text
    assert "Kurdisch., " in text
    assert "Lütgendo" in text


@pytest.mark.parametrize(
    ("language", "length", "said"),
    [
        ("Englisch", 0, ", Englisch, Relais mit Rumänisch, Innenstadt-West. "),
        ("Englisch", 1, ", Englisch, Relais mit Rumänis., Innenstadt-West. "),
        ("Englisch", 8, ", Englisch, Relais mit Rumän., Innenstad.. "),
        ("Englisch", 16, ", Englisch, Innenstadt-West. "),
        ("Bulgarisch – Englisch", 20, ", Bulgarisch - Englisch, Innenstadt-West. "),
    ],
)
def test_a_relay_is_said_as_far_as_there_is_room(language: str, length: int, said: str) -> None:
    facts = Facts(language=language, relay_with="Rumänisch", district="Innenstadt-West", link="")
    room = 160 - len(relayed(facts)) + length
    text = texting.write_short(relayed, replace(facts, link="x" * room))
    assert said in text
    assert texting.fits(text)


def test_marks_on_letters_go_only_where_that_saves_a_whole_alphabet() -> None:
    long = Facts(district="Şişli-Çarşı, hinter dem Bahnhof am Markt")
    text = texting.write_short(german, long)
    assert texting.is_gsm(text)
    assert "Sisli-Ç" in text
    short = Facts(district="Şişli", link="https://d.de/o/1")
    assert "Şişli" in texting.write_short(lambda facts: f"{facts.district}: {facts.link}", short)


def test_greek_words_are_written_in_capitals_and_fit_one_segment() -> None:
    text = texting.write_short(greek, Facts(language="Κουρδικά (Κουρμαντζί)", district="Κυψέλη"))
    assert "KOYPΔIKA (KOYPMANTZI), KYΨEΛH" in text
    assert "https://dolmetschen.dortmund.de/o/0123456789abcdefghijkl" in text
    assert texting.is_gsm(text)
    assert texting.segments(text) == 1


def test_a_greek_name_in_a_german_text_leaves_the_rest_as_it_is() -> None:
    text = texting.write_short(german, Facts(district="Άνω Πατήσια"))
    assert "ANΩ ΠATHΣIA" in text
    assert texting.is_gsm(text)


def test_what_cannot_be_shortened_enough_stays_too_long() -> None:
    text = texting.write_short(german, Facts(link="https://example.org/" + "a" * 160))
    assert texting.segments(text) == 2


LETTERS = st.text(st.characters(max_codepoint=0xFFFF, categories=["L", "P", "Zs"]), max_size=200)


@given(language=LETTERS, district=LETTERS)
def test_no_text_is_longer_than_it_says(language: str, district: str) -> None:
    text = texting.write_short(german, Facts(language=language, district=district))
    assert texting.fits(text)


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (21, "Kurdisch (Kurmandsc.)"),
        (15, "Kurdisch (Kur.)"),
        (14, "Kurdisch."),
        (9, "Kurdisch."),
        (8, "Kurdisc."),
    ],
)
def test_a_bracket_that_is_cut_is_closed_or_left_out(length: int, expected: str) -> None:
    room = 160 - len(german(Facts(language="", link=""))) - length
    facts = Facts(language="Kurdisch (Kurmandschi)", link="x" * room)
    assert f", {expected}, " in texting.write_short(german, facts)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(30, "Oromo (West und M.) - Russisch"), (20, "Oromo. - Russisch"), (14, "Orom. - Russi.")],
)
def test_of_two_languages_something_of_each_is_left(length: int, expected: str) -> None:
    room = 160 - len(german(Facts(language="", link=""))) - length
    facts = Facts(language="Oromo (West und Mitte) – Russisch", link="x" * room)
    assert f", {expected}, " in texting.write_short(german, facts)


@given(st.integers(4, 28), st.integers(0, 20))
@settings(deadline=None)
def test_no_bracket_is_left_open_however_much_is_cut(length: int, before: int) -> None:
    language = "K" * before + "urdisch (Kurmandschi [Nord] (Türkei), Syrien), " + "x" * 40
    text = texting.write_short(german, Facts(language=language, place="y", link="z" * length * 3))
    assert text.count("(") == text.count(")")
    assert text.count("[") == text.count("]")
    assert texting.fits(text)
