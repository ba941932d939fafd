"""Somebody falls out: the day is looked at again by itself, and a person decides."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from dispatch.absences import service as absences
from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.assignments import service as assignments
from dispatch.assignments.models import Assignment
from dispatch.assignments.rules import AssignmentState
from dispatch.attendance import service as attendance
from dispatch.cancellations import service as cancellations
from dispatch.cancellations import withdrawing
from dispatch.database import db, get, transaction
from dispatch.ledger.rules import SYSTEM, Reasons
from dispatch.messaging.models import Message
from dispatch.offers import service as offers
from dispatch.planning.advice import assigning, candidates
from dispatch.planning.proposals import repairing, rules, service
from dispatch.planning.proposals.models import Proposal
from dispatch.planning.rounds import service as rounds
from dispatch.planning.runs import child
from dispatch.requests.models import InterpretationRequest
from solver import Plan, Problem
from tests import factories
from tests.browsing import sign_in
from tests.factories import NOW, TOMORROW_TEN, hours_later
from tests.planning_days import TUESDAY

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
ILL = Reasons(office="ill")
SUBURB = (51.5541, 7.4710)
DAY = TOMORROW_TEN.date().isoformat()


def cannot_come(assignment_id: int) -> None:
    with transaction():
        withdrawing.cannot_come(SYSTEM, assignment_id, reasons=ILL, now=NOW)


def looked_again() -> list[repairing.Repair]:
    repairing.look_again(DAY, now=NOW)
    db.session.expire_all()
    return repairing.standing(NOW)


def sent() -> int:
    return db.session.scalar(sa.select(sa.func.count(Message.id))) or 0


def test_who_is_free_is_proposed_and_nobody_is_asked_before_a_person_decides() -> None:
    with transaction():
        asked, never_asked = factories.asked(), factories.asked(interpreters=1)
        ada = factories.interpreter(name="Ada")
        ben = factories.interpreter(name="Ben")
        ill = factories.coming(asked, ada)
    cannot_come(ill.id)
    before = sent()
    [repair] = looked_again()
    assert (repair.fills, repair.moves) == (1, 0)
    items = rules.items_of(service.plan_of(repair.proposal))
    assert [(one.request_id, one.interpreter_id) for one in items] == [(asked.id, ben.id)]
    assert never_asked.id not in {one.request_id for one in items}, "the day is not planned anew"
    assert sent() == before


def test_a_repair_stands_no_longer_once_several_are_asked_at_once() -> None:
    with transaction():
        asked, ada = factories.asked(), factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
        ill = factories.coming(asked, ada)
    cannot_come(ill.id)
    assert len(looked_again()) == 1
    with transaction():
        rounds.broadcast(SYSTEM, asked.id, now=NOW)
    assert repairing.standing(NOW) == []


def test_the_page_of_a_repair_says_what_of_the_day_it_leaves_aside(app: Flask) -> None:
    with transaction():
        asked, coordinator = factories.asked(), factories.account(Role.COORDINATOR)
        factories.asked(start=hours_later(TOMORROW_TEN, 3))
        factories.interpreter(name="Ben")
        ill = factories.coming(asked, factories.interpreter(name="Ada"))
    browser = sign_in(app, coordinator)
    cannot_come(ill.id)
    [repair] = looked_again()
    page = browser.get(f"/proposals/{repair.proposal.id}").text
    assert "Ersatz für" in page
    assert "1 von diesen 1 Anfragen besetzt" in page
    assert "1 andere Anfrage dieses Tages ist offen und gehört nicht dazu." in page


def test_a_repair_moves_one_confirmed_person_and_says_so() -> None:
    """Only Nour speaks Turkish; she is confirmed for Romanian, which Mira could do."""
    with transaction():
        tarik = factories.interpreter("tr", name="Tarik")
        nour = factories.interpreter("ro", "tr", name="Nour")
        mira = factories.interpreter("ro", name="Mira")
        romanian, turkish = factories.asked("ro"), factories.asked("tr")
        stays = factories.coming(romanian, nour)
        ill = factories.coming(turkish, tarik)
    cannot_come(ill.id)
    [repair] = looked_again()
    assert (repair.fills, repair.moves) == (1, 1)
    assert stays.state == "confirmed", "nothing is done before a person adopts it"
    with transaction():
        service.adopt(SYSTEM, repair.proposal.id, None, zone_name=TUESDAY.zone_name, now=NOW)
    assert [one for one in assignments.live(romanian) if one.interpreter_id == nour.id] == []
    assert repairing.standing(NOW) == []
    assert mira.id in {pair[1] for pair in repair.proposal.adopted_pairs}


def test_of_a_burst_one_proposal_stands_for_the_day() -> None:
    with transaction():
        ada = factories.interpreter(name="Ada")
        for name in ("Ben", "Cem"):
            factories.interpreter(name=name)
        first, second = (
            factories.asked(start=TOMORROW_TEN + timedelta(hours=hours)) for hours in (0, 3)
        )
        ill = [factories.coming(one, ada).id for one in (first, second)]
    for one in ill:
        cannot_come(one)
        [repair] = looked_again()
    assert repair.fills == 2
    states = sorted(str(one) for one in db.session.scalars(sa.select(Proposal.repair)))
    assert states == ["over", "stands"]


def test_a_slow_look_keeps_nothing_where_a_later_one_has_found_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction():
        asked = factories.asked()
        factories.interpreter(name="Ben")
        ill = factories.coming(asked, factories.interpreter(name="Ada"))
    cannot_come(ill.id)
    solve = child.solve
    seen: list[int] = []

    def slow(problem: Problem, look: child.Look, *, time_limit_s: float) -> Plan:
        """Let another worker look at the day, begin to end, while this one computes."""
        seen.append(len(problem.interpreters))
        if len(seen) == 1:
            with transaction():
                factories.interpreter(name="Cem", home=SUBURB)
            repairing.look_again(DAY, now=NOW)
        return solve(problem, look, time_limit_s=time_limit_s)

    monkeypatch.setattr(child, "solve", slow)
    [repair] = looked_again()
    assert len(service.problem_of(repair.proposal).interpreters) == seen[0] + 1, "the later look"
    assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == 1


def test_what_no_longer_holds_vanishes() -> None:
    with transaction():
        asked = factories.asked()
        ada, ben = factories.interpreter(name="Ada"), factories.interpreter(name="Ben")
        ill = factories.coming(asked, ada)
    cannot_come(ill.id)
    assert len(looked_again()) == 1
    with transaction():
        offers.make(SYSTEM, asked.id, ben.id, now=NOW)
    assert repairing.standing(NOW) == []


def test_a_cancelled_request_needs_no_repair() -> None:
    with transaction():
        asked = factories.asked()
        ada = factories.interpreter(name="Ada")
        factories.interpreter(name="Ben")
        ill = factories.coming(asked, ada)
    cannot_come(ill.id)
    assert len(looked_again()) == 1
    with transaction():
        reasons = Reasons(office="off", told="off")
        cancellations.cancel_request(SYSTEM, asked.id, reasons=reasons, now=NOW)
    assert repairing.standing(NOW) == []
    assert looked_again() == []


def running_over() -> tuple[Assignment, Assignment]:
    """Mira's talk at ten still runs ten minutes before her next one across town."""
    with transaction():
        mira = factories.interpreter(name="Mira")
        there = factories.site("Vorort", point=SUBURB)
        start = TOMORROW_TEN + timedelta(minutes=105)
        first = factories.coming(factories.asked(), mira)
        then = factories.coming(factories.asked(at=there, start=start), mira)
        factories.interpreter(name="Other", home=SUBURB)
    with transaction():
        attendance.say(SYSTEM, first.id, AssignmentState.RUNNING, now=first.starts_at)
    return first, then


def test_an_overrun_that_breaks_the_next_job_is_mended_by_a_proposal_and_a_person() -> None:
    first, then = running_over()
    now = then.starts_at - timedelta(minutes=10)
    assert repairing.days_to_look_at(first.ends_at) == []
    assert repairing.days_to_look_at(now) == [DAY]
    before = sent()
    repairing.look_again(DAY, now=now)
    [repair] = repairing.standing(now)
    assert (repair.fills, repair.moves) == (1, 0)
    assert sent() == before
    assert repairing.days_to_look_at(now) == [], "once it stands it is not looked for again"
    with transaction():
        adopted = service.adopt(
            SYSTEM, repair.proposal.id, None, zone_name=TUESDAY.zone_name, now=now
        )
    assert [one.interpreter.first_name for one in adopted.offers] == ["Other"]
    assert get(Assignment, then.id).state == "released"
    assert get(Assignment, first.id).state == "running"


def test_whoever_is_in_time_again_needs_no_repair() -> None:
    first, then = running_over()
    now = then.starts_at - timedelta(minutes=10)
    repairing.look_again(DAY, now=now)
    with transaction():
        attendance.say(SYSTEM, first.id, AssignmentState.COMPLETED, now=now)
    assert repairing.standing(now) == []


def test_nobody_whom_the_office_released_is_proposed_again_but_a_person_may_ask_them() -> None:
    with transaction():
        asked, ada = factories.asked(), factories.interpreter(name="Ada")
        gone = factories.coming(asked, ada)
    with transaction():
        cancellations.release(SYSTEM, gone.id, reasons=ILL, now=NOW)
    assert looked_again() == []
    open_again = get(InterpretationRequest, asked.id)
    assert candidates.able(open_again, now=NOW) == {}
    assert assigning.require_able_now(open_again, ada.id, now=NOW)


def test_sick_at_half_past_six_with_three_jobs_is_one_proposal_for_the_day() -> None:
    with transaction():
        ada = factories.interpreter(name="Ada")
        for name in ("Ben", "Cem"):
            factories.interpreter(name=name)
        ill = [
            factories.coming(factories.asked(start=TOMORROW_TEN + timedelta(hours=hours)), ada)
            for hours in (0, 2, 4)
        ]
    early = ill[0].starts_at - timedelta(hours=3.5)
    with transaction():
        absences.save(
            ada.account.actor,
            ada.id,
            (early, ill[-1].ends_at),
            {one.id: Resolution.REPLACE for one in ill},
            now=early,
        )
    before = sent()
    repairing.look_again(DAY, now=early)
    [repair] = repairing.standing(early)
    assert repair.fills == 3
    assert sent() == before
    with transaction():
        adopted = service.adopt(
            SYSTEM, repair.proposal.id, None, zone_name=TUESDAY.zone_name, now=early
        )
    assert {one.interpreter.first_name for one in adopted.offers} <= {"Ben", "Cem"}
    assert len(adopted.offers) == 3
