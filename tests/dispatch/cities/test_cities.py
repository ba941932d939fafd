"""What a city file must say, and what happens to one that does not."""

import tomllib
from datetime import date

import phonenumbers
import pytest
from pydantic import ValidationError

from dispatch import cities
from dispatch.cities.city import City
from dispatch.cities.files import FOLDER
from dispatch.settings import Settings


def written(key: str, **changed: object) -> dict[str, object]:
    """What the file of a city says, with some of it changed."""
    return {"key": key} | tomllib.loads((FOLDER / f"{key}.toml").read_text()) | changed


def test_dortmund_and_athens_are_known() -> None:
    assert cities.known() == ["athens", "dortmund"]


@pytest.mark.parametrize("key", cities.known())
def test_every_city_can_be_chosen_and_has_a_number_to_call(key: str) -> None:
    city = cities.named(key)
    assert phonenumbers.is_valid_number(phonenumbers.parse(city.office.phone))
    assert city.key == key


def test_an_unknown_city_is_refused_at_the_start_and_the_known_ones_are_named() -> None:
    with pytest.raises(ValidationError, match="no city “koeln”; there is: athens, dortmund"):
        Settings(city="koeln")


def test_the_clock_comes_from_the_city() -> None:
    assert Settings(city="athens").city.zone_name == "Europe/Athens"


def test_holidays_are_those_of_the_place() -> None:
    corpus_christi, ohi_day = date(2027, 5, 27), date(2027, 10, 28)
    assert not cities.named("dortmund").is_working_day(corpus_christi)
    assert cities.named("dortmund").is_working_day(ohi_day)
    assert cities.named("athens").is_working_day(corpus_christi)
    assert not cities.named("athens").is_working_day(ohi_day)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("zone_name", "Europe/Dortmund", "there is no time zone Europe/Dortmund"),
        ("office_hours", ["mon-fri 8-16"], "write them like mon-fri 08:00-16:00"),
        ("office_hours", ["mon-fri 08:00-16:00", "fri 08:00-12:00"], "names fri again"),
        ("office_hours", ["fri-mon 08:00-16:00"], "are no hours"),
        ("answering_hours", ["mon 20:00-07:00"], "are no hours"),
        ("reference_prefix", "do", "reference_prefix"),
        ("holidays", {"country": "DE", "subdivision": "XX"}, "nobody knows the holidays"),
        ("office", {"name": "O", "phone": "123", "sms_sender": "O"}, "no telephone number of DE"),
        ("office", {"name": "O", "phone": "+493023125000", "sms_sender": "Dolmetschdienst"}, "sms"),
        ("imprint", {"name": "S", "address": "Weg 1"}, "imprint.contact"),
        ("imprint", {"name": "S", "address": "Weg 1", "contact": "ring us"}, "imprint.contact"),
        ("imprint", {"name": "S", "address": "W\n1", "contact": "a@b.example"}, "to be one line"),
        ("colour", "blue", "colour"),
    ],
)
def test_what_is_wrong_in_a_city_file_is_named(field: str, value: object, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        City.model_validate(written("dortmund", **{field: value}))


def test_a_partner_agency_is_called_for_the_languages_it_has() -> None:
    phone = "+493023125001"
    some, every = (
        {"name": "Some", "phone": phone, "languages": ["ar", "fa"]},
        {"name": "Every", "phone": phone},
    )
    city = City.model_validate(written("dortmund", agencies=[some, every]))
    assert [one.name for one in city.agencies_for("ar")] == ["Some", "Every"]
    assert [one.name for one in city.agencies_for("ro")] == ["Every"]
    with pytest.raises(ValidationError, match="123 is no telephone number of DE"):
        City.model_validate(written("dortmund", agencies=[some | {"phone": "123"}]))
