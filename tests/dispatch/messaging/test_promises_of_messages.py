"""What mails and SMS promise people they will hear, and the row of the table that keeps it."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from dispatch.contacts.hearing import TABLE, Event, Office, Party, Way
from dispatch.settings import ROOT
from tests.promising import PROMISING_IN

MESSAGES = ROOT / "templates" / "messages"
SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]")
SENTENCE_IN_GREEK = re.compile(r"[^.!?;\n]+[.!?;\n]")
TAG = re.compile(r"{%.*?%}|{{.*?}}")
PROMISING = re.compile(
    r"\b(you (then )?(get|hear)|then you get|hears? (it|from|that|who)"
    r"|(we|and) (write|tell|ask|send|look)|know it|on its way|comes with)\b",
    re.IGNORECASE,
)
Kept = tuple[Event, Party, Way]
COMES: Kept = (Event.ACCEPTED, Party.WHO_ASKED, Way.MAIL)
NOBODY: tuple[Kept, ...] = (
    (Event.STILL_OPEN, Party.WHO_ASKED, Way.MAIL),
    (Event.NOT_FILLED, Party.WHO_ASKED, Way.MAIL),
)
INVITED: Kept = (Event.ACCEPTED, Party.COMING, Way.CALENDAR)
PROMISES: dict[str, tuple[Kept, ...]] = {
    "As soon as somebody accepts, we write to you": (COMES,),
    "and write to you as soon as somebody accepts": (COMES,),
    "As soon as somebody accepts one of them, we write to you who comes": (COMES,),
    "As soon as the office has decided, we write to you": (
        (Event.APPROVED, Party.WHO_ASKED, Way.MAIL),
        (Event.REFUSED, Party.WHO_ASKED, Way.MAIL),
    ),
    "you hear from us by": NOBODY,
    "By the time given with each request you hear from us": NOBODY,
    "you hear that too": (NOBODY[1],),
    "You hear from us as soon as we know": (COMES, NOBODY[1]),
    "the others hear it too": (
        (Event.CHOSEN, Party.ASKED, Way.MAIL),
        (Event.NOT_CHOSEN, Party.ASKED, Way.MAIL),
    ),
    "Those who asked know it": ((Event.WITHDRAWN, Party.WHO_ASKED, Way.MAIL),),
    "you hear who it is": ((Event.SHARED, Party.COMING, Way.MAIL),),
    "you see right after you accept": (INVITED,),
    "You get the address": (INVITED,),
    "You get word of everybody": (COMES,),
    "The entry for your calendar comes with this e-mail": (INVITED,),
    "For your calendar each of them comes with a short e-mail of its own": (INVITED,),
    "You get one more e-mail when it is over": ((Event.SMS_UP, Party.LOOKS_AFTER_IT, Way.MAIL),),
}
KEPT_BY_THE_OFFICE = {
    "we look for somebody",
    "we look for others",
    "If somebody is needed in that time, we ask you first",
}
"""A seat that is open stands in the worklist until somebody has seen to it."""
NO_PROMISES = {
    "If something still changes, the client does not hear it from us.",
    "If something still changes, they do not hear it from us: please tell them.",
    "Our reminder by SMS has already gone to the client, and they do not hear from us that it is "
    "off: please tell them.",
    "You get this e-mail because",
    "so we write to you",
    "so we write here",
    "so we ask several people at once",
    "we ask several people and then choose one",
    "We ask several people at once for each",
    "We ask several people at once; whoever accepts first comes",
    "Since you hear of it so late",
}
NO_PROMISES_OF_TRANSLATIONS = {
    "keine Antwort von Ihnen erhalten",
    "πρέπει να ειδοποιηθεί τηλεφωνικά",
    "Κανείς δεν λαμβάνει υπενθύμιση",
    "γράφουμε εδώ τι θα σας έλεγε",
}


def test_every_promise_of_a_message_is_known_here() -> None:
    known = [*PROMISES, *KEPT_BY_THE_OFFICE, *NO_PROMISES]
    sentences = set(_promising())
    assert [one for one in sentences if not any(_is_in(part, one) for part in known)] == []
    assert [part for part in known if not any(_is_in(part, one) for one in sentences)] == []


def test_a_row_of_the_table_keeps_it() -> None:
    for promise, rows in PROMISES.items():
        for event, party, way in rows:
            # a calendar entry travels in a mail that says the same in words
            enough = {Way.MAIL, Way.CALENDAR} if way == Way.MAIL else {way}
            assert enough & set(TABLE[event].tells[party].ways), (promise, event, party)


def test_an_open_seat_reaches_the_office() -> None:
    for event in (Event.DECLINED, Event.OFFER_RAN_OUT, Event.WITHDRAWN):
        assert TABLE[event].office == Office.WORKLIST


@pytest.mark.parametrize("locale", PROMISING_IN)
def test_a_translation_promises_nothing_the_english_does_not(locale: str) -> None:
    """Sentence by sentence: what promises something is the translation of what does."""
    promising = PROMISING_IN[locale]
    for path in sorted(MESSAGES.rglob(f"*.{locale}.txt")):
        english = _sentences(path.with_name(path.name.replace(f".{locale}.", ".en.")))
        for one, said in zip_longest(english, _sentences(path), fillvalue=""):
            known = any(_is_in(part, said) for part in NO_PROMISES_OF_TRANSLATIONS)
            assert not promising.search(said) or known or PROMISING.search(one), (path.name, said)


def _promising() -> Iterator[str]:
    for path in MESSAGES.rglob("*.en.txt"):
        yield from (one for one in _sentences(path) if PROMISING.search(one))


def _sentences(path: Path) -> list[str]:
    """Return the sentences of a text; in Greek a semicolon ends a question."""
    ends = SENTENCE_IN_GREEK if path.name.endswith(".el.txt") else SENTENCE
    found = ends.findall(TAG.sub("", path.read_text(encoding="utf-8")) + "\n")
    return [one.strip() for one in found if one.strip()]


def _is_in(part: str, sentence: str) -> bool:
    return part.lower() in sentence.lower()
