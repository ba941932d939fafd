"""Ask, plan, offer, accept, hear who comes, cancel: once through, as people do it."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from dispatch.settings import Settings
from tests import stage
from tests.windows import OpenWindow, Window, deliver_messages, newest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
LINK = re.compile(r"http://\S+/o/[\w-]+")


def test_from_asking_to_cancelling(
    app: Flask, settings: Settings, open_window: OpenWindow, view: dict[str, Any]
) -> None:
    people = stage.set_up(app)
    caseworker = open_window(people.caseworker, **view)
    reference = ask_for_romanian(caseworker)

    coordinator = open_window(people.coordinator, **view)
    plan_tomorrow(coordinator)
    adopt_only(coordinator, reference)
    deliver_messages(app)

    link = link_in(newest(settings.sink_dir, "*-offer.json"))
    telephone, old_tab = open_window(**view), open_window(**view)
    old_tab.go(link)
    accept(telephone, link)
    accept_again(old_tab)
    deliver_messages(app)

    assert reference in newest(settings.sink_dir, "*-interpreter_found.eml")
    see_who_comes(caseworker)
    cancel(coordinator, reference)
    deliver_messages(app)
    assert everything_is_free(coordinator, reference)
    assert 'method="CANCEL"' in newest(settings.sink_dir, "*-assignment_cancelled.eml")


def ask_for_romanian(caseworker: Window) -> str:
    caseworker.page.get_by_role("main").get_by_role(
        "link", name=caseworker.word("Ask for an interpreter")
    ).first.click()
    caseworker.find_language("roman", "ro")
    caseworker.field("Site").press_sequentially("friedenspl gru")
    caseworker.page.get_by_role("radio", name="Grundschule am Beispielplatz").check()
    caseworker.choose("Setting", "school")
    caseworker.write("Day", stage.TOMORROW)
    caseworker.write("Start time", "13:30")
    caseworker.page.get_by_role("radio", name="90", exact=True).check()
    caseworker.page.get_by_text(caseworker.word("For the day itself")).click()
    caseworker.page.locator("#case_reference").fill("A-17/4")
    caseworker.press("Send request")
    assert caseworker.reads("Yes, it cannot wait")
    caseworker.page.get_by_label(caseworker.word("Yes, it cannot wait")).check()
    caseworker.press("Send request")
    told = caseworker.page.get_by_role("status")
    expect(told).to_contain_text(re.compile(r"DO-2027-[0-9A-Z]{6}"))
    found = re.search(r"DO-2027-[0-9A-Z]{6}", told.inner_text())
    assert found
    assert "A-17/4" in caseworker.text
    return found.group()


def plan_tomorrow(coordinator: Window) -> None:
    coordinator.follow("Plan tomorrow")
    assert "Grundschule am Beispielplatz" in coordinator.text
    assert coordinator.word("Open") in coordinator.text
    day = coordinator.page.get_by_role("radio").first
    assert day.is_checked()
    open_ = "3 offene Anfragen" if coordinator.locale == "de" else "3 open requests"
    assert coordinator.word("This day: %(open)s", open=open_) in coordinator.text
    coordinator.press("Make a plan")
    coordinator.page.wait_for_url("**/proposals/*")
    assert coordinator.reads("No plan fills more.")
    assert coordinator.reads("The only one who can come.")
    assert coordinator.word("does not work at this time") in coordinator.text


def adopt_only(coordinator: Window, reference: str) -> None:
    boxes = coordinator.page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.set_checked(reference in (box.get_attribute("aria-label") or box_label(box)))
    coordinator.press("Make these offers")
    coordinator.page.wait_for_url("**/day/*")
    expect(coordinator.page.get_by_role("status").first).to_contain_text("1 ")


def box_label(box: Any) -> str:
    text: str = box.evaluate("box => box.labels[0].textContent")
    return text


def link_in(text: str) -> str:
    found = LINK.search(text)
    assert found, text
    return found.group()


def accept(telephone: Window, link: str) -> None:
    for _look in range(2):
        telephone.go(link)
        expect(telephone.page.get_by_role("button", name=telephone.word("Accept"))).to_be_visible()
    telephone.press("Accept")
    assert telephone.reads("You have accepted. The invitation for your calendar is on its way.")


def accept_again(old_tab: Window) -> None:
    old_tab.press("Accept")
    assert old_tab.reads("You have accepted this already; nothing changed.")
    expect(old_tab.page.get_by_role("button", name=old_tab.word("Accept"))).to_have_count(0)


def see_who_comes(caseworker: Window) -> None:
    caseworker.page.reload()
    assert caseworker.reads("Who comes")
    assert re.search("Elena|Mihai", caseworker.text)
    assert caseworker.reads("Confirmed")


def cancel(coordinator: Window, reference: str) -> None:
    coordinator.go("/requests")
    coordinator.page.get_by_role("link", name=reference).click()
    coordinator.follow("Cancel request")
    coordinator.press("Cancel request")
    assert coordinator.reads("Please check what you entered")
    coordinator.write("Reason", "The talk was moved to May.")
    coordinator.press("Cancel request")
    assert coordinator.reads("The request is cancelled; everyone concerned is told.")


def everything_is_free(coordinator: Window, reference: str) -> bool:
    coordinator.go(f"/day/{stage.TOMORROW}")
    return reference not in coordinator.page.content()
