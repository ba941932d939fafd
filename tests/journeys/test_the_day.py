"""The coordinator's day: who is where, assign by hand, why somebody does not fit, release."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests import stage
from tests.windows import OpenWindow, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


def test_assign_by_hand_and_release(
    app: Flask, open_window: OpenWindow, view: dict[str, Any]
) -> None:
    people = stage.set_up(app)
    coordinator = open_window(people.coordinator, **view)
    read_the_day(coordinator)

    open_request(coordinator, people.nobody.reference)
    assert coordinator.reads("Nobody can come as things stand")
    assert "Olena Beispiel" in coordinator.text
    assert coordinator.reads("does not work at this time")

    coordinator.go(f"/day/{stage.TOMORROW}")
    open_request(coordinator, people.open.reference)
    coordinator.press("Assign, agreed by telephone")
    assert coordinator.reads("%(name)s is assigned; both sides are told.", name="Amal Beispiel")
    assert coordinator.reads("Confirmed")

    coordinator.follow("Amal Beispiel")
    coordinator.follow("Release")
    coordinator.write("Reason", "Amal is ill.")
    coordinator.press("Release")
    released = "%(name)s is released and told; the seat is open again."
    assert coordinator.reads(released, name="Amal Beispiel")
    assert coordinator.reads("We are looking for one interpreter.")


def read_the_day(coordinator: Window) -> None:
    coordinator.go(f"/day/{stage.TOMORROW}")
    names = ["Elena", "Mihai", "Amal", "Olena"]
    board = coordinator.page.get_by_role("grid", name=coordinator.word("Interpreters on this day"))
    for name in names:
        expect(board.get_by_text(f"{name} Beispiel")).to_be_visible()
    expect(board.locator(".block:visible")).to_have_count(4)
    expect(board.get_by_text(coordinator.word("Asked")).first).to_be_attached()


def open_request(coordinator: Window, reference: str) -> None:
    entries = coordinator.page.locator(".row--open .block")
    paths = [entry.get_attribute("href") for entry in entries.all()]
    for path in paths:
        coordinator.go(str(path))
        coordinator.page.wait_for_url("**/candidates")
        if reference in coordinator.text:
            return
    raise AssertionError(f"{reference} is not among what is open")
