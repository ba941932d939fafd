"""Serving pages, working in the background, and the demonstration."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import click
from flask import Flask
from flask_babel import lazy_gettext as _l
from pydantic import HttpUrl

from dispatch import schema, settings
from dispatch import worker as worker_process
from dispatch.app import create_app
from dispatch.cli import beside, front, memory, running
from dispatch.engine import work
from dispatch.errors import Conflict

PORT = click.IntRange(1, 65_535)


@click.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--with-worker", is_flag=True, help="Do the background work in the same process.")
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 32),
    help="How many serve pages together; at most one for each core.",
)
@click.option(
    beside.BESIDE, "first", type=(int, int), hidden=True, help="A first process and its socket."
)
def serve(port: int, with_worker: bool, processes: int, first: tuple[int, int] | None) -> None:
    """Serve the pages.

    Example: dragoman serve --port 8000 --with-worker
    """
    memory.share_heaps()
    schema.require_current(settings.active().database_url)
    if first is None:
        require_free_port(port)
    if "public_base_url" not in settings.active().model_fields_set:
        settings.use(settings.active().model_copy(update={"public_base_url": address_at(port)}))
    app = create_app(settings.active())
    at_once = front.threads(app, processes)
    if first is not None:
        memory.keep_what_is_there()
        beside.serve(app, *first, at_once)
        return
    with (
        running.at(settings.active().base_url),
        front.listening(port) as heard,
        beside.others(heard, port, processes) as others,
        working(app) if with_worker else nullcontext(),
    ):
        memory.keep_what_is_there()
        front.serve(app, heard, at_once, goes_on=others.look, at_the_end=_stop_all(others))


def _stop_all(others: beside.Others) -> Callable[[], None]:
    def stop() -> None:
        others.tell_to_stop()
        work.take_no_more()

    return stop


@contextmanager
def working(app: Flask) -> Iterator[None]:
    """Do the background work beside what is inside."""
    work.run(app)
    try:
        yield
    finally:
        work.end()


@click.command()
def worker() -> None:
    """Do the background work until told to stop.

    Example: dragoman worker
    """
    memory.share_heaps()
    schema.require_current(settings.active().database_url)
    worker_process.run(settings.active())


@click.command()
@click.option("--port", default=8000, show_default=True, type=PORT)
@click.option("--city", help="Default: the city of the settings.")
@click.option("--reset", is_flag=True, help="Forget all data of this folder, and stop.")
@click.pass_context
def demo(context: click.Context, port: int, city: str | None, reset: bool) -> None:
    """Set up invented people at real places and serve it all, the next working day planned.

    Example: dragoman demo --port 8000
    """
    from dispatch.cli import demonstration  # what invents people is not needed by who serves

    if reset:
        demonstration.reset()
        return
    require_free_port(port)
    base_url = f"http://127.0.0.1:{port}"
    chosen = city or settings.active().city
    settings.use(settings.Settings(public_base_url=base_url, city=chosen))
    demonstration.prepare()
    threading.Thread(target=demonstration.announce, args=(base_url,), daemon=True).start()
    context.invoke(serve, port=port, with_worker=True)


def address_at(port: int) -> HttpUrl:
    """Return the address at which this machine serves the port."""
    return HttpUrl(f"http://127.0.0.1:{port}")


def require_free_port(port: int) -> None:
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
