"""Settings from environment and files; wrong ones end in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings, SettingsError, load_settings


def test_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load_settings()
    assert (settings.host, settings.port, settings.data_dir) == ("127.0.0.1", 8000, tmp_path / "strategielotse")
    assert settings.frame_ancestors == ("'self'",)


def test_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STRATEGIELOTSE_ALLOWED_ORIGINS", "https://a.example, https://b.example")
    monkeypatch.setenv("STRATEGIELOTSE_DATA_DIR", str(tmp_path))
    settings = load_settings(port=9)
    assert settings.allowed_origins == ("https://a.example", "https://b.example")
    assert (settings.data_dir, settings.port) == (tmp_path, 9)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("settings.toml", 'port = 81\nallowed_origins = ["https://a.example"]\n'),
        ("settings.env", "STRATEGIELOTSE_PORT=81\nSTRATEGIELOTSE_ALLOWED_ORIGINS=https://a.example\nANDERES=1\n"),
    ],
)
def test_files_below_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    monkeypatch.setenv("STRATEGIELOTSE_CONFIG", str(tmp_path / name))
    assert (load_settings().port, load_settings().allowed_origins) == (81, ("https://a.example",))
    monkeypatch.setenv("STRATEGIELOTSE_PORT", "82")
    assert load_settings().port == 82


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "viel"),
        ("PORT", "70000"),
        ("TRUSTED_PROXIES", "überall"),
        ("FRAME_ANCESTORS", "x;script-src *"),
        ("LOG_LEVEL", "laut"),
        ("REQUEST_SECONDS", "0"),
    ],
)
def test_wrong_values_name_their_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STRATEGIELOTSE_{name}", value)
    with pytest.raises(SettingsError, match=f"^Diese Einstellungen sind ungültig: STRATEGIELOTSE_{name}\\.$"):
        load_settings()


def test_a_file_that_is_missing_or_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "settings.toml"
    monkeypatch.setenv("STRATEGIELOTSE_CONFIG", str(broken))
    with pytest.raises(SettingsError, match="gibt es nicht"):
        load_settings()
    broken.write_text("port = = 1")
    with pytest.raises(SettingsError, match="nicht lesbar"):
        load_settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1
