"""What people type is never run: every page as every role, in a real browser."""

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Dialog

from dispatch.accounts.models import Account
from dispatch.database import db
from tests.browsing import sign_in
from tests.dispatch.web import stage
from tests.dispatch.web.stage import Stage
from tests.windows import OpenWindow

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.usefixtures("frozen_clock"),
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
RUN = "window.__x=1"
PAYLOADS = (
    f"<script>{RUN}</script>", f'"><script>{RUN}</script>', f"'><script>{RUN}</script>",
    f"</title><script>{RUN}</script>", f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>", f"</script><script>{RUN}</script>",
    f"--><script>{RUN}</script>", f"]]><script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script/src=data:,{RUN}>", f"<script>{RUN}//", f"<<script>{RUN}//<</script>",
    f"<img src=x onerror={RUN}>", f'"><img src=x onerror={RUN}>', f"<img/src/onerror={RUN}>",
    f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<math><mtext><script>{RUN}</script>",
    f"<body onload={RUN}>", "<iframe srcdoc='<script>parent.__x=1</script>'></iframe>",
    "<iframe src=javascript:parent.__x=1>", f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>", f"<a href=javascript:{RUN}>x</a>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<input autofocus onfocus={RUN}>", f'" autofocus onfocus={RUN} x="',
    f"' autofocus onfocus={RUN} x='", f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>", f"<marquee onstart={RUN}>x</marquee>",
    f"<base href=javascript:{RUN}//>", f"<meta http-equiv=refresh content='0;javascript:{RUN}'>",
    f"<link rel=import href=data:text/html,<script>{RUN}</script>>",
    f'<div hx-on:load="{RUN}" hx-get="/" hx-trigger="load">x</div>',
    f"{{{{constructor.constructor('{RUN}')()}}}}", f"${{{RUN}}}", f"javascript:{RUN}",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e", f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"%3Cscript%3E{RUN}%3C/script%3E", f"<script\n>{RUN}</script\n>",
    f"＜script＞{RUN}＜/script＞",
)  # fmt: skip
TYPED = {
    "accounts": ("name",),
    "interpreters": ("first_name", "last_name", "office_note", "home_postcode"),
    "organisations": ("name",),
    "sites": ("name", "address", "district", "access_notes", "register_number", "source"),
    "interpretation_requests": (
        "note", "contact", "room", "case_reference", "cost_centre", "language_in_words",
        "video_link", "dial_in", "alone_because",
    ),
    "offers": ("comment",),
    "private_calendars": ("name", "address"),
    "drafts": ("name",),
    "inbound_mails": ("text", "sender", "sender_name", "subject"),
    "inbound_sms": ("text", "sender"),
    "reasons": ("text",),
    "messages": ("subject", "body", "recipient", "recipient_name", "sender", "error"),
    "mailbox_states": ("error",),
    "transport_states": ("error",),
    "timetables": ("publisher", "file_name"),
}  # fmt: skip
"""What people, mails and files bring, by table."""


def test_nothing_anybody_typed_is_run_on_any_page(app: Flask, open_window: OpenWindow) -> None:
    everything = stage.build(app)
    with app.app_context():
        write_everywhere()
        accounts = db.session.scalars(sa.select(Account).order_by(Account.id)).all()
    run: list[str] = []
    seen = 0
    for account in accounts:
        paths = pages(everything, account)
        window = open_window(account, locale=account.locale)

        def tell(dialog: Dialog) -> None:
            run.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        window.page.on("dialog", tell)
        for path in paths:
            window.go(path)
            if window.page.evaluate("window.__x"):
                run.append(f"{account.role}: {path}")
        seen += len(paths)
    assert run == []
    assert seen > 150, "windows complain of policies that were broken when they are closed"


def write_everywhere() -> None:
    """Put all of it into every text there is; a row more, where a text must not be there twice."""
    for table, columns in TYPED.items():
        for name in columns:
            column = db.metadata.tables[table].c[name]
            text = "".join(PAYLOADS)
            db.session.execute(
                sa.update(column.table).values(
                    {name: sa.literal(text) + sa.cast(column.table.c.id, sa.String)}
                    if column.unique or (table, name) == ("organisations", "name")
                    else {name: text}
                )
            )
    db.session.commit()


def pages(everything: Stage, account: Account) -> list[str]:
    """Return the addresses of all pages that open for somebody."""
    browser = sign_in(everything.app, account)
    found = []
    for _rule, path in everything.paths("GET"):
        answer = browser.get(path)
        assert answer.status_code < 500 or path == "/readyz", path
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found.append(path)
    return found
