"""What providers report, asked of each of them: signed, taken once, in any order."""

import hashlib
import hmac
import json
from itertools import permutations
from typing import Any, Protocol

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings
from dispatch.sms.models import InboundSms
from dispatch.sms.signature import Seal, is_genuine_of_seven
from tests.conftest import FrozenClock
from tests.dispatch.messaging.outbox import write

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
BASE, NUMBER, OURS = "https://dolmetschen.dortmund.example", "+4915111111111", "+4915735982345"


class Provider(Protocol):
    """How one provider reports to us."""

    settings: dict[str, Any]

    def sms(self, app: Flask, text: str, reference: str) -> TestResponse: ...

    def receipt(self, app: Flask, message: Message, status: str) -> TestResponse: ...


class ByTwilio:
    settings = {
        "twilio_account_sid": "AC1",
        "twilio_auth_token": "token",
        "twilio_from": OURS,
    }

    def sms(self, app: Flask, text: str, reference: str) -> TestResponse:
        form = {"MessageSid": reference, "From": NUMBER, "To": OURS, "Body": text}
        return self._post(app, "/sms/received", form)

    def receipt(self, app: Flask, message: Message, status: str) -> TestResponse:
        form = {"MessageSid": message.provider_reference or "", "MessageStatus": status}
        return self._post(app, f"/sms/receipts/{message.id}", form)

    def _post(self, app: Flask, path: str, form: dict[str, str]) -> TestResponse:
        signature = str(RequestValidator("token").compute_signature(BASE + path, form))
        head = {"X-Twilio-Signature": signature}
        return app.test_client().post(path, data=form, headers=head)


class BySeven:
    settings = {"seven_api_key": "key", "seven_signing_key": "signing", "seven_from": OURS}
    words = {"sent": "TRANSMITTED", "delivered": "DELIVERED", "undelivered": "NOTDELIVERED"}

    def sms(self, app: Flask, text: str, reference: str) -> TestResponse:
        data = {"id": reference, "sender": NUMBER[1:], "system": OURS[1:], "text": text}
        return posted(app, report("sms_mo", data))

    def receipt(self, app: Flask, message: Message, status: str) -> TestResponse:
        data = {"msg_id": message.provider_reference, "status": self.words[status]}
        return posted(app, report("dlr", data))


def report(event: str, data: dict[str, Any]) -> bytes:
    return json.dumps({"webhook_event": event, "data": data}).encode()


def seal(
    content: bytes, *, key: str = "signing", url: str = f"{BASE}/sms/seven", minutes: float = 0
) -> Seal:
    """Sign as the documentation of seven says."""
    stamp, nonce = str(int(clock.now().timestamp() + 60 * minutes)), "n" * 32
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    text = f"{stamp}\n{nonce}\nPOST\n{url}\n{digest}"
    return Seal(hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest(), stamp, nonce)


def posted(app: Flask, content: bytes, given: Seal | None = None) -> TestResponse:
    marks = given or seal(content)
    head = {
        "X-Signature": marks.signature,
        "X-Timestamp": marks.timestamp,
        "X-Nonce": marks.nonce,
    }
    return app.test_client().post(
        "/sms/seven", data=content, headers=head, content_type="application/json"
    )


@pytest.fixture(params=[ByTwilio, BySeven])
def provider(request: pytest.FixtureRequest) -> Provider:
    made: Provider = request.param()
    return made


@pytest.fixture
def settings(settings: Settings, provider: Provider) -> Settings:
    return settings.model_copy(update={"public_base_url": f"{BASE}/"} | provider.settings)


def stored(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(one.sender, one.text) for one in db.session.query(InboundSms)]


def test_an_sms_that_comes_in_is_stored_once_however_often_it_is_reported(
    app: Flask, provider: Provider
) -> None:
    for reference in ("1", "2", "1", "1"):
        assert provider.sms(app, "Grüße: J7K Ναι?", reference).status_code < 300
    assert stored(app) == [(NUMBER, "Grüße: J7K Ναι?")] * 2


@pytest.mark.parametrize("order", list(permutations(["sent", "undelivered", "delivered"])))
def test_receipts_count_by_the_furthest_in_any_order(
    app: Flask, provider: Provider, order: tuple[str, ...]
) -> None:
    message = sent(app)
    for status in (*order, order[0]):
        assert provider.receipt(app, message, status).status_code == 204
    assert state(app, message) == (MessageState.SENT, "delivered")


def test_what_did_not_arrive_has_failed(app: Flask, provider: Provider) -> None:
    message = sent(app)
    provider.receipt(app, message, "undelivered")
    assert state(app, message) == (MessageState.FAILED, "undelivered")


def test_a_number_can_be_answered_at_either(settings: Settings, provider: Provider) -> None:
    assert settings.takes_sms
    by_name = {"twilio_from": None, "seven_from": None}
    assert not settings.model_copy(update=by_name).takes_sms
    unsigned = {"twilio_account_sid": None, "seven_api_key": "key", "seven_signing_key": None}
    assert not settings.model_copy(update=unsigned | {"seven_from": OURS}).takes_sms


def sent(app: Flask, reference: str = "771") -> Message:
    with app.app_context(), transaction():
        message = write(Channel.SMS)
        message.state, message.provider_reference = MessageState.SENT, reference
    return message


def state(app: Flask, message: Message) -> tuple[str, str]:
    with app.app_context():
        found = db.session.get_one(Message, message.id)
        return found.state, found.receipt


by_seven = pytest.mark.parametrize("provider", [BySeven], indirect=True)


@by_seven
def test_what_seven_did_not_sign_for_our_address_is_refused(app: Flask) -> None:
    content = report("sms_mo", {"id": "1", "sender": NUMBER[1:], "text": "J7K"})
    good = seal(content)
    changed = [content[:at] + b"~" + content[at + 1 :] for at in range(0, len(content), 3)]
    forged = [(one, good) for one in changed]
    urls = ("http" + BASE[5:], BASE + ":8000", BASE.upper(), BASE + "/prefix")
    forged += [(content, seal(content, url=f"{url}/sms/seven")) for url in urls]
    forged += [(content, seal(content, url=f"{BASE}{path}")) for path in ("/sms", "/sms/seven?")]
    forged += [(content, seal(content, key=key)) for key in ("", "Signing", "key")]
    forged += [(content, seal(content, minutes=far)) for far in (-4 * 24 * 60 - 1, 6)]
    forged += [
        (content, good._replace(**{name: value}))
        for name in Seal._fields
        for value in ("", "x", "1", getattr(good, name) + "0", "-5", "٣")
    ]
    assert len(forged) > 50
    for body, marks in forged:
        assert posted(app, body, marks).status_code == 403, (body, marks)
    assert posted(app, content, good).status_code == 204
    assert len(stored(app)) == 1


@by_seven
def test_without_its_key_nobody_speaks_for_seven(settings: Settings) -> None:
    nobody = settings.model_copy(update={"seven_signing_key": None})
    assert not is_genuine_of_seven(nobody, "/sms/seven", b"{}", seal(b"{}", key=""), clock.now())


@by_seven
def test_a_receipt_that_comes_too_early_is_asked_for_again(
    app: Flask, provider: Provider, frozen_clock: FrozenClock
) -> None:
    message = sent(app)
    with app.app_context(), transaction():
        found = db.session.get_one(Message, message.id)
        found.state, found.provider_reference = MessageState.SENDING, None
    assert provider.receipt(app, message, "delivered").status_code == 503
    with app.app_context(), transaction():
        found = db.session.get_one(Message, message.id)
        found.state, found.provider_reference = MessageState.SENT, message.provider_reference
    assert provider.receipt(app, message, "delivered").status_code == 204
    assert state(app, message)[1] == "delivered"


@by_seven
def test_what_seven_says_besides_changes_nothing(app: Flask, provider: Provider) -> None:
    message = sent(app)
    for content in (
        b"", b"[]", b"{", b"\xff", report("voice_status", {"id": "1"}), report("dlr", {}),
        report("dlr", {"msg_id": "771", "status": "NEW WORD"}),
        report("dlr", {"msg_id": "unknown", "status": "DELIVERED"}),
        b'{"webhook_event": "sms_mo", "data": []}',
        report("sms_mo", {"id": {"a": 1}, "text": ["x"]}),
    ):  # fmt: skip
        assert posted(app, content).status_code == 204, content
    assert state(app, message) == (MessageState.SENT, "")


@by_seven
@pytest.mark.parametrize(
    ("word", "code"),
    [("EXPIRED", "handset-away"), ("REJECTED", "blocked"), ("FAILED", "not-delivered")],
)
def test_it_is_said_why_seven_could_not_deliver(app: Flask, word: str, code: str) -> None:
    message = sent(app)
    assert posted(app, report("dlr", {"msg_id": "771", "status": word})).status_code == 204
    with app.app_context():
        found = db.session.get_one(Message, message.id)
        assert (found.error_code, found.error) == (code, f"seven {word}")
