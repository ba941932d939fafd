"""Walking through pages in a test without a browser."""

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.accounts import links
from dispatch.accounts.models import Account
from dispatch.database import db, transaction

TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def sign_in(app: Flask, account: Account, browser: FlaskClient | None = None) -> FlaskClient:
    """Return a client in which the account is signed in by link."""
    account_id = account.id
    with app.app_context(), transaction():
        token = links.issue(db.session.get_one(Account, account_id), clock.now())
    client = browser or app.test_client()
    answer = send(client, f"/sign-in/link/{token}", seen_on=f"/sign-in/link/{token}")
    assert answer.status_code == 302, answer.text
    return client


def send(client: FlaskClient, path: str, *, seen_on: str, **fields: Any) -> TestResponse:
    """Send a form as a person would: look at its page first, then press the button."""
    found = TOKEN.search(client.get(seen_on).text)
    assert found, f"there is no form on {seen_on}"
    return client.post(path, data={"csrf_token": found.group(1), **fields})
