"""Writes into a register what is known of documents, so that nobody is asked for it again.

An entry that is there keeps its other keys and its comments. What nobody has confirmed is named as `unconfirmed`.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ingest.errors import RegisterError
from ingest.register_form import FRONT, RegisterLines

_BY_HAND = "Das Register ließ sich nicht ergänzen; bitte tragen Sie die Angaben von Hand ein."


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a document: its id, its file, and its front matter as a register writes it, dates as ISO text.

    Parts that nobody has confirmed are missing in `front`.
    """

    id: str
    file: Path
    front: Mapping[str, str]

    @property
    def unconfirmed(self) -> list[str]:
        """The parts that nobody has confirmed."""
        return [part for part in FRONT if part not in self.front]


def write_register(path: Path, documents: Sequence[Known]) -> None:
    """Add documents to a register, or complete the entries that they have; the register is made where there is none.

    Raises RegisterError where it cannot be read or completed; then it stays as it is.
    """
    try:
        source = path.read_text(encoding="utf-8") if path.exists() else ""
        tables = tomllib.loads(source).get("document", [])
        for document in documents:
            place = next((n for n, table in enumerate(tables) if table.get("id") == document.id), None)
            source = _completed(source, place, document) if place is not None else _added(source, path, document)
        tomllib.loads(source)
        unfinished = path.with_name(f".{path.name}.part")
        unfinished.write_text(source, encoding="utf-8")
        unfinished.replace(path)
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise RegisterError(f"{path}: {_BY_HAND}") from error


def _added(source: str, path: Path, document: Known) -> str:
    file = Path(os.path.relpath(document.file, path.resolve().parent)).as_posix()
    lines = ["[[document]]", _line("id", document.id), *_front_lines(document), _line("file", file)]
    return f"{source.rstrip()}\n\n".lstrip() + "\n".join(lines) + "\n"


def _completed(source: str, place: int, document: Known) -> str:
    """Return the register with the entry of this number completed; raises ValueError where its form is too free."""
    lines = source.split("\n")
    places = RegisterLines(source)
    start = places.of_table(place)
    old = {places.of_key(key, start) for key in (*document.front, "unconfirmed")} - {start}
    expected = _without(tomllib.loads(source)["document"][place], document) | _values(document)
    kept = [line for number, line in enumerate(lines, 1) if number not in old]
    at = start - sum(number < start for number in old)
    made = "\n".join([*kept[:at], *_front_lines(document), *kept[at:]])
    if tomllib.loads(made)["document"][place] != expected:
        raise ValueError(document.id)
    return made


def _without(table: dict[str, Any], document: Known) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in (*document.front, "unconfirmed")}


def _values(document: Known) -> dict[str, Any]:
    values: dict[str, Any] = {
        key: date.fromisoformat(value) if key == "as_of" else value for key, value in document.front.items()
    }
    return values | ({"unconfirmed": document.unconfirmed} if document.unconfirmed else {})


def _front_lines(document: Known) -> list[str]:
    known = [_line(part, document.front[part]) for part in FRONT if part in document.front]
    open_parts = ", ".join(_quoted(part) for part in document.unconfirmed)
    return [*known, *([f"unconfirmed = [{open_parts}]"] if open_parts else [])]


def _line(key: str, value: str) -> str:
    return f"{key} = {value if key == 'as_of' else _quoted(value)}"


def _quoted(text: str) -> str:
    """Return a text as a TOML string on one line."""
    escaped = "".join(f"\\u{ord(char):04x}" if ord(char) < 32 or ord(char) == 127 else char for char in _escaped(text))
    return f'"{escaped}"'


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
