"""Having an address of one's own, a new one, or none; and what it leads to."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS, Role
from dispatch.calendar.writing import PRODUCT
from dispatch.database import db, not_there
from dispatch.feeds import latest, queries, reach
from dispatch.feeds.models import Feed
from dispatch.feeds.writing import Reader, written
from dispatch.ledger import service as ledger
from dispatch.ledger.rules import Actor, Concerning
from dispatch.settings import active
from dispatch.sites.models import Site

MAY_HAVE_ONE = (*ASKS, Role.INTERPRETER, Role.COORDINATOR)
TOKEN_OCTETS = 24
"""192 random bits: nobody finds an address by trying."""

_FEED = (
    sa.select(Feed)
    .options(joinedload(Feed.account), joinedload(Feed.site))
    .where(Feed.token_hash == sa.bindparam("token_hash"))
)
"""Put together once: calendars are asked for often."""


@dataclass(frozen=True)
class Answer:
    """What is sent for an address; `text` is empty where the reader has it already."""

    etag: str
    text: str = ""


def renew(actor: Actor, of: Account | Site, *, now: datetime) -> str:
    """Give an account or a site a new address and return it; the one before leads nowhere then."""
    feed = _locked(of)
    if feed is None:
        feed = Feed(number=0, made_at=now)
        if isinstance(of, Site):
            feed.site_id = of.id
        else:
            feed.account_id = of.id
        db.session.add(feed)
    feed.number += 1
    feed.made_at = now
    db.session.flush()
    token = _token(feed)
    feed.token_hash = _hash(token)
    ledger.record(actor, "feed.renewed", _concerning(of), now=now)
    return _address(token)


def end(actor: Actor, of: Account | Site, *, now: datetime) -> None:
    """Let the address of an account or a site lead nowhere; nothing happens where there is none."""
    feed = _locked(of)
    if feed is None or feed.token_hash is None:
        return
    feed.token_hash = None
    ledger.record(actor, "feed.ended", _concerning(of), now=now)


def address_of(of: Account | Site) -> str | None:
    """Return the address of the calendar of an account or a site; None where there is none.

    It is made anew from the key of this installation each time: the database alone gives none away.
    """
    feed = db.session.scalar(sa.select(Feed).where(_is_of(of)))
    if feed is None or feed.token_hash is None or not _is_honoured(feed):
        return None
    token = _token(feed)
    # another key than it was made with: only a new address helps
    return _address(token) if hmac.compare_digest(_hash(token), feed.token_hash) else None


def read(token: str, known: frozenset[str], *, now: datetime) -> Answer:
    """Return what an address leads to; raises `NotFound` for one that leads nowhere.

    `known` are the validators (ETags) of what the reader has. They are compared before any event is
    read, and taken before the events are: what changes in between is sent the next time again.
    """
    feed = db.session.scalar(_FEED, {"token_hash": _hash(token)})
    if feed is not None and feed.site is not None:
        return _read_site(feed.site, known, now)
    account = feed.account if feed and _is_honoured(feed) else None
    if account is None or account.role not in MAY_HAVE_ONE:
        raise not_there()
    changes = str(latest.last_changes(account, now))
    etag = _digest(account.role, account.locale, *_frame(now), changes)
    if etag in known:
        return Answer(etag)
    reader = Reader(account.locale, account.id)
    return Answer(etag, written(queries.events_of(account, now), reader, now, name_by=_name))


def _read_site(site: Site, known: frozenset[str], now: datetime) -> Answer:
    """Return who is expected at a site, in the language of the city; as `read`."""
    locale = active().city.locales[0]
    changes = str(latest.last_changes_at(site.id, now))
    etag = _digest("site", locale, *_frame(now), changes)
    if etag in known:
        return Answer(etag)
    reader = Reader(locale, None)
    return Answer(etag, written(queries.events_at(site.id, now), reader, now, name_by=_name))


def _frame(now: datetime) -> tuple[str, ...]:
    """Return what every calendar is written with that no entry of the record tells."""
    here = active()
    day = reach.day_of(now).date().isoformat()
    return day, PRODUCT, here.city.name, here.city.office.phone, here.base_url, here.mail_from


def _name(what: str) -> str:
    """Return a name for an event that never changes and says nothing.

    It is another one than that of the entry a mail brings: by that one answers are known, and this
    calendar lies on servers of others.
    """
    return _digest("event", what)[:32]


def _is_of(of: Account | Site) -> sa.ColumnElement[bool]:
    return Feed.site_id == of.id if isinstance(of, Site) else Feed.account_id == of.id


def _is_honoured(feed: Feed) -> bool:
    return feed.account is None or feed.account.honours(feed.made_at)


def _concerning(of: Account | Site) -> Concerning:
    return Concerning(site=of.id) if isinstance(of, Site) else Concerning(account=of.id)


def _locked(of: Account | Site) -> Feed | None:
    row = sa.select(Feed).where(_is_of(of)).with_for_update()
    return db.session.scalar(row.execution_options(populate_existing=True))


def _token(feed: Feed) -> str:
    return urlsafe_b64encode(_mac(f"feed {feed.id} {feed.number}")[:TOKEN_OCTETS]).decode()


def _mac(text: str) -> bytes:
    return hmac.digest(active().secret_key().encode(), text.encode(), "sha256")


def _digest(*parts: str) -> str:
    return _mac("\0".join(parts)).hex()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address(token: str) -> str:
    return f"{active().base_url}/calendar/{token}.ics"
