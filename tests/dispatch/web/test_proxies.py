"""Only proxies that are named in the settings say on whose behalf they ask."""

from ipaddress import ip_network

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from dispatch.accounts import tries
from dispatch.web.proxies import TrustedProxies

NETWORKS = [ip_network("10.0.0.0/24"), ip_network("::1")]


@Request.application
def who(request: Request) -> Response:
    return Response(f"{request.remote_addr} {request.scheme} {request.host}")


def heard(caller: str, **headers: str) -> str:
    """Return whom the application takes for the one who asks."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    client = Client(TrustedProxies(who, NETWORKS))
    return client.get("/", headers=sent, environ_base={"REMOTE_ADDR": caller}).text


@pytest.mark.parametrize(
    ("caller", "answer"),
    [
        ("10.0.0.7", "203.0.113.5 https localhost"),
        ("::1", "203.0.113.5 https localhost"),
        ("::ffff:10.0.0.7", "203.0.113.5 https localhost"),
        ("192.0.2.1", "192.0.2.1 http localhost"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1 http localhost"),
        ("2001:db8::1", "2001:db8::1 http localhost"),
        ("", " http localhost"),
        ("localhost", "localhost http localhost"),
    ],
)
def test_what_was_forwarded_is_believed_from_those_named(caller: str, answer: str) -> None:
    said = heard(
        caller,
        X_Forwarded_For="198.51.100.9, 203.0.113.5",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Port="444",
        X_Forwarded_Prefix="/evil",
        Forwarded="for=198.51.100.9;host=evil.example;proto=https",
        X_Real_Ip="198.51.100.9",
    )
    assert said == answer


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.5, 10.0.0.8", "203.0.113.5"),
        ("203.0.113.5, 10.0.0.9, 10.0.0.8", "203.0.113.5"),
        ("10.0.0.1, 203.0.113.5, 10.0.0.8", "203.0.113.5"),
        ("127.0.0.1, ::1, 203.0.113.5", "203.0.113.5"),
        ("10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8::5]:4711, 10.0.0.8:80", "2001:db8::5"),
        ("[2001:db8::5]", "2001:db8::5"),
        ("2001:db8::5", "2001:db8::5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, unknown", "10.0.0.7"),
        ("203.0.113.5, unknown, 10.0.0.8", "10.0.0.8"),
        ("203.0.113.5,", "10.0.0.7"),
        ("", "10.0.0.7"),
        ("<script>", "10.0.0.7"),
        ("203.0.113.5, " + "10.0.0.8, " * 5000 + "10.0.0.8", "203.0.113.5"),
    ],
)
def test_through_several_proxies_it_is_the_last_who_is_none_of_them(
    forwarded: str, address: str
) -> None:
    assert heard("10.0.0.7", X_Forwarded_For=forwarded).split()[0] == address


@pytest.mark.parametrize("scheme", ["javascript", "https, ftp", "", "HTTPS\x7f"])
def test_another_scheme_than_those_of_the_web_is_ignored(scheme: str) -> None:
    assert heard("10.0.0.7", X_Forwarded_Proto=scheme).split()[1] == "http"


def test_who_has_a_whole_network_of_addresses_guesses_no_more_often_than_others() -> None:
    def keys(address: str) -> dict[str, int]:
        return tries.keys_of("password", "kim@example.org", address)

    assert keys("2001:db8:1:2::1") == keys("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert keys("2001:db8:1:2::1") != keys("2001:db8:1:3::1")
    assert keys("192.0.2.1") != keys("192.0.2.2")
    assert keys("::ffff:192.0.2.1") == keys("192.0.2.1") != keys("::ffff:192.0.2.2")
    assert len(keys("")) == len(keys("localhost")) == 2
