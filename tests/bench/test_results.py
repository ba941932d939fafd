"""A new run replaces what an earlier run of its part left, and nothing else."""

from pathlib import Path

import pytest

from bench import results


def test_each_part_is_replaced_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "RESULTS", tmp_path / "RESULTS.md")
    results.keep("solver", "first")
    results.keep("load", "pages")
    results.keep("solver", "second")
    text = results.RESULTS.read_text()
    assert "first" not in text
    assert text.index("second") < text.index("pages")
