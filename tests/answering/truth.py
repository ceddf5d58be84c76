"""What is true of the sample corpus, from the file that its builder writes beside it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import ingest.sample

FOLDER = Path(ingest.sample.__file__).parent
MANIFEST = FOLDER / "corpus.toml"
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
GOALS = "lauterfeld-strategische-ziele-2025"
DRAFT = "lauterfeld-leitbild-entwurf"
MOTION = "lauterfeld-antrag-laermschutz-2026"
PROGRAMME = "lauterfeld-smart-steckbrief"
DOCUMENTS = (REPORT, GOALS, DRAFT, MOTION, PROGRAMME)


@cache
def truth() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    return loaded


def projects(
    theme: str = "",
    goal: str = "",
    status: str = "",
    unit: str = "",
    municipality: str = "",
    without: str = "",
) -> list[str]:
    """The numbers of the report's projects that meet all conditions, in its order; `without` is a
    status.
    """
    return [
        item["ref"]
        for item in truth()["report"]["projects"]
        if (not theme or item["theme"] == theme)
        and (not goal or item["goal"] == goal)
        and (not status or item["status"] == status)
        and (not unit or any(_is_unit(asked, unit) for asked in item["responsible"]))
        and (not municipality or municipality in item["municipalities"])
        and (not without or item["status"] != without)
    ]


def project(ref: str) -> dict[str, Any]:
    """One project by its number."""
    found: dict[str, Any] = next(
        item for item in truth()["report"]["projects"] if item["ref"] == ref
    )
    return found


def goals(theme: str = "") -> list[str]:
    """The numbers of the report's goals."""
    return [
        item["ref"] for item in truth()["report"]["goals"] if not theme or item["theme"] == theme
    ]


def _is_unit(printed: str, asked: str) -> bool:
    return printed == asked or printed.startswith(f"{asked}.")
