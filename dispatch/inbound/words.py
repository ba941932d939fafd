"""What came of a mail, and why the mailbox cannot be read, in sentences."""

from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.inbound.rules import Outcome

OUTCOMES: dict[str, Any] = {
    Outcome.YES: _l("A yes from the calendar; it counts."),
    Outcome.NO: _l("A no from the calendar; it counts."),
    Outcome.COULD: _l("“I could come” from the calendar; it counts."),
    Outcome.REPEATED: _l("The same answer again; nothing changed."),
    Outcome.OVERTAKEN: _l("Written before the answer that counts; nothing changed."),
    Outcome.NOT_TAKEN: _l("The answer could not be taken any more; the person was told."),
    Outcome.NOTHING_OPEN: _l("Nothing was open that it could answer; nothing changed."),
    Outcome.RETURNED: _l("A mail of ours came back; it is marked as not delivered."),
    Outcome.DELAYED: _l("A mail of ours is late; it is marked as late."),
    Outcome.REPORTED: _l("A report about a mail of ours that needs nobody."),
    Outcome.OVER: _l("It waited for you until what it was about was settled otherwise."),
    Outcome.PROPOSAL: _l(
        "Proposes another time. That changes nothing by itself; call, or write back."
    ),
    Outcome.PROPOSAL_BEFORE: _l(
        "Proposes another time for what has changed since. That changes nothing by itself; call, "
        "or write back."
    ),
    Outcome.WANTS_OUT: _l("Has agreed to come and says no in the calendar now. Call at once."),
    Outcome.CHANGED_MIND: _l(
        "Had said no and says yes now. It does not count, and they were told; ask again, or call."
    ),
    Outcome.UNCLEAR: _l("It is neither a clear yes nor a clear no. Ask what is meant."),
    Outcome.SOMEBODY_ELSE: _l("Somebody else answered than was asked. Nothing changed; ask."),
    Outcome.ONE_OCCURRENCE: _l("Answers one date of several; there is only one. Ask."),
    Outcome.CONTRADICTS: _l("Address and calendar entry do not belong together. Nothing changed."),
    Outcome.UNKNOWN_ENTRY: _l("Answers a calendar entry that is not ours. Nothing changed."),
    Outcome.NOT_AN_ANSWER: _l("A calendar mail that answers nothing. Nothing changed."),
    Outcome.DAMAGED: _l("The calendar part cannot be read. Nothing changed; ask what is meant."),
    Outcome.RETURNED_UNKNOWN: _l("A mail came back, and none of ours is known to be it."),
    Outcome.TOO_LARGE: _l("Too large to be read here; read it in the mailbox."),
    Outcome.LETTER: _l("Written in words. Read it, and do what it asks for."),
}

AWAY: dict[str, Any] = {
    "login-refused": _l("The mailbox does not accept our name and password."),
    "not-encrypted": _l("No encrypted connection to the mailbox is possible."),
    "server-away": _l("The server of the mailbox cannot be reached."),
    "folder-missing": _l("The mailbox has no such folder."),
    "connection-broke": _l("The connection broke while the mailbox was read."),
}


def reason(code: str, detail: str = "") -> str:
    """Return the sentence for why the mailbox cannot be read, with the server's own words."""
    sentence = str(AWAY.get(code, code))
    return f"{sentence} ({detail})" if detail else sentence
