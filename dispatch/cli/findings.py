"""What the doctor looks at beside the database."""

import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from dispatch import engine, keys
from dispatch.inbound import mailbox, words
from dispatch.inbound.mailbox import MailboxAway
from dispatch.messaging import queries as messaging
from dispatch.messaging.rules import Channel
from dispatch.messaging.transports import Kind, sms_provider
from dispatch.requests import queries as requests
from dispatch.settings import Settings
from dispatch.travel.queries import timetable

CONNECT_SECONDS = 5
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
MOST_NAMED = 20
SMTP_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` says what to do when it is not well."""

    name: str
    well: bool
    found: str
    remedy: str = ""


def of_work() -> Finding:
    """Tell whether jobs wait for too long, or were left behind by workers that died."""
    work = engine.standing()
    return Finding(
        "work",
        not (work.is_late or work.abandoned),
        f"jobs that wait: {work.waiting}, the oldest for {work.oldest_minutes} min; "
        f"left behind by workers that died: {work.abandoned}",
        "start dragoman worker (or serve --with-worker); it resumes what was left behind",
    )


def of_workers() -> Finding:
    """Tell how many workers watch over the work; without one nothing is sent and nothing expires.

    An installation at rest has none, so that is said and not called bad unless work is due.
    """
    work = engine.standing()
    return Finding(
        "workers",
        bool(work.workers) or not work.is_late,
        f"{work.workers} watched over the work within a minute",
        "start dragoman worker (or serve --with-worker)",
    )


def of_secret_key(path: Path) -> Finding:
    """Tell whether the key that signs sessions is there, for its owner only."""
    if not path.exists():
        return Finding("secret key", True, "is made at the first start")
    shared = stat.S_IMODE(path.stat().st_mode) & 0o077
    if not os.access(path, os.R_OK):
        return Finding("secret key", False, "not readable", f"chown {path.name} to who runs it")
    length = len(path.read_text().strip())
    if length < keys.SHORTEST:
        return Finding(
            "secret key",
            False,
            f"too short: {length} of at least {keys.SHORTEST} characters" if length else "empty",
            f"remove {path.name} and start again; a new one is made",
        )
    return Finding(
        "secret key",
        not shared,
        "readable by others" if shared else "in place",
        f"chmod 600 {path.name} keeps it to its owner",
    )


def of_transports(here: Settings) -> Iterator[Finding]:
    """Tell where mail and SMS go, and whether that place can be reached."""
    yield _of_mail(here)
    if provider := sms_provider(here):
        other = sms_provider(here, second=True)
        also = f"; {other.name} for what is urgent while it does not work" if other else ""
        yield Finding("SMS", True, f"{provider.name}{also}")
    else:
        yield _of_sink(
            "SMS", here, "set DRAGOMAN_TWILIO_ACCOUNT_SID and _AUTH_TOKEN, or _SEVEN_API_KEY"
        )


def of_deliveries(now: datetime) -> Iterator[Finding]:
    """Tell whether mail and SMS went out when they were last tried, and how many wait."""
    for one in messaging.transports(now):
        if one.kind == Kind.NONE:
            continue  # `of_transports` says what to set
        name = f"{'SMS' if one.channel == Channel.SMS else 'mail'} delivery"
        since = f" since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else ""
        yield Finding(
            name,
            one.is_well,
            f"works; {one.waiting} wait"
            if one.is_well
            else f"stands still{since} ({one.error_code} {one.error}); {one.waiting} wait",
            "mend the cause; what waits goes out by itself as far as it still makes sense",
        )


def of_mailbox(here: Settings) -> Iterator[Finding]:
    """Tell whether the mailbox that answers come to can be opened, if there is one."""
    if here.imap_url is None:
        return
    name = mailbox.name_of(here.imap_url)
    try:
        with mailbox.opened(here.imap_url):
            yield Finding("mailbox", True, f"{name} can be read")
    except MailboxAway as away:
        yield Finding(
            "mailbox",
            False,
            f"{name}: {words.reason(away.code, away.detail)}",
            "check DRAGOMAN_IMAP_URL and the mail server; answers from calendars wait there",
        )


def of_ways(here: Settings) -> Iterator[Finding]:
    """Tell whether the routing engine answers, and whether the timetable still counts."""
    if not here.routing:
        return
    from dispatch.travel import routing  # with it comes numpy: loaded where there is an engine

    for name, address in here.routing.items():
        try:
            [engine] = routing.engines({name: address})
        except routing.RoutingAway as away:
            yield Finding(
                "ways",
                False,
                f"{away}; ways that are not known yet are estimated",
                "check DRAGOMAN_ROUTING_URL and whether the engine runs",
            )
        else:
            yield Finding("ways", True, f"{engine.kind} at {address}: {', '.join(engine.modes)}")


def of_timetable(now: datetime) -> Iterator[Finding]:
    """Tell until when the city's timetable is valid, if there is one."""
    known = timetable()
    if known is None:
        return
    ended = known.valid_until < now.date()
    yield Finding(
        "timetable",
        not ended,
        f"{'ended on' if ended else 'valid until'} {known.valid_until.isoformat()}",
        "get the current GTFS file and take it over with dragoman travel import FILE",
    )


def of_zones(now: datetime) -> Finding:
    """Tell whether everything to come still begins at the time on the wall that was agreed."""
    moved = requests.moved_by_rules_of_zones(now)
    some = ", ".join(moved[:MOST_NAMED]) + (", ..." if len(moved) > MOST_NAMED else "")
    return Finding(
        "zones",
        not moved,
        f"{len(moved)} requests begin at another time on the wall than was agreed: {some}"
        if moved
        else "every request to come begins when it was agreed",
        "the rules of a zone have changed; open each of them and save its time anew",
    )


def of_clock(here: Settings) -> Finding:
    """Tell whether the clock runs; offers of a stopped clock never end."""
    return Finding(
        "clock",
        here.now is None,
        f"stands at {here.now}" if here.now else "runs",
        "remove DRAGOMAN_NOW; it is for demonstrations and tests",
    )


def _of_mail(here: Settings) -> Finding:
    if not here.smtp_url:
        return _of_sink("mail", here, "set DRAGOMAN_SMTP_URL")
    parts = urlsplit(here.smtp_url)
    address = (parts.hostname or "", parts.port or SMTP_PORTS.get(parts.scheme, 25))
    try:
        socket.create_connection(address, timeout=CONNECT_SECONDS).close()
    except OSError as away:
        return Finding(
            "mail",
            False,
            f"SMTP at {address[0]}:{address[1]} does not answer ({away})",
            "check DRAGOMAN_SMTP_URL and whether the mail server runs",
        )
    return Finding("mail", True, f"SMTP at {address[0]}:{address[1]}")


def _of_sink(name: str, here: Settings, remedy: str) -> Finding:
    """Find the sink well on one’s own machine; where others are asked, it reaches nobody."""
    real = bool(here.smtp_url or here.has_sms_provider)
    alone = here.public_base_url.host in LOOPBACK
    found = (
        "is not set up; its messages wait" if real else f"goes to the sink {here.sink_dir.name}/"
    )
    return Finding(name, alone and not real, found, remedy)
