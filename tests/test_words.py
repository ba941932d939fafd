"""Names in the code keep to `docs/glossary.md` where a word was used for too much before."""

import ast
import re
from collections.abc import Iterator
from typing import TypeGuard

from dispatch.settings import ROOT

APPLICATION = sorted((ROOT / "dispatch").rglob("*.py"))
IS_A_REQUEST = re.compile(r"(?:\.interpretation_request|InterpretationRequest)$|^requests\.find\(")
SET_IN_A_PAGE = re.compile(r"\{%-? set asked = [^%]*\.interpretation_request -?%\}")
ABOUT_REQUESTS = (
    "amendments/", "planning/proposals/", "planning/runs/", "planning/snapshot/", "requests/models",
    "requests/details", "travel/",
)  # fmt: skip
"""Where everything is about requests and nothing about who has a question: there `asked`, which is
said of people, would be a request."""


def given_names(code: str) -> Iterator[str]:
    """Yield every name that the code gives to a class, function, argument or value."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name


def files_that_name(word: str) -> set[str]:
    """Return the files of the application in which something is called just that."""
    return {
        str(path.relative_to(ROOT / "dispatch"))
        for path in APPLICATION
        if word in {name.lower() for name in given_names(path.read_text("utf-8"))}
    }


def test_asked_is_said_of_people_who_have_a_question_and_never_of_a_request() -> None:
    wrong = [name for name in files_that_name("asked") if name.startswith(ABOUT_REQUESTS)]
    assert wrong == []


def test_no_name_asked_holds_a_request_in_code_or_page() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in APPLICATION
        for line in requests_called_asked(path.read_text("utf-8"))
    ]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        lines = enumerate(path.read_text("utf-8").splitlines(), 1)
        wrong += [
            f"{path.relative_to(ROOT)}:{n}" for n, line in lines if SET_IN_A_PAGE.search(line)
        ]
    assert wrong == []


def requests_called_asked(code: str) -> Iterator[int]:
    """Yield the lines in which something called `asked` becomes, or is said to be, a request."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Assign):
            names = {one.id for target in node.targets for one in ast.walk(target) if is_name(one)}
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            is_request = any(IS_A_REQUEST.search(ast.unparse(part)) for part in parts)
        elif isinstance(node, ast.arg):
            names = {node.arg}
            is_request = ast.unparse(node.annotation or node) == "InterpretationRequest"
        else:
            continue
        if "asked" in names and is_request:
            yield node.lineno


def is_name(node: ast.AST) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)


def test_a_request_is_never_one_of_ours() -> None:
    of_http = {"accounts/sessions.py", "messaging/sms_twilio.py"}
    of_calendars = {"calendar/invitation.py", "calendar/writing.py"}
    assert files_that_name("request") <= of_http | of_calendars


def test_no_word_of_the_glossary_is_explained_twice() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    terms = [row.split("|")[1] for row in rows if row.startswith("|")][2:]
    words = [word.strip() for term in terms for word in term.replace("/", ",").split(",")]
    assert [word for word in set(words) if words.count(word) > 1] == []
