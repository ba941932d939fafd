"""What the fields of messages mean, in words, and how a text reads to who writes no templates."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from jinja2 import nodes
from jinja2.sandbox import SandboxedEnvironment

from dispatch.requests.ways import WAY_NAMES
from dispatch.travel.times import SOURCE_NAMES

MEANINGS: dict[str, Any] = {
    "absences": _l("link to the page of all that an absence left open"),
    "agency": _l("name of the partner agency"),
    "all_offers": _l("link to the page of all questions"),
    "also": _l("list: what else is different"),
    "answer_by": _l("until when an answer is needed: day and time"),
    "arrives": _l("when who says yes late will be there"),
    "as_agreed": _l("it is as was agreed before"),
    "asks": _l("whom the question is put to: one, several, or who could come"),
    "again": _l("it was cancelled and takes place after all"),
    "asked_again": _l("how many have to agree anew"),
    "asked_at_once": _l("several are asked at the same time"),
    "asked_now": _l("how many are asked again"),
    "asked_by": _l("colleague who asked on their behalf"),
    "began": _l("when it really began"),
    "begun": _l("how many were begun meanwhile"),
    "calendar": _l("where the private calendar is"),
    "came": _l("how many were found so far"),
    "can_stop": _l("they can answer STOP"),
    "change": _l("one of the things that are different"),
    "changed_by": _l("who changed it, where it was somebody else"),
    "changes": _l("list: what is different"),
    "city": _l("name of the city"),
    "client_knows": _l("start the client was reminded of, where it is another"),
    "client_reminded": _l("the client has been reminded already"),
    "code": _l("code to type in"),
    "coming": _l("who comes"),
    "day": _l("day with weekday"),
    "declined_start": _l("start of the same talk they said no to"),
    "district": _l("district, or the way (video, telephone)"),
    "each": _l("list: one entry for each"),
    "end": _l("end: time"),
    "ended": _l("when it really ended"),
    "expected": _l("when the late person will be there"),
    "fallback": _l("way that was asked for first"),
    "gone": _l("who does not come any more"),
    "has_agreed": _l("they had said yes before"),
    "has_declined": _l("they had said no before"),
    "has_moved": _l("the client was reminded of another time before"),
    "hear_by": _l("until when they hear from us"),
    "imprint_address": _l("imprint: address"),
    "imprint_contact": _l("imprint: how to reach the city"),
    "imprint_name": _l("imprint: name"),
    "in_review": _l("the office has not looked at it yet"),
    "index": _l("number in the list"),
    "instead_of": _l("language that was asked for, where another is meant"),
    "interpreter": _l("name of the interpreter"),
    "is_kept": _l("their number is kept here"),
    "is_shared": _l("two people share the talk"),
    "kind": _l("which kind of question it is"),
    "language": _l("language that is interpreted"),
    "last": _l("last entry of the list"),
    "first": _l("first entry of the list"),
    "latest": _l("latest start, where there is a choice"),
    "link": _l("link to the page"),
    "link_missing": _l("the link is left out, for it worked once only"),
    "lost": _l("how many cannot come"),
    "minutes": _l("how many minutes"),
    "missing": _l("how many are missing"),
    "name": _l("name of the person written to"),
    "new": _l("as it is now"),
    "no_code": _l("code for no"),
    "nothing_open": _l("no question is open that the SMS could answer"),
    "number": _l("number of the assignment, or how many there are"),
    "office": _l("name of the office"),
    "old": _l("as it was before"),
    "old_day": _l("day until now"),
    "old_district": _l("district until now"),
    "old_end": _l("end until now"),
    "old_language": _l("language until now"),
    "old_short_day": _l("day until now, short"),
    "old_start": _l("start until now"),
    "one": _l("one entry of the list"),
    "other": _l("name of the other interpreter"),
    "other_comes": _l("the other interpreter comes"),
    "other_place": _l("it is another place"),
    "other_time": _l("time that would do"),
    "others": _l("how many others take part"),
    "owed_minutes": _l("how many minutes are paid"),
    "page": _l("name of the page"),
    "part_end": _l("end of their part, where two share the talk"),
    "part_start": _l("start of their part, where two share the talk"),
    "phone": _l("telephone of the office"),
    "place": _l("address or way"),
    "questions": _l("how many questions wait"),
    "reason": _l("reason that was told"),
    "reference": _l("number of the request"),
    "relay": _l("languages of their part of a relay"),
    "relay_with": _l("language to which the other of a relay goes on"),
    "released": _l("when what they were released from in the same step begins: day and time"),
    "seats": _l("how many people"),
    "short_answer_by": _l("until when an answer is needed, short"),
    "short_day": _l("day, short"),
    "since": _l("since when"),
    "spoken": _l("languages that are spoken"),
    "start": _l("start: time"),
    "still": _l("who of a team still comes"),
    "still_number": _l("how many of a team still come"),
    "subject": _l("subject of the message"),
    "take_back_by": _l("until when they can take their yes back on the page: day and time"),
    "take_back_hours": _l("how many hours before the start that ends"),
    "team": _l("how many interpret in turn, 0 where one does"),
    "text": _l("text of the SMS"),
    "to_review": _l("the office looks at it first"),
    "to_settle": _l("the language has to be settled first"),
    "together": _l("sentence about who interprets with them"),
    "until": _l("until when"),
    "urgent": _l("it is urgent"),
    "value": _l("what would be otherwise"),
    "wanted": _l("how many are needed"),
    "wanted_way": _l("way that was wanted"),
    "way": _l("way: at the place, by video or by telephone"),
    "way_minutes": _l("minutes from home"),
    "way_source": _l("where the minutes come from"),
    "why": _l("why they hear it this way"),
    "yes_code": _l("code for yes"),
}
CODES: dict[str, Any] = {
    **WAY_NAMES,
    **{str(one): name for one, name in SOURCE_NAMES.items()},
    "one": _l("one person"),
    "several": _l("several at the same time"),
    "interest": _l("who could come"),
    "start": _l("another start"),
    "moment": _l("another day, or a start outside the window"),
    "language": _l("another language"),
    "way": _l("another way"),
    "colleague": _l("somebody else of their organisation"),
    "office": _l("the office"),
    "chosen": _l("they chose it so"),
    "failed": _l("no SMS reached them"),
    "stopped": _l("they answered STOP"),
    "waits": _l("no SMS can be sent at the moment"),
}
"""What is not shown to people but decides what a text says, in words."""
LISTS = frozenset({"each", "first", "index", "last"})
"""Names that mean something within a list only."""
CONDITION = re.compile(r"{%-?\s*(?:el)?if (.+?)\s*-?%}", re.DOTALL)
PIECE = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
SIMPLE = re.compile(r"{{-?\s*(?:\w+\.|each\[\d\]\.)?(\w+)\s*-?}}")
_environment = SandboxedEnvironment()


class Condition(NamedTuple):
    """A condition as it stands in a text, and when that holds, in words."""

    written: str
    words: str


def meaning(name: str) -> str:
    """Return what a field means."""
    return str(MEANINGS.get(name, name))


def shown(value: str) -> str:
    """Return what a field says as people say it: a code in words, all else as it is."""
    return str(CODES.get(value, value))


def conditions(text: str) -> list[Condition]:
    """Return the conditions of a text, each once, in order."""
    found = dict.fromkeys(CONDITION.findall(text))
    return [Condition(one, _in_words(one)) for one in found]


def in_words(text: str) -> str:
    """Return a text with its fields and conditions in words, in ‹signs› that stand in no text."""
    return PIECE.sub(lambda found: _piece(found[0]), text)


def _piece(written: str) -> str:
    if simple := SIMPLE.fullmatch(written):
        return f"‹{meaning(simple[1])}›"
    if ending := _ending(written):
        return ending
    if written.startswith("{{"):
        named = _names(written.strip("{}- "))
        return f"‹{', '.join(map(meaning, named))}›" if named else "‹…›"
    word = written.strip("{%- }").split(" ", 1)[0]
    if word in {"if", "elif"}:
        asked = CONDITION.fullmatch(written)
        return _("‹only if %(case)s:›", case=_in_words(asked[1]) if asked else "…")
    shared = "shared/to_" in written or "greeting" in written
    return {
        "else": _("‹otherwise:›"),
        "endif": "‹/›",
        "for": _("‹for each:›"),
        "endfor": "‹/›",
        "include": _("‹end that several messages share›") if shared else _("‹shared part›"),
    }.get(word, "")


def _ending(written: str) -> str:
    """Return the letters that are added or not, such as the (n) of minutes; else nothing."""
    if not written.startswith("{{"):
        return ""
    try:
        tree = _environment.parse(written)
    except Exception:  # as below
        return ""
    for choice in tree.find_all(nodes.CondExpr):
        parts = [choice.expr1, choice.expr2]
        said = [str(one.value) for one in parts if isinstance(one, nodes.Const)]
        if len(said) == sum(one is not None for one in parts):
            return f"({'/'.join(filter(None, said))})"
    return ""


def _names(expression: str) -> Iterable[str]:
    try:
        tree = _environment.parse("{{ " + expression + " }}")
    except Exception:  # whatever cannot be read is shown as dots
        return []
    named = [one.name for one in tree.find_all(nodes.Name)]
    named += [one.attr for one in tree.find_all(nodes.Getattr)]
    return [one for one in dict.fromkeys(named) if one in MEANINGS and one != "each"]


def _in_words(expression: str) -> str:
    try:
        tree = _environment.parse("{% if " + expression + " %}{% endif %}")
    except Exception:  # as above
        return "…"
    (asked,) = tree.find_all(nodes.If)
    return _said(asked.test)


def _said(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return _("there is “%(what)s”", what=meaning(node.name))
        case nodes.Getattr():
            return _("there is “%(what)s”", what=meaning(node.attr))
        case nodes.Not():
            return _("not (%(case)s)", case=_said(node.node))
        case nodes.And():
            return _("%(one)s and %(other)s", one=_said(node.left), other=_said(node.right))
        case nodes.Or():
            return _("%(one)s or %(other)s", one=_said(node.left), other=_said(node.right))
        case nodes.Compare():
            return _compared(node)
    return "…"


def _compared(node: nodes.Compare) -> str:
    names = [one.name for one in node.find_all(nodes.Name)]
    names = [one.attr for one in node.find_all(nodes.Getattr)] or names
    values = [shown(str(one.value)) for one in node.ops[0].find_all(nodes.Const)]
    what, value = meaning(names[0]) if names else "…", values[0] if values else "…"
    if isinstance(node.expr, nodes.Filter) and node.expr.name == "length":
        return _("“%(what)s” has %(number)s characters or entries", what=what, number=value)
    said = {
        "eq": _("“%(what)s” is %(value)s", what=what, value=value),
        "ne": _("“%(what)s” is not %(value)s", what=what, value=value),
        "gt": _("“%(what)s” is more than %(value)s", what=what, value=value),
        "lt": _("“%(what)s” is less than %(value)s", what=what, value=value),
    }
    return said.get(node.ops[0].op, "…")
