"""A clock that is set back locks nobody out, and keeps no abandoned desk signed in."""

from datetime import timedelta

import pytest
from flask import Flask

from dispatch.accounts import tries
from dispatch.accounts.rules import FREE_TRIES, Role
from dispatch.database import transaction
from dispatch.errors import TooMany
from tests import factories
from tests.browsing import sign_in
from tests.conftest import FrozenClock
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("frozen_clock")
PAGE = "/account/sessions"
KEYS = tries.keys_of("password", "kim@example.org", "192.0.2.1")


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(days=1)])
def test_who_tried_once_may_try_again_at_once(app: Flask, back: timedelta) -> None:
    with app.app_context(), transaction():
        tries.take(KEYS, NOW)
        for _ in range(FREE_TRIES - 1):
            tries.take(KEYS, NOW - back)


@pytest.mark.parametrize(
    ("back", "is_free"), [(timedelta(minutes=2), False), (timedelta(days=1), True)]
)
def test_nobody_waits_for_a_day_that_comes_again(
    app: Flask, back: timedelta, is_free: bool
) -> None:
    with app.app_context(), transaction():
        for _ in range(FREE_TRIES):
            tries.take(KEYS, NOW)
        with pytest.raises(TooMany):
            tries.take(KEYS, NOW)
        if is_free:
            tries.take(KEYS, NOW - back)
        with pytest.raises(TooMany) as refused:
            tries.take(KEYS, NOW - back)
        assert refused.value.wait < timedelta(minutes=15)


def test_two_minutes_back_a_session_goes_on_and_ends_half_an_hour_later(
    app: Flask, frozen_clock: FrozenClock
) -> None:
    with app.app_context(), transaction():
        account = factories.account(Role.CASEWORKER)
    browser = sign_in(app, account)
    frozen_clock.advance(minutes=-2)
    assert browser.get(PAGE).status_code == 200
    frozen_clock.advance(minutes=29)
    watching = {"Dragoman-Watching": "1"}
    assert browser.get(PAGE, headers=watching).status_code == 200
    frozen_clock.advance(minutes=1)
    assert browser.get(PAGE, headers=watching).status_code == 302


def test_a_day_back_everybody_signs_in_again(app: Flask, frozen_clock: FrozenClock) -> None:
    with app.app_context(), transaction():
        account = factories.account(Role.CASEWORKER)
    browser = sign_in(app, account)
    frozen_clock.advance(days=-1)
    assert browser.get(PAGE).status_code == 302
    assert sign_in(app, account).get(PAGE).text.count("<tr ") == 2, "with one session, no more"
