"""Every refusal says in words, in all languages of the pages, what would be right."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from dispatch import errors
from dispatch.errors import Refusal
from dispatch.settings import ROOT

REFUSALS = {
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, Refusal) and name != "Several"
}
TRANSLATED = {"_l", "_", "gettext", "ngettext", "lazy_gettext"}
ALREADY_WORDS = {
    "text", "why", "wrong", "lacking", "refusal.text", "taken.text", "found[0].why",
    "why or CHANGED", "str(away)", "WHY", "LOST_SECRET",
}  # fmt: skip
"""Expressions that hold words another rule or table of words has found."""
NAMES_A_CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")
COLUMNS_OF_A_TIMETABLE = {
    "stop_sequence", "exception_type", "start_date", "end_date", "start_time", "end_time",
    "headway_secs", "stop_lat", "stop_lon",
}  # fmt: skip
OF_A_FILE_OR_COMMAND = {
    "accounts/rules.py": {"', '.join(offered)"},
    "accounts/service.py": {"role", "', '.join(Role)"},
    "cities/files.py": {"', '.join(known())"},
    "demo/service.py": {"', '.join(CITIES)"},
    "interpreters/importing.py": {"', '.join(Qualification)"},
    "organisations/rules.py": {"kind", "', '.join(OrganisationKind)"},
    "schema.py": {"', '.join(missing)"},
    "tables/rows.py": {"', '.join(possible)"},
    "travel/gtfs/archive.py": {"', '.join(missing)"},
}
"""Where what is to be written in a file, or after a command, is named as it is written there."""
A_CODE = re.compile(
    r"^', '\.join\([A-Za-z]+(\(\))?\)$|^(\w+\.)*(role|kind|state|way|unit|mode|setting)$"
)


def constructed() -> Iterator[tuple[str, ast.Call]]:
    """Yield every refusal the application makes, with its file."""
    for path in sorted((ROOT / "dispatch").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in REFUSALS
                and node.args[1:]
            ):
                yield str(path.relative_to(ROOT / "dispatch")), node


MADE = list(constructed())


def test_there_are_refusals_to_look_at() -> None:
    assert len(MADE) > 300


def test_every_refusal_has_words_that_are_translated() -> None:
    assert [
        f"{path}: {ast.unparse(one)}" for path, one in MADE if not _has_words(one.args[1])
    ] == []


@pytest.mark.parametrize("locale", ["de", "el"])
def test_the_words_of_every_refusal_are_there_in_every_language(locale: str) -> None:
    with Path(ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        known = {
            text
            for one in read_po(file)
            if one.id and one.string
            for text in ([one.id] if isinstance(one.id, str) else one.id)
        }
    wanted = {text for _path, one in MADE for text in _sentences(one)}
    assert wanted - known == set()


def test_no_refusal_names_what_only_programs_call_so() -> None:
    found = {
        word
        for _path, one in MADE
        for text in _sentences(one)
        for word in NAMES_A_CODE.findall(re.sub(r"%\(\w+\)[sd]", "", text))
    }
    assert found - COLUMNS_OF_A_TIMETABLE == {"pg_dump", "pg_restore"} & found


def test_codes_stand_in_a_refusal_only_where_somebody_writes_them() -> None:
    found = [
        f"{path}: {keyword.arg}={ast.unparse(keyword.value)}"
        for path, one in MADE
        for keyword in getattr(one.args[1], "keywords", [])
        if A_CODE.match(ast.unparse(keyword.value))
        and ast.unparse(keyword.value) not in OF_A_FILE_OR_COMMAND.get(path, set())
    ]
    assert found == []


def _has_words(text: ast.expr) -> bool:
    match text:
        case ast.Call(func=ast.Name(id=name)) if name in TRANSLATED:
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _has_words(body) and _has_words(orelse)
        case ast.Call() | ast.Attribute() | ast.Subscript() if "ord" in ast.unparse(text):
            return True  # wording.…, words.reason(…), words.REASONS[…]: tables of words
    return ast.unparse(text) in ALREADY_WORDS or ast.unparse(text).startswith("_what_stops")


def _sentences(one: ast.Call) -> Iterator[str]:
    for node in ast.walk(one.args[1]):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATED:
            yield from (
                a.value
                for a in node.args
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
            )
