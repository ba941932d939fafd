"""Files and functions stay short enough to be read at once."""

import ast
from collections.abc import Iterator

from dispatch.settings import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 300, 40
CODE = sorted(path for folder in ("dispatch", "solver") for path in (ROOT / folder).rglob("*.py"))


def lengths(code: str) -> Iterator[tuple[str, int]]:
    """Yield every function with the lines of what it does: signature and docstring not counted."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef):
            told = ast.get_docstring(node) is not None
            done = node.body[1:] if told else node.body
            if done:
                yield node.name, (node.end_lineno or 0) - done[0].lineno + 1


def test_no_function_does_more_than_forty_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name} has {length} lines"
        for path in CODE
        for name, length in lengths(path.read_text("utf-8"))
        if length > LONGEST_FUNCTION
    ]
    assert long == []


def test_no_file_has_more_than_three_hundred_lines() -> None:
    lines = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in CODE}
    long = [f"{path} has {count} lines" for path, count in lines.items() if count > LONGEST_FILE]
    assert long == []
