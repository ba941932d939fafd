"""Where a redirect may lead: only to pages of our own."""

from urllib.parse import urlsplit


def local_target(wanted: str | None) -> str:
    """Return `wanted` if it is a path of this application, else the start page."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(wanted)
    control = any(ord(character) < 32 for character in wanted)
    return "/" if parts.scheme or parts.netloc or control else wanted
