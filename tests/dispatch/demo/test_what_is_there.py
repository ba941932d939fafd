from collections import Counter

import sqlalchemy as sa

from dispatch import clock
from dispatch.absences.models import AbsenceJob
from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.assignments.models import Assignment
from dispatch.cancellations.models import CancellationDecision
from dispatch.database import db
from dispatch.demo import sources
from dispatch.interpreters.models import Interpreter, WorkingLanguage
from dispatch.languages.rules import offered
from dispatch.messaging.models import Message
from dispatch.offers.models import Offer, OfferRound
from dispatch.organisations.models import Organisation
from dispatch.planning.proposals import service as planning
from dispatch.planning.proposals.models import Proposal
from dispatch.requests import queries as requests
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import Setting
from dispatch.series.models import Series, SeriesDate
from dispatch.series.queries import dates_of, standing
from dispatch.sites.models import Site

BERLIN = "Europe/Berlin"


def every(model):
    return db.session.scalars(sa.select(model)).all()


def test_at_least_120_real_sites_lie_in_all_12_districts(demo_data):
    districts = Counter(site.district for site in every(Site))
    assert districts.total() >= 120
    assert len(districts) == 12
    assert min(districts.values()) >= 5


def test_twelve_organisations_have_caseworkers_and_every_role_has_somebody(demo_data):
    caseworkers = Counter(
        account.organisation_id for account in every(Account) if account.role == Role.CASEWORKER
    )
    assert len(every(Organisation)) == 12
    assert set(caseworkers) == {organisation.id for organisation in every(Organisation)}
    assert {account.role for account in every(Account)} == set(Role)


def test_ninety_interpreters_speak_the_42_languages_that_are_offered(demo_data):
    assert len(every(Interpreter)) == 90
    assert {spoken.tag for spoken in every(WorkingLanguage)} == {spoken.tag for spoken in offered()}


def test_the_languages_most_asked_for_have_the_most_speakers(demo_data):
    speakers = Counter(spoken.tag for spoken in every(WorkingLanguage))
    common, rare = list(sources.language_shares())[:8], list(sources.language_shares())[-16:-8]
    assert sum(speakers[tag] for tag in common) > 3 * sum(speakers[tag] for tag in rare)


def test_sixty_requests_of_all_settings_are_there_for_the_day(demo_data):
    asked = requests.on_day(demo_data.day, BERLIN)
    assert len(asked) == 60
    assert {each.setting for each in asked} == set(Setting)
    assert {each.interpreter_count for each in asked} >= {1, 2}
    assert any(each.gender_required for each in asked)
    assert any(each.qualification_required for each in asked)
    assert len({each.site.district for each in asked}) >= 10


def test_everybody_invented_can_be_told_from_real_people(demo_data):
    assert all(account.email.endswith(".example") for account in every(Account))
    assert all(account.name.split()[-1] in sources.surnames() for account in every(Account))
    assert all(person.phone.startswith("+49176040690") for person in every(Interpreter))
    assert len({person.phone for person in every(Interpreter)}) == 90


def test_nobody_lives_at_an_address(demo_data):
    centres = {(code, *point) for code, point in sources.postcodes()}
    for person in every(Interpreter):
        home = (person.home_postcode, person.home_latitude, person.home_longitude)
        assert home in centres


def test_the_plan_of_the_day_is_proven_and_leaves_some_open(demo_data):
    plan = planning.plan_of(db.session.scalars(sa.select(Proposal)).one())
    assert plan.status == "OPTIMAL"
    assert 50 <= plan.filled <= 57
    assert plan.asked == 60
    assert f"{plan.filled} of 60 requests filled" in demo_data.output


def test_the_day_shows_who_comes_who_is_asked_and_who_said_no(demo_data):
    first, after = clock.day_bounds(demo_data.day, BERLIN)
    offers = db.session.scalars(
        sa.select(Offer).where(Offer.starts_at >= first, Offer.starts_at < after)
    ).all()
    answers = Counter(offer.state for offer in offers)
    assert answers["accepted"] >= 20
    assert answers["made"] >= 10
    assert answers["declined"] >= 1
    assert {message.state for message in every(Message)} <= {"queued", "settled"}


def test_somebody_is_paid_for_a_late_cancellation_and_a_change_waits_for_an_answer(demo_data):
    # whoever is swapped for one week of the series hears it in time, and nothing is owed
    (decision,) = [one for one in every(CancellationDecision) if one.stands]
    assert decision.minutes > 0
    assert decision.amount > 0
    assert decision.assignment.interpretation_request.reference in demo_data.output
    states = Counter(one.state for one in every(Assignment))
    assert states["to_reconfirm"] == 1


def test_an_absence_waits_to_be_resolved_something_is_urgent_and_something_to_be_looked_at(
    demo_data,
):
    assert [one for one in every(AbsenceJob) if one.settled_at is None]
    [urgent] = [one for one in every(InterpretationRequest) if one.is_urgent]
    [waits] = [one for one in every(InterpretationRequest) if one.needs_review]
    assert (urgent.state, waits.state) == ("open", "in_review")
    assert urgent.reference in demo_data.output
    assert waits.reference in demo_data.output


def test_a_cascade_a_broadcast_and_a_round_of_interest_are_under_way(demo_data):
    under_way = {one.strategy: one.id for one in every(OfferRound) if one.state == "open"}
    asked = {
        how: Counter(one.state for one in every(Offer) if one.round_id == under_way[how])
        for how in ("cascade", "broadcast", "interest")
    }
    assert asked["cascade"] == {"declined": 1, "made": 1}
    assert asked["broadcast"]["made"] >= 2
    assert asked["interest"]["interested"] == 2
    assert any(one.comment for one in every(Offer) if one.state == "interested")


def test_some_of_the_day_s_cases_are_known_to_somebody_and_the_plan_heeds_that(demo_data):
    proposal = db.session.scalars(sa.select(Proposal)).one()
    known = {
        asked.id: condition.interpreters
        for asked in planning.problem_of(proposal).requests
        for condition in asked.conditions
        if condition.kind == "continuity"
    }
    assert len(known) >= 10
    routes = planning.plan_of(proposal).routes
    sent = [(route.interpreter, stop.request) for route in routes for stop in route.stops]
    assert any(who in known.get(request, ()) for who, request in sent)


def test_three_months_lie_behind_and_two_weeks_ahead_are_asked_for(demo_data):
    states = Counter(asked.state for asked in every(InterpretationRequest))
    of_series = {one.interpretation_request_id for one in every(SeriesDate)}
    days = {
        asked.wall_start[:10] for asked in every(InterpretationRequest) if asked.id not in of_series
    }
    assert states["completed"] > 400
    assert states["cancelled"] > 20
    assert states["unfilled"] > 20
    assert min(days) == "2026-11-30"
    assert max(days) == "2027-03-16"


def test_every_file_of_data_has_its_source_and_licence_beside_it():
    read_me = (sources.DATA / "README.md").read_text(encoding="utf-8")
    for path in sources.DATA.rglob("*.*"):
        name = path.relative_to(sources.DATA).as_posix()
        assert f"`{name}`" in read_me or name == "README.md"


def test_what_comes_from_openstreetmap_stays_in_a_file_of_its_own():
    files = sorted((sources.DATA / "dortmund").glob("sites_*.csv"))
    city, openstreetmap = (path.read_text(encoding="utf-8") for path in files)
    assert "OpenStreetMap" not in city
    lines = openstreetmap.splitlines()[1:]
    assert all(line.endswith("© OpenStreetMap contributors (ODbL 1.0)") for line in lines)


def test_a_series_has_somebody_who_comes_as_a_rule_and_once_somebody_else(demo_data):
    [series] = every(Series)
    come = Counter(
        one.coming[0].interpreter_id for one in standing(dates_of(series.id)) if one.coming
    )
    [(regular, often), (_other, once)] = come.most_common(2)
    assert often > 5
    assert once == 1
    assert {one.regular_interpreter_id for one in series.dates} == {regular}
