"""What the SMS provider reports, by its own signature and no other."""

import json
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from dispatch.database import db, transaction
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings
from dispatch.sms.models import InboundSms
from dispatch.sms.signature import is_genuine
from tests.dispatch.messaging.outbox import write

pytestmark = [
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
BASE, TOKEN, SECOND = "https://dolmetschen.dortmund.example", "first-token", "second-token"
SMS = {
    "MessageSid": "SM0001", "From": "+4915111111111", "To": "+4915735982345",
    "Body": "Grüße: J7K & Ναι? \u0065\u0301", "NumMedia": "0", "Neu": "ü & = ?",
}  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "public_base_url": f"{BASE}/",
            "twilio_account_sid": "AC1",
            "twilio_auth_token": TOKEN,
            "twilio_second_auth_token": SECOND,
            "twilio_from": "+4915735982345",
        }
    )


def signed(form: dict[str, str], path: str, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(BASE + path, form))


def post(
    app: Flask, form: dict[str, str], path: str = "/sms/received", signature: str | None = None
) -> TestResponse:
    client: FlaskClient = app.test_client()
    head = {"X-Twilio-Signature": signed(form, path) if signature is None else signature}
    return client.post(path, data=form, headers=head, base_url="http://10.0.0.7:8000")


def stored(app: Flask) -> list[str]:
    with app.app_context():
        return [one.text for one in db.session.query(InboundSms)]


def test_a_signed_sms_is_stored_once_however_often_it_comes(app: Flask) -> None:
    for token in (TOKEN, SECOND, TOKEN):
        answer = post(app, SMS, signature=signed(SMS, "/sms/received", token))
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        assert answer.text.endswith("<Response/>")
    assert stored(app) == ["Grüße: J7K & Ναι? é"]


def test_what_is_not_signed_for_our_address_is_refused_and_nothing_is_stored(app: Flask) -> None:
    genuine = signed(SMS, "/sms/received")
    forms = [SMS | {name: SMS[name] + "x"} for name in SMS]
    forms += [{one: SMS[one] for one in SMS if one != name} for name in SMS]
    forms += [SMS | {f"Extra{number}": "1"} for number in range(10)]
    forms += [{name.lower(): text for name, text in SMS.items()}, {}]
    for form in forms:
        assert post(app, form, signature=genuine).status_code == 403, form
    for url in (
        BASE.replace("https", "http"), "https://10.0.0.7:8000", BASE + ".evil.example",
        BASE + "/prefix", BASE.upper(),
    ):  # fmt: skip
        signature = RequestValidator(TOKEN).compute_signature(url + "/sms/received", SMS)
        assert post(app, SMS, signature=str(signature)).status_code == 403, url
    for path in ("/sms/received?", "/sms/received/", "/sms/receipts/1", "/sms/received?a=b"):
        assert post(app, SMS, signature=signed(SMS, path)).status_code == 403, path
    others = ["", "x", genuine[:-1], genuine.swapcase(), f" {genuine}", genuine + "="]
    others += [signed(SMS, "/sms/received", token) for token in ("", "first-toke", "third")]
    for signature in others:
        assert post(app, SMS, signature=signature).status_code == 403, signature
    assert stored(app) == []


def test_without_a_provider_nobody_is_let_in(settings: Settings) -> None:
    nobody = settings.model_copy(
        update={"twilio_auth_token": None, "twilio_second_auth_token": None}
    )
    assert not is_genuine(nobody, "/sms/received", SMS, signed(SMS, "/sms/received", ""))


def test_a_receipt_marks_the_message_and_a_forged_one_does_not(app: Flask) -> None:
    with app.app_context():
        with transaction():
            message = write(Channel.SMS)
            message.state, message.provider_reference = MessageState.SENT, "SM7"
        path = f"/sms/receipts/{message.id}"
    form = {"MessageSid": "SM7", "MessageStatus": "undelivered", "ErrorCode": "30006"}
    assert post(app, form, path, "forged").status_code == 403
    for _time in range(2):
        assert post(app, form, path).status_code == 204
    assert post(app, form, "/sms/receipts/987654").status_code == 204
    with app.app_context():
        found = db.session.get_one(Message, message.id)
        assert (found.state, found.error_code) == (MessageState.FAILED, "not-mobile")


@pytest.mark.skipif(
    "INTEROP_KIT" not in os.environ, reason="needs the kit of other implementations"
)
def test_the_signatures_of_others_are_told_apart(settings: Settings) -> None:
    kit = json.loads(
        Path(os.environ["INTEROP_KIT"], "twilio_peer/signature_vectors.json").read_text()
    )
    seen = 0
    for one in kit["vectors"]:
        base, slash, path = one["url"].partition("://")
        host, _, rest = path.partition("/")
        here = settings.model_copy(
            update={"public_base_url": f"{base}{slash}{host}/", "twilio_auth_token": one["token"]}
        )
        if not isinstance(one["params"], dict) or "bodySHA256" in one["url"]:
            continue  # JSON, which nobody sends here
        form = MultiDict(one["params"])
        assert is_genuine(here, f"/{rest}", form, one["signature"]) is one["valid"], one["name"]
        seen += 1
    assert seen > 10
