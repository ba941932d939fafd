"""Asking for an interpreter from the command line: one request, with all the form can say."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from flask_babel import lazy_gettext as _l

from dispatch import clock
from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.accounts.rules import ASKS
from dispatch.cli.context import application
from dispatch.cli.data import requests as requests
from dispatch.cli.kept import Given, given_by, given_by_request, meant, over, usual
from dispatch.cli.requesting import AS
from dispatch.cli.said import differently, said
from dispatch.cli.standing import in_words
from dispatch.database import transaction
from dispatch.drafts import service as drafts
from dispatch.drafts.models import Draft
from dispatch.errors import Forbidden, Refusal, Several
from dispatch.languages.rules import NOT_LISTED, name_of
from dispatch.requests import queries, service
from dispatch.requests.again import same_weekday_next
from dispatch.requests.details import RequestDetails
from dispatch.requests.models import InterpretationRequest
from dispatch.requests.rules import UNDECIDED, RequestState
from dispatch.settings import active
from dispatch.web.formats import duration, local_datetime, local_time

NEEDED = {
    "site": _l("Choose the site."),
    "day": _l("Give the day as a date."),
    "start": _l("Give the start as a time, such as 09:30."),
}
"""What no request is without, and nothing refuses later."""
USUAL_MINUTES = 60
HOW: dict[str, Callable[[Any], Any]] = {
    "asked-already": lambda why: _l("%(why)s If so, say --again.", why=why),
    "short-notice": lambda why: _l("%(why)s That says --urgent.", why=why),
    "two-needed": lambda why: _l("%(why)s That says --alone-because.", why=why),
    "local-time-exists-twice": lambda why: _l("%(why)s That says --occurrence.", why=why),
}
"""By which option what is asked about is answered."""


@requests.command()
@AS
@said
@click.option("--for", "colleague", help="A colleague's e-mail address, who hears of it instead.")
@click.option("--like", help="A number: all as in this request, but its day.")
@click.option("--next-week", is_flag=True, help="With --like: the same weekday, weeks later.")
@click.option("--from", "kept", help="All as in a draft or a template; see dragoman drafts.")
@click.option("--as-usual", is_flag=True, help="Site, setting and contact as you asked last.")
@click.option("--again", is_flag=True, help="A second one is meant beside one that is there.")
def add(
    email: str,
    colleague: str | None,
    like: str | None,
    next_week: bool,
    kept: str | None,
    as_usual: bool,
    again: bool,
    **options: Any,
) -> None:
    """Ask for an interpreter: language, site, day, start and setting, and whatever else matters.

    Without --duration it is an hour. What is given beside --like, --from or --as-usual counts
    instead of what stands there. A draft is deleted once it is sent.

    Example: dragoman requests add --as kim@example.org --language Romanian --site SITE-1 --day
    2027-03-09 --start 10:00 --setting school
    """
    if sum(map(bool, (like, kept, as_usual))) > 1 or (next_week and not like):
        raise click.UsageError(
            "Of --like, --from and --as-usual give one; --next-week with --like."
        )
    with application():
        account, now = require_asks(email), clock.now()
        draft = drafts.named(account.id, kept) if kept else None
        before, whom = _before(account, like, draft, as_usual=as_usual)
        if next_week and like:
            before["day"] = _next_week(account, like, now)
        details = newly(account, over(before, meant(options)))
        whom = accounts.colleague(account, accounts.require(colleague).id) if colleague else whom
        with transaction(), answerable():
            made = service.submit(account.actor, whom, details, now=now, again=again)
            if draft:
                drafts.sent(account.id, draft.id, now=now)
        for line in _received(made):
            click.echo(line)


def require_asks(email: str) -> Account:
    """Return the account of somebody who asks for an organisation; `Forbidden` for all others."""
    account = accounts.require(email)
    if account.role not in ASKS:
        raise Forbidden(
            "no-organisation",
            _l("Only members of an organisation ask for interpreters; this account has none."),
        )
    return account


def newly(account: Account, given: Given) -> RequestDetails:
    """Return what is asked for; raises `Several` naming all that is missing."""
    missing = [
        Refusal(f"{name}-missing", text, field=name)
        for name, text in NEEDED.items()
        if name not in given
    ]
    if "language" not in given and "language_in_words" not in given:
        missing.insert(0, Refusal("language-missing", _l("Choose the language."), field="language"))
    if "setting" not in given:
        text = _l("Choose the setting of the talk.")
        missing.append(Refusal("setting-missing", text, field="setting"))
    if missing:
        raise Several(missing)
    wall = datetime.combine(given["day"].date(), given["start"].time())
    blank = RequestDetails("", 0, wall, USUAL_MINUTES, "")
    return differently(account, blank, {"any_level": False, "urgent": False} | given)


def _before(
    account: Account, like: str | None, draft: Draft | None, *, as_usual: bool
) -> tuple[Given, Account]:
    """Return what it begins from, and for whom that is meant."""
    if like:
        return given_by_request(_seen(account, like)), account
    if draft:
        return given_by(account, draft)
    return usual(queries.last_of(account.id)) if as_usual else {}, account


def _seen(account: Account, number: str) -> InterpretationRequest:
    return queries.find_numbered(account, number)


def _next_week(account: Account, number: str, now: datetime) -> datetime:
    one = _seen(account, number)
    day = same_weekday_next(one.day, clock.at_place(now, one.time_zone).date())
    return datetime.combine(day, datetime.min.time())


@contextmanager
def answerable() -> Iterator[None]:
    """Say of what is asked about by which option it is answered."""
    try:
        yield
    except Refusal as refusal:
        for one in refusal.refusals if isinstance(refusal, Several) else [refusal]:
            _say_how(one)
        raise


def _say_how(refusal: Refusal) -> None:
    if refusal.code in HOW:
        refusal.text = HOW[refusal.code](refusal.text)


def _received(one: InterpretationRequest) -> Iterator[str]:
    yield f"{one.reference}: {in_words(one.state)}"
    yield what_is_asked(one)
    yield from what_is_next(one)


def what_is_asked(one: InterpretationRequest) -> str:
    """Return language, time and place of a request in one line."""
    zone = one.time_zone
    times = f"{local_datetime(one.starts_at, zone)} to {local_time(one.ends_at, zone)}"
    if one.has_window:
        times = f"between {times}, for {duration(one.duration_minutes)}"
    return f"{name_of(one.language, 'en')}, {times}, {one.site.name}"


def what_is_next(one: InterpretationRequest) -> Iterator[str]:
    """Yield what happens next with a request that waits for somebody, and by when they hear."""
    if one.state not in UNDECIDED:
        return
    if one.language == NOT_LISTED:
        yield "The office finds out first which language it is."
    elif one.state == RequestState.IN_REVIEW:
        yield "The office looks at it first. Nobody is asked before."
    elif service.begins_by_itself(one):
        yield "Interpreters are asked without waiting for the office."
    else:
        yield "The office looks for somebody."
    if one.is_urgent:
        phone = active().city.office.phone
        yield f"It is urgent: call {phone} as well if it cannot take place without an interpreter."
    if one.next_word_at is None:
        yield f"{one.account.name} hears by e-mail who comes; if nobody is found, when it begins."
        return
    by = local_datetime(one.next_word_at, one.time_zone)
    yield f"{one.account.name} hears by e-mail who comes, and how it stands by {by} at the latest."
