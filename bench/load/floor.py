"""A page that does nothing, served as ours are: what no page of this machine can be faster than."""

import sys

from flask import Flask

from dispatch.cli import front


def main(port: int) -> None:
    """Serve twenty kilobytes at `/`."""
    app = Flask("floor")
    app.add_url_rule("/", view_func=lambda: "x" * 20_000, endpoint="floor")
    front.serve(app, front.listening(port), front.THREADS_SQLITE)


if __name__ == "__main__":
    main(int(sys.argv[1]))
