"""What pages promise people they will hear, and the row of the table that keeps it."""

import re

import pytest
from babel.messages.pofile import read_po

from dispatch.contacts.hearing import TABLE, Event, Office, Party, Way
from dispatch.settings import ROOT

CATALOGUE = ROOT / "translations" / "messages.pot"
PROMISING = re.compile(
    r"\b(told|tells?|you (get|hear)|hear by|(is|are|were) asked|we (ask|send|write|try|look)"
    r"|looks for|on its way|who asked (hear|know)s?|sides get)\b",
    re.IGNORECASE,
)
Kept = tuple[Event, Party, Way]
COMES = (Event.ACCEPTED, Party.WHO_ASKED, Way.MAIL)
INVITED = (Event.ACCEPTED, Party.COMING, Way.CALENDAR)
WITHDRAWN = (Event.WITHDRAWN, Party.WHO_ASKED, Way.MAIL)
LOST_BY_ABSENCE = (WITHDRAWN, (Event.WITHDRAWN, Party.COMING, Way.CALENDAR))
LATE = (Event.LATE, Party.WHO_ASKED, Way.MAIL)
RELEASED = (Event.RELEASED, Party.COMING, Way.CALENDAR)
ASKED = ((Event.OFFER_MADE, Party.ASKED, Way.MAIL), (Event.OFFER_MADE, Party.ASKED, Way.SMS))
SHARED = ((Event.SHARED, Party.COMING, Way.MAIL),)
AGENCY = (Event.AGENCY_COMES, Party.WHO_ASKED, Way.MAIL)
WHO_COULD = (
    (Event.INTEREST_ASKED, Party.ASKED, Way.MAIL),
    (Event.INTEREST_ASKED, Party.ASKED, Way.SMS),
)
CHOSEN = ((Event.CHOSEN, Party.ASKED, Way.MAIL), (Event.CHOSEN, Party.ASKED, Way.SMS))
NOT_CHOSEN = (Event.NOT_CHOSEN, Party.ASKED, Way.MAIL)
AT_ONCE = (
    (Event.SEVERAL_ASKED, Party.ASKED, Way.MAIL),
    (Event.SEVERAL_ASKED, Party.ASKED, Way.SMS),
    (Event.ACCEPTED, Party.ASKED, Way.MAIL),
)
TAKEN_BACK: tuple[Kept, ...] = (
    (Event.CANCELLED_BY_WHO_ASKED, Party.ASKED, Way.MAIL),
    (Event.CANCELLED_BY_WHO_ASKED, Party.COMING, Way.CALENDAR),
    (Event.CANCELLED_BY_OFFICE, Party.ASKED, Way.MAIL),
    (Event.CANCELLED_BY_OFFICE, Party.COMING, Way.CALENDAR),
)
STANDS: tuple[Kept, ...] = (
    COMES,
    (Event.STILL_OPEN, Party.WHO_ASKED, Way.MAIL),
    (Event.NOT_FILLED, Party.WHO_ASKED, Way.MAIL),
)
PROMISES: dict[str, tuple[Kept, ...]] = {
    "Ask for an interpreter; you hear by e-mail who comes.": (COMES,),
    "In this week nobody could come at any time. Look at another week, or send the request: the "
    "office goes on looking and you hear by e-mail.": (
        COMES,
        (Event.STILL_OPEN, Party.WHO_ASKED, Way.MAIL),
    ),
    "The language is not in our list. The office finds out which one it is, asks you if need be, "
    "and then looks for somebody.": (
        COMES,
        (Event.STILL_OPEN, Party.WHO_ASKED, Way.MAIL),
        (Event.REFUSED, Party.WHO_ASKED, Way.MAIL),
    ),
    "You get a number at once, and hear by e-mail who comes or that nobody is found yet.": (
        (Event.REQUEST_SENT_IN, Party.WHO_ASKED, Way.MAIL),
        COMES,
        (Event.STILL_OPEN, Party.WHO_ASKED, Way.MAIL),
        (Event.NOT_FILLED, Party.WHO_ASKED, Way.MAIL),
    ),
    "Or send the request: the office goes on looking and you hear by e-mail.": STANDS,
    "You hear by e-mail who comes, and how it stands by %(when)s at the latest.": STANDS,
    "Interpreters are asked without waiting for the office.": ASKED,
    "%(mover)s is released from %(reference)s and asked for this one; %(name)s is asked for "
    "%(reference)s. Until they answer, nobody has said yes to either.": (*ASKED, RELEASED),
    "%(mover)s and %(name)s are asked; %(mover)s is released elsewhere for it and told.": (
        *ASKED,
        RELEASED,
    ),
    "By relay: you interpret %(yours)s, a second person interprets %(theirs)s; you hear who it "
    "is.": SHARED,
    "Two share this talk: you interpret %(yours)s, a second person %(theirs)s; you hear who it "
    "is.": SHARED,
    "Nobody else of the pool is asked, and those who asked hear that this agency sends whoever is "
    "missing.": (AGENCY,),
    "Noted: %(name)s sends somebody; those who asked hear it.": (AGENCY,),
    "Noted; those who asked hear that we look for somebody again.": (
        (Event.AGENCY_OFF, Party.WHO_ASKED, Way.MAIL),
        (Event.AGENCY_OFF, Party.WHO_ASKED, Way.URGENT_SMS),
    ),
    "Everybody chosen is asked by e-mail and SMS.": ASKED,
    "The first of the list is asked by e-mail and SMS.": ASKED,
    "The first %(num)d of the list are asked by e-mail and SMS, one for each seat.": ASKED,
    "One interpreter is asked; the next best follow by themselves.": ASKED,
    "%(num)d interpreters are asked; the next best follow by themselves.": ASKED,
    "The best there is by now is asked by e-mail and SMS, one person for each seat.": ASKED,
    "The best there is by now is asked by e-mail and SMS, one person for each seat. Nobody follows "
    "by itself.": ASKED,
    "Everybody who could come is asked by e-mail and SMS.": (*AT_ONCE, *WHO_COULD),
    "The one of the list is asked by e-mail and SMS.": AT_ONCE,
    "The first %(num)d of the list are asked by e-mail and SMS.": AT_ONCE,
    "First staff, then freelancers, then volunteers are asked, each group at once. Nobody’s time "
    "is held; whoever accepts first comes.": AT_ONCE,
    "The first group is asked; the next one follows after the wait.": AT_ONCE,
    "They are asked at once; whoever accepts first comes.": AT_ONCE,
    "They are asked whether they could come; then you choose.": WHO_COULD,
    "Nobody’s time is held and nobody promises anything; they may add a comment. You choose, and "
    "whoever you choose is asked for a sure yes.": (*WHO_COULD, *CHOSEN),
    "Said on %(when)s. Nothing is promised: whoever is chosen is asked for a sure yes.": CHOSEN,
    "%(name)s is asked for a sure yes.": CHOSEN,
    "Thank you. The office chooses, and you hear either way.": (*CHOSEN, NOT_CHOSEN),
    "You said that you could come. Nothing is fixed: the office chooses, and you hear either "
    "way.": (
        *CHOSEN,
        NOT_CHOSEN,
    ),
    "The next is asked by %(when)s at the latest.": ASKED,
    "%(name)s has heard nothing of it yet, and is told now that it was agreed.": (
        (Event.UNDONE, Party.COMING, Way.CALENDAR),
    ),
    "%(name)s is asked about %(time)s, by e-mail.": (
        (Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED, Way.MAIL),
    ),
    "It is written down again that %(name)s does not come, for the same reasons; both sides are "
    "told.": (WITHDRAWN, (Event.WITHDRAWN, Party.COMING, Way.CALENDAR)),
    "It is cancelled again, for the same reasons; everyone concerned is told.": TAKEN_BACK,
    "#: whoever asked is asked about this start.": (
        (Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED, Way.MAIL),
    ),
    # which of these it is: tests/dispatch/pages/coordinator/test_undo.py
    "%(name)s, who asked, has known of it since %(when)s and is told at once how it is then.": (
        COMES,
        (Event.RELEASED, Party.WHO_ASKED, Way.MAIL),
        (Event.UNDONE, Party.WHO_ASKED, Way.MAIL),
    ),
    "%(name)s is asked by e-mail.": ((Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED, Way.MAIL),),
    "%(name)s is asked by e-mail, and can answer with one press.": (
        (Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED, Way.MAIL),
    ),
    "%(name)s is asked by e-mail and answers with one press. Nothing changes before there is a "
    "yes.": ((Event.QUESTION_TO_WHO_ASKED, Party.WHO_ASKED, Way.MAIL),),
    "%(name)s is asked anew, by e-mail and SMS.": ASKED,
    "%(name)s has known since %(when)s and is told at once that it does not hold any more.": (
        RELEASED,
        (Event.OFFER_WITHDRAWN, Party.ASKED, Way.CALENDAR),
    ),
    "%(other)s is released and told.": (RELEASED,),
    "By now you are asked for something else that day, or come to it, and the way between the two "
    "is long. The office decides first, and asks you anew if you are to come to both.": ASKED,
    "We write to you when somebody needs you.": ASKED,
    "%(name)s is assigned; both sides are told.": (INVITED, COMES),
    "Those who asked have not said yet which link or number; you get it by e-mail.": (
        (Event.CHANGED_TO_KNOW, Party.COMING, Way.CALENDAR),
    ),
    "You have accepted. The invitation for your calendar is on its way.": (INVITED,),
    "They are told that they are not needed there any more. This proposal can only be adopted as "
    "a whole.": (RELEASED,),
    "Somebody sure is given up for a question: whoever is asked instead may say no. Those who "
    "asked are told at once that the person released does not come, and again as soon as somebody "
    "accepts.": ((Event.RELEASED, Party.WHO_ASKED, Way.MAIL), COMES),
    "%(name)s is released and told; the seat is open again.": (RELEASED,),
    "The interpreter is told at once, and who asked as far as they know of them; "
    "the seat is open again.": (RELEASED,),
    "You are off this assignment. The office and those who asked know it.": (WITHDRAWN,),
    "Those who asked hear at once that somebody else is looked for.": (WITHDRAWN,),
    "Nobody answers? Press “I cannot come”: the office sees it at once, and those who asked hear "
    "it.": (WITHDRAWN,),
    "The office looks for somebody else at once, and those who asked are told. Why you do not come "
    "only the office reads.": (WITHDRAWN,),
    "Get well soon. The office and those who asked know it.": (WITHDRAWN,),
    "Noted. The office and those who asked know it.": (WITHDRAWN,),
    "Noted; everyone concerned is told.": (WITHDRAWN,),
    "You are off: %(which)s. The office and those who asked know it; please do not come.": (
        WITHDRAWN,
    ),
    "“Look for somebody else” takes you off as soon as this is saved: the office and those who "
    "asked are told at once, and the entry in your calendar goes.": LOST_BY_ABSENCE,
    "“Look for somebody else” takes %(name)s off as soon as this is saved: %(name)s and those who "
    "asked are told at once.": LOST_BY_ABSENCE,
    "%(name)s is off: %(which)s. %(name)s and those who asked are told; somebody else is to be "
    "found.": LOST_BY_ABSENCE,
    "The request is cancelled, and everyone concerned is told: %(which)s.": TAKEN_BACK,
    "Stays until %(name)s, who is asked now, has answered: %(which)s.": (
        (Event.ABSENCE_QUESTION, Party.COMING, Way.MAIL),
    ),
    "Written down: %(name)s does not come; both sides are told. Find a replacement.": (
        WITHDRAWN,
        (Event.WITHDRAWN, Party.COMING, Way.CALENDAR),
    ),
    "Said on the telephone: it counts as the interpreter's own withdrawal, and both sides are told "
    "at once.": (WITHDRAWN, (Event.WITHDRAWN, Party.COMING, Way.CALENDAR)),
    "Those who asked know it: at about %(time)s.": (LATE,),
    "Those who asked hear it at once, and so does the contact on site where a mobile number is "
    "given.": (LATE, (Event.LATE, Party.CONTACT_ON_SITE, Way.SMS)),
    "Write when it really began and ended. Both sides get these times by e-mail.": (
        (Event.FINISHED, Party.COMING, Way.MAIL),
        (Event.FINISHED, Party.WHO_ASKED, Way.MAIL),
    ),
    "This ends the assignment, and both sides get it by e-mail.": tuple(
        (event, party, Way.MAIL)
        for event in (Event.NO_SHOW_OF_CLIENT, Event.NO_SHOW_OF_INTERPRETER)
        for party in (Party.COMING, Party.WHO_ASKED)
    ),
    "Whoever is asked here comes instead: %(name)s is released and told in the same step.": (
        *ASKED,
        RELEASED,
    ),
    "The request is cancelled; everyone concerned is told.": (
        *TAKEN_BACK,
        (Event.CANCELLED_BY_COLLEAGUE, Party.WHO_ASKED, Way.MAIL),
        (Event.CANCELLED_BY_OFFICE, Party.WHO_ASKED, Way.MAIL),
    ),
    "Whoever was asked or has accepted is told at once and is free again.": TAKEN_BACK,
    "Whoever was asked or has accepted reads this, and so does the office. Nothing that tells who "
    "the client is.": TAKEN_BACK,
    "The interpreters concerned and those who asked read this in their messages. Leave it empty to "
    "tell them no reason.": (
        RELEASED,
        (Event.RELEASED, Party.WHO_ASKED, Way.MAIL),
        *TAKEN_BACK,
        (Event.CANCELLED_BY_OFFICE, Party.WHO_ASKED, Way.MAIL),
    ),
}
ASKED_AGAIN: tuple[Kept, ...] = (
    (Event.CHANGED, Party.COMING, Way.CALENDAR),
    (Event.CHANGED, Party.COMING, Way.SMS),
)
ASKED_ANEW: tuple[Kept, ...] = (
    (Event.CHANGED, Party.ASKED, Way.MAIL),
    (Event.CHANGED, Party.ASKED, Way.SMS),
)
NOT_ASKED_ANY_MORE: tuple[Kept, ...] = ((Event.CHANGED_WITHOUT, Party.ASKED, Way.MAIL),)
TOLD_OF_A_CHANGE: tuple[Kept, ...] = ((Event.CHANGED_TO_KNOW, Party.COMING, Way.CALENDAR),)
PROMISES |= {
    "Has to agree again, and is asked now": ASKED_AGAIN,
    "%(name)s is asked whether the change will do": ASKED_AGAIN,
    "Is told; the yes still holds": TOLD_OF_A_CHANGE,
    "Has not answered yet, and is asked anew": ASKED_ANEW,
    "One interpreter who has not answered yet is asked anew.": ASKED_ANEW,
    "%(num)d interpreters who have not answered yet are asked anew.": ASKED_ANEW,
    "The request is changed; whoever has to agree again is asked.": ASKED_AGAIN,
    "The request is changed; whoever has to know is told.": TOLD_OF_A_CHANGE,
    "The answer counts; both sides are told.": (
        (Event.RECONFIRMED, Party.COMING, Way.CALENDAR),
        (Event.RECONFIRMED, Party.WHO_ASKED, Way.MAIL),
        (Event.NOT_RECONFIRMED, Party.COMING, Way.CALENDAR),
        (Event.NOT_RECONFIRMED, Party.WHO_ASKED, Way.MAIL),
    ),
}
BACK: tuple[Kept, ...] = (
    (Event.UNDONE, Party.COMING, Way.CALENDAR),
    (Event.UNDONE, Party.WHO_ASKED, Way.MAIL),
)
PROMISES |= {
    "It takes place after all; everyone concerned is told.": BACK,
    "Until the start the cancellation can be taken back: whoever came before comes again, if still "
    "free, and everyone concerned is told.": BACK,
}
PROMISES |= {
    f"%(num)d {dates} place after all; everyone concerned is told.": BACK
    for dates in ("date takes", "dates take")
}
PROMISES |= {
    "%(name)s had not agreed to the change yet and is asked again.": ASKED,
    "%(num)d person who had been asked is asked once more.": ASKED,
    "%(num)d people who had been asked are asked once more.": ASKED,
}
PROMISES |= {
    f"%(num)d {dates} cancelled; everyone concerned is told.": TAKEN_BACK
    for dates in ("date is", "dates are")
}
PROMISES |= {
    f"%(num)d {dates} changed; whoever has to agree again is asked.": ASKED_AGAIN
    for dates in ("date is", "dates are")
}
PROMISES |= {
    f"%(name)s is assigned to %(num)d {dates}; both sides are told.": (INVITED, COMES)
    for dates in ("date", "dates")
}
PROMISES |= {
    "is told:": TOLD_OF_A_CHANGE,
    "has not answered yet, is asked anew:": ASKED_ANEW,
}
CORRECTED: tuple[Kept, ...] = tuple(
    (event, party, Way.MAIL)
    for event in (Event.FINISHED, Event.NO_SHOW_OF_CLIENT, Event.NO_SHOW_OF_INTERPRETER)
    for party in (Party.COMING, Party.WHO_ASKED)
)
PROMISES |= {
    "Corrected; both sides are told how it stands.": CORRECTED,
    "Both sides get by e-mail how it stands now. What stood there before stays in the history.": (
        CORRECTED
    ),
}
PROMISES |= {
    "%(other)s is released and told at once, with a cancelled calendar entry; that message cannot "
    "be called back.": (RELEASED,),
    "The question to %(other)s is taken back; who may have read it is told that it is not "
    "needed.": ((Event.OFFER_WITHDRAWN, Party.ASKED, Way.MAIL),),
    "Moved to %(name)s; everyone concerned is told.": (
        RELEASED,
        (Event.OFFER_WITHDRAWN, Party.ASKED, Way.MAIL),
        *ASKED,
    ),
}
LOOKED_FOR = {
    "The office looks for somebody.",
    "The office looks for somebody else; you are not asked again for these.",
    "The assignment is then not yours any more, and the office looks for somebody else.",
    "The assignments are then not yours any more, and the office looks for somebody else.",
    "You have declined the change. Please do not come; the office looks for somebody else.",
    "Thank you for answering. The office looks for somebody else.",
    "You have declined. Thank you for answering; the office looks for somebody else.",
    "The office looks for somebody else; you are not asked again for this one.",
}
"""Kept by people: a no stands in their worklist until somebody has seen to it."""

NO_PROMISES = {
    "how many are asked again",
    "What you were asked last stands first.",
    "You were asked",  # what was, in the record of a person
    # the sign-in link is no event of a request
    "If there is an account for this address, a link is on its way.",
    "We send you a link that signs you in once. You need no password.",
    "If one of them is not yours, or stands where others use it, sign out everywhere: in this "
    "browser too, and sign-in links that were not used yet end as well. Tell the office if you "
    "think that somebody else was there.",
    # what the office is asked to do, or has before it
    "It did not arrive. Tell the person another way, such as by telephone, and settle it; or send "
    "it again once the cause is mended.",
    "You get a proposal of its own; nothing is sent before you adopt it.",
    # what those who ask are asked for, and what they said to it
    "This begins in less than one working day, and we ask for that much notice. Choose a later "
    "day, or say that it cannot wait.",
    "This begins in less than %(num)d working days, and we ask for that much notice. Choose a "
    "later day, or say that it cannot wait.",
    "This begins in less than one working day, and we ask for that much notice.",
    "This begins in less than %(num)d working days, and we ask for that much notice.",
    "Yes, sent in with less notice than we ask for",
    "In time from %(day)s on: we ask for one working day’s notice. Sooner only as urgent.",
    "In time from %(day)s on: we ask for %(num)d working days’ notice. Sooner only as urgent.",
    "Only the office reads this. Nothing that tells who the client is.",
    # how things stand
    "Somebody is still wanted, and at the moment nobody is asked.",
    "The address tells nothing about the client",
    "nobody is asked yet",
    "somebody is asked",
    "The answer could not be taken any more; the person was told.",
    "One interpreter is asked; the answer is due by %(when)s.",
    "%(num)d interpreters are asked; the last answer is due by %(when)s.",
    "Still open: those who asked were told",
    "This changed while your answer was on its way. Your answer was to the earlier terms and does "
    "not count; please answer the new question we sent you.",
    # what a cancellation owes
    "told late",
    "told in time, nothing is owed",
    "Told counts from %(when)s on, when the office can read it.",
    "Nobody has to be told or asked again.",
    "%(name)s is asked now.",
    # what is agreed with an organisation
    "How interpreters are asked for each of them.",
    "Noted for %(name)s; what is asked already stays as it is.",
    "Noted; what is asked already stays as it is.",
    "Noted how interpreters are asked",
    "How interpreters are asked",
    "How interpreters are asked for this request",
    "Everybody of the pool who could come is asked.",
    "Everybody of the pool is asked; now a partner agency",
    "One person is asked whom somebody names, so it cannot begin by itself; choose another way of "
    "asking, or leave the beginning to the office.",
    "With this organisation it is agreed that interpreters are asked in writing; make an offer, "
    "and write down the answer given on the telephone.",
    "You are asked anew for this. Please answer the newest question we sent you.",
    "Several are asked whether they could come; the office chooses. Nothing is fixed and your time "
    "is not held.",
    "Minutes of answering hours until the next group is asked as well",
    "Several are asked at once; whoever accepts first comes. Your time is not held.",
    "Several are asked for the request at once; wait for the end, or stop it first.",
    "%(num)d people were asked so far.",
    "Enough people are asked or come already.",
    "Nobody else is asked. Who is being asked hears that it is not needed any more.",
    "Stopped; nobody else is asked.",
    "This round has ended meanwhile; nobody else is asked.",
    "Those who asked were asked whether it may be otherwise",
    "Told to the others",
    "No times yet: without them nobody is asked.",
    "Enough people were asked for the request since the plan was made.",
    "You get no text messages any more; e-mails go on.",
    "These interpreters come to this request or are asked for it already.",
    # what is asked for on several dates, and by whom
    "One date is asked for.",
    "%(num)d dates are asked for.",
    "Only ticked dates are asked for. Nothing is sent yet.",
    "Is asked for this date or comes already.",
    "Somebody else is asked for this date or comes.",
    # wishes, and what is not to be written
    "Name whom you would like to come again. We try; it is a wish, not a promise.",
    "We try to send whom you would like; it is a wish, not a promise.",
    "What to prepare. Nothing that tells who the client is.",
    "Where you give a case reference we try this anyway. Ticked, we ask nobody else, as long as "
    "one of them works with us.",
    "Somebody is asked for this talk or comes to it already; plan it again.",
    "%(name)s, a partner agency, sends somebody. Who it is we do not know; the office can tell you "
    "more.",
    "Noted: we ask nobody but those you would like.",
    "If one of the two holds, we send nobody who is only a trained volunteer.",
    "For instance because they know the client. Only you and the office see this; nobody tells "
    "them.",
}


APPROVED: tuple[Kept, ...] = ((Event.APPROVED, Party.WHO_ASKED, Way.MAIL),)
REFUSED: tuple[Kept, ...] = ((Event.REFUSED, Party.WHO_ASKED, Way.MAIL),)
PROMISES |= {
    "Approved; those who asked hear it.": APPROVED,
    "%(num)d dates are approved; those who asked hear it.": APPROVED,
    "Refused; those who asked hear it.": REFUSED,
    "Those who asked hear it at once. A refusal cannot be taken back; they can ask again.": REFUSED,
    "They read this in their message. Leave it empty to tell them no reason.": REFUSED,
    "Told to those who asked": REFUSED,
    "A code is on its way to %(number)s.": ((Event.NUMBER_TO_CONFIRM, Party.OWNER, Way.SMS),),
}
PROMISES |= {
    "Approved: %(name)s is asked now.": ASKED,
}
PROMISES |= {
    "Had said no and says yes now. It does not count, and they were told; ask again, or call.": (
        (Event.SMS_NOT_TAKEN, Party.WHO_WROTE, Way.SMS),
        (Event.ANSWER_NOT_TAKEN, Party.ASKED, Way.MAIL),
    ),
    "A client wants no SMS any more; the number is deleted. They are not reminded, and those who "
    "asked were told.": ((Event.CLIENT_STOPS, Party.WHO_ASKED, Way.MAIL),),
    "Written from a number this person has given up. It does not count, and they were told; call "
    "and ask what is meant.": ((Event.SMS_OF_FORMER_NUMBER, Party.WHO_WROTE, Way.SMS),),
    "Asked who writes, or for SMS again, but nobody here has this number; they were told so.": (
        (Event.SMS_OF_CLIENT, Party.WHO_WROTE, Way.SMS),
    ),
    "It answers no question that is open to this person; they were told.": (
        (Event.SMS_UNCLEAR, Party.WHO_WROTE, Way.SMS),
    ),
}
NO_PROMISES |= {
    # what the client has heard, and whoever asked has to say: tests/dispatch/clients/test_reminding
    "The client was reminded by SMS of the appointment. If it does not take place, whoever asked "
    "has to tell them.",
    "The client has already been reminded by SMS and hears nothing more from us: whoever asked has "
    "to tell them.",
    "From our SMS the client still knows another start: %(when)s. Please tell them the new one.",
    "From our SMS the client still knows another start: %(when)s. Please tell them that it takes "
    "place after all, and when.",
    "The client was reminded by SMS before it was cancelled: please tell them that it takes place "
    "after all.",
    "The client has to be told",
    "The client was reminded of %(when)s: please tell them the new start.",
    "The client has written STOP and hears nothing more from us by SMS, not of a change either. "
    "Please tell them yourself.",
    # what fields of a text mean
    "reason that was told",
    "several are asked at the same time",
    "Nobody can come as things stand, so nobody is asked; look what would help.",
    "The way is not approved yet, so nobody is asked; decide on it.",
    "Nobody is asked before you decide. Without a decision by %(when)s it counts as refused.",
    "A long way waits for the office; nobody is asked yet",
    "Ways to approve: nobody is asked before",
    "the way is so long now that the office decides first whether this person is asked",
}
NO_PROMISES |= {
    # of every row that may be chosen about: tests/dispatch/contacts/test_choosing.py
    "How you hear of what. What you must know reaches you by e-mail in any case; what is urgent "
    "also by SMS, if we have a mobile number of you.",
    "A draft is finished later; a template holds what stays the same each time. Only you see them, "
    "and nobody is asked.",
    "Only you see them. Nobody is asked before you send a request.",
    "Look at it first: nobody is asked before you approve it.",
    "The office looks at it first. Nobody is asked before.",
    "To review: nobody is asked before",
    "at this time you are asked for or come somewhere else",
}


ASKED_ANEW = ((Event.CHANGED, Party.ASKED, Way.MAIL), (Event.CHANGED, Party.ASKED, Way.SMS))
TO_AGREE_ANEW = ((Event.CHANGED, Party.COMING, Way.MAIL), (Event.CHANGED, Party.COMING, Way.SMS))
PROMISES |= {
    "#, within the window: whoever is asked is asked anew about this start.": ASKED_ANEW,
    "%(name)s could come then and is asked anew.": ASKED_ANEW,
    "%(name)s is asked about %(time)s again instead of %(other)s.": ASKED_ANEW,
    "%(name)s is asked anew, about the other start.": ASKED_ANEW,
    "%(name)s could come then, has to agree anew and is asked.": TO_AGREE_ANEW,
    "%(name)s is told; the yes still holds.": ((Event.CHANGED_TO_KNOW, Party.COMING, Way.MAIL),),
    "That is a change of the request. The next page shows it with this start, and says once more "
    "what it means before anything is done; %(name)s, who asked, is told.": (
        (Event.CHANGED, Party.WHO_ASKED, Way.MAIL),
    ),
    "Released and told: %(names)s.": (RELEASED,),
}
NO_PROMISES |= {
    # how it stands
    "%(name)s is asked about %(time)s so far and has not answered yet.",
    "%(name)s is asked until %(when)s.",
}


def test_every_promise_of_a_page_is_known_here() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file)
    texts = {
        text
        for message in catalogue
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        if PROMISING.search(text)
    }
    assert texts == set(PROMISES) | LOOKED_FOR | NO_PROMISES


@pytest.mark.parametrize("promise", PROMISES)
def test_a_row_of_the_table_keeps_it(promise: str) -> None:
    for event, party, way in PROMISES[promise]:
        # a calendar entry travels in a mail that says the same in words
        enough = {Way.MAIL, Way.CALENDAR} if way == Way.MAIL else {way}
        assert enough & set(TABLE[event].tells[party].ways), (event, party)


def test_a_no_reaches_the_office() -> None:
    assert TABLE[Event.DECLINED].office == Office.WORKLIST


NO_PROMISES |= {
    # how it stands with who is asked: tests/dispatch/planning/proposals/test_being_asked.py
    "%(names)s is asked or comes already.",
    "%(names)s are asked or come already.",
    "%(num)d of %(wanted)d is asked; for the rest nobody yet.",
    "%(num)d of %(wanted)d are asked; for the rest nobody yet.",
    "A plan leaves these as they are, because nobody is asked alone beside a round. To have one "
    "planned, stop its round first.",
    "Several are asked at once",
}
