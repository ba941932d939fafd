"""What a request says, as options that were given, as the form's fields, and back again.

Drafts are kept as the fields of the form, so that a page and a command go on from the same ones.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click
from flask_babel import lazy_gettext as _l

from dispatch.accounts import service as accounts
from dispatch.accounts.models import Account
from dispatch.amendments.foreseeing import details_to_ask_again
from dispatch.availability.rules import Way
from dispatch.cli.said import ANY, NAMED_OTHERWISE, said
from dispatch.database import db
from dispatch.drafts import service as drafts
from dispatch.drafts.models import Draft
from dispatch.drafts.rules import Fields
from dispatch.errors import Conflict
from dispatch.languages import finding
from dispatch.languages import rules as languages
from dispatch.languages.rules import NOT_LISTED
from dispatch.requests import places
from dispatch.requests import ways as request_ways
from dispatch.requests.details import AS_SAID
from dispatch.requests.models import InterpretationRequest
from dispatch.sites.models import Site

Given = dict[str, Any]
"""Options by the names they have in `said`; what is not given is not in it."""

WAY_FIELDS = ("ways", "second_way", "third_way")
WRITTEN = {"day": "%Y-%m-%d", "start": "%H:%M", "latest_start": "%H:%M"}
FLAGS = frozenset(
    {
        "decides_on_rights",
        "is_signed",
        "only_same_person",
        "accepts_varieties",
        "relay_allowed",
        "handover_allowed",
    }
)
OPTION_OF = {field: option for option, field in NAMED_OTHERWISE.items()}
FIELD_OF = NAMED_OTHERWISE | {"duration": "duration"}
"""How the form calls what an option is called otherwise."""
ONLY_TOLD = ("any_level", "urgent")
"""What is said of one moment; no form keeps it."""


@click.command(add_help_option=False)
@said
def _read(**_given: Any) -> None: ...


def meant(given: Given) -> Given:
    """Return what was given of all options there are."""
    return {
        name: value
        for name, value in given.items()
        if value is not None and (value is not False or name in FLAGS)
    }


def over(before: Given, given: Given) -> Given:
    """Return what was there before with what is given now.

    A new start without a latest start is the only one; a language chosen takes the place of words.
    """
    gone = set[str]()
    if "start" in given:
        gone |= {"latest_start", "occurrence"}
    if "language" in given:
        gone.add("language_in_words")
    if "language_in_words" in given:
        gone.add("language")
    return {name: value for name, value in before.items() if name not in gone} | given


def given_by_request(one: InterpretationRequest) -> Given:
    """Return all that a request asks for, but its day."""
    details = details_to_ask_again(one)
    kept = {name: getattr(details, name) for name in AS_SAID}
    given = {OPTION_OF.get(name, name): value for name, value in kept.items() if value}
    given |= {
        "site": one.site.register_number,
        "start": details.wall_start,
        "ways": request_ways.written(details.ways),
    }
    if details.language != NOT_LISTED:
        given["language"] = details.language
    if details.latest_start:
        given["latest_start"] = datetime.combine(details.wall_start, details.latest_start)
    return given


def fields_of(account: Account, given: Given) -> Fields:
    """Return the fields of the form that say the same.

    Raises `Refusal` for a site or a language that is not known.
    """
    fields: Fields = []
    for name, value in given.items():
        if name in {"language", "site", "ways", *ONLY_TOLD} or value is False or value == ANY:
            continue
        text = value.strftime(WRITTEN[name]) if name in WRITTEN else str(value)
        fields.append((FIELD_OF.get(name, name), "y" if value is True else text))
    if "language" in given:
        named = finding.named(given["language"])
        known = named[0] if len(named) == 1 else languages.require(given["language"])
        fields.append(("language", known.tag))
    if "site" in given:
        found = places.by_number(given["site"], account.organisation_id)
        fields.append(("site", str(found.id)))
    ways = request_ways.read(given.get("ways", ""))
    return fields + list(zip(WAY_FIELDS, ways, strict=False))


def given_by(account: Account, draft: Draft) -> tuple[Given, Account]:
    """Return what is kept as options that were given, and for whom it was meant.

    Raises `click.UsageError` for what no option can be, `Conflict` for what is asked as a series.
    """
    fields = dict(drafts.fields_of(draft))
    if fields.get("series-repeats"):
        raise Conflict(
            "kept-for-a-series",
            _l(
                "“%(name)s” is kept for several dates: send it on the page. By command, ask for "
                "one date and then for the others by dragoman series ask.",
                name=draft.name,
            ),
        )
    arguments: list[str] = []
    for option in _read.params:
        assert option.name is not None  # noqa: S101 # an option has a name
        text = _text_of(account, fields, option.name)
        if text and option.name in FLAGS:
            arguments.append(option.opts[0])
        elif text and option.name not in ONLY_TOLD:
            arguments += [option.opts[0], text]
    given = meant(_read.make_context("kept", arguments).params)
    colleague = fields.get("colleague", "")
    for_whom = int(colleague) if colleague.isascii() and colleague.isdigit() else 0
    return given, accounts.colleague(account, for_whom)


def _text_of(account: Account, fields: dict[str, str], name: str) -> str:
    if name == "ways":
        ways = [fields[field] for field in WAY_FIELDS if fields.get(field)]
        return "" if ways == [Way.ON_SITE] else request_ways.written(ways)
    if name == "site":
        number = fields.get("site", "")
        shown = places.find(int(number), account.organisation_id) if number.isdigit() else None
        return shown.register_number if shown else ""
    return fields.get(FIELD_OF.get(name, name), "")


def usual(last: InterpretationRequest | None) -> Given:
    """Return what stays the same for most who ask, as in the last request of theirs."""
    if last is None:
        return {}
    site = db.session.get_one(Site, last.site_id)
    same = {name: getattr(last, name) for name in ("setting", "contact", "cost_centre")}
    return {"site": site.register_number} | {name: text for name, text in same.items() if text}


def in_words(given: Given) -> Iterable[str]:
    """Yield what is given as options of a command, one a line."""
    for option in _read.params:
        value = given.get(option.name or "")
        if value is True:
            yield option.opts[0]
        elif value is not None and value is not False:
            text = value.strftime(WRITTEN[option.name]) if option.name in WRITTEN else value
            if option.name == "language":
                text = languages.name_of(value, "en")
            yield f"{option.opts[0]} {text}"
