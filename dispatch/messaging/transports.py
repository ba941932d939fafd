"""Where messages go: SMTP, Twilio, or the sink when neither is set up."""

from datetime import UTC, datetime

from dispatch.messaging.email_smtp import send_by_smtp
from dispatch.messaging.mime import mail_of
from dispatch.messaging.models import Message
from dispatch.messaging.rules import Channel
from dispatch.messaging.sink import keep_mail, keep_sms
from dispatch.messaging.sms_twilio import send_by_twilio
from dispatch.settings import active


def send(message: Message) -> str:
    """Hand the message over and return the provider's reference. Raises `TransportError`."""
    settings = active()
    if message.channel == Channel.EMAIL:
        mail = mail_of(message, message.handed_over_at or datetime.now(UTC))
        if settings.smtp_url:
            return send_by_smtp(settings.smtp_url, mail)
        return keep_mail(settings.sink_dir, message, mail)
    if settings.twilio_account_sid:
        return send_by_twilio(settings, message)
    return keep_sms(settings.sink_dir, message)
