"""Routing engines that answer as OSRM and Valhalla are documented to, on straight roads."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from dispatch.travel.estimate import Point, kilometres

SECONDS_PER_KM = 90.0
OSRM_TAKES = 100
VALHALLA_TAKES = 2500


class RoutingEngine(ThreadingHTTPServer):
    """Whoever drives here needs 90 s a kilometre; `off_the_map` are places near no road.

    `answers`, when it is set, is said instead of a table, with that status.
    """

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.off_the_map: set[Point] = set()
        self.cut_off: set[Point] = set()
        self.answers: tuple[int, str] | None = None
        self.asked: list[tuple[int, int]] = []

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def seconds(self, start: Point, end: Point) -> float | None:
        """How long it takes, None where no road leads."""
        if self.cut_off & {start, end}:
            return None
        return SECONDS_PER_KM * kilometres(start, end)


class _Answering(BaseHTTPRequestHandler):
    server: RoutingEngine

    def say(self, status: int, content: object) -> None:
        body = (content if isinstance(content, str) else json.dumps(content)).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Keep the test's output free of requests."""


class Osrm(_Answering):
    """Table service, http://project-osrm.org/docs: no more than 100 places, one profile."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not parts.path.startswith("/table/v1/"):
            self.say(400, {"code": "InvalidUrl", "message": "URL string malformed"})
            return
        if self.server.answers:
            self.say(*self.server.answers)
            return
        points = [
            Point(latitude, longitude)
            for longitude, latitude in (
                map(float, one.split(",")) for one in parts.path.rsplit("/", 1)[1].split(";")
            )
        ]
        asked = parse_qs(parts.query)
        origins, targets = (
            [points[int(number)] for number in asked[name][0].split(";")]
            for name in ("sources", "destinations")
        )
        self.server.asked.append((len(origins), len(targets)))
        if len(points) > OSRM_TAKES:
            self.say(400, {"code": "TooBig", "message": "Too many table coordinates"})
        elif self.server.off_the_map & set(points):
            self.say(400, {"code": "NoSegment", "message": "Could not find a matching segment"})
        else:
            durations = [[self.server.seconds(a, b) for b in targets] for a in origins]
            self.say(200, {"code": "Ok", "durations": durations})


class Valhalla(_Answering):
    """Matrix service, https://valhalla.github.io/valhalla/api/matrix/api-reference/."""

    def do_GET(self) -> None:
        self.say(200, {"version": "3.9.1", "tileset_last_modified": 0})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.answers:
            self.say(*self.server.answers)
            return
        origins, targets = (
            [Point(one["lat"], one["lon"]) for one in asked[name]]
            for name in ("sources", "targets")
        )
        self.server.asked.append((len(origins), len(targets)))
        if len(origins) * len(targets) > VALHALLA_TAKES:
            self.say(400, {"error_code": 150, "error": "Exceeded max locations"})
        elif self.server.off_the_map & {*origins, *targets}:
            self.say(400, {"error_code": 171, "error": "No suitable edges near location"})
        else:
            ways = [[{"time": self.server.seconds(a, b)} for b in targets] for a in origins]
            self.say(200, {"sources_to_targets": ways, "units": "kilometers"})


@contextmanager
def running(handler: type[_Answering]) -> Iterator[RoutingEngine]:
    """Have such an engine answer until the end of the block."""
    server = RoutingEngine(handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
