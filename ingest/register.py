"""The register of documents (corpus.toml), and entries made up for files without one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingest.errors import RegisterError
from ingest.keys import url_safe
from vectorstore.records import DocumentKind, DocumentStatus

SUFFIXES = {".pdf", ".txt", ".md", ".markdown"}
_REQUIRED = ("id", "title", "publisher", "kind", "status", "file")
_OPTIONAL = ("as_of", "language", "text", "source_url", "sample")
_ID = re.compile(r"^[a-z0-9][a-z0-9._-]*$")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What is registered of one document; None where it is left to the document itself."""

    id: str
    file: Path
    title: str | None = None
    publisher: str | None = None
    kind: DocumentKind | None = None
    status: DocumentStatus | None = None
    as_of: date | None = None
    language: str = "de"
    text: Path | None = None
    source_url: str | None = None
    sample: bool = False


def load_register(path: Path) -> list[RegisterEntry]:
    """Read a register; raises RegisterError naming file and line."""
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RegisterError(f"{path}: Das Register ist nicht lesbar ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise RegisterError(f"{path}: Das Register ist nicht in UTF-8 geschrieben.") from error
    try:
        content = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else source.count("\n") + 1
        raise RegisterError(f"{path}, Zeile {line}: Das Register ist hier kein gültiges TOML.") from error
    return _Reader(path, source).entries(content)


class _Reader:
    """Checks the tables of one register and says at which line something is wrong."""

    def __init__(self, path: Path, source: str) -> None:
        self._path = path
        self._lines = source.split("\n")
        self._tables = [n for n, line in enumerate(self._lines, 1) if re.match(r"\s*\[\[\s*document\s*]]", line)]

    def entries(self, content: dict[str, Any]) -> list[RegisterEntry]:
        tables = content.get("document", [])
        unknown = next((key for key in content if key != "document"), None)
        if unknown is not None:
            raise self._error(self._key_line(unknown, 1), f"„{unknown}“ ist im Register nicht vorgesehen.")
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables) or not tables:
            raise self._error(1, "Das Register hat keine Einträge der Form [[document]].")
        entries = [self._entry(table, self._line(index)) for index, table in enumerate(tables)]
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries):
            if entry.id in seen:
                line = self._key_line("id", self._line(index))
                raise self._error(line, f"Die Kennung „{entry.id}“ ist schon in Zeile {seen[entry.id]} vergeben.")
            seen[entry.id] = self._key_line("id", self._line(index))
        return entries

    def _line(self, index: int) -> int:
        return self._tables[index] if index < len(self._tables) else 1

    def _key_line(self, key: str, start: int) -> int:
        for number in range(start, len(self._lines) + 1):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]", self._lines[number - 1]):
                return number
            if number > start and self._lines[number - 1].lstrip().startswith("[["):
                break
        return start

    def _error(self, line: int, message: str) -> RegisterError:
        return RegisterError(f"{self._path}, Zeile {line}: {message}")

    def _entry(self, table: dict[str, Any], line: int) -> RegisterEntry:
        for key in _REQUIRED:
            if key not in table:
                raise self._error(line, f"Dem Eintrag fehlt „{key}“.")
        for key in table:
            if key not in (*_REQUIRED, *_OPTIONAL):
                raise self._error(self._key_line(key, line), f"„{key}“ ist im Register nicht vorgesehen.")
        texts = {
            key: self._text(table, key, line) for key in (*_REQUIRED, "language", "text", "source_url") if key in table
        }
        if not _ID.match(texts["id"]):
            message = "Eine Kennung besteht aus Kleinbuchstaben, Ziffern und Bindestrichen."
            raise self._error(self._key_line("id", line), message)
        sample = table.get("sample", False)
        if not isinstance(sample, bool):
            raise self._error(self._key_line("sample", line), "„sample“ ist true oder false.")
        return RegisterEntry(
            id=texts["id"],
            file=self._file(texts["file"], "file", line),
            title=texts["title"],
            publisher=texts["publisher"],
            kind=DocumentKind(self._choice(texts["kind"], "kind", [kind.value for kind in DocumentKind], line)),
            status=DocumentStatus(self._choice(texts["status"], "status", [s.value for s in DocumentStatus], line)),
            as_of=self._date(table, line),
            language=texts.get("language", "de"),
            text=self._file(texts["text"], "text", line) if "text" in texts else None,
            source_url=texts.get("source_url"),
            sample=sample,
        )

    def _text(self, table: dict[str, Any], key: str, line: int) -> str:
        value = table[key]
        if not isinstance(value, str) or not value.strip():
            raise self._error(self._key_line(key, line), f"„{key}“ ist ein Text in Anführungszeichen.")
        return value.strip()

    def _choice(self, value: str, key: str, allowed: Sequence[str], line: int) -> str:
        if value not in allowed:
            raise self._error(
                self._key_line(key, line), f"„{key}“ ist eines von {', '.join(allowed)}, nicht „{value}“."
            )
        return value

    def _date(self, table: dict[str, Any], line: int) -> date | None:
        value = table.get("as_of")
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise self._error(
                self._key_line("as_of", line), "„as_of“ ist ein Datum ohne Anführungszeichen: 2026-05-01."
            )
        return value

    def _file(self, name: str, key: str, line: int) -> Path:
        path = (self._path.parent / name).resolve()
        if path.suffix.lower() not in SUFFIXES:
            message = f"„{name}“ ist kein PDF-, Text- oder Markdown-Dokument."
            raise self._error(self._key_line(key, line), message)
        return path


def printable(name: str) -> str:
    """Return a file's name as it may be printed and stored: control characters and bytes of no encoding are "?"."""
    return "".join(char if char.isprintable() else "?" for char in name)


def unregistered(register: Path, entries: Iterable[RegisterEntry]) -> list[Path]:
    """Return readable files below the register's folder that it does not name; they are reported and left."""
    known = {path for entry in entries for path in (entry.file, entry.text) if path}
    found = (path.resolve() for path in sorted(register.parent.rglob("*")) if path.suffix.lower() in SUFFIXES)
    return [path for path in found if path not in known and path.is_file()]


def unreadable(paths: Iterable[Path]) -> list[Path]:
    """Return files in these folders that are of no readable kind; they are reported and left. Hidden ones are not."""
    found = (file for path in paths if path.is_dir() for file in sorted(path.rglob("*")))
    return [file for file in found if file.is_file() and file.suffix.lower() not in SUFFIXES and file.name[0] != "."]


def entries_for_paths(paths: Iterable[Path]) -> list[RegisterEntry]:
    """Return an entry for every readable file among files and folders; the id is the slug of its name."""
    entries: list[RegisterEntry] = []
    used: set[str] = set()
    for file in _files(paths):
        base = url_safe(file.stem, "dokument").lower().replace(".", "-")
        name, count = base, 1
        while name in used:
            count += 1
            name = f"{base}-{count}"
        used.add(name)
        entries.append(RegisterEntry(name, file))
    return entries


def _files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES and p.is_file())
            found.update(dict.fromkeys(p.resolve() for p in inside))
        else:
            found[path.resolve()] = None
    return list(found)
