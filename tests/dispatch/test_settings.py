"""The key that signs sessions, and who sends SMS."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from dispatch.cli.failures import sentences
from dispatch.settings import Settings


def test_the_key_is_made_once_for_its_owner(tmp_path: Path) -> None:
    settings = Settings(secret_key_file=tmp_path / "new" / "key")
    assert settings.secret_key() == settings.secret_key()
    assert settings.secret_key_file.stat().st_mode & 0o777 == 0o600
    assert list(settings.secret_key_file.parent.iterdir()) == [settings.secret_key_file]


def test_two_first_starts_at_once_have_the_same_key(tmp_path: Path) -> None:
    settings = Settings(secret_key_file=tmp_path / "key")
    with ThreadPoolExecutor(16) as pool:
        keys = list(pool.map(lambda _: settings.secret_key(), range(16)))
    assert len(set(keys)) == 1


@pytest.mark.parametrize("written", ["10.0.0.0/24, ::1", '["10.0.0.0/24", "::1"]'])
def test_proxies_are_named_with_commas_or_as_a_list(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_TRUSTED_PROXIES", written)
    assert [str(one) for one in Settings().trusted_proxies] == ["10.0.0.0/24", "::1/128"]


def test_a_password_never_stands_in_what_is_said_of_an_address() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(smtp_url="smtp://office:geheim/wort@mail.example")
    assert "geheim" not in sentences(refused.value)[0]


def test_without_a_number_an_sms_comes_from_the_citys_name() -> None:
    twilio = {"twilio_account_sid": "AC1", "twilio_auth_token": "t"}
    assert Settings(**twilio).sms_sender == "Dolmetscher"  # type: ignore[arg-type]
    assert Settings(**twilio, twilio_from="+4915735982345").sms_sender == "+4915735982345"  # type: ignore[arg-type]
