"""Whether a provider can have taken something when the encryption of a call breaks."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from dispatch.messaging import calling

WHOLE = b"said=yes"


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for this machine, signed by itself, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    own, key = tmp_path / "own.pem", tmp_path / "key.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
            "-keyout", str(key), "-out", str(own),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return own, key


@contextmanager
def provider(certificate: tuple[Path, Path]) -> Iterator[tuple[str, list[bytes]]]:
    """A provider that reads what is said, and answers past the encryption."""
    context, heard = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), [b""]
    context.load_cert_chain(*certificate)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        raw, _address = listening.accept()
        try:
            with context.wrap_socket(raw, server_side=True) as encrypted:
                while WHOLE not in heard[0]:
                    heard[0] += encrypted.recv(65_536)
                with socket.socket(fileno=encrypted.detach()) as plain:
                    plain.sendall(b"HTTP/1.1 502 Bad Gateway\r\n\r\n")
        except OSError:
            pass  # whoever does not trust the certificate hangs up

    thread = threading.Thread(target=serve)
    thread.start()
    with listening:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}", heard
        thread.join()


def failure_of(address: str, *, trusted: str | bool) -> requests.RequestException:
    with calling.session() as session, pytest.raises(requests.RequestException) as broken:
        session.post(address, data={"said": "yes"}, verify=trusted, timeout=10)
    return broken.value


def test_what_was_read_before_the_encryption_broke_may_have_been_taken(
    certificate: tuple[Path, Path],
) -> None:
    with provider(certificate) as (address, heard):
        failure = failure_of(address, trusted=str(certificate[0]))
    assert WHOLE in heard[0]
    assert not calling.never_connected(failure)


def test_nothing_was_taken_where_the_certificate_is_not_trusted(
    certificate: tuple[Path, Path],
) -> None:
    with provider(certificate) as (address, heard):
        failure = failure_of(address, trusted=True)
    assert heard == [b""]
    assert calling.never_connected(failure)


def test_the_authorities_are_read_once_and_not_for_every_call(
    certificate: tuple[Path, Path],
) -> None:
    with provider(certificate) as (address, heard):
        failure_of(address, trusted=str(certificate[0]))
    assert WHOLE in heard[0]
    contents, _ = certificate[0].read_bytes(), certificate[0].write_bytes(b"")
    aside = certificate[0].with_name("aside.pem")
    aside.write_bytes(contents)
    with provider((aside, certificate[1])) as (address, heard):
        failure_of(address, trusted=str(certificate[0]))
    assert WHOLE in heard[0]
