"""Twilio as somebody else built it, on this machine: each of its errors, disorders and silences.

It runs where INTEROP_KIT names a folder with `twilio_peer`; where INTEROP_PRISM names the program,
its OpenAPI contract stands in front of it and refuses what Twilio would not understand.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from dispatch.database import db
from dispatch.messaging import numbers, service
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel, MessageState
from dispatch.settings import Settings, active, use
from dispatch.sms.models import InboundSms
from tests.dispatch.engine.processes import until
from tests.dispatch.faults.serving import free_port
from tests.dispatch.messaging.outbox import queued, row
from tests.factories import NOW

PEER = Path(os.environ.get("INTEROP_KIT", "/nowhere"), "twilio_peer")
PRISM = os.environ.get("INTEROP_PRISM")
pytestmark = [
    pytest.mark.skipif(not PEER.is_dir(), reason="INTEROP_KIT names no folder with twilio_peer"),
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
ACCOUNT, TOKEN, OURS = "AC00000000000000000000000000000001", "test_auth_token", "+4915735980000"
SPEED = "0.02"
REFUSED = {
    "0001": "number-invalid", "0002": "no-route", "0003": "country-not-enabled",
    "0009": "not-mobile", "0035": "not-mobile",
}  # fmt: skip
NOT_ARRIVED = {
    "3003": "handset-away", "3005": "number-unknown", "3006": "not-mobile", "3007": "filtered",
    "3008": "not-delivered",
}  # fmt: skip
ARRIVED = ("7002", "7003", "7004", "7005", "7006", "7007", "1234")


@contextmanager
def running(*command: str, cwd: Path, port: int, **environment: str) -> Iterator[str]:
    """Run a program until the end of the block, from when it answers on."""
    process = subprocess.Popen(
        command, cwd=cwd, env=os.environ | environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(url))
        yield url
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        requests.get(url, timeout=5)
    except requests.ConnectionError:
        return False
    return True


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    port = free_port()
    with running(
        sys.executable, "twilio_sim.py", cwd=PEER, port=port, SIM_PORT=str(port), SIM_SPEED=SPEED,
        TWILIO_ACCOUNT_SID=ACCOUNT, TWILIO_AUTH_TOKEN=TOKEN,
    ) as url:  # fmt: skip
        yield url


@pytest.fixture(scope="module")
def twilio(peer: str) -> Iterator[str]:
    """Its address; with its contract in front where that can be had."""
    if PRISM is None:
        yield peer
        return
    port = free_port()
    with running(
        PRISM, "proxy", "spec/messages.json", peer, "-h", "127.0.0.1", "-p", str(port), "--errors",
        cwd=PEER, port=port,
    ) as url:  # fmt: skip
        yield url


@pytest.fixture
def settings(settings: Settings, twilio: str, peer: str) -> Settings:
    requests.post(f"{peer}/_sim/reset", timeout=5)
    return settings.model_copy(
        update={
            "public_base_url": f"http://127.0.0.1:{free_port()}/",
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TOKEN,
            "twilio_from": OURS,
            "twilio_base_url": twilio,
        }
    )


@pytest.fixture
def ours(app: Flask, settings: Settings) -> Iterator[Flask]:
    """Our pages, where the peer's reports reach them."""
    port = int(settings.base_url.rpartition(":")[2])
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    use(settings)
    with app.app_context():
        yield app
        db.session.remove()
    server.shutdown()
    thread.join()


def number(ending: str) -> str:
    return f"+491522881{ending}"


def sent(ending: str) -> int:
    """Hand an SMS to the peer, again if it is to be tried again."""
    message_id = queued(Channel.SMS, number(ending), about=f"account:{ending}")
    pause = service.deliver(message_id, NOW)
    if pause is not None:
        assert service.deliver(message_id, NOW + timedelta(seconds=pause)) is None
    return message_id


def found(message_id: int) -> Message:
    db.session.rollback()
    return row(message_id)


def becomes(message_id: int, check: Callable[[Message], bool]) -> None:
    until(lambda: check(found(message_id)), 15)


def test_what_twilio_refuses_has_failed_for_its_reason(ours: Flask) -> None:
    for ending, code in REFUSED.items():
        message = found(sent(ending))
        assert (message.state, message.error_code) == (MessageState.FAILED, code), ending
    message = found(sent("0004"))
    assert (message.state, message.error_code) == (MessageState.SUPPRESSED, "opted-out")
    assert numbers.is_silent(number("0004"))


def test_what_passes_is_tried_again_and_arrives_once(ours: Flask, peer: str) -> None:
    for ending in ("0029", "0500"):
        becomes(sent(ending), lambda one: one.receipt == "delivered")
    log = requests.get(f"{peer}/_sim/log", timeout=5).json()
    assert len({one["params"]["MessageSid"] for one in log}) == 2


def test_cut_off_after_it_was_taken_the_receipt_takes_the_doubt(ours: Flask, peer: str) -> None:
    message_id = sent("0099")
    becomes(message_id, lambda one: one.receipt == "delivered")
    assert found(message_id).state == MessageState.SENT
    log = requests.get(f"{peer}/_sim/log", timeout=5).json()
    assert len({one["params"]["MessageSid"] for one in log}) == 1


def test_what_did_not_arrive_has_failed_for_its_reason(ours: Flask) -> None:
    for message_id, code in [(sent(ending), code) for ending, code in NOT_ARRIVED.items()]:
        becomes(message_id, lambda one: one.state == MessageState.FAILED)
        assert found(message_id).error_code == code


def test_receipts_in_disorder_twice_late_strange_or_never(ours: Flask, peer: str) -> None:
    silent = sent("7001")
    for message_id in [sent(ending) for ending in ARRIVED]:
        becomes(message_id, lambda one: one.receipt == "delivered")
        assert found(message_id).state == MessageState.SENT
    becomes(silent, lambda one: one.receipt == "sent")
    log = requests.get(f"{peer}/_sim/log", timeout=5).json()
    assert {one["status"] for one in log} == {204}


def test_what_comes_in_is_stored_once_and_stop_is_kept(ours: Flask, peer: str) -> None:
    for text in ("J7K", "Grüße & Ναι = ?", "STOP", "START"):
        report = {
            "From": number("1111"), "To": OURS, "Body": text, "Idempotency": "1",
            "Url": f"{active().base_url}/sms/received",
        }  # fmt: skip
        answer = requests.post(f"{peer}/_sim/inbound", json=report, timeout=15).json()
        assert (answer["status"], answer["alert"]) == (200, None)
        assert answer["replies"] == answer["blocked_replies"] == []
    db.session.rollback()
    assert [one.text for one in db.session.query(InboundSms).order_by(InboundSms.id)] == [
        "J7K", "Grüße & Ναι = ?", "STOP", "START",
    ]  # fmt: skip
