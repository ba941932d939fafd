"""What people really get: every message, as a person has read and approved it."""

import json
from dataclasses import dataclass, replace
from email.utils import getaddresses
from pathlib import Path

import pytest

from dispatch.languages.rules import known
from dispatch.messaging.models import Message
from dispatch.messaging.rendering import TEMPLATES, render
from dispatch.messaging.rules import Channel
from dispatch.messaging.texting import is_gsm, segments, write_short
from dispatch.settings import Settings
from tests.approving import differing, parse, readable
from tests.correspondence import ADDRESS, foretell_secrets, in_the_sink, play, written

pytestmark = [
    pytest.mark.usefixtures("frozen_clock", "session"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("locale", ["de", "en"]),
]


@dataclass(frozen=True)
class SmsFacts:
    """The longest that an SMS about one thing has to say."""

    number: str
    name: str
    short_day: str
    start: str
    end: str
    district: str
    language: str
    short_answer_by: str
    phone: str
    link: str


SMS_FACTS = SmsFacts(
    number="100000",
    name="Leyla Yılmaz",
    short_day="Sa 27.03.28",
    start="02:30 (Sommerzeit)",
    end="02:30 (Winterzeit)",
    district="Lütgendortmund-Holte-Kreta",
    language="",
    short_answer_by="Fr 26.03.28 16:30",
    phone="+49 231 50123456",
    link=f"{ADDRESS}/o/{'x' * 22}",
)
CHANNEL_OF = {"body": Channel.EMAIL, "sms": Channel.SMS}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"public_base_url": ADDRESS})


@pytest.fixture
def correspondence(locale: str, monkeypatch: pytest.MonkeyPatch) -> list[Message]:
    foretell_secrets(monkeypatch)
    play(locale)
    return [message for message in written() if message.provider_reference]


def as_delivered(message: Message) -> str:
    octets = in_the_sink(message).read_bytes()
    if message.channel == Channel.EMAIL:
        return readable(parse(octets))
    sms = json.loads(octets)
    alphabet = "GSM-7" if is_gsm(sms["body"]) else "UCS-2"
    return f"To: {sms['to']}\nSegments: {segments(sms['body'])}, {alphabet}\n\n{sms['body']}\n"


def recipients(message: Message) -> list[str]:
    octets = in_the_sink(message).read_bytes()
    if message.channel == Channel.SMS:
        return [json.loads(octets)["to"]]
    mail = parse(octets)
    heads = [str(mail[name]) for name in ("To", "Cc", "Bcc") if mail[name] is not None]
    return [address for _name, address in getaddresses(heads)]


def approvable(messages: list[Message], locale: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    for message in messages:
        texts.setdefault(f"{message.name}.{message.channel}.{locale}.txt", as_delivered(message))
    return texts


def templates(locale: str) -> set[str]:
    return {
        f"{path.parent.name}.{CHANNEL_OF[part]}.{locale}.txt"
        for path in TEMPLATES.glob(f"*/*.{locale}.txt")
        if (part := path.name.split(".")[0]) in CHANNEL_OF
    }


def test_every_template_is_sent_on_some_occasion_and_reads_as_approved(
    correspondence: list[Message], locale: str
) -> None:
    texts = approvable(correspondence, locale)
    assert set(texts) == templates(locale)
    assert differing(texts) == []


def test_each_goes_to_exactly_one_person_and_says_nothing_of_the_client(
    correspondence: list[Message],
) -> None:
    for message in correspondence:
        whole = as_delivered(message)
        assert "CANARY" not in whole, message.name
        assert "Frauenhaus" not in whole, message.name
        assert recipients(message) == [message.recipient]


def test_a_text_message_fits_one_segment_and_says_so(correspondence: list[Message]) -> None:
    texts = [message for message in correspondence if message.channel == Channel.SMS]
    for message in texts:
        body = json.loads(in_the_sink(message).read_bytes())["body"]
        assert is_gsm(body), body
        assert segments(body) == message.segments == 1, body


@pytest.mark.parametrize("name", ["offer", "assignment_confirmed", "assignment_cancelled"])
def test_a_text_message_fits_one_segment_whatever_the_language_and_district(
    name: str, locale: str
) -> None:
    for language in known():
        facts = replace(SMS_FACTS, language=language.name(locale))
        text = write_short(lambda some: render(name, "sms", locale, some), facts)
        assert is_gsm(text), text
        assert segments(text) == 1, text


def test_what_makes_a_link_work_is_forgotten_once_it_is_sent(
    correspondence: list[Message],
) -> None:
    offers = [message for message in correspondence if message.name == "offer"]
    for message in offers:
        assert message.body.count(f"{ADDRESS}/o/…") == 1
        assert "/o/…" not in Path(in_the_sink(message)).read_text()
