"""An installation whose SMS can be answered."""

import pytest

from dispatch.settings import Settings


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"twilio_from": "+4915735982345"})
