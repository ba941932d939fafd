"""Sentences put together in the program: names from right to left are kept apart from the rest.

Templates of pages do it themselves where the name stands (tests/dispatch/web/test_directions.py).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask_babel import Babel, Domain

from dispatch.web.formats import apart


class Sentences(Babel):
    """Flask-Babel, whose `gettext` and its like keep names apart."""

    # Kept: every page, job and message asks for it, and it is what keeps the catalogues. A new one
    # each time reads them from disk each time, which is as much work as the rest of the page.
    @cached_property
    def domain_instance(self) -> Domain:
        """Where texts are looked up, the same for the life of the program."""
        return _KeepingApart(domain=self.domain)


class _KeepingApart(Domain):
    def gettext(self, string: str, **variables: Any) -> str:
        return super().gettext(string, **_apart(variables))

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        return super().ngettext(singular, plural, num, **_apart(variables))


def _apart(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: apart(value) if isinstance(value, str) else value for name, value in variables.items()
    }
