"""Finding organisations."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch.database import db
from dispatch.organisations.models import Organisation
from dispatch.web.paging import BEGINNING, Page, Turn, page


def organisations_page(
    text: str = "", turn: Turn = BEGINNING, *, closed: bool = False
) -> Page[Organisation]:
    """Return those who ask, or with `closed` those who do no more, by name, in pages.

    Only those whose name contains the text.
    """
    query = sa.select(Organisation).where(Organisation.active.is_(not closed))
    if text:
        query = query.where(Organisation.name.icontains(text, autoescape=True))
    return page(query, (Organisation.name, Organisation.id), turn)


def all_by_name() -> Sequence[Organisation]:
    """Return every organisation, by name."""
    return db.session.scalars(sa.select(Organisation).order_by(Organisation.name)).all()
