"""The register of documents (corpus.toml): a wrong entry is rejected alone; every error names its
line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ingest.choices import NO_CHOICES, Choices
from ingest.errors import RegisterError
from ingest.register_looks import is_tables, look_of, look_problems
from ingest.sources import SUFFIXES, LeftFile, find_files, why_not_read
from prompts import say
from vectorstore import line_of_key, read_toml
from vectorstore.language import printable
from vectorstore.records import DocumentKind, DocumentStatus, Provenance

REQUIRED = ("id", "title", "publisher", "kind", "status", "file")
METADATA_FIELDS = ("title", "publisher", "kind", "status", "as_of")
# other attributes that an entry and its document have in common
DOCUMENT_FIELDS = (
    "language",
    "source_url",
    "sample",
    "series",
    "replaces",
    "distinct",
    "valid_until",
    "provenance",
)
RECORDS = "records"  # tables of an entry: what its records look like
QUESTIONS = "questions"  # key above the entries: the path of a table of questions for items
_PATHS = ("file", "text")
OPTIONAL = (
    "as_of",
    "valid_until",
    "language",
    "text",
    "source_url",
    "series",
    "replaces",
    "sample",
    "distinct",
    "unconfirmed",
    RECORDS,
)
_ENUMS: dict[str, type[DocumentKind | DocumentStatus]] = {
    "kind": DocumentKind,
    "status": DocumentStatus,
}
_TYPED_PATH = re.compile(  # file = "unterlagen\plan.pdf", as typed on Windows
    rf"^\s*(?:{'|'.join((*_PATHS, QUESTIONS))})\s*=\s*\"[^\"\n]*\"", re.MULTILINE
)
_SEPARATOR = re.compile(r"\\\\?(?!\"|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8})")  # "\", also doubled
_ENTRY = re.compile(r"\s*\[\[\s*document\s*]]")  # "[[document]]"
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*\Z")  # "kreis-plan_2.1"
_URL = re.compile(r"[^\s\x00-\x1f\x7f\"<>\\]+")
Problem = tuple[int, str]  # line number from 1, and what is wrong there


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """The register entry of one document; None for metadata that is read from the document itself.

    `text` is a text version of `file`. `series` names successive versions of a document, `replaces`
    is the id of the document that this document supersedes. A `distinct` document is never set
    aside for another one with the same text. `choices` are what staff set for its records.
    `answered` are the parts of the metadata that staff gave in this run, `unconfirmed` those that
    they have not confirmed. `name` is the file's own name if it is stored under another name,
    `provenance` is set for a file from a followed source.
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
    distinct: bool = False
    valid_until: date | None = None
    choices: Choices = NO_CHOICES
    answered: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    name: str | None = None
    provenance: Provenance | None = None

    @property
    def file_title(self) -> str:
        """The file's name as words, the title of a document that has no other."""
        stem = unicodedata.normalize("NFC", self.file.stem)
        return stem.replace("_", " ").replace("-", " ").strip()

    def with_answers(self, answers: Mapping[str, Any]) -> RegisterEntry:
        """Return the entry with the parts of the metadata that staff gave."""
        left = tuple(part for part in self.unconfirmed if part not in answers)
        return replace(self, **answers, answered=tuple(answers), unconfirmed=left)

    def with_provenance(self, provenance: Provenance) -> RegisterEntry:
        """Return the entry of a file from a followed source."""
        return replace(self, provenance=provenance, source_url=provenance.address)

    def file_to_read(self, prefer_text: bool) -> Path:
        """Return the file to read: with `prefer_text` the text version, if the entry has one."""
        if prefer_text and self.text:
            return self.text
        return self.file


class RejectedEntry(NamedTuple):
    """An entry with errors: its id and file name (or substitutes), and all errors with their
    lines.
    """

    id: str
    file: str
    reason: str
    path: Path | None = None


class Register(NamedTuple):
    """The content of a register: valid entries, rejected ones, and the path of a table of questions
    for items.
    """

    entries: tuple[RegisterEntry, ...]
    rejected: tuple[RejectedEntry, ...] = ()
    questions: Path | None = None


def load_register(path: Path) -> Register:
    """Read a register.

    A wrong entry is rejected alone. Raises RegisterError, with a line for each error, if the
    register is unusable as a whole: unreadable, no TOML, without entries, with a repeated id, or
    with an unknown key outside of the entries. The errors of all entries are then among its lines
    too.
    """
    source, content = read_toml(path, RegisterError, _prepare)
    lines, folder = source.split("\n"), path.resolve().parent
    starts = [number for number, line in enumerate(lines, 1) if _ENTRY.match(line)]
    tables = content.get("document", [])
    if not is_tables(tables):
        tables = []
    # entries that are not written as [[document]] have no lines of their own: they are counted
    located = zip(tables, chain(starts, count(1)), strict=False)
    entries = [_Table(table, line, lines, folder) for table, line in located]
    outside = _problems_outside(content, lines, has_entries=bool(tables))
    problems = [*outside, *_repeated_ids(entries)]
    if problems:
        problems += chain.from_iterable(entry.problems for entry in entries)
        raise _error_of(path, problems)
    questions = None
    if QUESTIONS in content:
        questions = _find_path(folder, content[QUESTIONS])
    valid = tuple(entry.entry() for entry in entries if not entry.problems)
    rejected = tuple(entry.rejected() for entry in entries if entry.problems)
    return Register(valid, rejected, questions)


def _error_of(path: Path, problems: Iterable[Problem]) -> RegisterError:
    sentences = _format_problems(problems)
    return RegisterError(
        "\n".join(say("register.in_file", path=path, problem=sentence) for sentence in sentences)
    )


def _prepare(text: str) -> str:
    r"""Return the text of a register as it is parsed.

    In TOML a backslash begins an escape, but people type Windows paths ("unterlagen\plan.pdf"). So
    the backslashes of paths are replaced by slashes.
    """
    normal = unicodedata.normalize("NFC", text)
    return _TYPED_PATH.sub(lambda match: _SEPARATOR.sub("/", match[0]), normal)


def _format_problems(problems: Iterable[Problem]) -> list[str]:
    """Return problems as German sentences, in the order of their lines."""
    ordered = sorted(problems, key=lambda problem: problem[0])
    return [say("register.at_line", line=line, message=message) for line, message in ordered]


def _record_lines(lines: Sequence[str], start: int) -> list[int]:
    """Return the lines of `[[document.records]]` in the entry that begins at line `start`.

    They are in the order of the looks, so that a problem of a look can be located.
    """
    numbers = []
    for number, line in enumerate(lines[start:], start + 1):
        if _ENTRY.match(line):
            break
        if re.match(r"\s*\[\[\s*document\s*\.\s*records\s*]]", line):
            numbers.append(number)
    return numbers


class _Table:
    """One `[[document]]` table of the register; `problems` is empty if it is valid."""

    def __init__(
        self, table: dict[str, Any], line: int, lines: Sequence[str], folder: Path
    ) -> None:
        self._table, self._folder = table, folder
        given_id = table.get("id")
        if isinstance(given_id, str) and given_id.strip():
            self.id = printable(given_id.strip())
        else:  # a name for the report
            self.id = f"zeile-{line}"
        self.id_line = line_of_key("id", lines, line)
        self.problems = list(self._find_problems(line, lines))

    def _find_problems(self, line: int, lines: Sequence[str]) -> Iterator[Problem]:
        """Yield each problem of the table, with the line of its key, or of the table if a key is
        missing.

        A required key may be missing if `unconfirmed` names it: it is then read from the document.
        The problems of a look are located in its own `[[document.records]]` table.
        """
        table = self._table
        optional = table.get("unconfirmed")
        if not isinstance(optional, list):
            optional = ()
        for key in REQUIRED:
            if key not in table and key not in optional:
                yield line, say("register.missing", key=key)
        for key, value in table.items():
            message = _problem_of(key, value)
            if key == "replaces" and value == self.id:
                message = say("register.replaces_itself")
            if message:
                yield line_of_key(key, lines, line), message
        heads = _record_lines(lines, line)
        for index, key, message in look_problems(table.get(RECORDS)):
            start = line
            if index < len(heads):
                start = heads[index]
            yield line_of_key(key, lines, start), message

    def entry(self) -> RegisterEntry:
        """Return the entry; call it only without problems.

        Texts are stripped, and the words for kind and status and the paths are converted to their
        types. The looks in `records` become choices.
        """
        values = dict(self._table)
        for key, value in self._table.items():
            if isinstance(value, str):
                values[key] = value.strip()
            if key in _ENUMS:
                values[key] = _ENUMS[key](values[key])
            if key in _PATHS:
                values[key] = _find_path(self._folder, values[key])
        values["unconfirmed"] = tuple(values.get("unconfirmed", ()))
        looks = tuple(map(look_of, values.pop(RECORDS, ())))
        return RegisterEntry(**values, choices=Choices(looks=looks))

    def rejected(self) -> RejectedEntry:
        """Return the rejected entry of a table with problems.

        It has the path of its file where the table names one, so that this file is not reported as
        unregistered too. Otherwise the id stands for the name of the file.
        """
        name = self._table.get("file")
        reason = say("register.rejected", problems=" ".join(_format_problems(self.problems)))
        if not isinstance(name, str) or not name.strip() or "\0" in name:
            return RejectedEntry(self.id, self.id, reason)
        path = _find_path(self._folder, name)
        return RejectedEntry(self.id, printable(path.name), reason, path)


def _find_path(folder: Path, name: str) -> Path:
    """Return the path that a register names, relative to the register's folder.

    A file whose name has decomposed umlauts ("a" with a mark, as macOS may store them) is found
    too. A path that does not exist is returned as well; reading it reports that it is missing.
    """
    path = (folder / name.strip().replace("\\", "/")).resolve()
    if path.exists() or not path.parent.is_dir():
        return path
    same = (p for p in path.parent.iterdir() if unicodedata.normalize("NFC", p.name) == path.name)
    return next(same, path)


def _problems_outside(
    content: Mapping[str, Any], lines: Sequence[str], *, has_entries: bool
) -> Iterator[Problem]:
    """Yield what is wrong outside of the entries: unknown keys, a wrong path, no entries at all.

    `has_entries` is false if the register has no usable tables of entries.
    """
    unknown_keys = content.keys() - {"document", QUESTIONS}
    for key in unknown_keys:
        yield line_of_key(key, lines, 1), say("register.unknown", key=key, meant="")
    questions = content.get(QUESTIONS, ".csv")
    is_path = isinstance(questions, str) and "\0" not in questions
    # "x" before it, as ".csv" alone has no suffix
    if not is_path or Path(f"x{questions.strip()}").suffix.lower() not in (".csv", ".tsv"):
        yield line_of_key(QUESTIONS, lines, 1), say("register.no_table", key=QUESTIONS)
    elif not has_entries and not unknown_keys:
        yield 1, say("register.no_entries")


def _repeated_ids(entries: Sequence[_Table]) -> Iterator[Problem]:
    """Yield a problem for each entry whose id an earlier entry has, with the line of that one."""
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.id in seen:
            yield entry.id_line, say("register.twice", id=entry.id, line=seen[entry.id])
        else:
            seen[entry.id] = entry.id_line


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def _is_date(value: Any) -> bool:
    return type(value) is date


def _are_parts(value: Any) -> bool:
    return isinstance(value, list) and all(part in METADATA_FIELDS for part in value)


# what the value of a key has to be if it is no text, and what is said if it is not
_FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    RECORDS: (is_tables, "register.no_records"),
    "sample": (_is_bool, "register.no_bool"),
    "distinct": (_is_bool, "register.no_bool"),
    "as_of": (_is_date, "register.no_date"),
    "valid_until": (_is_date, "register.no_date"),
    "unconfirmed": (_are_parts, "register.no_parts"),
}


def _problem_of(key: str, value: Any) -> str | None:
    """Return what is wrong with a key or its value as a German sentence, None if it is valid."""
    if key not in (*REQUIRED, *OPTIONAL):
        meant = ""
        for known in get_close_matches(key, (*REQUIRED, *OPTIONAL), 1):
            meant = say("register.meant", key=known)
        return say("register.unknown", key=printable(key), meant=meant)
    if key in _FORMS:
        is_valid, name = _FORMS[key]
        if is_valid(value):
            return None
        return say(name, key=key, parts=", ".join(METADATA_FIELDS))
    if isinstance(value, str) and value.strip():
        return _problem_of_text(key, value.strip())
    return say("register.no_text", key=key)


def _problem_of_text(key: str, value: str) -> str | None:
    """Return what is wrong with a value that has to be a text, in German, None if it is valid.

    Only some keys restrict their texts: words for kind and status, ids, paths and the address.
    """
    suffix = Path(value).suffix.lower()
    if key in _ENUMS and value not in list(_ENUMS[key]):
        return say(
            "register.no_choice", key=key, allowed=", ".join(_ENUMS[key]), value=printable(value)
        )
    if key in ("id", "replaces") and not _ID.match(value):
        return say("register.no_id")
    if key in _PATHS and ("\0" in value or suffix not in SUFFIXES):
        return say("register.no_file", value=printable(value), why=why_not_read(suffix))
    if key == "source_url" and not is_web_address(value):
        return say("register.no_address", key=key)
    return None


def is_web_address(value: str) -> bool:
    """True for an address with "http" or "https" and a host.

    It has no blanks, double quotes, angle brackets or backslashes.
    """
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and _URL.fullmatch(value) is not None
        )
    except ValueError:
        return False


def unregistered(path: Path, register: Register) -> tuple[LeftFile, ...]:
    """Return the readable files below the register's folder that no entry names, valid or rejected.

    Among them are files of a readable format that are left unread for another reason, such as
    hidden files.
    """
    named = {entry.path for entry in register.rejected}
    for entry in register.entries:
        named |= {entry.file, entry.text}
    present = find_files((path.parent,))
    unnamed = [LeftFile(file, say("files.unregistered")) for file in present.files]
    left = [file for file in present.left if file.path.suffix.lower() in SUFFIXES]
    return tuple(file for file in (*unnamed, *left) if file.path not in named)
