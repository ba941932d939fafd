"""Serving pages, working in the background, and the demonstration."""

import socket
import threading
from typing import Any

import click
from flask import Flask
from flask_babel import lazy_gettext as _l
from gunicorn.app.base import BaseApplication

from dispatch import engine, schema, settings
from dispatch import worker as worker_process
from dispatch.app import create_app
from dispatch.cli import demonstration
from dispatch.errors import Conflict

THREADS = 8
PORT = click.IntRange(1, 65_535)


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our application in it; one process with threads, as SQLite wants it."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.flask_app = app
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return what answers the calls."""
        return self.flask_app


@click.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--with-worker", is_flag=True, help="Do the background work in the same process.")
def serve(port: int, with_worker: bool) -> None:
    """Serve the pages.

    Example: dragoman serve --port 8000 --with-worker
    """
    schema.require_current(settings.active().database_url)
    require_free(port)
    app = create_app(settings.active())
    options: dict[str, Any] = {
        "bind": f"127.0.0.1:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "loglevel": "warning",
        "control_socket_disable": True,
    }
    if with_worker:
        options["post_worker_init"] = lambda _worker: engine.run(app)
        options["worker_exit"] = lambda _server, _worker: engine.stop()
    Server(app, options).run()


@click.command()
def worker() -> None:
    """Do the background work until told to stop.

    Example: dragoman worker
    """
    schema.require_current(settings.active().database_url)
    worker_process.run(settings.active())


@click.command()
def migrate() -> None:
    """Bring the database to the newest schema; safe to repeat.

    Example: dragoman migrate
    """
    click.echo(f"The database is at schema {schema.migrate(settings.active().database_url)}.")


@click.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--city", help="Default: the city of the settings.")
@click.pass_context
def demo(context: click.Context, port: int, city: str | None) -> None:
    """Set up invented people at real places, plan tomorrow, and serve it all.

    Example: dragoman demo --port 8000
    """
    require_free(port)
    base_url = f"http://127.0.0.1:{port}"
    chosen = city or settings.active().city
    settings.use(settings.Settings(public_base_url=base_url, city=chosen))
    demonstration.prepare()
    threading.Thread(target=demonstration.announce, args=(base_url,), daemon=True).start()
    context.invoke(serve, port=port, with_worker=True)


def require_free(port: int) -> None:
    """Refuse a port that something else answers at, before anything is set up."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as taken:
            raise Conflict(
                "port-taken",
                _l(
                    "Port %(port)d cannot be used (%(why)s); choose another, such as %(other)d.",
                    port=port,
                    why=taken.strerror,
                    other=port + 1,
                ),
                field="port",
            ) from taken
