"""Offer rounds and offers: who is asked for a request, and how."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.assignments.rules import Via
from dispatch.database import Base, one_of
from dispatch.interpreters.models import Interpreter
from dispatch.offers.rules import TIERS, Strategy
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site


class OfferRound(Base):
    """One way of asking for a seat of a request; its strategy says what follows an answer.

    At `next_at` somebody else is to be asked; None while it waits for an answer, or is over. In a
    round of tiers `tier` was asked last, and each is waited for `wait_minutes` of answering hours.
    """

    __tablename__ = "offer_rounds"
    __table_args__ = (
        one_of("strategy", Strategy),
        one_of("tier", TIERS),
        CheckConstraint(
            "(strategy = 'tiers') = (wait_minutes IS NOT NULL)", "tiers_are_waited_for"
        ),
        CheckConstraint("state IN ('open', 'filled', 'exhausted', 'withdrawn')", "known_state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", "closed_at_a_time"),
        CheckConstraint("state = 'open' OR next_at IS NULL", "goes_on_while_open"),
        Index("ix_offer_rounds_due", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    strategy: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    tier: Mapped[str | None]
    wait_minutes: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    interpretation_request: Mapped[InterpretationRequest] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Offer(Base):
    """A question to one interpreter with terms and a deadline; the link's token only as a hash.

    While an exclusive one waits for an answer it points to its hold on the interpreter's time and
    the seat. One that is not exclusive, because others are asked at once, holds nothing and has no
    seat before somebody says yes. Whoever said that they could come may have added a
    `comment`; the office can choose them until `answer_by`. Where the way is long, the office
    decides until then whether the interpreter is asked at all (`approved_at`: so it is).
    `made_way_at`: taken back as they came elsewhere by then; free again they may be asked anew.
    """

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        CheckConstraint(
            "state IN "
            "('to_approve', 'not_approved', 'made', 'interested', 'accepted', 'declined', "
            "'expired', 'withdrawn', 'lost')",
            "known_state",
        ),
        CheckConstraint("state <> 'interested' OR NOT exclusive", "interest_holds_nothing"),
        CheckConstraint("way IN ('on_site', 'video', 'telephone')", "known_way"),
        one_of("answered_via", Via),
        # Whoever takes time has a hold, and nobody else: none can be forgotten or left behind.
        CheckConstraint(
            "(state IN ('to_approve', 'made') AND exclusive) = (hold_id IS NOT NULL)",
            "holds_while_made",
        ),
        CheckConstraint(
            "seat IS NOT NULL OR NOT exclusive AND state <> 'accepted'", "seat_when_it_is_sure"
        ),
        Index(
            "uq_offers_one_question",
            "interpretation_request_id",
            "interpreter_id",
            unique=True,
            sqlite_where=text("state IN ('to_approve', 'made', 'interested')"),
            postgresql_where=text("state IN ('to_approve', 'made', 'interested')"),
        ),
        Index("ix_offers_due", "state", "answer_by"),
        Index("ix_offers_of_interpreter", "interpreter_id", "id"),
        Index("ix_offers_of_interpreter_by_state", "interpreter_id", "state", "made_at"),
        Index("ix_offers_of_state_by_start", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("offer_rounds.id"), index=True)
    interpretation_request_id: Mapped[int] = mapped_column(
        ForeignKey("interpretation_requests.id"), index=True
    )
    interpreter_id: Mapped[int] = mapped_column(ForeignKey("interpreters.id"))
    seat: Mapped[int | None]
    exclusive: Mapped[bool] = mapped_column(default=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    language: Mapped[str]
    way: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("holds.id"), unique=True)
    made_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    answer_by: Mapped[datetime]
    is_short: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime | None]
    answered_via: Mapped[str | None]
    comment: Mapped[str | None]
    made_way_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[OfferRound] = relationship()
    interpretation_request: Mapped[InterpretationRequest] = relationship()
    interpreter: Mapped[Interpreter] = relationship()
    site: Mapped[Site] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_interest(self) -> bool:
        """Tell whether it only asks who could come; whoever is chosen is asked for a sure yes."""
        return self.round.strategy == Strategy.INTEREST and not self.exclusive
