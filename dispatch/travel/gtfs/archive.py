"""The files of a GTFS archive, row by row, within limits; nothing is unpacked to the disk."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from flask_babel import lazy_gettext as _l

from dispatch.errors import Refusal, Several

MOST_UNPACKED = 4_000_000_000
"""Bytes of all files together; the timetable of a large region has about one thousand million."""

MOST_TIMES_PACKED = 200
"""Text packs to about a tenth. Beyond this it is no timetable but made to fill the memory."""

MOST_FILES = 200
MOST_ROWS = 40_000_000
LONGEST_LINE = 100_000
MOST_NAMED = 20
"""So many faults of a file are named at once."""

READ = (
    "feed_info.txt",
    "agency.txt",
    "stops.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "trips.txt",
    "frequencies.txt",
    "stop_times.txt",
    "transfers.txt",
)
Row = dict[str, str]
Watch = Callable[[str], None]


class Archive:
    """A GTFS file that is open; raises `Refusal` for what is no such file or too large."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self._watch = watch
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as broken:
            raise Refusal(
                "not-a-zip",
                _l(
                    "%(file)s is no zip file; give the GTFS file as the transport company "
                    "publishes it.",
                    file=path.name,
                ),
                field="file",
            ) from broken
        self._require_limits(path.name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return name in self._zip.namelist()

    def require(self, *names: str) -> None:
        """Refuse an archive without any of the files."""
        if any(self.has(name) for name in names):
            return
        within = next((each for each in self._zip.namelist() if each.endswith("/" + names[0])), "")
        if within:
            raise Refusal(
                "gtfs-in-a-folder",
                _l(
                    "%(name)s lies in a folder of the zip file (%(within)s); zip the files "
                    "themselves, without the folder.",
                    name=names[0],
                    within=within,
                ),
                field="file",
            )
        raise Refusal(
            "gtfs-file-missing",
            _l(
                "There is no %(names)s in the zip file; a GTFS file has it. Get the whole file "
                "from the transport company.",
                names=" / ".join(names),
            ),
            field="file",
        )

    def rows(self, name: str, *columns: str) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a file with their numbers, the heading being row 1; none without it.

        Raises `Refusal` when one of the columns is missing, and for what is no UTF-8 or CSV.
        """
        if not self.has(name):
            return
        self._watch(name)
        number = 1
        try:
            with self._zip.open(name) as packed:
                # its own readline is slow
                buffered = io.BufferedReader(cast(io.RawIOBase, packed))
                reader = csv.reader(_lines(buffered, name))
                heading = [cell.strip() for cell in next(reader, [])]
                _require_columns(name, heading, columns)
                for number, cells in enumerate(reader, 2):
                    _require_rows(name, number)
                    if cells:
                        yield number, dict(zip(heading, cells, strict=False))
        except (
            csv.Error,
            UnicodeDecodeError,
            zipfile.BadZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
        ) as broken:
            raise Refusal(
                "gtfs-unreadable",
                _l(
                    "%(name)s cannot be read after row %(row)d (%(why)s); get the file anew.",
                    name=name,
                    row=number,
                    why=str(broken),
                ),
                field="file",
            ) from broken

    def _require_limits(self, file_name: str) -> None:
        entries = self._zip.infolist()
        twice = len({entry.filename for entry in entries}) < len(entries)
        if twice or len(entries) > MOST_FILES:
            raise Refusal(
                "gtfs-twice",
                _l("%(file)s holds a file twice, or too many; get it anew.", file=file_name),
                field="file",
            )
        ours = [entry for entry in entries if entry.filename in READ]
        unpacked = sum(entry.file_size for entry in ours)
        packed = sum(entry.compress_size for entry in ours)
        if unpacked > MOST_UNPACKED or unpacked > MOST_TIMES_PACKED * packed + 10_000_000:
            raise Refusal(
                "gtfs-too-large",
                _l(
                    "%(file)s is too large when unpacked (%(size)d MB); give the timetable of "
                    "your city or region only.",
                    file=file_name,
                    size=unpacked // 1_000_000,
                ),
                field="file",
            )


class Faults:
    """What is wrong with the rows of a file; the first twenty are named together."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._found: list[Refusal] = []

    def add(self, row: int, what: Any) -> None:
        """Note a fault of a row; stops when enough are named."""
        self._found.append(
            Refusal(
                "gtfs-row",
                _l("%(name)s, row %(row)d: %(what)s", name=self._name, row=row, what=what),
                field="file",
            )
        )
        if len(self._found) >= MOST_NAMED:
            self.end()

    def end(self) -> None:
        """Refuse the file when any fault was found."""
        if self._found:
            raise Several(self._found)


def _lines(packed: IO[bytes], name: str) -> Iterator[str]:
    encoding = "utf-8-sig"
    while line := packed.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Refusal(
                "gtfs-line-too-long",
                _l("%(name)s has a line that does not end; get the file anew.", name=name),
                field="file",
            )
        yield line.decode(encoding)
        encoding = "utf-8"


def _require_columns(name: str, heading: list[str], columns: tuple[str, ...]) -> None:
    missing = [column for column in columns if column not in heading]
    if missing:
        raise Refusal(
            "gtfs-column-missing",
            _l(
                "%(name)s has no column %(missing)s in its first row; GTFS asks for it.",
                name=name,
                missing=", ".join(missing),
            ),
            field="file",
        )


def _require_rows(name: str, number: int) -> None:
    if number > MOST_ROWS:
        raise Refusal(
            "gtfs-too-large",
            _l(
                "%(name)s has more than %(most)d rows; give the timetable of your city or "
                "region only.",
                name=name,
                most=MOST_ROWS,
            ),
            field="file",
        )
