"""How much of a place an interpreter reads, in every state, on every page that can be opened."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from dispatch import clock
from dispatch.amendments import service as amendments
from dispatch.amendments.foreseeing import details_of
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.attendance import service as attendance
from dispatch.attendance.rules import NO_TIMES
from dispatch.cancellations import service as cancellations
from dispatch.database import db, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.offers.models import Offer
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PLACE = {
    "site": "CANARY-SITE",
    "address": "CANARY-ADDRESS",
    "access notes": "CANARY-ACCESS",
    "contact": "CANARY-CONTACT",
    "room": "CANARY-ROOM",
    "note": "CANARY-NOTE",
}
NEVER = ("CANARY-CASE", "CANARY-COST")
DISTRICT = "CANARY-DISTRICT"
REASONS = Reasons(office="CANARY-REASON", told="moved")


def _asked(offer: Offer) -> None:
    assert offer.state == "made"


def _declined(offer: Offer) -> None:
    offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)


def _expired(offer: Offer) -> None:
    offers.expire(offer.id, now=offer.answer_by)


def _withdrawn(offer: Offer) -> None:
    offers.withdraw(SYSTEM, offer.id, now=NOW)


def _confirmed(offer: Offer) -> None:
    offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)


def _asked_again_for_another_time(offer: Offer) -> None:
    offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    asked = details_of(offer.interpretation_request)
    later = replace(asked, wall_start=asked.wall_start + timedelta(hours=4))
    amendments.amend(SYSTEM, offer.interpretation_request_id, later, now=NOW)


def _asked_again_for_another_house(offer: Offer) -> None:
    offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    asked = offer.interpretation_request
    other = factories.site("CANARY-NEW-SITE", is_public=False)
    other.address = other.access_notes = "CANARY-NEW"
    db.session.flush()
    wanted = replace(details_of(asked), site_id=other.id, room="CANARY-NEW", note="CANARY-NEW")
    amendments.amend(SYSTEM, asked.id, replace(wanted, contact="CANARY-NEW"), now=NOW)


def _did_not_come(offer: Offer) -> None:
    assignment = offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    at = offer.starts_at + timedelta(minutes=20)
    attendance.say(SYSTEM, assignment.id, AssignmentState.NO_SHOW_INTERPRETER, NO_TIMES, now=at)


def _released(offer: Offer) -> None:
    assignment = offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    cancellations.release(SYSTEM, assignment.id, reasons=REASONS, now=NOW)


def _cancelled(offer: Offer) -> None:
    offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    cancellations.cancel_request(SYSTEM, offer.interpretation_request_id, reasons=REASONS, now=NOW)


def _over(offer: Offer) -> None:
    offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    clock.freeze(offer.ends_at)


def _completed(offer: Offer) -> None:
    assignment = offers.accept(SYSTEM, offer.id, via=Via.LINK, now=NOW)
    assignments.complete_unreported(assignment.id, now=offer.ends_at + timedelta(days=3))


@dataclass(frozen=True)
class Seen:
    """What the interpreter's pages say: those that can be opened, put together."""

    text: str

    @property
    def of_the_place(self) -> set[str]:
        """Return which facts of the place stand anywhere."""
        return {fact for fact, canary in PLACE.items() if canary in self.text}


@pytest.mark.parametrize(
    ("becomes", "place", "district"),
    [
        (_asked, set(), True),
        (_declined, set(), False),
        (_expired, set(), False),
        (_withdrawn, set(), False),
        (_confirmed, set(PLACE), True),
        (_asked_again_for_another_time, set(PLACE), True),
        (_asked_again_for_another_house, {"site", "address", "access notes"}, True),
        (_did_not_come, set(), False),
        (_released, set(), False),
        (_cancelled, set(), False),
        (_over, set(), False),
        (_completed, set(), False),
    ],
)
def test_a_place_is_read_only_by_whoever_goes_there(
    app: Flask,
    frozen_clock: FrozenClock,
    becomes: Callable[[Offer], None],
    place: set[str],
    district: bool,
) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        offer, account = _offer_to(mira.id), mira.account
    with app.app_context(), transaction():
        link = _link()
        becomes(db.session.get_one(Offer, offer.id))
    seen = Seen("\n".join(_pages(app, sign_in(app, account), link)))
    assert seen.of_the_place == place
    assert (DISTRICT in seen.text) is district
    assert "Romanian" in seen.text
    assert not [c for c in (*NEVER, "CANARY-REASON", "CANARY-NEW") if c in seen.text]


def test_whoever_was_asked_before_does_not_read_the_page_of_who_comes(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira, nour = factories.interpreter(), factories.interpreter(name="Nour")
        offer = _offer_to(mira.id)
        offers.decline(SYSTEM, offer.id, via=Via.LINK, now=NOW)
        assignment, account = factories.coming(offer.interpretation_request, nour), mira.account
    browser = sign_in(app, account)
    for path in (
        f"/assignments/{assignment.id}",
        f"/requests/{offer.interpretation_request_id}",
        "/day/2027-03-02",
    ):
        answer = browser.get(path)
        assert answer.status_code in {403, 404}
        assert "CANARY" not in answer.text


def test_those_who_ask_read_no_last_name_and_no_number_of_an_interpreter(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        mira, nour = factories.interpreter(), factories.interpreter(name="Nour")
        mira.last_name, nour.last_name = "CANARY-MIRA", "CANARY-NOUR"
        mira.account.name = nour.account.name = "CANARY-ACCOUNT"
        caseworker = factories.account(of=factories.organisation())
        asked = factories.asked(by=caseworker, interpreters=2)
        factories.coming(asked, mira)
        offers.make(SYSTEM, asked.id, nour.id, now=NOW)
    browser = sign_in(app, caseworker)
    page = browser.get(f"/requests/{asked.id}").text
    assert "Mira" in page
    for text in (page, browser.get("/").text, browser.get("/requests").text):
        assert "CANARY" not in text
        assert mira.phone not in text


def _offer_to(interpreter_id: int) -> Offer:
    site = factories.site(PLACE["site"], is_public=False)
    site.address, site.access_notes = PLACE["address"], PLACE["access notes"]
    site.district = DISTRICT
    asked = factories.asked(
        at=site,
        contact=PLACE["contact"],
        room=PLACE["room"],
        note=PLACE["note"],
        case_reference=NEVER[0],
        cost_centre=NEVER[1],
    )
    return offers.make(SYSTEM, asked.id, interpreter_id, now=NOW)


def _link() -> str:
    """Return the address that was sent; what is settled keeps none."""
    found = re.search(r"/o/[\w-]+", " ".join(db.session.scalars(sa.select(Message.body))))
    assert found
    return found.group()


def _pages(app: Flask, browser: FlaskClient, link: str) -> list[str]:
    """Open everything an interpreter can: lists, the start, the link, each assignment."""
    with app.app_context():
        ids = db.session.scalars(sa.select(Assignment.id)).all()
    paths = ["/", "/offers", "/assignments", link, *(f"/assignments/{id_}" for id_ in ids)]
    answers = [browser.get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    return [answer.text for answer in answers]


def test_who_comes_in_a_team_reads_so_on_the_page_as_in_the_offer(app: Flask) -> None:
    with app.app_context(), transaction():
        mira = factories.interpreter()
        comes, account = factories.coming(factories.asked(interpreters=3), mira), mira.account
    page = sign_in(app, account).get(f"/assignments/{comes.id}").text
    assert "In turn with 2 people still being looked for." in page


@pytest.mark.usefixtures("frozen_clock")
def test_who_comes_in_a_team_reads_who_else_does_wherever_the_assignment_stands(app: Flask) -> None:
    with app.app_context(), transaction():
        team = factories.asked(interpreters=3)
        comes, account = factories.coming(team, mira := factories.interpreter()), mira.account
        factories.coming(team, factories.interpreter(name="Filip"))
    browser = sign_in(app, account)
    for path in ("/", "/next-days", f"/assignments/{comes.id}"):
        page = browser.get(path).text
        assert "In turn with Filip and 1 person still being looked for." in page
        assert "Filip Beispiel" not in page, path
    with app.app_context(), transaction():
        first, second = db.session.scalars(
            sa.select(Message)
            .where(Message.name == "assignment_confirmed", Message.channel == "email")
            .order_by(Message.id)
        )
        assert "In turn with 2 people still being looked for." in first.body
        assert "In turn with Mira and 1 person still being looked for." in second.body
        cancellations.cancel_request(SYSTEM, team.id, reasons=REASONS, now=NOW)
    assert "In turn with" not in browser.get(f"/assignments/{comes.id}").text
