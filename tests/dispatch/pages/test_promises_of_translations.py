"""What German and Greek pages promise is what the English ones do; a row of the table keeps it."""

from collections.abc import Iterator

import pytest
from babel.messages.pofile import read_po

from dispatch.contacts.hearing import TABLE, Event, Party, Way
from dispatch.settings import ROOT
from tests.dispatch.pages.test_promises import (
    ASKED,
    AT_ONCE,
    CHOSEN,
    COMES,
    LOOKED_FOR,
    NO_PROMISES,
    NOT_CHOSEN,
    PROMISES,
    STANDS,
    Kept,
)
from tests.promising import PROMISING_IN

TRANSLATIONS = ROOT / "translations"
SAID_OTHERWISE: dict[str, tuple[Kept, ...]] = {
    "%(name)s, who asked, has known since %(when)s that nobody is found, and hears once somebody "
    "comes.": (COMES,),
    "%(name)s hears by e-mail who comes, and how it stands by %(when)s at the latest.": STANDS,
    "Whoever asked hears by e-mail who comes. It begins soon: if nobody is found, they hear it "
    "only when it begins.": STANDS,
    "%(name)s has known of it since %(when)s and gets a new invitation.": (
        (Event.UNDONE, Party.COMING, Way.CALENDAR),
    ),
    "%(name)s is chosen and asked.": CHOSEN,
    "%(num)d request gets somebody again": ((Event.UNDONE, Party.WHO_ASKED, Way.MAIL),),
    "Nobody’s time is held. Whoever accepts first comes; everybody else hears it at once.": AT_ONCE,
    "The exact time comes with the interpreter.": (COMES,),
    "We know already that you could come; the office chooses and you will hear.": (
        *CHOSEN,
        NOT_CHOSEN,
    ),
    "Whoever declines or does not answer in time is followed by the best there is by then, until "
    "somebody accepts, nobody is left or you stop it.": ASKED,
    "With the second button, whoever declines or does not answer is followed by the best there is "
    "by then.": ASKED,
    "Whoever you choose hears of this request, as if they had asked.": (COMES,),
    "Only whoever interprets by telephone gets it. You can add it later.": (
        (Event.ACCEPTED, Party.COMING, Way.CALENDAR),
    ),
    "Only whoever interprets by video gets it. You can add it later.": (
        (Event.ACCEPTED, Party.COMING, Way.CALENDAR),
    ),
}
"""Promises in English words that `test_promises.py` does not look for."""

NOTHING_PROMISED = {
    "It moves confirmed people and holds only as a whole. Plan again: a new plan takes in what has "
    "changed.",
    # what has been decided by then: tests/dispatch/amendments/test_service.py
    "The request is changed; who comes had not been asked yet, and the yes stands.",
    "The change was taken back before anybody was asked: the yes holds",
    "I do not know yet",
    "One interpreter who has not answered yet is not asked any more.",
    "has not answered yet, is not asked any more:",
    "It is written down again that %(name)s has said no; they are not asked again.",
    "Chosen: a sure answer is wanted",
    "Call the office: without a connection nobody hears it from here. It is sent as soon as there "
    "is one.",
    "Nobody knows it yet: there is no connection. It is sent by itself as soon as there is one. "
    "Call the office now:",
    "%(name)s has heard nothing of it yet and hears nothing.",
    "%(name)s has not heard of it yet: everything stays as agreed, and nothing is sent.",
    "%(name)s is in the pool. Nobody can be asked without times: note them here.",
    "%(name)s is not asked for this request; nobody outside the office hears why.",
    "%(text)s euros an hour is more than anybody is paid; write euros",
    "Every date is at the same time of day, also after the clocks change. Each gets a number of "
    "its own.",
    "Has not answered yet, and is not asked any more",
    "Here a sure answer is wanted: accept or decline.",
    "It goes into a folder, for trying things out; nothing reaches anybody.",
    "Nobody asks this person any more, and they cannot sign in. What they did stays in the record; "
    "it can be taken back.",
    "Not in the pool any more: nobody asks this person.",
    "Noted who must not come; they do not hear of it.",
    "One person for all dates you name. Whoever is given several dates comes as a rule: plans and "
    "candidates prefer them, also after somebody else came once.",
    "That is more than anybody is paid; write euros an hour.",
    "The question “%(time)s?” is taken back; %(name)s has not had it yet and never gets it.",
    "This person is neither asked for the request nor comes to it; look who is.",
    "This only asks who could come; say whether you could, and the office chooses.",
    "valid until %(day)s; ask for the new proof, without it they are not asked for what needs it",
    "was asked whether it can stay in spite of the absence",
    "It begins in less than an hour. Please call %(phone)s, or press “I cannot come”, so that the "
    "office knows at once.",
    "Only the next %(count)d are named here; the office says it of others.",
    "It was not sent: the person has chosen to hear of it otherwise.",
    "Somebody chose how they hear of what",
    "The interpreter wants to be asked longer before the start.",
    "What I hear how",
    "You asked us to send no SMS there. Send us an SMS with the word START if you want them again.",
    "wants to be asked longer before the start",
    "%(name)s is being asked for this request until %(when)s; wait for the answer, or stop the "
    "round first, on the page of the request.",
    "It may begin at any time of the window; %(asker)s has agreed to that by asking so and hears "
    "nothing.",
}


@pytest.mark.parametrize("locale", PROMISING_IN)
def test_every_promise_of_a_translation_is_one_of_the_english_text(locale: str) -> None:
    known = {*PROMISES, *LOOKED_FOR, *NO_PROMISES, *SAID_OTHERWISE, *NOTHING_PROMISED}
    assert set(_promising_in(locale)) <= known


def test_what_is_listed_here_is_said_in_some_language() -> None:
    said = {text for locale in PROMISING_IN for text in _promising_in(locale)}
    assert {*SAID_OTHERWISE, *NOTHING_PROMISED} <= said


@pytest.mark.parametrize("promise", SAID_OTHERWISE)
def test_a_row_of_the_table_keeps_it(promise: str) -> None:
    for event, party, way in SAID_OTHERWISE[promise]:
        assert way in TABLE[event].tells[party].ways or (
            way == Way.MAIL and Way.CALENDAR in TABLE[event].tells[party].ways
        ), (event, party)


def _promising_in(locale: str) -> Iterator[str]:
    """Every English text of a page whose translation promises something."""
    with (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        if message.id and any(PROMISING_IN[locale].search(one) for one in said):
            yield message.id if isinstance(message.id, str) else message.id[0]
