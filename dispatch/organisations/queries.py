"""Finding organisations."""

import sqlalchemy as sa

from dispatch.organisations.models import Organisation
from dispatch.web.paging import BEGINNING, Page, Turn, page


def organisations_page(text: str = "", turn: Turn = BEGINNING) -> Page[Organisation]:
    """Return organisations by name, those whose name contains the text, in pages."""
    query = sa.select(Organisation)
    if text:
        query = query.where(Organisation.name.icontains(text, autoescape=True))
    return page(query, (Organisation.name, Organisation.id), turn)
