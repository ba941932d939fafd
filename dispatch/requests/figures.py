"""How many an organisation asked for and what became of them, by language and by who asked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.accounts.models import Account
from dispatch.database import db
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import RequestState

FOUND = frozenset({RequestState.FILLED, RequestState.COMPLETED})


@dataclass
class Figures:
    """Requests that begin in a span: how many there were, by state, and the minutes found."""

    by_state: Counter[str] = field(default_factory=Counter)
    minutes_found: int = 0

    def add(self, state: str, count: int, minutes: int) -> None:
        """Count some more of one state; `minutes` are those of all of them."""
        self.by_state[state] += count
        if state in FOUND:
            self.minutes_found += minutes

    @property
    def asked(self) -> int:
        """All of them, those that were cancelled too."""
        return self.by_state.total()

    @property
    def found(self) -> int:
        """For how many somebody came or comes."""
        return sum(self.by_state[state] for state in FOUND)

    @property
    def not_found(self) -> int:
        """For how many nobody came."""
        return self.by_state[RequestState.UNFILLED]

    @property
    def open(self) -> int:
        """For how many somebody is looked for."""
        return self.by_state[RequestState.OPEN]

    @property
    def cancelled(self) -> int:
        """How many were cancelled by those who asked."""
        return self.by_state[RequestState.CANCELLED]


@dataclass(frozen=True)
class OrganisationFigures:
    """The figures of one organisation in a span, in all, by language and by who asked (name)."""

    total: Figures
    by_language: dict[str, Figures]
    by_person: dict[tuple[int, str], Figures]


def of_organisation(organisation_id: int, first: datetime, after: datetime) -> OrganisationFigures:
    """Return what an organisation asked for that begins in `[first, after)`, most first."""
    rows = db.session.execute(
        sa.select(
            InterpretationRequest.language,
            InterpretationRequest.account_id,
            Account.name,
            InterpretationRequest.state,
            sa.func.count(),
            sa.func.sum(InterpretationRequest.duration_minutes),
        )
        .join(Account, Account.id == InterpretationRequest.account_id)
        .where(
            InterpretationRequest.organisation_id == organisation_id,
            InterpretationRequest.starts_at >= first,
            InterpretationRequest.starts_at < after,
        )
        .group_by(
            InterpretationRequest.language,
            InterpretationRequest.account_id,
            Account.name,
            InterpretationRequest.state,
        )
    ).all()
    total = Figures()
    languages: dict[str, Figures] = {}
    people: dict[tuple[int, str], Figures] = {}
    for language, account_id, name, state, count, minutes in rows:
        of_language = languages.setdefault(language, Figures())
        of_person = people.setdefault((account_id, name), Figures())
        for one in (total, of_language, of_person):
            one.add(state, count, int(minutes))
    return OrganisationFigures(total, _most_first(languages), _most_first(people))


def _most_first(found: dict[Any, Figures]) -> dict[Any, Figures]:
    items: Iterable[tuple[Any, Figures]] = found.items()
    return dict(sorted(items, key=lambda item: (-item[1].asked, str(item[0]))))
