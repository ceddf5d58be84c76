"""The words of every problem: name → (HTTP status, language → (title, detail)), and of every field error."""

from __future__ import annotations

import tomllib
from importlib import resources

Texts = dict[str, tuple[str, str]]

_READ = tomllib.loads(resources.files("prompts").joinpath("problems.toml").read_text(encoding="utf-8"))
FIELD_TEXTS: dict[str, dict[str, str]] = _READ["field"]
PROBLEM_TEXTS: dict[str, tuple[int, Texts]] = {
    name: (told.pop("status"), {language: (title, detail) for language, (title, detail) in told.items()})
    for name, told in _READ["problem"].items()
}
