"""Looking through the record: by what was done, by whom, to what, and when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.ledger.models import Change
from dispatch.web.paging import BEGINNING, Page, Turn, page


@dataclass(frozen=True)
class Sought:
    """What is looked for; what is empty lets everything through.

    `about` is the first word of a kind ("request" of "request.cancelled"); `ids` are values of one
    column, such as the accounts that did it. `first` and `after` are instants.
    """

    about: str = ""
    actors: Collection[int] | None = None
    request_id: int | None = None
    interpreter_id: int | None = None
    first: datetime | None = None
    after: datetime | None = None


def changes_page(sought: Sought, turn: Turn = BEGINNING) -> Page[Change]:
    """Return changes that fit, newest first, in pages."""
    return page(
        sa.select(Change).where(*_conditions(sought)), (Change.id,), turn, latest_first=True
    )


def of_organisation(
    organisation_id: int, kinds: Collection[str], turn: Turn = BEGINNING
) -> Page[Change]:
    """Return the changes of an organisation itself, of these kinds, newest first, in pages."""
    query = sa.select(Change).where(
        Change.organisation_id == organisation_id,
        Change.interpretation_request_id.is_(None),  # implied by the kinds, and has an index
        Change.kind.in_(kinds),
    )
    return page(query, (Change.id,), turn, latest_first=True)


def _conditions(sought: Sought) -> list[Any]:
    found: list[Any] = []
    if sought.about:
        found.append(Change.kind.startswith(f"{sought.about}.", autoescape=True))
    if sought.actors is not None:
        found.append(Change.actor_account_id.in_(sought.actors))
    if sought.request_id is not None:
        found.append(Change.interpretation_request_id == sought.request_id)
    if sought.interpreter_id is not None:
        found.append(Change.interpreter_id == sought.interpreter_id)
    if sought.first is not None:
        found.append(Change.at >= sought.first)
    if sought.after is not None:
        found.append(Change.at < sought.after)
    return found
