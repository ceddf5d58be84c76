"""The register of documents (corpus.toml): a wrong entry costs only itself, every error is told with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ingest.choices import NO_CHOICES, Choices
from ingest.errors import RegisterError
from ingest.keys import url_safe
from ingest.readings import Reading
from ingest.sources import SUFFIXES, LeftFile, find_files, printable, why_not
from prompts import say
from vectorstore.records import DocumentKind, DocumentStatus

REQUIRED = ("id", "title", "publisher", "kind", "status", "file")
FRONT = ("title", "publisher", "kind", "status", "as_of")  # the parts of the metadata
QUESTIONS = "questions"  # above the entries: a table of questions for items
_DATES, _PATHS = ("as_of", "valid_until"), ("file", "text")
OPTIONAL = (*_DATES, "language", "text", "source_url", "series", "replaces", "sample", "unconfirmed")
_ENUMS: dict[str, type[DocumentKind | DocumentStatus]] = {"kind": DocumentKind, "status": DocumentStatus}
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f\"<>\\]+")
_LONGEST_ID = 100
Problem = tuple[int, str]  # a line, and what is wrong there


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What is registered of one document; None where it is left to the document itself.

    `series` names documents that follow one another, `replaces` is the id of the one that this supersedes, `choices`
    what people set for its records, `reading` what a model read. Of the metadata, people gave the parts `answered` when
    they were asked for them in this run, and nobody has confirmed the parts `unconfirmed`. `name` is what the file is
    called where it is kept under another name.
    """

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
    series: str | None = None
    replaces: str | None = None
    valid_until: date | None = None
    choices: Choices = NO_CHOICES
    reading: Reading | None = None
    answered: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    name: str | None = None

    def with_answers(self, answers: Mapping[str, Any]) -> RegisterEntry:
        """Return the entry with the parts of the metadata that people gave when they were asked for them."""
        left = tuple(part for part in self.unconfirmed if part not in answers)
        return replace(self, **answers, answered=tuple(answers), unconfirmed=left)

    def rendering(self, prefer_text: bool) -> Path:
        """Return the file to read; the text only where it is asked for and registered."""
        return self.text if prefer_text and self.text else self.file


class RejectedEntry(NamedTuple):
    """An entry that cannot be read: its id and file as far as it has them, and every reason with its line."""

    id: str
    file: str
    reason: str
    path: Path | None = None


class Register(NamedTuple):
    """What a register says: the entries that are in order, those that are not, and a table of questions for items."""

    entries: tuple[RegisterEntry, ...]
    rejected: tuple[RejectedEntry, ...] = ()
    questions: Path | None = None


def load_register(path: Path) -> Register:
    """Read a register.

    Raises RegisterError, with a line for each error, where it is wrong as a whole: unreadable, no TOML, without
    entries, with an id that two entries have or with anything beside entries and their questions.
    """
    source, content = _load(path)
    lines, folder = source.split("\n"), path.resolve().parent
    starts = [number for number, line in enumerate(lines, 1) if re.match(r"\s*\[\[\s*document\s*]]", line)]
    result = content.get("document")
    tables = result if isinstance(result, list) and all(isinstance(table, dict) for table in result) else []
    entries = [_Table(table, line, lines, folder) for table, line in zip(tables, chain(starts, count(1)), strict=False)]
    if whole := [*_problems_around(content, lines, bool(tables)), *_repeated_ids(entries)]:
        problems = _sentences([*whole, *(problem for entry in entries for problem in entry.problems)])
        raise RegisterError("\n".join(say("register.in_file", path=path, problem=problem) for problem in problems))
    return Register(
        tuple(entry.entry() for entry in entries if not entry.problems),
        tuple(entry.rejected() for entry in entries if entry.problems),
        (folder / content[QUESTIONS].strip()).resolve() if QUESTIONS in content else None,
    )


def _load(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a register and its content; raises RegisterError."""
    try:
        source = path.read_text(encoding="utf-8")
        return source, tomllib.loads(source)
    except OSError as error:
        raise RegisterError(say("register.unreadable", path=path, why=error.strerror)) from error
    except UnicodeDecodeError as error:
        raise RegisterError(say("register.no_utf8", path=path)) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else source.count("\n") + 1
        raise RegisterError(say("register.no_toml", path=path, line=line)) from error


def _sentences(problems: Iterable[Problem]) -> list[str]:
    """Return what is wrong at lines as sentences, from top to bottom."""
    ordered = sorted(problems, key=lambda problem: problem[0])
    return [say("register.at_line", line=line, message=message) for line, message in ordered]


def _line_of(key: str, lines: Sequence[str], start: int) -> int:
    """Return the line of a key in the table that begins at a line; that line where it is not found."""
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    for number, line in enumerate(lines[start - 1 :], start):
        if pattern.match(line):
            return number
        if number > start and line.lstrip().startswith("[["):
            break
    return start


class _Table:
    """One table of the register; `problems` is empty where it is in order."""

    def __init__(self, table: dict[str, Any], line: int, lines: Sequence[str], folder: Path) -> None:
        self._table, self._folder = table, folder
        given = table.get("id")
        self.id = printable(given.strip()) if isinstance(given, str) and given.strip() else f"zeile-{line}"
        self.id_line = _line_of("id", lines, line)
        left = table.get("unconfirmed")
        missing = [key for key in REQUIRED if key not in table and not (isinstance(left, list) and key in left)]
        wrong = {key: _problem_of(key, value) for key, value in table.items()}
        if table.get("replaces") == self.id:
            wrong["replaces"] = say("register.replaces_itself")
        self.problems: list[Problem] = [(line, say("register.missing", key=key)) for key in missing]
        self.problems += [(_line_of(key, lines, line), message) for key, message in wrong.items() if message]

    def entry(self) -> RegisterEntry:
        """Return the entry; only for a table without problems."""
        read: dict[str, Any] = {
            key: value.strip() if isinstance(value, str) else value for key, value in self._table.items()
        }
        read |= {key: form(read[key]) for key, form in _ENUMS.items() if key in read}
        read |= {key: self._path(read[key]) for key in _PATHS if key in read}
        return RegisterEntry(**{**read, "unconfirmed": tuple(read.get("unconfirmed", ()))})

    def rejected(self) -> RejectedEntry:
        """Return what is reported of a table with problems."""
        file = self._table.get("file")
        path = self._path(file) if isinstance(file, str) and file.strip() and "\0" not in file else None
        reason = say("register.rejected", problems=" ".join(_sentences(self.problems)))
        return RejectedEntry(self.id, printable(path.name) if path else self.id, reason, path)

    def _path(self, name: str) -> Path:
        return (self._folder / name.strip()).resolve()


def _problems_around(content: Mapping[str, Any], lines: Sequence[str], has_entries: bool) -> Iterator[Problem]:
    """Yield what is wrong outside of the entries."""
    remaining, table = content.keys() - {"document", QUESTIONS}, content.get(QUESTIONS, ".csv")
    yield from ((_line_of(key, lines, 1), say("register.unknown", key=key, meant="")) for key in remaining)
    if not isinstance(table, str) or "\0" in table or Path(f"x{table.strip()}").suffix.lower() not in (".csv", ".tsv"):
        yield _line_of(QUESTIONS, lines, 1), say("register.no_table", key=QUESTIONS)
    elif not has_entries and not remaining:
        yield 1, say("register.no_entries")


def _repeated_ids(entries: Sequence[_Table]) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for entry in entries:
        if seen.setdefault(entry.id, entry.id_line) != entry.id_line:
            yield entry.id_line, say("register.twice", id=entry.id, line=seen[entry.id])


def _problem_of(key: str, value: Any) -> str | None:
    """Return what is wrong with the value of a key, as a sentence; None where nothing is."""
    if key not in (*REQUIRED, *OPTIONAL):
        closest = get_close_matches(key, (*REQUIRED, *OPTIONAL), 1)
        return say(
            "register.unknown", key=printable(key), meant=say("register.meant", key=closest[0]) if closest else ""
        )
    if key == "sample":
        return None if isinstance(value, bool) else say("register.no_bool", key=key)
    if key in _DATES:
        return None if type(value) is date else say("register.no_date", key=key)
    if key == "unconfirmed":
        is_known = isinstance(value, list) and all(part in FRONT for part in value)
        return None if is_known else say("register.no_parts", key=key, parts=", ".join(FRONT))
    if not isinstance(value, str) or not value.strip():
        return say("register.no_text", key=key)
    value, suffix = value.strip(), Path(value.strip()).suffix.lower()
    if key in _ENUMS and value not in list(_ENUMS[key]):
        return say("register.no_choice", key=key, allowed=", ".join(_ENUMS[key]), value=printable(value))
    if key in ("id", "replaces") and not _ID.match(value):
        return say("register.no_id")
    if key in _PATHS and ("\0" in value or suffix not in SUFFIXES):
        return say("register.no_file", value=printable(value), why=why_not(suffix))
    return None if key != "source_url" or _is_web_address(value) else say("register.no_address", key=key)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and _ADDRESS.fullmatch(value) is not None
    except ValueError:
        return False


def entries_for_files(files: Iterable[Path]) -> list[RegisterEntry]:
    """Return an entry for every file; the id is the slug of its name."""
    entries: dict[str, RegisterEntry] = {}
    for file in files:
        slug = url_safe(file.stem, "dokument").lower().replace(".", "-")[:_LONGEST_ID].strip("-")
        names = chain([slug], (f"{slug}-{number}" for number in count(2)))
        name = next(name for name in names if name not in entries)
        entries[name] = RegisterEntry(name, file)
    return list(entries.values())


def unregistered(path: Path, register: Register) -> tuple[LeftFile, ...]:
    """Return the readable files below the register's folder that no entry names, not even a wrong one."""
    named = {entry.path for entry in register.rejected}.union(*((e.file, e.text) for e in register.entries))
    result = find_files((path.parent,))
    unnamed = (LeftFile(file, say("files.unregistered")) for file in result.files if file not in named)
    return (
        *unnamed,
        *(left for left in result.left if left.path.suffix.lower() in SUFFIXES and left.path not in named),
    )
