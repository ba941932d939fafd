"""What an SMS says: a word about SMS themselves, an answer to a question, or neither."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from dispatch.answers.service import Answer


class Outcome(StrEnum):
    """What came of an SMS; `words.py` says it in sentences."""

    # done
    YES = "yes"
    NO = "no"
    COULD = "could"
    REPEATED = "repeated"
    NOT_TAKEN = "not-taken"
    NOTHING_OPEN = "nothing-open"
    NO_QUESTION = "no-question"
    """A code or a word that answers no question of this person; they were told."""
    ASKED_BACK = "asked-back"
    STARTED = "started"
    HELPED = "helped"
    NOT_KEPT = "not-kept"
    OVER = "over"
    """It waited for a person until what it was about was settled otherwise."""

    # for a person
    STOPPED = "stopped"
    CLIENT_STOPPED = "client-stopped"
    WANTS_OUT = "wants-out"
    CHANGED_MIND = "changed-mind"
    """A yes after a no, while somebody is still looked for."""
    UNCLEAR = "unclear"
    LETTER = "letter"
    WORDLESS = "wordless"
    """Nothing that can be read, such as a picture alone."""
    SEVERAL_PEOPLE = "several-people"
    FORMER_NUMBER = "former-number"
    UNKNOWN_NUMBER = "unknown-number"


FOR_A_PERSON = frozenset(
    {
        Outcome.STOPPED,
        Outcome.CLIENT_STOPPED,
        Outcome.WANTS_OUT,
        Outcome.CHANGED_MIND,
        Outcome.UNCLEAR,
        Outcome.LETTER,
        Outcome.WORDLESS,
        Outcome.SEVERAL_PEOPLE,
        Outcome.FORMER_NUMBER,
        Outcome.UNKNOWN_NUMBER,
    }
)


class Keyword(StrEnum):
    """What a word says about SMS themselves, in the provider's own names for it."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


@dataclass(frozen=True)
class ByCode:
    """An answer with the code of its question."""

    answer: Answer
    code: str


Reading = Keyword | ByCode | Answer | None
"""What was read: a keyword, an answer by code, a plain answer, or nothing anybody can rely on."""


def _folded(text: str) -> str:
    """Return a word as it is compared: small letters without marks, ς as σ."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(one for one in bare if not unicodedata.combining(one))


def _in_latin_capitals(text: str) -> str:
    """Return a code as it looks: in plain capitals, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text).upper().translate(LOOK_ALIKES)


def _words(text: str) -> frozenset[str]:
    return frozenset(_folded(word) for word in text.split())


KEYWORDS = {
    Keyword.STOP: _words(
        "STOP STOPALL UNSUBSCRIBE QUIT REVOKE OPTOUT CANCEL END STOPP ABMELDEN ΣΤΟΠ ΔΙΑΚΟΠΗ"
    ),
    Keyword.START: _words("START UNSTOP YES ANMELDEN ΕΝΑΡΞΗ"),
    Keyword.HELP: _words("HELP INFO HILFE ΒΟΗΘΕΙΑ"),
}
"""The English ones are those Twilio itself acts on (its documentation of opt-outs)."""

PLAIN = {
    Answer.YES: _words("JA J YES Y ΝΑΙ NAI EVET"),
    Answer.NO: _words("NEIN N NO ΟΧΙ OXI OCHI HAYIR CANCEL END"),
}
LOOK_ALIKES = str.maketrans(
    "ΑΒΕΖΗΙͿΚΜΝΟΡΤΥΧАВЕІЈКМНОРСТУХЅԚԜ",
    "ABEZHIJKMNOPTYXABEIJKMHOPCTYXSQW",
)
"""Capitals of other keyboards that nobody can tell from Latin ones."""
CODE = re.compile(r"([JYN])[ .-]?([2-9])[ .-]?([A-Z])")
ALMOST_A_CODE = re.compile(r"[JYN](?=[A-Z]*[0-9])[0-9A-Z]{1,3}")
"""What somebody meant for a code and mistyped, such as J1Z or N77K."""
ENDS = " .!"
"""What people put after an answer; a keyword stands alone."""


def read(text: str, *, is_asked: bool) -> Reading:
    """Return what an SMS says.

    `is_asked`: a question to its sender is open. Then "Cancel" and "End" are a no and "Yes" is a
    yes; else they say what the provider takes them for. Whatever says more than one word or code
    is nothing anybody can rely on: "J7K if it ends at 11" is no yes.
    """
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    plain = next((one for one, said in PLAIN.items() if _folded(whole.rstrip(ENDS)) in said), None)
    if is_asked and plain is not None:
        return plain
    for keyword, said in KEYWORDS.items():
        if _folded(whole) in said:
            return keyword
    found = CODE.fullmatch(_in_latin_capitals(whole.rstrip(ENDS)))
    if found is not None:
        letter, digit, last = found.groups()
        return ByCode(Answer.NO if letter == "N" else Answer.YES, digit + last)
    return plain


def is_answer_alone(text: str) -> bool:
    """Tell whether an SMS says yes, no or a code, mistyped or not, and nothing besides.

    Then there is nothing in it for a person to read, once it is known what was meant.
    """
    said = read(text, is_asked=True)
    if said is not None:
        return not isinstance(said, Keyword)
    return ALMOST_A_CODE.fullmatch(_in_latin_capitals(text.strip().rstrip(ENDS))) is not None
