"""The register of documents (corpus.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.errors import RegisterError
from ingest.register_form import FRONT as FRONT
from ingest.register_form import QUESTIONS, REQUIRED, TEXTS, RegisterLines, wrong, wrong_table
from ingest.register_form import SUFFIXES as SUFFIXES
from ingest.register_form import printable as printable
from vectorstore.records import DocumentKind, DocumentStatus


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What is registered of one document; None where it is left to the document itself.

    `series` names papers that follow one another, `replaces` is the id of the paper that this one supersedes, `plan`
    the file of its reading plan. `front_proposed` is the text of the front matter that a model proposed. Of the front
    matter, people gave the parts `answered` when they were asked for them in this run, and nobody has confirmed the
    parts `unconfirmed`. `name` is what the file is called where it is kept under another name.
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
    plan: Path | None = None
    plan_source: str | None = None
    front_proposed: str | None = None
    register: Path | None = None
    answered: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    name: str | None = None

    def with_answers(self, answers: Mapping[str, Any]) -> RegisterEntry:
        """Return the entry with the parts of the front matter that people gave when they were asked for them."""
        left = tuple(one for one in self.unconfirmed if one not in answers)
        return replace(self, **answers, answered=tuple(answers), unconfirmed=left)

    def beside_register(self, suffix: str) -> list[Path]:
        """Return where a file of this document with a suffix would lie beside its register."""
        return [self.register.parent / f"{self.id}{suffix}"] if self.register else []

    def rendering(self, prefer_text: bool) -> Path:
        """Return the file to read; the text only where it is asked for and registered."""
        return self.text if prefer_text and self.text else self.file


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """An entry that cannot be read: its id and file as far as it has them, and every reason with its line."""

    id: str
    file: str
    reason: str
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """What a register says: the entries that are in order, in its order, and those that are not.

    `questions` is a table of questions for the items of its documents.
    """

    entries: tuple[RegisterEntry, ...]
    rejected: tuple[RejectedEntry, ...] = ()
    questions: Path | None = None

    def names(self, path: Path) -> bool:
        """Tell whether a file is registered, be it by an entry that is rejected."""
        return any(path in (entry.file, entry.text) for entry in self.entries) or any(
            path == entry.path for entry in self.rejected
        )


def load_register(path: Path) -> Register:
    """Read a register; a wrong entry costs only itself.

    Raises RegisterError, with a line for each error, where it is wrong as a whole: unreadable, no TOML, without
    entries, with an id that two entries have or with anything beside entries and their questions.
    """
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
    return _Reader(path, RegisterLines(source)).register(content)


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong at a line."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"Zeile {self.line}: {self.message}"


class _Reader:
    """Reads the tables of one register and gathers what is wrong with them."""

    def __init__(self, path: Path, lines: RegisterLines) -> None:
        self._path = path
        self._lines = lines

    def register(self, content: dict[str, Any]) -> Register:
        tables = content.get("document", [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            tables = []
        read = [_Entry(table, self._lines.of_table(index), self) for index, table in enumerate(tables)]
        whole = [
            _Problem(self._lines.of_key(key, 1), f"„{key}“ ist im Register nicht vorgesehen.")
            for key in content
            if key not in ("document", QUESTIONS)
        ]
        questions = content.get(QUESTIONS)
        if questions is not None and (message := wrong_table(questions)):
            whole.append(_Problem(self._lines.of_key(QUESTIONS, 1), message))
        if not tables and not whole:
            whole = [_Problem(1, "Das Register hat keine Einträge der Form [[document]].")]
        if whole := [*whole, *_used_twice(read)]:
            problems = sorted([*whole, *(one for entry in read for one in entry.problems)], key=lambda one: one.line)
            raise RegisterError("\n".join(f"{self._path}, {one}" for one in problems))
        return Register(
            tuple(entry.made() for entry in read if not entry.problems),
            tuple(entry.rejected() for entry in read if entry.problems),
            self.path_of(questions.strip()) if questions is not None else None,
        )

    def line_of(self, key: str, start: int) -> int:
        """The line at which a key of the table that begins at `start` stands."""
        return self._lines.of_key(key, start)

    @property
    def path(self) -> Path:
        """Where the register lies."""
        return self._path.resolve()

    def path_of(self, name: str) -> Path:
        """The file that an entry names, relative to the register."""
        return (self._path.parent / name).resolve()


class _Entry:
    """One table of the register; `problems` is empty where it is in order."""

    def __init__(self, table: dict[str, Any], line: int, reader: _Reader) -> None:
        self._table, self.line, self._reader = table, line, reader
        self.problems: list[_Problem] = []
        self._check()
        self.problems.sort(key=lambda one: one.line)

    @property
    def id_line(self) -> int:
        """Where its id stands."""
        return self._reader.line_of("id", self.line)

    @property
    def id(self) -> str:
        """Its id, or what stands for it where it has none."""
        given = self._table.get("id")
        return printable(given.strip()) if isinstance(given, str) and given.strip() else f"zeile-{self.line}"

    def made(self) -> RegisterEntry:
        """The entry; only for one without problems."""
        table = self._table
        texts = {key: table[key].strip() for key in TEXTS if key in table}
        return RegisterEntry(
            id=texts["id"],
            file=self._reader.path_of(texts["file"]),
            title=texts.get("title"),
            publisher=texts.get("publisher"),
            kind=DocumentKind(texts["kind"]) if "kind" in texts else None,
            status=DocumentStatus(texts["status"]) if "status" in texts else None,
            as_of=table.get("as_of"),
            language=texts.get("language", "de"),
            text=self._reader.path_of(texts["text"]) if "text" in texts else None,
            source_url=texts.get("source_url"),
            sample=table.get("sample", False),
            series=texts.get("series"),
            replaces=texts.get("replaces"),
            valid_until=table.get("valid_until"),
            plan=self._reader.path_of(texts["plan"]) if "plan" in texts else None,
            register=self._reader.path,
            unconfirmed=tuple(table.get("unconfirmed", ())),
        )

    def rejected(self) -> RejectedEntry:
        """What is reported of an entry with problems."""
        file = self._table.get("file")
        known = isinstance(file, str) and bool(file.strip()) and "\0" not in file
        path = self._reader.path_of(str(file).strip()) if known else None
        name = printable(path.name) if path else self.id
        return RejectedEntry(self.id, name, "Register, " + " ".join(map(str, self.problems)), path)

    def _check(self) -> None:
        unconfirmed = self._table.get("unconfirmed", ())
        open_parts = unconfirmed if isinstance(unconfirmed, list) else ()
        for key in REQUIRED:
            if key not in self._table and key not in open_parts:
                self.problems.append(_Problem(self.line, f"Dem Eintrag fehlt „{key}“."))
        for key, value in self._table.items():
            if message := wrong(key, value):
                self.problems.append(_Problem(self._reader.line_of(key, self.line), message))
        if self._table.get("replaces") == self.id:
            line = self._reader.line_of("replaces", self.line)
            self.problems.append(_Problem(line, "Ein Dokument ersetzt nicht sich selbst."))


def _used_twice(entries: Sequence[_Entry]) -> Iterator[_Problem]:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.id in seen:
            yield _Problem(entry.id_line, f"Die Kennung „{entry.id}“ ist schon in Zeile {seen[entry.id]} vergeben.")
        seen.setdefault(entry.id, entry.id_line)
