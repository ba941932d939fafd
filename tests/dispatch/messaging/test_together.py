"""What is only good to know leaves in one mail where an hour brings much; nothing else does."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from dispatch.contacts.choosing import GOOD_TO_KNOW
from dispatch.contacts.hearing import TABLE, Way
from dispatch.database import transaction
from dispatch.messaging import returned, service
from dispatch.messaging.rules import Channel, MessageState
from dispatch.messaging.together import MOST_IN_A_MAIL
from dispatch.requests.messages import ReceiptFacts
from dispatch.settings import Settings
from tests.approving import differing, parse, readable
from tests.correspondence import foretell_secrets
from tests.dispatch.messaging.outbox import OF_THE_ENTRY, SECRET, queued, row
from tests.dispatch.messaging.peers import MailServer, listening
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LATER = NOW + timedelta(hours=1, seconds=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    server = MailServer()
    with listening(server):
        yield server


@pytest.fixture
def settings(settings: Settings, server: MailServer) -> Settings:
    return settings.model_copy(update={"smtp_url": f"smtp://127.0.0.1:{server.port}"})


def good_to_know(number: int, most: int = 1, *, until: datetime | None = None) -> list[int]:
    return [queued(about=f"request:{one}", most_an_hour=most, until=until) for one in range(number)]


def deliver(ids: list[int], at: datetime) -> list[float | None]:
    return [service.deliver(one, at) for one in ids]


def states(ids: list[int]) -> list[str]:
    return [row(one).state for one in ids]


def subjects(server: MailServer) -> list[str]:
    return [str(mail["Subject"]) for mail in map(parse, server.mails)]


ALONE = "Anmelden bei Dragoman Dortmund"


def test_three_leave_by_themselves_and_what_comes_then_leaves_in_one(server: MailServer) -> None:
    ids = good_to_know(6, most=3)
    assert deliver(ids, NOW) == [None, None, None, 3601, 3602, 3602]
    assert states(ids) == ["sent"] * 3 + ["queued"] * 3
    assert row(ids[-1]).error_code == "waits-for-others"
    assert deliver(ids[3:], LATER) == [None] * 3
    assert subjects(server) == [ALONE] * 3 + ["3 Nachrichten für Sie"]
    assert states(ids) == ["sent"] * 6
    assert {(row(one).sent_at, row(one).provider_reference) for one in ids[3:]} == {
        (LATER, "taken as 42")
    }
    text = parse(server.mails[-1]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [f"\n{number}. {ALONE}" in text for number in (1, 2, 3, 4)] == [True] * 3 + [False]
    assert text.count(SECRET) == 3
    assert [row(one).body.count(SECRET) for one in ids] == [0] * 6


def test_what_is_too_much_for_one_mail_leaves_with_the_next(server: MailServer) -> None:
    ids = good_to_know(2 + MOST_IN_A_MAIL, most=2)
    deliver(ids, NOW)
    assert deliver(ids[2:], LATER) == [None] * MOST_IN_A_MAIL
    more = good_to_know(2 + 2 * MOST_IN_A_MAIL, most=2)
    at = LATER + timedelta(hours=2)
    deliver(more, at)
    deliver(more[2:], at + timedelta(hours=1, seconds=1))
    assert states(more) == ["sent"] * len(more)
    full = f"{MOST_IN_A_MAIL} Nachrichten für Sie"
    assert subjects(server) == [ALONE, ALONE, full, ALONE, ALONE, full, full]


def test_what_no_longer_stands_when_it_leaves_is_not_in_it(server: MailServer) -> None:
    ids = good_to_know(4)
    deliver(ids, NOW)
    with transaction():
        assert service.take_back("request:2", now=NOW) == frozenset()
    assert deliver(ids[1:], LATER) == [None] * 3
    assert subjects(server) == [ALONE, "2 Nachrichten für Sie"]
    assert states(ids) == ["sent", "sent", "settled", "sent"]


@on_sqlite
def test_what_has_an_end_before_that_and_what_is_of_another_kind_leaves_at_once(
    server: MailServer,
) -> None:
    soon = NOW + timedelta(minutes=30)
    assert deliver([*good_to_know(2, until=soon), queued(), queued()], NOW) == [None] * 4
    assert subjects(server) == [ALONE] * 4


def test_what_may_not_wait_lets_go_what_waits_before_it_about_the_same(server: MailServer) -> None:
    first, waiting = good_to_know(2)
    deliver([first, waiting], NOW)
    urgent = queued(about="request:1", urgent=True)
    assert service.deliver(urgent, NOW) == 5
    assert deliver([waiting, urgent], NOW) == [None, None]
    assert subjects(server) == [ALONE] * 3


@on_sqlite
def test_a_calendar_mail_is_never_held_and_what_stands_behind_one_does_not_overtake_it(
    server: MailServer,
) -> None:
    ids = good_to_know(3)
    deliver(ids[:2], NOW)
    entry = queued(about="request:9", calendar="REQUEST")
    with transaction():
        row(ids[2]).about = "request:9"
    behind = queued(about="request:9", most_an_hour=1)
    deliver([ids[2], behind], NOW)
    assert service.deliver(ids[1], LATER) is None
    assert states([ids[2], entry, behind]) == ["sent", "queued", "queued"]
    assert service.deliver(entry, LATER) is None
    assert row(entry).sender == OF_THE_ENTRY
    assert subjects(server)[1] == "2 Nachrichten für Sie"


@pytest.mark.parametrize(
    ("answer", "state"), [("451 later", MessageState.QUEUED), ("550 no", MessageState.FAILED)]
)
def test_they_share_what_becomes_of_the_one_mail(
    server: MailServer, answer: str, state: MessageState
) -> None:
    ids = good_to_know(3)
    deliver(ids, NOW)
    server.answers["."] = answer
    pause = service.deliver(ids[1], LATER)
    assert states(ids[1:]) == [state, state]
    del server.answers["."]
    if pause is None:
        return
    assert (service.deliver(ids[2], LATER) or 0) > pause  # it waits for the one it goes with
    assert deliver(ids[1:], LATER + timedelta(seconds=pause)) == [None, None]
    assert subjects(server) == [ALONE, "2 Nachrichten für Sie", "2 Nachrichten für Sie"]
    assert states(ids) == ["sent"] * 3


def test_what_a_dead_worker_left_is_handed_over_again_as_far_as_it_stands(
    server: MailServer,
) -> None:
    ids = good_to_know(4)
    deliver(ids, NOW)
    with transaction():
        for one in ids[1:]:
            row(one).state, row(one).sent_with = MessageState.SENDING, ids[1]
        row(ids[1]).sent_with = None
        assert service.take_back("request:3", now=NOW) == {Channel.EMAIL}
    assert service.deliver(ids[2], LATER) == 5
    assert service.deliver(ids[1], LATER) is None
    assert subjects(server) == [ALONE, "2 Nachrichten für Sie"]
    assert states(ids) == ["sent", "sent", "sent", "settled"]
    assert [row(one).perhaps_repeated for one in ids[1:3]] == [True, True]


@on_sqlite
def test_a_mail_that_came_back_came_back_for_all_that_were_in_it(server: MailServer) -> None:
    ids = good_to_know(3)
    deliver(ids, NOW)
    deliver(ids[1:], LATER)
    with transaction():
        returned.came_back(ids[1], is_dead=False, words="mailbox full", now=LATER)
    assert states(ids) == ["sent", "failed", "failed"]


def test_nothing_that_asks_something_or_changes_a_calendar_is_held() -> None:
    of_name = {hears.message: hears for row in TABLE.values() for hears in row.tells.values()}
    assert of_name.keys() >= GOOD_TO_KNOW
    for name in GOOD_TO_KNOW:
        assert set(of_name[name].ways) <= {Way.MAIL, Way.URGENT_SMS}, name


@on_sqlite
@pytest.mark.parametrize("locale", ["de", "en", "el"])
def test_it_reads_as_approved(
    locale: str, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    foretell_secrets(monkeypatch)
    facts = ReceiptFacts(
        reference="DO-2027-ABCDEF", name="Anna Muster", language="Rumänisch",
        day="Di., 02.03.2027", short_day="Di 02.03.27", start="10:00", latest="", end="11:00",
        wanted=1, is_shared=False, office="Dolmetschvermittlung Dortmund", phone="030 23125000",
        link="http://127.0.0.1:8000/requests/1", hear_by="Mo., 01.03.2027, 12:00", asked_by="",
        to_settle=False, to_review=False, urgent=False, asked_at_once=False,
    )  # fmt: skip
    with transaction():
        ids = [
            service.queue(
                "request_received",
                channel=Channel.EMAIL,
                recipient=service.Recipient("anna@schule.example", "Anna Muster", locale),
                facts=facts,
                about=f"request:{number}",
                now=NOW,
                most_an_hour=1,
            ).id
            for number in range(3)
        ]
    deliver(ids, NOW)
    deliver(ids[1:], LATER)
    mail = readable(parse(server.mails[-1]))
    assert differing({f"together.email.{locale}.txt": mail}) == []
