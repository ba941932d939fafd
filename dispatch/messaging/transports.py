"""Where messages go: SMTP, the SMS provider that is set up, or the sink where nothing is."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from dispatch.messaging.email_smtp import send_by_smtp
from dispatch.messaging.mime import written
from dispatch.messaging.models import Message
from dispatch.messaging.providers import Provider
from dispatch.messaging.rules import Channel, TransportError
from dispatch.messaging.sink import keep_mail, keep_sms
from dispatch.settings import Settings, active

_log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What a channel goes through."""

    REAL = "real"
    SINK = "sink"
    NONE = "none"


def sms_provider(settings: Settings, *, second: bool = False) -> Provider | None:
    """Return the SMS provider that carries, or the one that takes over; None where none is set up.

    Each is imported where it is set up: Twilio's library takes a tenth of every start.
    """
    name = next((one.name for one in settings.sms_carriers[second:]), None)
    if name == "twilio":
        from dispatch.messaging.sms_twilio import Twilio

        return Twilio()
    if name == "seven":
        from dispatch.messaging.sms_seven import Seven

        return Seven()
    return None


def kind_of(channel: Channel, settings: Settings) -> Kind:
    """Tell what the channel goes through: the sink only while no channel is real.

    Where mail really goes out, an SMS in a folder would count as sent and reach nobody.
    """
    real = {
        Channel.EMAIL: bool(settings.smtp_url),
        Channel.SMS: settings.has_sms_provider,
    }
    if real[channel]:
        return Kind.REAL
    return Kind.NONE if any(real.values()) else Kind.SINK


def send(message: Message, earlier: Sequence[str] = ()) -> str:
    """Hand the message over and return the provider's reference. Raises `TransportError` only.

    What nobody thought of is no reason to try for ever: whatever else goes wrong happens before
    the hand-over (each transport turns what comes after it into a doubt) and is permanent.
    """
    return _told_apart(message, lambda: _send(message, earlier))


def send_by_second(message: Message) -> str:
    """Hand an SMS to the provider that takes over; as `send`."""
    settings = active()
    provider = sms_provider(settings, second=True)
    if provider is None:
        raise TransportError("not-set-up", outage=True)
    return _told_apart(message, lambda: provider.send(settings, message))


def _told_apart(message: Message, hand_over: Callable[[], str]) -> str:
    try:
        return hand_over()
    except TransportError:
        raise
    except Exception as fault:
        _log.exception("message %s could not be handed over", message.id)
        raise TransportError("unexpected", type(fault).__name__, permanent=True) from fault


def _send(message: Message, earlier: Sequence[str]) -> str:
    settings = active()
    kind = kind_of(Channel(message.channel), settings)
    if kind == Kind.NONE:
        raise TransportError("not-set-up", outage=True)
    if message.channel == Channel.SMS:
        provider = sms_provider(settings)
        return provider.send(settings, message) if provider else _keep(message, None)
    mail = written(message, message.handed_over_at or datetime.now(UTC), earlier)
    if kind == Kind.REAL:
        return send_by_smtp(settings.smtp_url or "", mail, message.attempts)
    return _keep(message, mail.octets)


def _keep(message: Message, octets: bytes | None) -> str:
    folder = active().sink_dir
    try:
        return keep_sms(folder, message) if octets is None else keep_mail(folder, message, octets)
    except OSError as full:
        raise TransportError("sink-unwritable", str(full), outage=True) from full
