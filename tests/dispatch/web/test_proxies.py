"""Only proxies that are named in the settings say on whose behalf they ask."""

from ipaddress import ip_network

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Request, Response

from dispatch.web.proxies import TrustedProxies

NETWORKS = [ip_network("10.0.0.0/24"), ip_network("::1")]


@Request.application
def who(request: Request) -> Response:
    return Response(f"{request.remote_addr} {request.scheme} {request.host}")


@pytest.mark.parametrize(
    ("caller", "answer"),
    [
        ("10.0.0.7", "203.0.113.5 https localhost"),
        ("::1", "203.0.113.5 https localhost"),
        ("192.0.2.1", "192.0.2.1 http localhost"),
        ("", " http localhost"),
    ],
)
def test_what_was_forwarded_is_believed_from_those_named(caller: str, answer: str) -> None:
    headers = {
        "X-Forwarded-For": "198.51.100.9, 203.0.113.5",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    client = Client(TrustedProxies(who, NETWORKS))
    assert client.get("/", headers=headers, environ_base={"REMOTE_ADDR": caller}).text == answer
