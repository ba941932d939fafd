"""Settings as they are shown: where each comes from, and nothing of a password."""

from pathlib import Path

import pytest

from dispatch.pages.administrator.settings_shown import HIDDEN, Source, settings_shown
from dispatch.settings import Settings


def test_each_setting_says_where_it_comes_from_and_no_password_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text('mail_from = "einsatz@stadt.example"\n')
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    monkeypatch.setenv("DRAGOMAN_SMTP_URL", "smtps://post:geheim@mail.example:465")
    monkeypatch.setenv("DRAGOMAN_TWILIO_ACCOUNT_SID", "AC1")
    monkeypatch.setenv("DRAGOMAN_TWILIO_AUTH_TOKEN", "geheim")
    shown = {one.name: one for one in settings_shown(Settings())}
    assert shown["DRAGOMAN_MAIL_FROM"].source == Source.FILE
    assert shown["DRAGOMAN_MAIL_FROM"].value == "einsatz@stadt.example"
    assert shown["DRAGOMAN_SMTP_URL"].source == Source.ENVIRONMENT
    assert shown["DRAGOMAN_SMTP_URL"].value == f"smtps://post:{HIDDEN}@mail.example:465"
    assert shown["DRAGOMAN_CITY"].source == Source.DEFAULT
    assert shown["DRAGOMAN_CITY"].value == "Dortmund"
    assert shown["DRAGOMAN_NOW"].value == ""
    assert all("geheim" not in one.value for one in shown.values())
