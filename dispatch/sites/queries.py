"""Finding sites in the register."""

from collections.abc import Sequence

import sqlalchemy as sa

from dispatch.database import db
from dispatch.sites.models import Site
from dispatch.sites.rules import search_words

MOST_RESULTS = 10


def search(text: str, limit: int = MOST_RESULTS) -> Sequence[Site]:
    """Return the sites whose name, street or district hold every word of the text, best first.

    Best are names that begin with the first word, then those with a word that begins with it.
    """
    words = search_words(text)
    if not words:
        return []
    first = words[0]
    rank = sa.case(
        (Site.search_text.startswith(first, autoescape=True), 0),
        (Site.search_text.contains(f" {first}", autoescape=True), 1),
        else_=2,
    )
    return db.session.scalars(
        sa.select(Site)
        .where(*(Site.search_text.contains(word, autoescape=True) for word in words))
        .order_by(rank, Site.search_text, Site.id)
        .limit(limit)
    ).all()


def districts() -> Sequence[str]:
    """Return the districts with a site, by name."""
    return db.session.scalars(
        sa.select(Site.district).where(Site.district != "").distinct().order_by(Site.district)
    ).all()
