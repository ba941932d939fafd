"""What came of an SMS, in sentences."""

from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.sms.rules import Outcome

OUTCOMES: dict[str, Any] = {
    Outcome.YES: _l("A yes; it counts."),
    Outcome.NO: _l("A no; it counts."),
    Outcome.COULD: _l("“I could come”; it counts."),
    Outcome.REPEATED: _l("The same answer again; nothing changed."),
    Outcome.NOT_TAKEN: _l("The answer could not be taken any more; the person was told."),
    Outcome.NOTHING_OPEN: _l("Nothing was open that it could answer; nothing changed."),
    Outcome.NO_QUESTION: _l("It answers no question that is open to this person; they were told."),
    Outcome.ASKED_BACK: _l("It was not clear what it answers; the person was asked back."),
    Outcome.STARTED: _l("Wants SMS again; they are sent again."),
    Outcome.NOT_KEPT: _l(
        "Asked who writes, or for SMS again, but nobody here has this number; they were told so."
    ),
    Outcome.HELPED: _l("Asked for help; the office's number was sent."),
    Outcome.OVER: _l("It waited for you until what it was about was settled otherwise."),
    Outcome.STOPPED: _l("Wants no SMS any more; none are sent. Mails go on: call if it is urgent."),
    Outcome.CLIENT_STOPPED: _l(
        "A client wants no SMS any more; the number is deleted. They are not reminded, "
        "and those who asked were told."
    ),
    Outcome.WANTS_OUT: _l("Has agreed to come and says no now. Call at once."),
    Outcome.CHANGED_MIND: _l(
        "Had said no and says yes now. It does not count, and they were told; ask again, or call."
    ),
    Outcome.UNCLEAR: _l("Still unclear after it was asked back. Call and ask what is meant."),
    Outcome.LETTER: _l("Written in words. Read it, and do what it asks for."),
    Outcome.WORDLESS: _l(
        "Nothing that can be read came, perhaps a picture alone. Call and ask what is meant."
    ),
    Outcome.SEVERAL_PEOPLE: _l(
        "Several people have this number, so nothing counts. Ask who it is."
    ),
    Outcome.FORMER_NUMBER: _l(
        "Written from a number this person has given up. It does not count, and they were told; "
        "call and ask what is meant."
    ),
    Outcome.UNKNOWN_NUMBER: _l("Nobody here is known to have this number. Nothing changed."),
}
