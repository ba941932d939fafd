"""An installation of its own for the command line, and a way to call it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dispatch import clock, settings
from dispatch.cli.main import main
from dispatch.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code, what it printed, what it complained of."""

    code: int
    out: str
    err: str


Dragoman = Callable[..., Outcome]


@pytest.fixture
def installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The installation of the test, named by the environment as an operator would."""
    monkeypatch.setenv("DRAGOMAN_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("DRAGOMAN_SECRET_KEY_FILE", str(settings.secret_key_file))
    monkeypatch.setenv("DRAGOMAN_SINK_DIR", str(settings.sink_dir))
    return settings


@pytest.fixture
def dragoman(
    installation: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Dragoman:
    """Call `dragoman` with arguments as a process of its own would read its settings."""

    def run(*arguments: str | Path, **environment: str) -> Outcome:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(settings, "_active", None)
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        clock.freeze(None)
        printed = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return Outcome(code, printed.out, printed.err)

    return run
