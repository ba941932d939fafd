"""What a file may say is named in the words its reader would write."""

import pytest
from flask_babel import force_locale

from dispatch.database import transaction
from dispatch.errors import Several
from dispatch.requests import importing
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock", "session")


@pytest.mark.parametrize(
    ("locale", "named"),
    [
        ("de", "zur Wahl stehen Schule, Kita, Gesundheit"),
        ("en", "the choices are school, kindergarten, health"),
    ],
)
def test_a_setting_nobody_knows_is_told_which_there_are(locale: str, named: str) -> None:
    with transaction():
        kim, site = factories.account(of=factories.organisation()), factories.site()
        number = site.register_number
    head = "language;site;day;start;duration;setting;gender\n"
    row = f"ro;{number};2027-03-09;10:00;60;Zirkus;female\n"
    with force_locale(locale), pytest.raises(Several) as refused:
        importing.read(kim, (head + row).encode(), now=NOW)
    with force_locale(locale):
        assert named in str(refused.value)
