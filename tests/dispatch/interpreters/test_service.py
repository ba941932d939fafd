from datetime import UTC, date, datetime, time

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dispatch import cities
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.availability.models import Absence
from dispatch.database import transaction
from dispatch.errors import Several
from dispatch.interpreters import queries, service
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Qualification
from dispatch.ledger.rules import SYSTEM
from tests import factories

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
GOOD = {
    "email": "Amal.Muster@beispiel.example",
    "first_name": "Amal",
    "last_name": "Muster",
    "phone": "01522 8817 386",
    "home_postcode": "44147",
    "home_latitude": "51.5198",
    "home_longitude": "7.4378",
    "travel_mode": "bicycle",
    "employment": "freelance",
    "fee_per_hour": "42.50",
    "languages": "apc:5 fr:3",
    "qualifications": "volunteer:2020-05-01/ sprint:2024-01-01/2027-12-31",
    "weekly_hours": "mon:08:00-12:00 tue:13:00-00:00",
    "gender": "female",
    "locale": "de",
}


@pytest.fixture
def bring(session, tmp_path):
    def bring(*people):
        path = tmp_path / "interpreters.csv"
        lines = [",".join(GOOD), *(",".join((GOOD | person).values()) for person in people)]
        path.write_text("\n".join(lines), encoding="utf-8")
        people = service.read_file(path, city=cities.named("dortmund"))  # type: ignore[assignment]
        with transaction():
            return service.add(SYSTEM, people, now=NOW)

    return bring


def test_a_row_becomes_an_interpreter_with_an_account(bring, session):
    assert bring({}).count == 1
    [amal] = queries.active_with_languages()
    assert (amal.name, amal.phone, amal.fee_cents_per_hour) == (
        "Amal Muster",
        "+4915228817386",
        4250,
    )
    assert (amal.account.email, amal.account.role) == (
        "amal.muster@beispiel.example",
        "interpreter",
    )
    assert [(spoken.tag, spoken.level) for spoken in amal.working_languages] == [
        ("apc", 5),
        ("fr", 3),
    ]
    assert [(h.weekday, h.start, h.end) for h in amal.availability.weekly_hours] == [
        (0, time(8), time(12)),
        (1, time(13), time(0)),
    ]
    assert queries.of_account(amal.account_id) is amal


def test_availability_and_qualification_are_asked_of_the_stored_person(bring, session):
    bring({})
    [amal] = queries.active_with_languages()
    with transaction():
        absent = datetime(2027, 3, 1, 9, tzinfo=UTC), datetime(2027, 3, 1, 20, tzinfo=UTC)
        session.add(
            Absence(availability_id=amal.availability_id, starts_at=absent[0], ends_at=absent[1])
        )
    session.expire_all()
    [amal] = queries.active_with_languages()
    assert queries.availability(amal, date(2027, 3, 1), "Europe/Berlin") == [
        (datetime(2027, 3, 1, 7, tzinfo=UTC), datetime(2027, 3, 1, 9, tzinfo=UTC))
    ]
    assert queries.holds(amal, Qualification.SPRINT, date(2027, 12, 31))
    assert not queries.holds(amal, Qualification.SPRINT, date(2028, 1, 1))


def test_an_absence_of_no_length_is_refused(bring, session):
    bring({})
    [amal] = queries.active_with_languages()
    noon = datetime(2027, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(IntegrityError), transaction():
        session.add(Absence(availability_id=amal.availability_id, starts_at=noon, ends_at=noon))


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("mon:18:00-24:00", [(0, time(18), time(0))]),
        ("sun:22:00-06:00", [(6, time(22), time(6))]),
        ("fri:20:00-10:00", [(4, time(20), time(10))]),
    ],
)
def test_who_works_at_night_may_write_it_so(bring, written, hours):
    bring({"weekly_hours": written})
    [amal] = queries.active_with_languages()
    assert [(one.weekday, one.start, one.end) for one in amal.availability.weekly_hours] == hours


def test_somebody_who_left_the_pool_is_not_asked(bring, session):
    bring({})
    with transaction():
        session.scalars(sa.select(Interpreter)).one().active = False
    assert queries.active_with_languages() == []


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("email", "nobody"),
        ("first_name", ""),
        ("phone", "call me"),
        ("phone", "1"),
        ("home_latitude", "north"),
        ("home_latitude", "7.46"),
        ("travel_mode", "horse"),
        ("employment", "king"),
        ("fee_per_hour", "-1"),
        ("fee_per_hour", "4250000"),
        ("fee_per_hour", "501"),
        ("languages", "apc"),
        ("languages", "apc:9"),
        ("languages", "ar:5"),
        ("languages", "tlh:5"),
        ("qualifications", "sprint"),
        ("qualifications", "wizard:2024-01-01/"),
        ("qualifications", "sprint:yesterday/"),
        ("weekly_hours", "mon"),
        ("weekly_hours", "xyz:08:00-12:00"),
        ("weekly_hours", "mon:12:00-08:00"),
        ("weekly_hours", "mon:25:00-26:00"),
        ("gender", "blue"),
        ("locale", "xx"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_bad_cell_is_refused_with_row_and_field_and_nothing_is_stored(
    bring, session, field, cell
):
    with pytest.raises(Several) as refused:
        bring({}, {"email": "second@beispiel.example"} | {field: cell})
    [refusal] = refused.value.refusals
    assert refusal.field == field
    assert str(refusal).startswith(f"Row 3, {field}: ")
    assert session.scalars(sa.select(Account)).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_wrong_cell_of_a_person_is_named_and_every_wrong_word_of_a_cell(bring, session):
    wrong = {"phone": "1", "gender": "blue", "languages": "apc:9 tlh:5 tr:4", "employment": "king"}
    with pytest.raises(Several) as refused:
        bring(wrong)
    columns = [refusal.field for refusal in refused.value.refusals]
    assert sorted(map(str, columns)) == ["employment", "gender", "languages", "languages", "phone"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_person_in_german_words(bring, session):
    german = {"travel_mode": "Bus und Bahn", "employment": "freiberuflich", "gender": "w"}
    bring(german | {"fee_per_hour": "42", "weekly_hours": "Mo:08:00-12:00"})
    [amal] = queries.active_with_languages()
    assert (amal.travel_mode, amal.employment, amal.gender, amal.fee_cents_per_hour) == (
        "public_transport",
        "freelance",
        "female",
        4200,
    )


def test_the_same_address_twice_in_a_file_is_refused(bring, session):
    with pytest.raises(Several) as refused:
        bring({}, {})
    assert [refusal.code for refusal in refused.value.refusals] == ["email-twice"]


def test_of_a_file_brought_again_those_in_the_pool_are_named_and_the_others_taken(bring, session):
    bring({})
    added = bring({}, {"email": "second@beispiel.example"})
    assert added.count == 1
    assert len(added.there) == 1
    assert added.there[0].startswith("Row 2: ")
    assert added.there[0].endswith(" is in the pool already.")
    assert len(session.scalars(sa.select(Account)).all()) == 2


def test_an_address_of_somebody_who_is_no_interpreter_is_refused(bring, session):
    with transaction():
        factories.account(Role.COORDINATOR).email = GOOD["email"].lower()
    with pytest.raises(Several) as refused:
        bring({})
    assert [refusal.code for refusal in refused.value.refusals] == ["email-taken"]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("علی\u200cرضا", "محمدی", "علی\u200cرضا محمدی"),
        ("Nigar", "", "Nigar"),
        ("\u202bسارا\u202c", "Zoe\u0308", "سارا Zoë"),
        ("🎉 Kim", "O’Neil", "🎉 Kim O’Neil"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_people_have_the_names_they_have(bring, session, first, last, name):
    bring({"first_name": first, "last_name": last})
    [person] = queries.active_with_languages()
    assert (person.name, person.account.name) == (name, name)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_language_nobody_speaks_is_refused_with_those_that_are_spoken(bring, session):
    with pytest.raises(Several) as refused:
        bring({"locale": "fr"})
    assert str(refused.value) == "Row 2, locale: “fr” is not known here; write one of: de, en."


@pytest.mark.parametrize(
    ("field", "cell", "sentence"),
    [
        ("phone", "4915228817386", "If so, write +4915228817386."),
        ("phone", "15228817386", "If so, write +4915228817386."),
        ("phone", "0231 123456 (privat)", "has letters in it; write digits only"),
        ("phone", "01522 8817386 App. 12", "has letters in it; write digits only"),
        ("phone", "01522 8817386 ext. 12", "has an extension; give a mobile number without"),
        ("phone", "030 23125000", "cannot receive text messages; give a mobile number"),
        ("email", "amal@@beispiel.example", "is not one e-mail address; write one like"),
        ("email", "ämal@beispiel.example", "letters that not every mail server can send to"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_reaches_nobody_or_somebody_else_is_refused_at_its_cell(
    bring, session, field, cell, sentence
):
    with pytest.raises(Several) as refused:
        bring({field: cell})
    assert str(refused.value).startswith(f"Row 2, {field}: ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_address_with_umlauts_in_its_domain_is_kept_as_it_can_be_sent(bring, session):
    bring({"email": "Leyla@Dolmetschbüro.example"})
    [leyla] = queries.active_with_languages()
    assert leyla.account.email == "leyla@xn--dolmetschbro-mlb.example"
    assert accounts.find("leyla@dolmetschbüro.example") is leyla.account
