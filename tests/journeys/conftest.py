"""Every journey is made in German on a telephone and in English at a desk."""

from typing import Any

import pytest

from tests.windows import DESKTOP, TELEPHONE

VIEWS = {
    "german, telephone": {"locale": "de", "width": TELEPHONE},
    "english, desktop": {"locale": "en", "width": DESKTOP},
}


@pytest.fixture(params=VIEWS.values(), ids=VIEWS.keys())  # type: ignore[call-overload]
def view(request: pytest.FixtureRequest) -> Any:
    """The language and width of this journey."""
    return request.param
