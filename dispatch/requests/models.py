"""The table of what was asked for."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.accounts.models import Account
from dispatch.availability.rules import Way
from dispatch.clock import at_place
from dispatch.database import Base, Instant, one_of
from dispatch.interpreters.models import Interpreter
from dispatch.interpreters.rules import Gender, Qualification
from dispatch.languages.varieties import languages_for
from dispatch.organisations.models import Organisation
from dispatch.organisations.rules import Strategy
from dispatch.requests import ways
from dispatch.requests.rules import RequestState, Setting, has_legal_consequences
from dispatch.requests.sharing import Sharing, languages_of
from dispatch.requests.states import FileState
from dispatch.sites.models import Site

HAS_A_CASE = "case_reference <> ''"


def _known_words() -> tuple[CheckConstraint, ...]:
    """Return what a request may say in words of a list, whether it is staged or sent in."""
    return (
        one_of("setting", Setting),
        one_of("state", RequestState),
        one_of("gender_required", Gender),
        one_of("qualification_required", Qualification),
        one_of("gender_wished", Gender),
        one_of("qualification_wished", Qualification),
        one_of("strategy", Strategy),
        one_of("ways", ways.RANKINGS),
    )


class InterpretationRequest(Base):
    """What was asked for (ISO 18841, 5.1).

    The time is kept as instant (`starts_at`), zone and wall time of the site, so that a change of
    a zone's rules can be seen. Where a window was asked for, it begins between `starts_at` and
    `latest_start_at` and ends by `ends_at`, until somebody agrees to one time: then both are it.
    `case_reference` and `note` are the organisation's and deleted on time; names of clients have
    no place here. At `next_word_at` those who asked hear that somebody is still being looked for,
    if so; None once nothing is left to say before the start. Interpreters are asked by `strategy`;
    None: as is agreed with the organisation. `ways` are ranked; the link and the number to dial are
    for whoever takes part by them, and nobody else. `only_same_person`: of those who came to the
    case before, if anybody has; `only_preferred`: of the preferred interpreters, nobody else.
    `relay_allowed`, `handover_allowed`: where nobody can do it alone, two may share it; `pivot` or
    `handed_over_after` minutes say how two do; `handover_minutes` is when those who ask would like
    the second to begin. `agency` is the partner that sends people for
    `agency_seats` of the seats, for `agency_cents` if that is known; the pool has the others.
    `language_in_words` is what those who ask call a language that is not in the list; which one it
    is the office settles. `decides_on_rights` and `is_signed` are what was answered about legal
    consequences. `is_urgent`: sent in later than the city wants to be asked, as it cannot wait.
    It `accepts_varieties` that the city knows as related, where nobody is found for the language.
    `alone_because` is why one is enough where the city or organisation would send two.
    It `needs_review` until the office has approved it.
    """

    __tablename__ = "interpretation_requests"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint(
            "latest_start_at >= starts_at AND latest_start_at < ends_at", "starts_in_a_window"
        ),
        CheckConstraint("interpreter_count BETWEEN 1 AND 10", "one_to_ten_interpreters"),
        CheckConstraint("priority BETWEEN 1 AND 3", "priority_one_to_three"),
        Index("ix_requests_by_start", "starts_at", "id"),
        Index("ix_requests_of_account", "account_id", "id"),
        Index("ix_requests_of_organisation_by_start", "organisation_id", "starts_at", "id"),
        Index("ix_requests_of_state_by_start", "state", "starts_at", "id"),
        CheckConstraint(
            "interpreter_count = 2 OR pivot IS NULL AND handed_over_after IS NULL",
            "two_share_a_talk",
        ),
        CheckConstraint("pivot IS NULL OR handed_over_after IS NULL", "shared_in_one_way"),
        CheckConstraint(
            "handed_over_after > 0 AND handed_over_after < duration_minutes", "handed_over_inside"
        ),
        CheckConstraint("agency_cents IS NULL OR agency IS NOT NULL", "paid_to_an_agency"),
        CheckConstraint("agency_cents >= 0", "agency_from_nothing"),
        CheckConstraint("(agency IS NULL) = (agency_seats IS NULL)", "seats_of_an_agency"),
        CheckConstraint("agency_seats BETWEEN 1 AND interpreter_count", "agency_in_the_team"),
        # only of those that still have one: it is deleted on time, so there are never many
        Index(
            "ix_requests_of_case",
            "organisation_id",
            "case_reference",
            sqlite_where=text(HAS_A_CASE),
            postgresql_where=text(HAS_A_CASE),
        ),
        *_known_words(),
        CheckConstraint("level_required BETWEEN 1 AND 5", "level_required_one_to_five"),
        CheckConstraint("level_wished BETWEEN 1 AND 5", "level_wished_one_to_five"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    language: Mapped[str] = mapped_column(index=True)
    language_in_words: Mapped[str] = mapped_column(default="")
    setting: Mapped[str]
    starts_at: Mapped[datetime]
    latest_start_at: Mapped[datetime]
    proposed_start_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    wall_start: Mapped[str]
    duration_minutes: Mapped[int]
    interpreter_count: Mapped[int] = mapped_column(default=1)
    needs_review: Mapped[bool] = mapped_column(default=False)
    priority: Mapped[int] = mapped_column(default=2)
    gender_required: Mapped[str | None]
    qualification_required: Mapped[str | None]
    ways: Mapped[str] = mapped_column(default=Way.ON_SITE)
    video_link: Mapped[str] = mapped_column(default="")
    dial_in: Mapped[str] = mapped_column(default="")
    gender_wished: Mapped[str | None]
    qualification_wished: Mapped[str | None]
    level_required: Mapped[int | None]
    level_wished: Mapped[int | None]
    accepts_varieties: Mapped[bool] = mapped_column(default=False)
    decides_on_rights: Mapped[bool] = mapped_column(default=False)
    is_signed: Mapped[bool] = mapped_column(default=False)
    only_same_person: Mapped[bool] = mapped_column(default=False)
    only_preferred: Mapped[bool] = mapped_column(default=False)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    alone_because: Mapped[str] = mapped_column(default="")
    relay_allowed: Mapped[bool] = mapped_column(default=False)
    handover_allowed: Mapped[bool] = mapped_column(default=False)
    pivot: Mapped[str | None]
    handed_over_after: Mapped[int | None]
    handover_minutes: Mapped[int | None]
    agency: Mapped[str | None]
    agency_cents: Mapped[int | None]
    agency_seats: Mapped[int | None]
    case_reference: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    contact: Mapped[str] = mapped_column(default="")
    room: Mapped[str] = mapped_column(default="")
    cost_centre: Mapped[str] = mapped_column(default="")
    strategy: Mapped[str | None]
    state: Mapped[str]
    next_word_at: Mapped[datetime | None] = mapped_column(index=True)
    submitted_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    account: Mapped[Account] = relationship()
    site: Mapped[Site] = relationship()
    excluded_interpreters: Mapped[list["ExcludedInterpreter"]] = relationship(
        cascade="all, delete-orphan"
    )
    preferred_interpreters: Mapped[list["PreferredInterpreter"]] = relationship(
        cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def ranked_ways(self) -> tuple[Way, ...]:
        """By which ways somebody may take part; each only where nobody is found by those before."""
        return ways.ranked(self.ways)

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags somebody may interpret in; each only where nobody is found for those before."""
        return tuple(languages_of(self)) if self.sharing else self.direct_languages

    @property
    def direct_languages(self) -> tuple[str, ...]:
        """The tags in which somebody who does all of it may interpret into German."""
        return languages_for(self.language, accepts_varieties=self.accepts_varieties)

    @property
    def has_legal_consequences(self) -> bool:
        """Whether so much depends on what is said that no volunteer may interpret it."""
        return has_legal_consequences(
            self.setting, decides_on_rights=self.decides_on_rights, is_signed=self.is_signed
        )

    @property
    def seats_of_pool(self) -> int:
        """How many of the seats no agency sends anybody for."""
        return self.interpreter_count - (self.agency_seats or 0)

    @property
    def sharing(self) -> Sharing | None:
        """How two people share it, once two were asked to; None where they do not."""
        if self.pivot or self.handed_over_after:
            return Sharing(self.pivot, self.handed_over_after)
        return None

    @property
    def day(self) -> date:
        """The local day it begins on."""
        return at_place(self.starts_at, self.time_zone).date()

    @property
    def agreed_strategy(self) -> Strategy:
        """How interpreters are asked for it."""
        return Strategy(self.strategy or self.organisation.strategy)

    @property
    def has_window(self) -> bool:
        """Whether the time is still to be found within a window."""
        return self.latest_start_at > self.starts_at


class ExcludedInterpreter(Base):
    """Somebody who must not come (conflict of interest), set by a person, never inferred.

    Nobody but the office reads what the office has set (`by_office`), nor does the interpreter.
    """

    __tablename__ = "excluded_interpreters"
    __table_args__ = (UniqueConstraint("interpretation_request_id", "interpreter_id", "by_office"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    by_office: Mapped[bool]

    interpreter: Mapped[Interpreter] = relationship()


class PreferredInterpreter(Base):
    """Somebody whom those who ask would like to come again; nobody else, if they say so."""

    __tablename__ = "preferred_interpreters"
    __table_args__ = (UniqueConstraint("interpretation_request_id", "interpreter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))

    interpreter: Mapped[Interpreter] = relationship()


class RequestFile(Base):
    """A file with many requests on its way in, and what became of it; only who sent it reads it.

    `content` goes as soon as its rows are taken over or refused, `told` (sentences about its rows)
    a day later. `done` of `row_count` rows are checked, or staged. `again`: rows that are there
    already are meant as second ones.
    """

    __tablename__ = "request_files"
    __table_args__ = (one_of("state", FileState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    again: Mapped[bool]
    state: Mapped[str]
    row_count: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    told: Mapped[list[str]]
    brought_at: Mapped[datetime] = mapped_column(index=True)

    account: Mapped[Account] = relationship()


STAGED = Table(
    "staged_requests",
    Base.metadata,
    Column("batch", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("staged_at", Instant(), nullable=False, index=True),
    *(
        Column(column.name, column.type, nullable=column.nullable)
        for column in InterpretationRequest.__table__.columns
        if column.name != "id"
    ),
    *_known_words(),
)
"""Rows of a file that become requests all at once; until then no page and no plan sees them."""
