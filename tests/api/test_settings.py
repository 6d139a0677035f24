"""Settings: what stands in variables and arguments, what a wrong value is told, and what may never change."""

import pytest
from pydantic import ValidationError

from api.errors import SettingsProblem
from api.settings import Settings, read_settings


def test_every_setting_has_a_default_and_a_description() -> None:
    assert read_settings() == Settings()
    for name, field in Settings.model_fields.items():
        assert field.description, f"{name} is not described"
        assert field.description.endswith("."), f"{name} is not described in a sentence"


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "9000")
    monkeypatch.setenv("STANCEBASE_STATEMENT_SECONDS", "0.5")
    settings = read_settings()
    assert (settings.port, settings.statement_seconds) == (9000, 0.5)


def test_arguments_go_before_variables_and_none_is_no_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "9000")
    monkeypatch.setenv("STANCEBASE_HOST", "0.0.0.0")
    settings = read_settings(port=9001, host=None)
    assert (settings.port, settings.host) == (9001, "0.0.0.0")


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


WRONG = {
    ("PORT", "abc"): ("STANCEBASE_PORT=abc: input should be a valid integer, unable to parse string as an integer"),
    ("PORT", "70000"): "STANCEBASE_PORT=70000: input should be less than or equal to 65535",
    ("HOST", ""): "STANCEBASE_HOST=: string should have at least 1 character",
    ("STATEMENT_SECONDS", "0"): "STANCEBASE_STATEMENT_SECONDS=0: input should be greater than 0",
    ("STATEMENT_SECONDS", "inf"): "STANCEBASE_STATEMENT_SECONDS=inf: input should be a finite number",
    ("READER_THREADS", "0"): "STANCEBASE_READER_THREADS=0: input should be greater than or equal to 1",
    ("CORS_ORIGINS", "https://a.example"): ('STANCEBASE_CORS_ORIGINS: write it as a JSON list, as in ["a", "b"]'),
    ("MAX_PAGE_SIZE", "10"): (
        "STANCEBASE_DEFAULT_PAGE_SIZE=20 is more than STANCEBASE_MAX_PAGE_SIZE=10: raise the second or lower the first"
    ),
}


@pytest.mark.parametrize(("wrong", "message"), WRONG.items(), ids=[f"{name}={value}" for name, value in WRONG])
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, str], message: str) -> None:
    monkeypatch.setenv(f"STANCEBASE_{wrong[0]}", wrong[1])
    with pytest.raises(SettingsProblem) as refused:
        read_settings()
    assert str(refused.value) == message


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STANCEBASE_PORT", "abc")
    monkeypatch.setenv("STANCEBASE_MAX_DEPTH", "-1")
    with pytest.raises(SettingsProblem) as refused:
        read_settings()
    assert [line.split("=")[0] for line in str(refused.value).splitlines()] == [
        "STANCEBASE_PORT",
        "STANCEBASE_MAX_DEPTH",
    ]
