"""Who may say on whose behalf a request comes: the proxies named in the settings, nobody else."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TYPE_CHECKING

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedProxies:
    """Takes X-Forwarded-For and -Proto from the networks given and ignores them from all others."""

    def __init__(
        self, application: "WSGIApplication", networks: Sequence[IPv4Network | IPv6Network]
    ) -> None:
        self.direct = application
        self.forwarded = ProxyFix(application, x_for=1, x_proto=1, x_host=0)
        self.networks = networks

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer the request."""
        trusted = self._trusts(environ.get("REMOTE_ADDR", ""))
        return (self.forwarded if trusted else self.direct)(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            caller = ip_address(address)
        except ValueError:  # a socket of the machine itself has no address
            return False
        return any(caller in network for network in self.networks)
