"""Names in the code keep to `docs/glossary.md` where a word was used for too much before."""

import ast
from collections.abc import Iterator

from dispatch.settings import ROOT

APPLICATION = sorted((ROOT / "dispatch").rglob("*.py"))
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


def test_a_request_is_never_one_of_ours() -> None:
    of_http = {"accounts/sessions.py", "messaging/sms_twilio.py"}
    of_calendars = {"calendar/invitation.py"}
    assert files_that_name("request") <= of_http | of_calendars


def test_no_word_of_the_glossary_is_explained_twice() -> None:
    rows = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    terms = [row.split("|")[1] for row in rows if row.startswith("|")][2:]
    words = [word.strip() for term in terms for word in term.replace("/", ",").split(",")]
    assert [word for word in set(words) if words.count(word) > 1] == []
