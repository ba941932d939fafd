"""A real IMAP server on this machine (pymap), and a wire to it that can be cut."""

import asyncio
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient
from proxyprotocol.noop import ProxyProtocolNoop
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "einsatz@dragoman.example", "p@ss/word"


class MailboxServer:
    """The server, in a thread of its own; everything in it is gone when it stops."""

    def __init__(self) -> None:
        self.port = 0
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def url(self, folder: str = "", *, password: str = "p%40ss%2Fword", port: int = 0) -> str:
        return (
            f"imap://einsatz%40dragoman.example:{password}@127.0.0.1:{port or self.port}/{folder}"
        )

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder, as a mail server does."""
        with self.client() as client:
            for mail in mails:
                client.append(folder, mail)

    @contextmanager
    def client(self) -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", self.port, ssl=False) as client:
            client.login(USER, PASSWORD)
            yield client

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        wanted = Namespace(host=None, port=0, debug=False, cert=None, key=None, tls=False)
        wanted.demo_data, wanted.demo_user, wanted.demo_password = False, USER, PASSWORD
        wanted.proxy_protocol, wanted.passlib_cfg = None, None
        backend, config = await DictBackend.init(wanted, secure_auth=False, invalid_user_sleep=0)
        config.apply_context()
        conversation = ProxyProtocolReader(ProxyProtocolNoop()).get_callback(
            IMAPServer(backend.login, config)
        )
        server = await asyncio.start_server(conversation, "127.0.0.1", 0, limit=2**27)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:  # type: ignore[operator]
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


class Wire:
    """Passes everything on to a server, until it has passed on so many octets from it."""

    def __init__(self, to_port: int, cut_after: int) -> None:
        self._to_port, self._left = to_port, cut_after
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._to_port))
                for one, other, counts in ((here, there, False), (there, here, True)):
                    threading.Thread(
                        target=self._pass_on, args=(one, other, counts), daemon=True
                    ).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, counts: bool) -> None:
        with suppress(OSError):
            while octets := one.recv(1000):
                if counts:
                    self._left -= len(octets)
                if self._left < 0:
                    break
                other.sendall(octets)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        one.close()


class IdlingServer:
    """An empty mailbox whose server says something while one waits: `first` at once, `rest` last.

    What real servers do by chance (in which packet a line comes) this one does always.
    """

    def __init__(self, first: bytes, rest: bytes) -> None:
        self._answers = {
            b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
            b"EXAMINE": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n",
        }
        self._first, self._rest = first, rest
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"imap://einsatz:geheim@127.0.0.1:{self._listening.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._thread.join()

    def _talk(self) -> None:
        with self._listening:
            here, _ = self._listening.accept()
        with here, here.makefile("rb") as lines, suppress(OSError):
            here.sendall(b"* OK ready\r\n")
            tag = b""
            for line in lines:
                if line == b"DONE\r\n":
                    here.sendall(self._rest + tag + b" OK done\r\n")
                    continue
                tag, _, command = line.strip().partition(b" ")
                name = command.partition(b" ")[0].upper()
                if name == b"IDLE":
                    here.sendall(b"+ idling\r\n" + self._first)
                else:
                    here.sendall(self._answers.get(name, b"") + tag + b" OK done\r\n")
