"""Everything a request says, as options of a command: the fields of the form under their names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import click
from flask_babel import lazy_gettext as _l

from dispatch.accounts.models import Account
from dispatch.accounts.rules import Role
from dispatch.cli.data import DAY
from dispatch.errors import Forbidden
from dispatch.interpreters.rules import MAXIMUM_LEVEL, MINIMUM_LEVEL, Gender, Qualification
from dispatch.languages import finding
from dispatch.languages.rules import NOT_LISTED
from dispatch.requests import places
from dispatch.requests import ways as request_ways
from dispatch.requests.details import RequestDetails
from dispatch.requests.rules import OCCURRENCES, Setting, second_occurrence

ANY = "any"
CLOCK = click.DateTime(["%H:%M"])
LEVEL = click.IntRange(MINIMUM_LEVEL, MAXIMUM_LEVEL)
NAMED_OTHERWISE = {
    "duration": "duration_minutes",
    "interpreters": "interpreter_count",
    "gender": "gender_required",
    "qualification": "qualification_required",
    "level": "level_required",
}
"""Options that are shorter than the field they stand for."""
NOT_FOR_THE_OFFICE = ("note", "case_reference", "cost_centre", "video_link", "dial_in")


def _or_any(choices: type[Gender | Qualification]) -> click.Choice[str]:
    return click.Choice([*(str(one) for one in choices), ANY])


def _flag(name: str, of: str, text: str) -> Any:
    """Return an option that says yes or, as `--not-...`, no; left out it stays as it is."""
    return click.option(f"--{name}/--not-{name}", of, default=None, help=text)


OPTIONS = (
    click.option("--language", help="Its name or tag, such as Romanian or ro."),
    click.option("--language-in-words", help="What the client calls it, if it is not in the list."),
    click.option("--site", help="Its number in the register."),
    click.option("--day", type=DAY),
    click.option("--start", type=CLOCK, help="Wall time at the site."),
    click.option(
        "--latest-start", type=CLOCK,
        help="Where a window is asked for: it begins at the latest then; early in the night, the "
        "next morning.",
    ),
    click.option("--occurrence", type=click.Choice(OCCURRENCES), help="Of two equal wall times."),
    click.option("--duration", type=int, help="Minutes."),
    click.option("--setting", type=click.Choice([str(one) for one in Setting])),
    click.option("--interpreters", type=int),
    click.option("--alone-because", help="Why one is enough for so long."),
    click.option("--case-reference", help="The organisation's own; never a name."),
    click.option("--cost-centre"),
    click.option("--room"),
    click.option("--contact", help="On site."),
    click.option("--note", help="For the interpreter; nothing that tells who the client is."),
    click.option("--ways", help="Such as “on site, video”: the next only if nobody is found."),
    click.option("--video-link", help="For whoever interprets by video."),
    click.option("--dial-in", help="For whoever interprets by telephone."),
    click.option("--gender", type=_or_any(Gender), help="Only if the client asks for it."),
    click.option("--gender-wished", type=_or_any(Gender), help="If possible."),
    click.option("--qualification", type=_or_any(Qualification), help="At least."),
    click.option("--qualification-wished", type=_or_any(Qualification), help="If possible."),
    click.option("--level", type=LEVEL, help="At least; of the language."),
    click.option("--any-level", is_flag=True, help="No level is needed or wished for."),
    click.option("--level-wished", type=LEVEL, help="If possible."),
    _flag("decides-on-rights", "decides_on_rights", "It leads to a decision on somebody's rights."),
    _flag("signed", "is_signed", "Somebody signs or declares something binding."),
    click.option(
        "--only-same-person/--any-person", default=None,
        help="Of those who came to the case before, nobody else.",
    ),
    _flag("varieties", "accepts_varieties", "A related variety of the language will do as well."),
    _flag("relay", "relay_allowed", "Two may do it by relay."),
    _flag("handover", "handover_allowed", "Two may do it one after the other."),
    click.option(
        "--handover-minutes", type=int, help="After so many the second takes over; 0: as fits."
    ),
    click.option("--urgent", is_flag=True, help="It cannot wait, though it begins so soon."),
)  # fmt: skip


def said(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for everything a request says; what is left out stays as it is."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def differently(account: Account, details: RequestDetails, given: dict[str, Any]) -> RequestDetails:
    """Return the details with what was given on the command line.

    A new start without a latest start is the only one. Raises `Refusal` for a site that is not in
    the register, `Forbidden` where the office gives what it does not read.
    """
    given = {name: value for name, value in given.items() if value is not None}
    _require_read(account, given)
    changed = _as_they_are(given) | _wall(details, given)
    if "language" in given:
        named = finding.named(given["language"])
        changed["language"] = named[0].tag if len(named) == 1 else given["language"]
    elif given.get("language_in_words"):
        changed["language"] = NOT_LISTED
    if "site" in given:
        changed["site_id"] = places.by_number(given["site"], account.organisation_id).id
    if "ways" in given:
        changed["ways"] = request_ways.read(given["ways"])
    if given["any_level"]:
        changed |= {"level_required": None, "level_wished": None}
    return replace(details, **changed, is_urgent=given["urgent"])


def _require_read(account: Account, given: dict[str, Any]) -> None:
    if account.role == Role.COORDINATOR and set(NOT_FOR_THE_OFFICE) & set(given):
        raise Forbidden(
            "not-for-the-office",
            _l(
                "Note, case reference, cost centre, link and number to call only those who ask "
                "read and write."
            ),
        )


def _as_they_are(given: dict[str, Any]) -> dict[str, Any]:
    read_otherwise = {
        "language", "site", "day", "start", "latest_start", "occurrence", "ways", "urgent",
        "any_level",
    }  # fmt: skip
    kept = {
        NAMED_OTHERWISE.get(name, name): None if value == ANY else value
        for name, value in given.items()
        if name not in read_otherwise
    }
    if kept.get("handover_minutes") == 0:
        kept["handover_minutes"] = None
    return kept


def _wall(details: RequestDetails, given: dict[str, Any]) -> dict[str, Any]:
    """Return day, start and latest start; which of two equal times is meant holds for one start."""
    day, start = given.get("day"), given.get("start")
    wall = datetime.combine(
        day.date() if day else details.wall_start.date(),
        start.time() if start else details.wall_start.time(),
    )
    latest = None if start else details.latest_start
    if "latest_start" in given:
        latest = given["latest_start"].time()
    second = details.second_occurrence if wall == details.wall_start else None
    if "occurrence" in given:
        second = second_occurrence(given["occurrence"])
    return {"wall_start": wall, "latest_start": latest, "second_occurrence": second}
