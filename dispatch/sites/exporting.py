"""The register of sites as a file, in the form in which it is imported."""

import sqlalchemy as sa

from dispatch.database import db
from dispatch.sites.models import Site
from dispatch.sites.service import COLUMNS
from dispatch.tables.writing import workbook_of

WORDS = {True: "yes", False: "no"}


def exported() -> bytes:
    """Return every open site, as XLSX."""
    sites = db.session.scalars(sa.select(Site).where(Site.active).order_by(Site.register_number))
    rows = ([_text(getattr(one, column)) for column in COLUMNS.known] for one in sites)
    return workbook_of(COLUMNS.known, rows)


def _text(value: object) -> str:
    return WORDS[value] if isinstance(value, bool) else str(value)
