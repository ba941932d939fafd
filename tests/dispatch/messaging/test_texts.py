"""What people really get: every message, as a person has read and approved it."""

import json
import re
from dataclasses import dataclass, replace
from email.utils import getaddresses

import pytest

from dispatch.languages.rules import known
from dispatch.messaging import codes
from dispatch.messaging.rendering import TEMPLATES, render
from dispatch.messaging.rules import Channel
from dispatch.messaging.several import Several
from dispatch.messaging.texting import is_gsm, segments, write_short
from dispatch.requests.messages import OutcomeFacts, ReceiptFacts
from dispatch.settings import Settings, active
from tests.approving import differing, leads_to, parse, readable, says, words
from tests.correspondence import ADDRESS, foretell_secrets, in_the_sink, play, written

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("locale", ["de", "en", "el"]),
]


@dataclass(frozen=True)
class SmsFacts:
    """The longest that an SMS about one thing has to say."""

    number: str
    reference: str
    name: str
    short_day: str
    start: str
    end: str
    way: str
    district: str
    way_minutes: int
    way_source: str
    language: str
    short_answer_by: str
    came: int
    wanted: int
    phone: str
    link: str
    old_short_day: str
    old_start: str
    yes_code: str
    no_code: str
    all_offers: str = f"{ADDRESS}/offers"
    as_agreed: bool = False
    client_reminded: bool = True
    arrives: str = ""
    asks: str = "one"
    part_start: str = ""
    part_end: str = ""
    relay_with: str = ""
    team: int = 0
    take_back_by: str = "Sa., 27.03.2028, 02:30 (Winterzeit)"


SMS_FACTS = SmsFacts(
    number="100000",
    reference="DO-2028-ABCDEF",
    name="Leyla Yılmaz",
    short_day="Sa 27.03.28",
    start="02:30 (Sommerzeit)",
    end="02:30 (Winterzeit)",
    way="on_site",
    district="Lütgendortmund-Holte-Kreta",
    way_minutes=120,
    way_source="estimate",
    language="",
    short_answer_by="Fr 26.03.28 16:30",
    came=9,
    wanted=10,
    phone="+49 231 50123456",
    link=f"{ADDRESS}/o/{'x' * 22}",
    old_short_day="Sa 27.03.28",
    old_start="10:00",
    yes_code="J7K",
    no_code="N7K",
)
OWN_PAGES = {
    "offer_reminder": "/offers",
    **dict.fromkeys(("change_reminder", "assignment_back", "absence_stays"), "/assignments/100000"),
}
"""Where messages lead that carry no link of their own."""
CHANNEL_OF = {"body": Channel.EMAIL, "sms": Channel.SMS}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"public_base_url": ADDRESS})


@dataclass(frozen=True)
class Delivered:
    """A message as it was handed over."""

    name: str
    channel: str
    recipient: str
    subject: str
    body: str
    segments: int | None
    octets: bytes


VARIANTS = {
    "_by_video": r"([Bb]y|[Pp]er) [Vv]ideo|[Μμ]ε [Ββ]ίντεο",
    "_urgent": r"Urgent: asked|Dringend: wurde|urgent, since|dringend, denn|Dringend; |Urgent; "
    r"|Επείγον[:·]|επείγον, επειδή",
    "_by_relay": r"[Ii]m Relais|Relais mit|[Bb]y relay|relay with|[Μμ]ε ρελέ|PEΛE ME",
    "_in_a_team": r"Im Wechsel mit [^:]|In turn with [^:]|Εναλλάξ με [^:]|Team von|team of"
    r"|ομάδα των|OMAΔA TΩN",
    "_as_mail": r"E-Mails statt SMS|e-mails about this, not|e-mail και όχι SMS",
    "_to_review": r"looks at it first|sieht sie sich zuerst an|το εξετάζει πρώτα",
    "_in_review": r"not looked at|noch nicht angesehen"
    r"|δεν έχει εξετάσει ακόμη|δεν το έχει εξετάσει",
    "_to_settle": r"not settled yet|not be settled before|not in our list"
    r"|noch nicht geklärt|nicht klären|nicht in unserer Liste"
    r"|δεν έχει διευκρινιστεί|δεν διευκρινίστηκε|δεν είναι στη λίστα μας",
    "_and_room": r"(Room|Raum|Αίθουσα): 15 ",
    "_other_comes": r" still comes?[.;\n]|(kommt|kommen) wie vereinbart[.;\n]"
    r"|[ΈέΕε]ρχ(εται|ονται) όπως συμφωνήθηκε: ",
    "_instead": r"Mira (does not come any more|kommt nicht mehr|δεν θα έρθει πια)",
    "_as_agreed": r"[Aa]s you had agreed (after all|before)|As before:"
    r"|wie Sie zugesagt hatten|Wie zuvor:|όπως (είχατε δεχτεί|δεχτήκατε)|Όπως είχατε",
    "_after_a_no": r"Sie hatten abgesagt:|You had said no, so|(όχι|OXI), (το ναι|TO NAI)",
    "_after_a_yes": r"und werden weiter erwartet|are still expected|(πει|ΠEI) (ναι|NAI), ",
    "_as_before": r"is again as before|ist wieder wie zuvor|είναι πάλι όπως πριν",
    "_reminded": r"Please tell the client|bitte absagen|ENHMEPΩΣTE TO"
    r"|reminder by SMS has already|Erinnerung per SMS ist schon|με SMS έχει ήδη σταλεί",
    "_to_a_client": r"before it was cancelled[.:]|vor der Absage per SMS|πριν την ακύρωση[.:]",
    "_with_other_start": r"after all, and when|stattfindet, und wann|γίνεται, και πότε",
    "_nothing_open": r"No question with this answer|ist keine Frage offen|KAMIA EPΩTHΣH ΔEN",
    "_at_another_start": r"You said no to|haben Sie abgesagt; hier|είπατε όχι· εδώ",
    "_of_nobody": r"[Nn]umber not kept here",
}
"""What some messages say besides; each is approved with it and without."""
"""Marks what reads otherwise because somebody takes part from home."""

PLAYED: dict[str, list[Delivered]] = {}
"""By locale: the play is long, and every test here only reads what came of it."""


@pytest.fixture
def correspondence(locale: str, monkeypatch: pytest.MonkeyPatch) -> list[Delivered]:
    if locale not in PLAYED:
        foretell_secrets(monkeypatch)
        play(locale)
        PLAYED[locale] = [
            Delivered(
                name=message.name,
                channel=message.channel,
                recipient=message.recipient,
                subject=message.subject,
                body=message.body,
                segments=message.segments,
                octets=in_the_sink(message).read_bytes(),
            )
            for message in written()
            if message.provider_reference
        ]
    return PLAYED[locale]


def as_delivered(message: Delivered) -> str:
    octets = message.octets
    if message.channel == Channel.EMAIL:
        return readable(parse(octets))
    sms = json.loads(octets)
    alphabet = "GSM-7" if is_gsm(sms["body"]) else "UCS-2"
    return f"To: {sms['to']}\nSegments: {segments(sms['body'])}, {alphabet}\n\n{sms['body']}\n"


def recipients(message: Delivered) -> list[str]:
    octets = message.octets
    if message.channel == Channel.SMS:
        return [json.loads(octets)["to"]]
    mail = parse(octets)
    heads = [str(mail[name]) for name in ("To", "Cc", "Bcc") if mail[name] is not None]
    return [address for _name, address in getaddresses(heads)]


def approvable(messages: list[Delivered], locale: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for message in messages:
        variants = [one for one, said in VARIANTS.items() if re.search(said, message.body)]
        name = message.name + "".join(variants)
        file = f"{name}.{message.channel}.{locale}.txt"
        if file not in texts:
            texts[file] = as_delivered(message)
    return texts


def templates(locale: str) -> set[str]:
    return {
        f"{path.parent.name}.{CHANNEL_OF[part]}.{locale}.txt"
        for path in TEMPLATES.glob(f"*/*.{locale}.txt")
        if (part := path.name.split(".")[0]) in CHANNEL_OF
    }


def test_every_template_is_sent_on_some_occasion_and_reads_as_approved(
    correspondence: list[Delivered], locale: str
) -> None:
    texts = approvable(correspondence, locale)
    assert {re.sub("|".join(VARIANTS), "", name) for name in texts} == templates(locale)
    assert differing(texts) == []


def test_each_goes_to_exactly_one_person_and_says_nothing_of_the_client(
    correspondence: list[Delivered],
) -> None:
    for message in correspondence:
        whole = as_delivered(message)
        assert "CANARY" not in whole, message.name
        assert "Frauenhaus" not in whole, message.name
        if message.recipient:  # else it was a client's, who has written STOP since
            assert recipients(message) == [message.recipient]


def test_every_mail_says_who_sends_it_why_and_whom_to_call(
    correspondence: list[Delivered], locale: str
) -> None:
    office, imprint = active().city.office, active().city.imprint
    why = {
        "de": "Sie erhalten diese E-Mail, weil Sie",
        "en": "You get this e-mail because you",
        "el": "Λαμβάνετε αυτό το e-mail επειδή",
    }
    for message in correspondence:
        if message.channel == Channel.EMAIL:
            for said in (
                office.name,
                active().city.office_phone,
                *vars(imprint).values(),
                why[locale],
            ):
                assert said in message.body, message.name


def test_every_mail_is_read_as_text_or_as_a_page_that_says_the_same(
    correspondence: list[Delivered],
) -> None:
    for message in correspondence:
        if message.channel == Channel.EMAIL:
            parts = [one for one in parse(message.octets).walk() if not one.is_multipart()][:2]
            assert [one.get_content_type() for one in parts] == ["text/plain", "text/html"]
            text, page = (one.get_content() for one in parts)
            assert says(page) == words(text), message.name
            assert leads_to(page) == re.findall(r"https?://[\w./…-]*[\w…]", text), message.name


def test_when_a_part_has_ended_its_place_is_not_told_any_more(
    correspondence: list[Delivered],
) -> None:
    ended = (
        "assignment_cancelled", "assignment_released", "assignment_withdrawn", "offer_withdrawn",
        "offer_expired",
    )  # fmt: skip
    told = [message for message in correspondence if message.name.startswith(ended)]
    assert {message.name.removesuffix("_several") for message in told} == set(ended)
    for message in told:
        assert "Innenstadt-West" not in as_delivered(message), message.name
        assert "Stadthaus" not in as_delivered(message), message.name


def test_every_day_in_a_mail_has_its_weekday_and_its_year(
    correspondence: list[Delivered], locale: str
) -> None:
    day, whole = {
        "de": (r"\d\d\.\d\d\.", r"[MDFS][oira]\., \d\d\.\d\d\.2027"),
        "en": (r"\d+ (?:Feb|Mar|Apr|May|Jun|Jul|Aug)\b", r"[MTWFS]\w\w, \d+ \w{3} 2027"),
        "el": (r"\d+ (?:Φεβ|Μαρ|Απρ|Μαΐ|Αυγ)\b", r"[ΔΤΠΣΚ]\w\w, \d+ \w{3} 2027"),
    }[locale]
    for message in correspondence:
        # one in place of an SMS says word for word what that was to say
        if message.channel == Channel.EMAIL and message.name != "instead_of_sms":
            text = f"{message.subject}\n{message.body}"
            assert len(re.findall(day, text)) == len(re.findall(whole, text)), text


@pytest.mark.parametrize("name", ["still_open", "not_filled"])
def test_who_gets_fewer_than_asked_for_is_not_told_that_nobody_comes(
    name: str, locale: str
) -> None:
    facts = OutcomeFacts(
        reference="DO-2027-ABCDEF", name="Anna", language="Rumänisch", day="Di., 02.03.2027",
        short_day="Di 02.03.27",
        start="10:00", latest="", end="11:00", wanted=3, is_shared=False,
        office="Büro", phone="110", link="/", came=1,
        reason="",
    )  # fmt: skip
    some, none = (
        render(name, "subject", locale, one) + render(name, "body", locale, one)
        for one in (facts, replace(facts, came=0))
    )
    count = {"de": "1 von 3", "en": "1 of 3", "el": "1 από 3"}[locale]
    assert count in some
    assert count not in none
    assert re.search("niemand|nobody|κανέναν", none)
    assert not re.search("niemand|nobody|κανέναν", some)


def test_the_receipt_of_a_long_file_names_a_hundred_and_says_how_many_more(locale: str) -> None:
    facts = ReceiptFacts(
        reference="DO-2027-ABCDEF", name="Anna", language="Rumänisch", day="Di., 02.03.2027",
        short_day="Di 02.03.27", start="10:00", latest="", end="11:00", wanted=1, is_shared=False,
        office="Büro", phone="110",
        link="/", hear_by="Mo., 01.03.2027, 12:00", asked_by="", to_settle=False,
        to_review=False, urgent=False, asked_at_once=False,
    )  # fmt: skip
    for number, more in ((100, 0), (101, 1), (250, 150)):
        text = render(
            "request_received_several", "body", locale, Several("Anna", number, (facts,) * number)
        )
        assert text.count("DO-2027-ABCDEF") == 100
        assert (f" {more} " in text) is (more > 0)


def test_a_text_message_fits_one_segment_and_says_so(correspondence: list[Delivered]) -> None:
    texts = [message for message in correspondence if message.channel == Channel.SMS]
    for message in texts:
        body = json.loads(message.octets)["body"]
        assert is_gsm(body), body
        assert segments(body) == message.segments == 1, body


def names_of_each_length(locale: str) -> list[str]:
    """One name of a language of each length, with and without brackets and foreign letters.

    What has to be left out of a text depends on nothing else of a name.
    """
    names = [language.name(locale) for language in known()]
    return list({(len(one), "(" in one, is_gsm(one)): one for one in names}.values())


@pytest.mark.parametrize(
    "name",
    [
        "offer",
        "offer_changed",
        "offer_broadcast",
        "offer_reminder",
        "change_reminder",
        "interest",
        "interest_chosen",
        "assignment_confirmed",
        "assignment_back",
        "absence_stays",
        "day_before",
        "assignment_asked_again",
        "assignment_cancelled",
        "nobody_yet",
        "request_cancelled",
    ],
)
def test_a_text_message_fits_one_segment_whatever_the_language_and_district(
    name: str, locale: str
) -> None:
    for language in names_of_each_length(locale):
        facts = replace(SMS_FACTS, language=language)
        if name in OWN_PAGES:
            facts = replace(facts, link=f"{ADDRESS}{OWN_PAGES[name]}")
        by_day = replace(facts, start="14:00", end="15:00")
        as_agreed = replace(by_day, as_agreed=True)
        at_once, could = replace(by_day, asks="several"), replace(by_day, asks="interest")
        no_codes, late = replace(by_day, yes_code="", no_code=""), replace(by_day, arrives="14:10")
        relay, team = replace(by_day, relay_with=language), replace(by_day, team=2)
        for some in (by_day, no_codes, as_agreed, at_once, could, late, relay, team):
            text = write_short(lambda one: render(name, "sms", locale, one), some)
            assert segments(text) == 1, text
        for some in (facts, replace(facts, as_agreed=True)):
            text = write_short(lambda one: render(name, "sms", locale, one), some)
            assert is_gsm(text), text
            assert segments(text) == 1, text


@pytest.mark.parametrize(
    "name",
    [
        "offer",
        "offer_changed",
        "offer_broadcast",
        "offer_reminder",
        "change_reminder",
        "interest",
        "interest_chosen",
        "assignment_asked_again",
    ],
)
@pytest.mark.parametrize("count", [2, 3])
def test_two_questions_in_one_text_message_have_a_code_each_and_more_say_where_to_answer(
    name: str, count: int, locale: str
) -> None:
    facts = replace(SMS_FACTS, start="14:00", end="15:00", language="Bulgarisch")
    if name in OWN_PAGES:
        facts = replace(facts, link=f"{ADDRESS}{OWN_PAGES[name]}")
    each = tuple(replace(facts, yes_code=f"J{n}K", no_code=f"N{n}K") for n in range(2, 2 + count))
    several = Several("Leyla Yılmaz", count, each)
    text = write_short(lambda one: render(f"{name}_several", "sms", locale, one), several)
    assert is_gsm(text), text
    assert segments(text) == 1, text
    assert ("J2K/N2K" in text, "J3K/N3K" in text) == (count == 2, count == 2)
    assert ADDRESS in text or SMS_FACTS.phone in text
    by_mail = render(f"{name}_several", "sms", locale, codes.without(several))
    assert "N2K" not in by_mail


def test_what_makes_a_link_work_is_forgotten_once_it_is_sent(
    correspondence: list[Delivered],
) -> None:
    offers = [message for message in correspondence if message.name == "offer"]
    for message in offers:
        assert message.body.count(f"{ADDRESS}/o/…") == 1
        assert "/o/…" not in message.octets.decode()
