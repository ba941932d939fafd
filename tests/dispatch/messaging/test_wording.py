"""Texts a city writes itself: what they may say, how they read, and that they stop no message."""

import pytest
from flask import Flask

from dispatch.accounts.rules import Role
from dispatch.database import db, transaction
from dispatch.errors import Refusal
from dispatch.ledger.rules import SYSTEM
from dispatch.messaging import service, texts
from dispatch.messaging.models import MessageText
from dispatch.messaging.rules import Channel
from dispatch.settings import active
from dispatch.sms.confirming import CodeFacts
from tests import factories
from tests.browsing import send, sign_in
from tests.dispatch.messaging.outbox import SECRET, queued, row
from tests.factories import NOW

PATH = "assignment_reminder/sms.de.txt"
OWN = "Denken Sie an {{ number }}: {{ short_day }} {{ start }}, {{ link }}"
needs_a_database = pytest.mark.usefixtures("frozen_clock", "session")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as found, transaction():
        texts.change(SYSTEM, PATH, text, now=NOW)
    return found.value.code


@needs_a_database
@on_sqlite
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "text-length"),
        ("x" * 5001, "text-length"),
        (OWN + "{{ client }}", "text-field-unknown"),
        (OWN + "{{ range(3) }}", "text-field-unknown"),
        (OWN.replace("{{ link }}", ""), "text-field-missing"),
        (OWN + "{% if start %}", "text-unreadable"),
        (OWN + "{{ '1' * 999999999 }}", "text-means"),
        (OWN + "{{ 9 ** 9 ** 9 }}", "text-means"),
        (OWN + "{{ link.__class__ }}", "text-means"),
        (OWN + "{{ link|attr('format') }}", "text-means"),
        (OWN + "{{ link.format(1) }}", "text-means"),
        (OWN + "{% include '/etc/passwd' %}", "text-means"),
        (OWN + "{% include link %}", "text-means"),
        (OWN + "{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}", "text-means"),
        (OWN + "{% for a in link %}" * 3 + "{% endfor %}" * 3, "text-means"),
    ],
)
def test_a_text_may_say_what_the_message_says_and_do_nothing_else(text: str, code: str) -> None:
    assert refused(text) == code
    assert db.session.query(MessageText).count() == 0


OFFER = "offer/body.de.txt"
BY_SMS = "offer/sms.de.txt"
IMPRINT = "shared/imprint.de.txt"


@needs_a_database
@on_sqlite
@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        (OFFER, "{% if false %}DELIVERED{% endif %} Hallo", "answer_by is never shown"),
        (OFFER, "{% if urgent %}DELIVERED{% endif %} Hallo", "in this case: .*urgent is empty"),
        (OFFER, "{% if not urgent %}DELIVERED{% endif %} Hallo", "case: .*urgent is given"),
        (OFFER, "{% if way == 'x' %}DELIVERED{% endif %} Hallo", "case: .*way is given"),
        (OFFER, "{% if name|length > 90 %}DELIVERED{% endif %}", "name has 89 characters"),
        (OFFER, "{{ urgent and link }} HIDDEN", "in this case: urgent is empty"),
        (OFFER, "{% set link = 'http://evil' %}DELIVERED", "Line 1 gives something a name"),
        (OFFER, "{% for link in ['http://evil'] %}DELIVERED{% endfor %}", "Line 1 gives"),
        (OFFER, "{% from 'shared/time.de.txt' import time as link %}DELIVERED", "Line 1 gives"),
        (
            BY_SMS,
            "{{ short_day }} {{ start }} {{ short_answer_by }} {{ link }}",
            "_code is missing",
        ),
        (BY_SMS, "{% if urgent %}{{ yes_code }}{% endif %} HIDDEN", "case: .*urgent is empty"),
        (IMPRINT, "{% if phone %}DELIVERED{% endif %}", "imprint_address is not shown"),
    ],
)
def test_what_must_stay_is_shown_in_every_case_and_says_what_it_says(
    path: str, text: str, said: str
) -> None:
    delivered = texts.delivered(path)
    if "HIDDEN" in text:
        taken = "yes_code" if "yes_code" in text else "link"
        text = text.replace("HIDDEN", delivered.replace(f"{{{{ {taken} }}}}", ""))
    with pytest.raises(Refusal, match=said), transaction():
        texts.change(SYSTEM, path, text.replace("DELIVERED", delivered), now=NOW)


@needs_a_database
@on_sqlite
@pytest.mark.parametrize(
    "text",
    [
        "{% if urgent %}Eilt! DELIVERED{% else %}Guten Tag! DELIVERED{% endif %}",
        "{% if others %}Zu mehreren. {% endif %}DELIVERED",
    ],
)
def test_a_condition_that_loses_nothing_may_stand(text: str) -> None:
    wanted = text.replace("DELIVERED", texts.delivered(OFFER))
    with transaction():
        texts.change(SYSTEM, OFFER, wanted, now=NOW)
    assert texts.find(OFFER).written == wanted


@needs_a_database
def test_a_text_of_the_city_is_sent_and_the_delivered_one_again_after_it() -> None:
    before = row(queued(Channel.SMS)).body
    with transaction():
        texts.change(SYSTEM, PATH, OWN, now=NOW)
    assert row(queued(Channel.SMS)).body.startswith("Denken Sie an 7: Di 02.03. 10:00, https://")
    with transaction():
        texts.restore(SYSTEM, PATH, now=NOW)
    assert row(queued(Channel.SMS)).body == before
    assert [one.text for one in texts.history(PATH)] == [None, OWN]


@needs_a_database
@on_sqlite
def test_what_every_mail_takes_in_can_be_the_city_s_too() -> None:
    own = "Fragen? {{ phone }}\n\nIhre Stadt {{ office }}"
    with transaction():
        texts.change(SYSTEM, "shared/to_interpreter.de.txt", own, now=NOW)
    assert texts.find("offer/body.de.txt").written is None
    assert "Ihre Stadt" in texts.find("shared/to_interpreter.de.txt").current


@needs_a_database
@on_sqlite
def test_a_text_that_fails_all_the_same_stops_no_message() -> None:
    with transaction():
        db.session.add(MessageText(path=PATH, text="{{ nothing.at.all }}", written_at=NOW))
    message_id = queued(Channel.SMS)
    assert service.deliver(message_id, NOW) is None
    assert row(message_id).body.startswith("Erinnerung: Einsatz 7")


@needs_a_database
@on_sqlite
def test_a_preview_shows_the_last_message_and_how_many_sms_it_is_but_no_secret() -> None:
    example = texts.preview(PATH, OWN)
    assert example
    assert example.is_invented
    queued(Channel.SMS)
    found = texts.preview(PATH, OWN)
    assert found
    assert not found.is_invented
    assert (found.segments, found.alphabet) == (1, "GSM-7")
    assert found.text.startswith("Denken Sie an 7:")
    assert SECRET not in found.text
    long = texts.preview(PATH, OWN + " ж" * 40)
    assert long
    assert (long.segments, long.alphabet) == (3, "UCS-2")


@needs_a_database
@on_sqlite
def test_a_preview_is_as_long_as_what_is_sent_with_its_link_and_as_short() -> None:
    of_the_city = "Denken Sie an {{ number }}, {{ language }}. " + "Bitte! " * 10 + "{{ link }}"
    with transaction():
        texts.change(SYSTEM, PATH, f"{of_the_city} {{{{ start }}}} {{{{ short_day }}}}", now=NOW)
    sent = row(queued(Channel.SMS))
    found = texts.preview(PATH, texts.find(PATH).current)
    assert found
    assert (len(found.text), found.segments) == (len(sent.body), sent.segments)
    assert ("Rumän.. " in found.text, "x" * len(SECRET) in found.text) == (True, True)


@needs_a_database
@on_sqlite
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{{ day }", "Line 2: the bracket {{ is not closed. Write }} where it ends."),
        ("{{ day {{ start }}", "Line 1: the bracket {{ is not closed. Write }} where it ends."),
        ("{{ day %}", "Line 1: the bracket {{ is not closed. Write }} where it ends."),
        ("{% if day }}x", "Line 1: the bracket {% is not closed. Write %} where it ends."),
        ("x\n\n{# of", "Line 3: the bracket {# is not closed. Write #} where it ends."),
        ("{{ the day }}", "Line 1: {{ the day }} cannot be read. Between the brackets stands"),
        ("\n{{ }}", "Line 2: {{ }} cannot be read. Between the brackets stands"),
        ("{% day %}", "Line 1: {% day %} cannot be read. Between the brackets stands"),
        ("{% if urgent %}\nx", "Line 1: {% if urgent %} has no end. Write {% endif %} where it"),
        ("{% for one in each %}", "has no end. Write {% endfor %} where it ends."),
        ("x\n{% endif %}", "Line 2: {% endif %} ends nothing that began before it."),
        ("{% if day %}{% endfor %}", "Line 1: {% endfor %} ends nothing that began before it."),
        ("a\n{% else %}", "Line 2 cannot be read. Write there what the delivered text says."),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_in_plain_words(text: str, said: str) -> None:
    with pytest.raises(Refusal) as found:
        texts.preview(PATH, text)
    assert said in str(found.value.text)


@needs_a_database
@on_sqlite
def test_what_confirms_a_number_is_not_kept_for_previews() -> None:
    with transaction():
        message = service.queue(
            "number_code",
            channel=Channel.SMS,
            recipient=service.Recipient("+4915228817386", "Kim", "de"),
            facts=CodeFacts("938977", 10, "Amt"),
            about="account:1",
            now=NOW,
        )
    assert "938977" in message.body
    assert "938977" not in str(message.facts)
    shown = texts.preview("number_code/sms.de.txt", "{{ code }} {{ minutes }} {{ office }}")
    assert shown
    assert shown.text == "123456 10 Amt"


@needs_a_database
@on_sqlite
def test_the_preview_of_a_mail_shows_it_whole_as_text_and_as_a_page() -> None:
    queued(name="sign_in_link")
    found = texts.preview("sign_in_link/body.de.txt", "{{ link }}\n{{ office }} {{ phone }} <b>")
    assert found
    assert found.page
    assert active().city.imprint.address in found.text
    assert "&lt;b&gt;</p>\n<p>Absender:" in found.page


@needs_a_database
@on_sqlite
def test_a_city_words_its_imprint_but_cannot_leave_out_who_it_is() -> None:
    path, own = "shared/imprint.de.txt", "{{ imprint_name }} {{ imprint_contact }} {{ phone }}"
    with pytest.raises(Refusal, match="imprint_address is missing"), transaction():
        texts.change(SYSTEM, path, own, now=NOW)
    with transaction():
        texts.change(SYSTEM, path, f"Ihre {own}, {{{{ imprint_address }}}}", now=NOW)
    assert "\n\nIhre Stadt Dortmund" in row(queued()).body


@needs_a_database
@on_sqlite
def test_nearly_every_delivered_text_could_have_been_written_by_a_city() -> None:
    codes: dict[str, str] = {}
    for name in texts.names():
        for one in texts.of_message(name, "de"):
            try:
                texts.preview(one.path, one.delivered)
            except Refusal as refusal:
                codes[one.path] = refusal.code
    assert set(codes.values()) <= {"text-means"}
    assert set(codes) == NOT_OF_A_CITY


NOT_OF_A_CITY = {
    "shared/time.de.txt",
    "offer_several/body.de.txt",
    "request_changed_several/body.de.txt",
}
"""They have or take in macros, which a city has no need of."""


@on_sqlite
@pytest.mark.usefixtures("frozen_clock")
def test_the_coordinator_writes_a_text_on_a_page_sees_it_and_goes_back(app: Flask) -> None:
    with app.app_context():
        with transaction():
            office = factories.account(Role.COORDINATOR)
        queued(Channel.SMS)
    page = "/texts/assignment_reminder/sms/de"
    browser = sign_in(app, office)
    assert page in browser.get("/texts?language=de").text
    shown = send(browser, page, seen_on=page, text=OWN, look="1")
    assert "Denken Sie an 7:" in shown.text
    assert "Erinnerung" in browser.get(page).text
    assert send(browser, page, seen_on=page, text="Nur so").status_code == 422
    send(browser, page, seen_on=page, text=OWN)
    changed = browser.get(page).text
    assert "Denken Sie an {{ number }}" in changed
    send(browser, f"{page}/delivered", seen_on=page)
    with app.app_context():
        assert texts.find(PATH).written is None
    assert browser.get("/texts/nothing/sms/de").status_code == 404


@needs_a_database
@on_sqlite
def test_a_subject_is_one_line() -> None:
    subject = texts.find("offer/subject.de.txt").current
    with pytest.raises(Refusal) as found, transaction():
        texts.change(SYSTEM, "offer/subject.de.txt", f"{subject}\nX", now=NOW)
    assert found.value.code == "text-lines"
