"""Finding sites in the register."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from dispatch.database import db
from dispatch.sites.models import Site
from dispatch.sites.rules import search_words
from dispatch.web.paging import BEGINNING, Page, Turn, page

MOST_RESULTS = 10
LIKE_ENOUGH = 80
"""How alike (of 100) a part of a name has to be to a word that was typed."""


def search(text: str, shown: Any, limit: int = MOST_RESULTS) -> Sequence[Site]:
    """Return open sites whose name, street, postcode or district hold every word, best first.

    Only those of the condition `shown`. Best are names that begin with the first word, then those
    with a word that does. Where none holds them all, sites come that hold something like every
    word: people mistype.
    """
    words = search_words(text)
    if not words:
        return []
    return _holding(words, shown, limit) or _like(words, shown, limit)


def _holding(words: Sequence[str], shown: Any, limit: int) -> Sequence[Site]:
    first = words[0]
    rank = sa.case(
        (Site.search_text.startswith(first, autoescape=True), 0),
        (Site.search_text.contains(f" {first}", autoescape=True), 1),
        else_=2,
    )
    return db.session.scalars(
        sa.select(Site)
        .where(
            Site.active,
            shown,
            *(Site.search_text.contains(word, autoescape=True) for word in words),
        )
        .order_by(rank, Site.search_text, Site.id)
        .limit(limit)
    ).all()


def _like(words: Sequence[str], shown: Any, limit: int) -> Sequence[Site]:
    rows = db.session.execute(sa.select(Site.id, Site.search_text).where(Site.active, shown))
    texts = {row.id: row.search_text for row in rows}
    scores = dict.fromkeys(texts, 0.0)
    for word in words:
        like = process.extract(
            word, texts, scorer=fuzz.partial_ratio, score_cutoff=LIKE_ENOUGH, limit=None
        )
        scores = {id_: scores[id_] + score for _, score, id_ in like if id_ in scores}
    best = sorted(scores, key=lambda id_: (-scores[id_], texts[id_]))[:limit]
    sites = db.session.scalars(sa.select(Site).where(Site.id.in_(best))).all()
    return sorted(sites, key=lambda site: best.index(site.id))


def sites_page(text: str = "", turn: Turn = BEGINNING, *, closed: bool = False) -> Page[Site]:
    """Return the open sites, or the closed ones, by name, in pages.

    Only those that hold every word of the text.
    """
    query = sa.select(Site).where(Site.active.is_(not closed))
    for word in search_words(text):
        query = query.where(Site.search_text.contains(word, autoescape=True))
    return page(query, (Site.name, Site.id), turn)


def districts() -> Sequence[str]:
    """Return the districts with a site, by name."""
    return db.session.scalars(
        sa.select(Site.district).where(Site.district != "").distinct().order_by(Site.district)
    ).all()


def centre_of(postcode: str) -> tuple[float, float] | None:
    """Return the middle of the sites in a postcode as latitude and longitude; None without any."""
    latitude, longitude = db.session.execute(
        sa.select(sa.func.avg(Site.latitude), sa.func.avg(Site.longitude)).where(
            Site.postcode == postcode
        )
    ).one()
    return None if latitude is None else (latitude, longitude)


def district_by_postcode() -> dict[str, str]:
    """Return the district of each postcode: of several the one with the most sites of it."""
    rows = db.session.execute(
        sa.select(Site.postcode, Site.district)
        .where(Site.postcode != "", Site.district != "")
        .group_by(Site.postcode, Site.district)
        .order_by(sa.func.count(), Site.district.desc())
    )
    return {one.postcode: one.district for one in rows}
