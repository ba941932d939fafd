"""Every command ends with 0 done, 1 refused in a sentence, 2 usage; its help has an example."""

import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from psycopg import Connection

from dispatch.cli.main import COMMANDS
from dispatch.cli.main import dragoman as root
from dispatch.settings import ROOT, Settings
from tests.dispatch.cli.conftest import Dragoman

CONTRACT = {
    "serve", "worker", "migrate", "seed", "plan", "requests import", "interpreters import",
    "sites import", "user add", "sign-in-link", "doctor", "demo",
}  # fmt: skip
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


RUN = "from dispatch.cli.main import main; main()"


def process(
    settings: Settings, *arguments: str, code: str = RUN
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "DRAGOMAN_DATABASE_URL": settings.database_url,
            "DRAGOMAN_SECRET_KEY_FILE": str(settings.secret_key_file),
            "DRAGOMAN_SINK_DIR": str(settings.sink_dir),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def open_connections() -> set[int]:
    return {id(one) for one in gc.get_objects() if isinstance(one, Connection) and not one.closed}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_command_lets_go_of_the_database_when_it_ends(dragoman: Dragoman) -> None:
    before = open_connections()
    assert dragoman("offers", "show", "DO-2027-NOBODY").code == 1
    assert open_connections() <= before


def test_the_commands_operators_rely_on_are_there() -> None:
    assert {" ".join(path) for path in commands(root)} >= CONTRACT


@pytest.mark.parametrize("path", [(), *commands(root)], ids=" ".join)
@one_database
def test_every_command_explains_itself_with_an_example_that_names_it(
    dragoman: Dragoman, path: tuple[str, ...]
) -> None:
    helped = dragoman(*path, "--help")
    assert helped.code == 0
    example = helped.out.partition("Example: ")[2].splitlines()[0]
    assert example.startswith(" ".join(("dragoman", *path)))


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    context = click.Context(root)
    for name, listed in COMMANDS.items():
        command = root.get_command(context, name)
        assert ((command and command.help) or "").startswith(listed.summary.removesuffix("."))


HEAVY = {
    "solver",
    "numpy",
    "dbos",
    "alembic",
    "openpyxl",
    "requests",
    "twilio.rest",
    "icalendar",
    "recurring_ical_events",
    "dispatch.pages",
    "dispatch.planning.proposals.service",
}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("doctor",),
        ("requests", "undo", "DO-2027-ABCDEF", "--as", "kim@example.org"),
        ("requests", "cancel", "DO-2027-ABCDEF", "--as", "kim@example.org", "--reason", "moved"),
        ("interpreters", "hours", "kim@example.org"),
        ("sites", "import", "--help"),
        ("user", "disable", "kim@example.org"),
        ("sign-in-link", "kim@example.org"),
    ],
    ids=" ".join,
)
@one_database
def test_what_needs_no_solver_starts_without_it(
    installation: Settings, arguments: tuple[str, ...]
) -> None:
    """What takes most of a start is not loaded: seconds depend on the machine, modules do not."""
    code = (
        "import sys; from dispatch.cli.main import main\n"
        "try: main()\n"
        f"finally: print('loaded', *sorted({HEAVY} & set(sys.modules)))"
    )
    done = process(installation, *arguments, code=code)
    assert done.stdout.splitlines()[-1] == "loaded"


@pytest.mark.parametrize(
    "arguments",
    [
        ("fly",),
        ("plan",),
        ("plan", "--day", "tomorrow"),
        ("requests", "import", "no-such-file.csv"),
        ("sites", "import"),
        ("user", "add", "--role", "king", "--name", "Kim", "kim@example.org"),
        ("user", "add", "kim@example.org"),
        ("serve", "--port", "99999"),
        ("doctor", "--xml"),
    ],
)
@one_database
def test_wrong_usage_ends_with_two_and_says_what_is_expected(
    dragoman: Dragoman, arguments: tuple[str, ...]
) -> None:
    ended = dragoman(*arguments)
    assert ended.code == 2
    assert "Error: " in ended.err


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DRAGOMAN_CITY", "koeln", "no city “koeln”; there is: athens, dortmund"),
        ("DRAGOMAN_CITY", "", "The setting DRAGOMAN_CITY is empty; give it a value or remove it"),
        ("DRAGOMAN_DATABASE_URL", "", "The setting DRAGOMAN_DATABASE_URL is empty"),
        ("DRAGOMAN_TWILIO_AUTH_TOKEN", "", "The setting DRAGOMAN_TWILIO_AUTH_TOKEN is empty"),
        ("DRAGOMAN_CITTY", "dortmund", "There is no setting DRAGOMAN_CITTY; remove it or correct"),
        ("DRAGOMAN_TIME_ZONE", "Europe/Berlin", "There is no setting DRAGOMAN_TIME_ZONE"),
        ("DRAGOMAN_MAIL_FROM", "einsatz.stadt.example", "“einsatz.stadt.example” is no address"),
        ("DRAGOMAN_MAIL_FROM", "a@b.example, c@d.example", "is no address"),
        ("DRAGOMAN_SMTP_URL", "mail.example:25", "write it like smtp://user:password@mail.example"),
        ("DRAGOMAN_SMTP_URL", "smtp://", "write it like smtp://user:password@mail.example"),
        ("DRAGOMAN_ROUTING_URL", "localhost:5000", "write it like http://127.0.0.1:8002"),
        ("DRAGOMAN_ROUTING_URL", "bus=http://localhost:1", "“bus” is none of car, bicycle"),
        ("DRAGOMAN_ROUTING_URL", "car=http://a:1 car=http://b:1", "car stands there twice"),
        (
            "DRAGOMAN_SMTP_URL",
            "smtp://mail.example:99999",
            "a port is 1 to 65535; write it like smtp",
        ),
        ("DRAGOMAN_SMTP_URL", "smtp://mail.example:0", "a port is 1 to 65535; write it like smtp"),
        ("DRAGOMAN_SMTP_URL", "smtp://[mail.example", "DRAGOMAN_SMTP_URL is wrong: host or port"),
        ("DRAGOMAN_IMAP_URL", "imaps://u:p@h:99999", "a port is 1 to 65535; write it like imaps"),
        ("DRAGOMAN_ROUTING_URL", "http://localhost:x", "a port is 1 to 65535; write it like http"),
        ("DRAGOMAN_DATABASE_URL", "postgresql+psycopg://u@h:x/n", "like postgresql+psycopg://user"),
        ("DRAGOMAN_DATABASE_URL", "postgresql+psycopg://u@h:99999/n", "a port is 1 to 65535"),
        ("DRAGOMAN_TRUSTED_PROXIES", "router", "DRAGOMAN_TRUSTED_PROXIES is wrong: value is"),
        ("DRAGOMAN_SINK_DIR", f"{__file__}/sink", f"{__file__} is no folder"),
        ("DRAGOMAN_SINK_DIR", __file__, f"{__file__} is no folder"),
        ("DRAGOMAN_SECRET_KEY_FILE", str(Path(__file__).parent), "is a folder; name a file in it"),
        ("DRAGOMAN_TWILIO_AUTH_TOKEN", "t", "needs DRAGOMAN_TWILIO_ACCOUNT_SID"),
        ("DRAGOMAN_DATABASE_URL", "mysql://here", "begins with sqlite:/// or postgresql+psycopg"),
        ("DRAGOMAN_PUBLIC_BASE_URL", "here", "DRAGOMAN_PUBLIC_BASE_URL is wrong"),
        ("DRAGOMAN_NOW", "2027-03-01T08:00", "DRAGOMAN_NOW is wrong"),
        ("DRAGOMAN_TWILIO_ACCOUNT_SID", "AC1", "needs DRAGOMAN_TWILIO_AUTH_TOKEN beside it"),
    ],
)
@one_database
def test_a_wrong_setting_stops_every_command_and_is_named(
    dragoman: Dragoman, variable: str, value: str, sentence: str
) -> None:
    ended = dragoman("plan", "--day", "2027-03-02", **{variable: value})
    assert ended.code == 1
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 1
    examined = dragoman("doctor", **{variable: value})
    assert (examined.code, sentence in examined.out) == (1, True)


@one_database
def test_a_stopped_clock_with_real_mail_stops_every_command(dragoman: Dragoman) -> None:
    ended = dragoman(
        "migrate", DRAGOMAN_NOW="2027-03-01T08:00Z", DRAGOMAN_SMTP_URL="smtp://localhost"
    )
    assert ended.code == 1
    assert ended.err.startswith("DRAGOMAN_NOW sets the clock for demonstrations and cannot be")


@one_database
def test_a_configuration_file_that_is_no_toml_is_named(
    dragoman: Dragoman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("city = dortmund")
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    ended = dragoman("migrate")
    assert ended.code == 1
    assert "config.toml cannot be read: Invalid value (at line 1, column 8)" in ended.err


@one_database
def test_a_misspelt_setting_in_the_file_is_named(
    dragoman: Dragoman, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('citty = "dortmund"')
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    ended = dragoman("migrate")
    assert ended.code == 1
    assert "DRAGOMAN_CITTY is wrong: Extra inputs are not permitted" in ended.err


@one_database
def test_a_folder_that_cannot_be_written_is_named(dragoman: Dragoman, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = dragoman(
        "sign-in-link", "kim@example.org", DRAGOMAN_SECRET_KEY_FILE=str(tmp_path / "file" / "key")
    )
    assert ended.code == 1
    assert f"DRAGOMAN_SECRET_KEY_FILE is wrong: {tmp_path / 'file'} is no folder" in ended.err


@one_database
def test_a_key_anybody_could_guess_stops_the_start(dragoman: Dragoman, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("\n")
    ended = dragoman(
        "sign-in-link", "kim@example.org", DRAGOMAN_SECRET_KEY_FILE=str(tmp_path / "key")
    )
    assert ended.code == 1
    assert ended.err.startswith("The file key holds no key of at least 32 characters; remove it")


@pytest.mark.parametrize(
    "arguments",
    [("plan", "--day", "2027-03-02"), ("sign-in-link", "a@example.org"), ("serve",), ("worker",)],
)
@one_database
def test_a_database_without_tables_is_refused_by_every_command(
    dragoman: Dragoman, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    ended = dragoman(*arguments, DRAGOMAN_DATABASE_URL=empty)
    assert ended.code == 1
    assert ended.err.startswith("The database is at schema - and this program needs ")
    assert ended.err.endswith("run dragoman migrate.\n")


@one_database
def test_migrating_makes_an_empty_database_usable_and_can_be_repeated(
    dragoman: Dragoman, tmp_path: Path
) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    for _ in range(2):
        migrated = dragoman("migrate", DRAGOMAN_DATABASE_URL=empty)
        assert migrated.code == 0
        assert migrated.out.startswith("The database is at schema ")
    assert dragoman("doctor").code == 0


def test_a_database_that_is_not_reached_is_said_in_a_sentence(
    dragoman: Dragoman, tmp_path: Path
) -> None:
    ended = dragoman(
        "plan", "--day", "2027-03-02", DRAGOMAN_DATABASE_URL=f"sqlite:///{tmp_path}/no/such.sqlite"
    )
    assert ended.code == 1
    assert ended.err == (
        "The database cannot be used (unable to open database file); dragoman doctor says more.\n"
    )


@one_database
def test_as_processes_of_their_own_commands_end_with_their_codes(settings: Settings) -> None:
    done = process(settings, "user", "add", "--role=coordinator", "--name=Kim", "kim@example.org")
    assert (done.returncode, done.stdout, done.stderr) == (
        0, "Added kim@example.org as coordinator.\n", "",
    )  # fmt: skip
    refused = process(settings, "sign-in-link", "nobody@example.org")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == ("There is no account for nobody@example.org; add one first.\n")
    assert process(settings, "sign-in-link").returncode == 2


WARNS_AT_ITS_END = """
import atexit, warnings
from dispatch.cli.main import main
atexit.register(warnings.warn, "of a library")
main(["--help"])
"""


def test_nobody_reads_what_libraries_warn_of() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WARNS_AT_ITS_END], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "module", ["dispatch.cli.main", "dispatch.cli.doctor", "dispatch.cli.data"]
)
def test_or_tools_is_loaded_only_where_something_is_planned(module: str) -> None:
    asked = f"import sys, {module}; print([n for n in sys.modules if n.startswith('ortools')])"
    found = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert found.stdout.strip() == "[]", found.stderr


SELDOM = {
    "ortools", "numba", "pandas", "openpyxl", "alembic", "requests", "twilio.rest", "hypothesis",
    "recurring_ical_events", "dispatch.demo", "holidays.countries.france",
}  # fmt: skip
"""What plans, what reads files and calendars, what invents people, the holidays of others: loaded
where it is used, or in a process of its own. Half of what a process keeps is what it has loaded."""
SERVING = """
import sys
from dispatch import settings
from dispatch.cli.main import _loaded
serving = _loaded("dispatch.cli.serving")
with serving.working(serving.create_app(settings.active())):
    print("loaded", *sorted({seldom} & set(sys.modules)))
"""


@one_database
def test_who_serves_pages_and_works_has_not_loaded_what_is_seldom_used(
    installation: Settings,
) -> None:
    done = process(installation, code=SERVING.format(seldom=SELDOM))
    assert done.stdout.splitlines()[-1:] == ["loaded"], done.stderr
