from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from dispatch import cities
from dispatch.database import transaction
from dispatch.errors import Refusal, Several
from dispatch.ledger.models import Change
from dispatch.ledger.rules import SYSTEM
from dispatch.sites import queries, service
from dispatch.sites.kinds import kinds_meant
from dispatch.sites.models import Site
from dispatch.sites.rules import SiteKind, search_words

DORTMUND = cities.named("dortmund")
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
HEADING = "register_number,name,kind,address,district,latitude,longitude\n"
SCHOOL = "S-1,Nordmarktschule,school,Nordmarkt 18,Innenstadt-Nord,51.5257,7.4647\n"
CLINIC = "H-1,Klinikum Süd,hospital,Münsterstraße 240,Innenstadt-Nord,51.5301,7.4602\n"


@pytest.fixture
def bring(session, tmp_path):
    def bring(text, encoding="utf-8", **more):
        path = tmp_path / "sites.csv"
        path.write_bytes(text.encode(encoding))
        with transaction():
            return service.store(SYSTEM, service.read_file(path, city=DORTMUND, **more), now=NOW)

    return bring


def stored(session):
    return {site.register_number: site for site in session.scalars(sa.select(Site))}


def test_a_file_brings_its_sites_with_defaults(bring, session):
    assert bring(HEADING + SCHOOL + CLINIC) == service.Imported(added=2, changed=0)
    school, clinic = stored(session)["S-1"], stored(session)["H-1"]
    assert (school.time_zone, school.buffer_before_minutes) == ("Europe/Berlin", 5)
    assert school.is_public
    assert not clinic.is_public


def test_a_second_import_changes_what_differs_and_writes_down_which_fields(bring, session):
    bring(HEADING + SCHOOL + CLINIC)
    moved = SCHOOL.replace("Nordmarkt 18", "Nordmarkt 20")
    assert bring(HEADING + moved + CLINIC) == service.Imported(added=0, changed=1, unchanged=1)
    assert stored(session)["S-1"].address == "Nordmarkt 20"
    changes = session.scalars(sa.select(Change).where(Change.kind == "site.changed"))
    assert [entry.fields for entry in changes] == [["address", "search_text"]]


def test_semicolons_and_a_byte_order_mark_as_a_spreadsheet_writes_them_are_fine(bring, session):
    bring((HEADING + SCHOOL).replace(",", ";"), encoding="utf-8-sig")
    assert set(stored(session)) == {"S-1"}


def test_a_german_register_is_read(bring, session):
    heading = "Kennung;Bezeichnung;Art;Anschrift;Ortsteil;Geografische Breite;Geografische Länge\n"
    bring(heading + "H-1;Klinikum Süd;Krankenhaus;Münsterstraße 240;Nord;51,5301;7,4602\n")
    assert (stored(session)["H-1"].kind, stored(session)["H-1"].latitude) == ("hospital", 51.5301)


def test_every_wrong_cell_of_a_row_is_named(bring):
    with pytest.raises(Several) as refused:
        bring(HEADING + "S-2,,castle,,Nord,north,7.4\n")
    columns = [refusal.field for refusal in refused.value.refusals]
    assert sorted(map(str, columns)) == ["address", "kind", "latitude", "name"]


def test_every_bad_row_is_named_and_nothing_is_stored(bring, session):
    bad = (
        "S-2,,school,Nordmarkt 1,Innenstadt-Nord,51.5,7.4\n"
        "\n"
        "S-3,Schule,castle,Nordmarkt 1,Innenstadt-Nord,51.5,7.4\n"
        'S-4,Schule,school,Nordmarkt 1,Innenstadt-Nord,"51;5",7.4\n'
        "S-1,Schule,school,Nordmarkt 1,Innenstadt-Nord,51.5,7.4\n"
        "S-5,Schule,school,Nordmarkt 1,Innenstadt-Nord,51.5,nan\n"
    )
    with pytest.raises(Several) as refused:
        bring(HEADING + SCHOOL + bad)
    assert [str(refusal) for refusal in refused.value.refusals] == [
        "Row 3, name: the cell is empty; fill it in.",
        "Row 5, kind: “castle” is not known here; write one of: adult_education, citizen_office, "
        "community_centre, counselling, court, health_office, hospital, immigration_office, "
        "jobcenter, kita, library, lokal_willkommen, migrant_organisation, municipal_office, "
        "police, prison, school, senior_centre, shelter, social_welfare, town_hall, youth_centre.",
        "Row 6, latitude: “51;5” is not a number from -90 to 90; write it with a decimal point.",
        "Row 7, register_number: “S-1” stands in the file twice; remove one of the rows.",
        "Row 8, longitude: “nan” is not a number from -180 to 180; write it with a decimal point.",
    ]
    assert stored(session) == {}


def test_a_row_with_too_many_cells_is_named(bring):
    with pytest.raises(Several, match="8 cells") as refused:
        bring(HEADING + SCHOOL.replace("Nordmarkt 18", "Nordmarkt 18, Hinterhaus"))
    assert "Row 2" in str(refused.value)
    assert "quotation marks" in str(refused.value)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("time_zone", "Europe/Dortmund"),
        ("is_public", "perhaps"),
        ("buffer_before_minutes", "-5"),
        ("buffer_after_minutes", "1000"),
        ("access_notes", "ring\ttwice"),
        ("postcode", "4" * 2000),
    ],
)
def test_a_bad_cell_is_refused_with_its_field(bring, session, column, cell):
    with pytest.raises(Several) as refused:
        bring(HEADING.strip() + f",{column}\n" + SCHOOL.strip() + f",{cell}\n")
    assert [refusal.field for refusal in refused.value.refusals] == [column]
    assert stored(session) == {}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ((HEADING + CLINIC).encode() + b"\xfc", "wrong-encoding"),
        (HEADING.encode(), "no-rows"),
        (b"", "wrong-columns"),
        (b"register_number,name\nS-1,Schule\n", "wrong-columns"),
        ((HEADING.strip() + ",colour\n").encode(), "wrong-columns"),
        ((HEADING + 'S-1,"Schule,school\n').encode(), "not-csv"),
        (b"x" * 1_000_001, "file-too-large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(session, tmp_path, content, code):
    path = tmp_path / "sites.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        service.read_file(path, city=DORTMUND)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_file_that_is_not_there_is_refused(session, tmp_path):
    with pytest.raises(Refusal) as refused:
        service.read_file(tmp_path / "no.csv", city=DORTMUND)
    assert refused.value.code == "file-not-readable"


@pytest.mark.parametrize("typed", ["klinikum", "muenster", "Münsterstr. 240", "nord 240"])
def test_a_site_is_found_by_name_street_and_district(bring, typed):
    bring(HEADING + SCHOOL + CLINIC)
    assert [site.register_number for site in queries.search(typed, sa.true()).sites] == ["H-1"]


@pytest.mark.parametrize("typed", ["klinikun", "Münsterstrase 240", "klinkum nord", "munster str"])
def test_a_site_is_found_with_typing_errors(bring, typed):
    bring(HEADING + SCHOOL + CLINIC)
    assert queries.search(typed, sa.true()).sites[0].register_number == "H-1"


def test_a_site_is_found_by_its_postcode(bring):
    heading = HEADING.strip() + ",postcode\n"
    bring(heading + SCHOOL.strip() + ",44147\n" + CLINIC.strip() + ",44145\n")
    assert [site.register_number for site in queries.search("44145", sa.true()).sites] == ["H-1"]


def test_names_that_begin_with_the_word_come_first(bring):
    bring(
        HEADING
        + "1,Treff am Nordmarkt,youth_centre,Am Markt 1,Innenstadt-Nord,51.5,7.4\n"
        + "2,Alter Nordmarkt,library,Am Markt 2,Innenstadt-Nord,51.5,7.4\n"
        + "3,Kita,kita,Unternordmarkt 2,Innenstadt-Nord,51.5,7.4\n"
        + SCHOOL
    )
    found = [site.register_number for site in queries.search("nordmarkt", sa.true()).sites]
    assert found == ["S-1", "2", "1", "3"]


def test_no_more_are_returned_than_asked_for(bring):
    bring(HEADING + SCHOOL + CLINIC)
    assert len(queries.search("nord", sa.true(), limit=1).sites) == 1


TOWN = (
    HEADING.strip()
    + ",postcode\n"
    + "K-1,AWO Kiga Holzen,kita,Kreisstr. 1,Hörde,51.48,7.52,\n"
    + "K-2,Kita Regenbogen,kita,Hohe Straße 5,Hörde,51.48,7.52,44263\n"
    + "S-1,Phoenix-Gymnasium,school,Seekante 12,Hörde,51.48,7.52,44263\n"
    + "S-2,Brückenschule,school,Am Pl. 3,Lütgendortmund,51.5,7.34,\n"
    + "R-1,Bürgerdienste,citizen_office,Südwall 2,Innenstadt-West,51.51,7.46,44137\n"
    + "H-1,Hüttenhospital,hospital,Am Marksbach 28,Hörde,51.48,7.5,44269\n"
)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("kita", ["K-2", "K-1"]),
        ("Kindergarten", ["K-1", "K-2"]),
        ("kindergarden", ["K-1", "K-2"]),
        ("Kindertagesstätte Holzen", ["K-1"]),
        ("nursery", ["K-1", "K-2"]),
        ("παιδικός σταθμός", ["K-1", "K-2"]),
        ("schule", ["S-2", "S-1"]),
        ("Schule Hörde", ["S-1"]),
        ("school", ["S-2", "S-1"]),
        ("44263 schule", ["S-1"]),
        ("krankenhaus", ["H-1"]),
        ("Klinik", ["H-1"]),
        ("Standesamt", ["R-1"]),
    ],
)
def test_a_site_is_found_by_the_everyday_word_for_such_a_place(bring, typed, numbers):
    bring(TOWN)
    found = queries.search(typed, sa.true())
    assert [site.register_number for site in found.sites] == numbers
    assert found.count == len(numbers)


@pytest.mark.parametrize("typed", ["hohestr.", "hohe str 5", "Hohestraße", "Hohe Straße"])
def test_a_street_of_two_words_is_found_as_one(bring, typed):
    bring(TOWN)
    found = [site.register_number for site in queries.search(typed, sa.true()).sites]
    assert found == ["K-2"]


@pytest.mark.parametrize("typed", ["am platz 3", "am pl. 3", "Am Pl. 3"])
def test_an_abbreviated_square_is_written_out(bring, typed):
    bring(TOWN)
    assert queries.search(typed, sa.true()).sites[0].register_number == "S-2"


def test_a_number_that_no_such_site_has_is_left_out_and_said(bring):
    bring(TOWN)
    found = queries.search("44137 schule", sa.true())
    assert [site.register_number for site in found.sites] == ["S-2", "S-1"]
    assert found.without == ("44137",)


def test_how_many_there_are_is_known_although_few_are_shown(bring):
    bring(TOWN)
    found = queries.search("hörde", sa.true(), limit=2)
    assert (len(found.sites), found.count) == (2, 4)


@pytest.mark.parametrize(("typed", "by_name"), [("holzen kita", False), ("kiga holzen", True)])
def test_it_is_known_whether_a_name_or_only_the_kind_is_meant(bring, typed, by_name):
    bring(TOWN)
    found = queries.search(typed, sa.true())
    assert [site.register_number for site in found.sites] == ["K-1"]
    assert found.by_name is by_name


def test_what_a_file_may_call_a_kind_finds_it_as_well():
    for kind, words in service.KINDS.items():
        for word in words:
            assert all(kind in kinds_meant(part) for part in search_words(word)), word
    assert set(service.KINDS) < set(SiteKind)


@pytest.mark.parametrize("typed", ["", "%", "_", "\x00", "nirgendwo"])
def test_nothing_is_found_for_signs_and_unknown_words(bring, typed):
    bring(HEADING + SCHOOL)
    assert not queries.search(typed, sa.true()).sites


@pytest.mark.parametrize(
    ("point", "code"),
    [("7.4653,51.5137", "coordinates-swapped"), ("48.1372,11.5755", "far-away")],
)
def test_a_place_far_from_the_city_is_asked_about_and_not_stored(bring, session, point, code):
    with pytest.raises(Several) as refused:
        bring(HEADING + f"X-1,Schule,school,Musterweg 1,Hörde,{point}\n")
    assert [(one.code, one.field) for one in refused.value.refusals] == [(code, "latitude")]
    assert not stored(session)


def test_a_place_far_away_that_is_meant_is_taken(bring, session):
    bring(HEADING + "X-1,Schule,school,Musterweg 1,München,48.1372,11.5755\n", far_away=True)
    assert stored(session)["X-1"].latitude == 48.1372


BESIDE = "S-9,Seniorenbüro,counselling,Nordmarkt  18,Innenstadt-Nord,51.52585,7.4649\n"


def test_one_address_is_one_place_within_a_file(bring, session):
    bring(HEADING + SCHOOL + BESIDE)
    assert points(session) == {"S-1": (51.5257, 7.4647), "S-9": (51.5257, 7.4647)}


def test_one_address_is_one_place_for_what_was_there_before(bring, session):
    bring(HEADING + SCHOOL)
    bring(HEADING + BESIDE)
    assert points(session) == {"S-1": (51.52585, 7.4649), "S-9": (51.52585, 7.4649)}


def test_another_street_of_the_same_name_stays_where_it_is(bring, session):
    bring(HEADING + SCHOOL + BESIDE.replace("51.52585", "51.57"))
    assert points(session)["S-9"] == (51.57, 7.4649)


def points(session):
    return {number: (site.latitude, site.longitude) for number, site in stored(session).items()}
