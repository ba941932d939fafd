"""What no row may say is refused by the database itself."""

import os
import random
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from dispatch.absences.rules import Resolution
from dispatch.accounts.rules import Role
from dispatch.answers.incoming import IncomingState
from dispatch.assignments.rules import AssignmentState, Via
from dispatch.availability.models import Absence
from dispatch.availability.rules import Exceptional, NoticeUnit, Way
from dispatch.cancellations.owing import Rule
from dispatch.database import Base, db, transaction
from dispatch.drafts.rules import Kind as DraftKind
from dispatch.holds.models import Hold
from dispatch.holds.rules import Cause
from dispatch.inbound.rules import Outcome as OutcomeOfMail
from dispatch.interpreters.rules import Employment, Gender, Qualification
from dispatch.ledger.rules import SYSTEM, Audience
from dispatch.messaging.rules import RECEIPT_RANKS, Channel, MessageState, Road
from dispatch.messaging.rules import Way as TransportWay
from dispatch.offers.rules import OfferState, RoundState
from dispatch.organisations.rules import OrganisationKind, Strategy
from dispatch.planning.advice.settled import Settled
from dispatch.planning.proposals.models import Standing
from dispatch.planning.runs.rules import Failure, RunState
from dispatch.requests.rules import Setting
from dispatch.requests.states import FileState, RequestState
from dispatch.series.rules import Rhythm
from dispatch.sites.rules import SiteKind
from dispatch.sms.rules import Outcome as OutcomeOfSms
from dispatch.travel.estimate import Mode
from tests import factories

CASES = 500 * int(os.environ.get("DRAGOMAN_TEST_ROUNDS", "1"))
pytestmark = pytest.mark.usefixtures("frozen_clock", "session")
NOBODY_KNOWS = [
    ("accounts", "role", "king"),
    ("sites", "kind", "castle"),
    ("sites", "latitude", 515.137),
    ("sites", "buffer_after_minutes", -1),
    ("interpretation_requests", "state", "forgotten"),
    ("interpretation_requests", "setting", "circus"),
    ("interpretation_requests", "gender_required", "f"),
    ("interpretation_requests", "qualification_required", "wizard"),
    ("interpretation_requests", "priority", 0),
    ("interpreters", "travel_mode", "horse"),
    ("interpreters", "gender", "f"),
    ("interpreters", "employment", "king"),
    ("interpreters", "fee_cents_per_hour", -1),
    ("working_languages", "level", 9),
    ("held_qualifications", "qualification", "wizard"),
    ("weekly_hours", "weekday", 7),
    ("availabilities", "notice_unit", "moons"),
    ("organisations", "kind", "castle"),
    ("organisations", "kind", ""),
]
REQUEST_WORDS = {
    "setting": Setting,
    "state": RequestState,
    "gender_required": Gender,
    "gender_wished": Gender,
    "qualification_required": Qualification,
    "qualification_wished": Qualification,
    "strategy": Strategy,
}
WORDS: dict[tuple[str, str], Iterable[str]] = {
    **{("interpretation_requests", column): words for column, words in REQUEST_WORDS.items()},
    **{("staged_requests", column): words for column, words in REQUEST_WORDS.items()},
    ("absence_jobs", "resolution"): Resolution,
    ("accounts", "role"): Role,
    ("advice", "settled"): Settled,
    ("assignments", "state"): AssignmentState,
    ("assignments", "way"): Way,
    ("availabilities", "notice_unit"): NoticeUnit,
    ("cancellation_decisions", "rule"): Rule,
    ("changes", "actor_role"): {SYSTEM.role, *Role},
    ("confirmations", "via"): Via,
    ("confirmations", "way"): Way,
    ("drafts", "kind"): DraftKind,
    ("exceptional_days", "kind"): Exceptional,
    ("held_qualifications", "qualification"): Qualification,
    ("holds", "cause"): Cause,
    ("holds", "way"): Way,
    ("inbound_mails", "outcome"): {"", *OutcomeOfMail},
    ("inbound_mails", "state"): IncomingState,
    ("inbound_sms", "outcome"): {"", *OutcomeOfSms},
    ("inbound_sms", "state"): IncomingState,
    ("interpreters", "employment"): Employment,
    ("interpreters", "gender"): Gender,
    ("interpreters", "travel_mode"): Mode,
    ("messages", "channel"): Channel,
    ("messages", "receipt"): {"", *RECEIPT_RANKS},
    ("messages", "state"): MessageState,
    ("offer_rounds", "state"): RoundState,
    ("offer_rounds", "strategy"): Strategy,
    ("offers", "answered_via"): Via,
    ("offers", "state"): OfferState,
    ("offers", "way"): Way,
    ("organisations", "kind"): OrganisationKind,
    ("organisations", "strategy"): Strategy,
    ("planning_parts", "failure"): Failure,
    ("planning_runs", "failure"): Failure,
    ("planning_runs", "state"): RunState,
    ("proposals", "repair"): Standing,
    ("reasons", "audience"): Audience,
    ("request_files", "state"): FileState,
    ("series", "rhythm"): Rhythm,
    ("sites", "kind"): SiteKind,
    ("transport_states", "channel"): Road,
    ("transport_states", "state"): TransportWay,
    ("travel_rows", "mode"): Mode,
}
"""Which words each column of a list of words may hold."""
OF_NO_LIST = {
    ("changes", "kind"),  # each room names its own
    ("sites", "source"),  # in the words of the file
    # a city adds a language without changing the schema
    ("accounts", "locale"),
    ("client_reminders", "locale"),
    ("messages", "locale"),
}
SOUNDS_LIKE_A_LIST = re.compile(
    r"(^|_)(state|kind|via|role|strategy|setting|rhythm|source|locale|receipt|outcome|failure|way"
    r"|channel|mode|cause|unit|gender|qualification|resolution|employment|audience)($|_)"
)
FREE_ENDINGS = ("_error", "_at", "_file", "_because")


@pytest.mark.parametrize(("table", "column", "value"), NOBODY_KNOWS)
def test_a_word_or_number_nobody_knows_is_refused(table: str, column: str, value: object) -> None:
    factories.interpreter(qualification="sprint")
    factories.asked()
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.execute(sa.text(f"UPDATE {table} SET {column} = :value"), {"value": value})


def columns() -> set[tuple[str, str]]:
    """Return all columns of text as table and column."""
    return {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.String)
    }


def test_every_column_that_sounds_like_a_list_of_words_is_known_as_one_or_as_none() -> None:
    sounding = {
        (table, column)
        for table, column in columns()
        if SOUNDS_LIKE_A_LIST.search(column) and not column.endswith(FREE_ENDINGS)
    }
    assert sounding - set(WORDS) - OF_NO_LIST == set()
    assert (set(WORDS) | OF_NO_LIST) - columns() == set()


@pytest.mark.parametrize(("table", "column"), sorted(WORDS))
def test_a_column_of_a_list_of_words_holds_just_these(table: str, column: str) -> None:
    listed = [
        set(re.findall(r"'([^']*)'", str(check.sqltext)))
        for check in Base.metadata.tables[table].constraints
        if isinstance(check, sa.CheckConstraint)
        and re.fullmatch(rf"{column} IN \([^()]*\)", str(check.sqltext))
    ]
    assert listed == [{str(word) for word in WORDS[table, column]}]


def test_an_absence_of_no_length_is_refused() -> None:
    absent = factories.interpreter()
    db.session.commit()
    with pytest.raises(sa.exc.IntegrityError), transaction():
        db.session.add(
            Absence(
                availability_id=absent.availability_id,
                starts_at=factories.NOW,
                ends_at=factories.NOW,
            )
        )


def test_times_that_touch_are_taken_and_a_shared_second_is_refused() -> None:
    with transaction():
        interpreter, first, second = factories.interpreter(), factories.asked(), factories.asked()
        seat = {"interpreter_id": interpreter.id, "seat": 1, "site_id": first.site_id}
        first_id, second_id = first.id, second.id
    chance, wrong = random.Random(16), []
    with db.engine.connect() as connection:
        for _case in range(CASES):
            begins = [chance.randrange(0, 8) * 900 + chance.choice((-1, 0, 0, 1)) for _ in "ab"]
            ends = [begin + chance.randrange(1, 5) * 900 for begin in begins]
            rows = [
                seat
                | {"interpretation_request_id": request_id, "way": "on_site", "cause": "assignment"}
                | {
                    "starts_at": factories.NOW + timedelta(seconds=begin),
                    "ends_at": factories.NOW + timedelta(seconds=end),
                }
                for request_id, begin, end in zip((first_id, second_id), begins, ends, strict=True)
            ]
            try:
                for row in rows:
                    connection.execute(sa.insert(Hold), row)
                taken = True
            except sa.exc.IntegrityError:
                taken = False
            connection.rollback()
            shared = begins[0] < ends[1] and begins[1] < ends[0]
            if taken is shared:
                wrong.append((begins, ends))
    assert wrong == []
