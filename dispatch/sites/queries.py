"""Finding sites in the register."""

import functools
import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from rapidfuzz import fuzz, process

from dispatch.database import db
from dispatch.sites.kinds import kinds_like, kinds_meant
from dispatch.sites.models import Site
from dispatch.sites.rules import search_words
from dispatch.web.paging import BEGINNING, Page, Turn, page

MOST_RESULTS = 10
LIKE_ENOUGH = 80
"""How alike (of 100) a part of a name has to be to a word that was typed."""


@dataclass(frozen=True)
class Found:
    """The best of `count` sites; whether their names and addresses hold what was typed.

    Where they do not, they are at least of the kind that was named. `without` are numbers that were
    typed and that none of them has.
    """

    sites: Sequence[Site] = ()
    count: int = 0
    by_name: bool = True
    without: tuple[str, ...] = ()


def has_kind(kind: str) -> bool:
    """Tell whether a site of this kind is in the register, closed or not."""
    return db.session.scalar(sa.select(sa.exists().where(Site.kind == kind))) is True


def search(text: str, shown: Any, limit: int = MOST_RESULTS) -> Found:
    """Return open sites of which every word is said, best first; only those of `shown`.

    A word is said by a part of name, street, postcode or district, or by the kind of place it
    names. Best are those whose own texts hold most words, then names that begin with the first
    word, then those with a word that does. Where none holds them all, sites come that hold
    something like every word, for people mistype; and then those that a number leaves out: few
    registers have every postcode.
    """
    words = search_words(text)
    letters = [word for word in words if not any(map(str.isdigit, word))]
    found = _found(words, shown, limit)
    if found.sites or not letters or letters == words:
        return found
    numbers = tuple(word for word in words if word not in letters)
    return replace(_found(letters, shown, limit), without=numbers)


def _found(words: Sequence[str], shown: Any, limit: int) -> Found:
    if not words:
        return Found()
    found = _holding(words, shown, limit)
    return found if found.sites else _like(words, shown, limit)


def _holds(word: str) -> Any:
    return Site.search_text.contains(word, autoescape=True)


def _says(word: str) -> Any:
    """Return the condition for sites whose texts hold a word, or that are of the kind it names."""
    return sa.or_(_holds(word), Site.kind.in_(kinds_meant(word)))


def _holding(words: Sequence[str], shown: Any, limit: int) -> Found:
    first = words[0]
    rank = sa.case(
        (Site.search_text.startswith(first, autoescape=True), 0),
        (Site.search_text.contains(f" {first}", autoescape=True), 1),
        else_=2,
    )
    of_the_kind = functools.reduce(
        operator.add, (sa.case((_holds(word), 0), else_=1) for word in words)
    )
    rows = db.session.execute(
        sa.select(Site, sa.func.count().over(), of_the_kind)
        .where(Site.active, shown, *map(_says, words))
        .order_by(of_the_kind, rank, Site.search_text, Site.id)
        .limit(limit)
    ).all()
    if not rows:
        return Found()
    return Found([site for site, _count, _kind in rows], rows[0][1], by_name=not rows[0][2])


def _like(words: Sequence[str], shown: Any, limit: int) -> Found:
    rows = db.session.execute(
        sa.select(Site.id, Site.search_text, Site.kind).where(Site.active, shown)
    ).all()
    texts = {row.id: row.search_text for row in rows}
    scores = dict.fromkeys(texts, 0.0)
    by_name = True
    for word in words:
        like = process.extract(
            word, texts, scorer=fuzz.partial_ratio, score_cutoff=LIKE_ENOUGH, limit=None
        )
        alike = {id_: score for _, score, id_ in like}
        kinds = {*kinds_meant(word), *kinds_like(word)}
        by_name &= bool(alike)
        of_kind = {row.id: LIKE_ENOUGH for row in rows if row.kind in kinds}
        scores = {
            id_: score + alike.get(id_, of_kind.get(id_, 0))
            for id_, score in scores.items()
            if id_ in alike or id_ in of_kind
        }
    best = sorted(scores, key=lambda id_: (-scores[id_], texts[id_]))
    sites = db.session.scalars(sa.select(Site).where(Site.id.in_(best[:limit]))).all()
    in_order = sorted(sites, key=lambda site: best.index(site.id))
    return Found(in_order, len(best), by_name=by_name)


def sites_page(text: str = "", turn: Turn = BEGINNING, *, closed: bool = False) -> Page[Site]:
    """Return the open sites, or the closed ones, by name, in pages.

    Only those that say every word of the text, by their own texts or the kind they are of.
    """
    query = sa.select(Site).where(Site.active.is_(not closed))
    for word in search_words(text):
        query = query.where(_says(word))
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
