"""Prompt and answer texts, one file each, loaded by name."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def text(name: str) -> str:
    """The text `name` ("de/not_in_documents") without line breaks at its end; raises FileNotFoundError."""
    return resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").strip()
