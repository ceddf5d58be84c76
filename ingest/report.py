"""What became of every file: one state each, as JSON and as a short table; and what no record of it holds."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from textwrap import shorten, wrap
from typing import Any

from rich.table import Table

from ingest.errors import Reason, Rejected
from ingest.files import LeftFile
from ingest.register import RejectedEntry
from ingest.sources import printable
from prompts import say
from vectorstore.csv_tables import RejectedRow
from vectorstore.questions import ItemQuestion
from vectorstore.records import BY_STAFF, SIMPLE, Coverage, FrontFact, ItemKind, ItemStatus, ParsedDocument

_SHOWN = 12  # of each that are told with their text
_LONGEST = 200  # characters of such a text
ARCHIVED = "archived"  # archive rows are counted apart from projects
_NAME_WIDTH = 40  # columns for an id, so that a terminal of 80 has room for the rest
_OF_THE_RUN = ("path", "front", "coverage", "loose")  # what an edition's report leaves out
_SHOWN_REPORT, _WARNINGS = 20, 3  # of the files that were left, and of the warnings of one


@dataclass(frozen=True, slots=True)
class Place:
    """A heading or row of a table as printed, cut where it is long, its PDF page (None without), where it begins."""

    text: str
    page: int | None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Loose:
    """How many headings and rows of tables no record holds, and the first of each."""

    headings: int = 0
    rows: int = 0
    first_headings: tuple[Place, ...] = ()
    first_rows: tuple[Place, ...] = ()


def loose(parsed: ParsedDocument) -> Loose:
    """Return the headings and rows of a document that are in no goal, measure or other record, nor above one."""
    headings, rows = missed_headings(parsed), missed_rows(parsed)
    return Loose(len(headings), len(rows), tuple(headings[:_SHOWN]), tuple(rows[:_SHOWN]))


def missed_headings(parsed: ParsedDocument) -> list[Place]:
    """Return the headings of sections that are in no record, nor above one."""
    parents = {item.key: item.parent for item in parsed.items}
    above: set[str | None] = set()
    for key in (item.parent for item in parsed.items if item.kind is not ItemKind.SECTION):
        while key is not None and key not in above:
            above.add(key)
            key = parents.get(key)
    sections = (item for item in parsed.items if item.kind is ItemKind.SECTION and item.table_row is None)
    return [
        Place(_cut(item.heading), item.page, item.start) for item in sections if item.heading and item.key not in above
    ]


def missed_rows(parsed: ParsedDocument) -> list[Place]:
    """Return the rows of tables that are in no record, nor were taken from one by people."""
    text = parsed.document.text
    records = [item for item in parsed.items if item.kind is not ItemKind.SECTION]
    spans = sorted((item.start, item.end) for item in records)
    taken = {item.table_start for item in parsed.items}
    rows = []
    for row in parsed.document.rows:
        place = bisect_right(spans, (row.start, len(text))) - 1
        if row.start in taken or (place >= 0 and row.start < spans[place][1]):
            continue
        end, page = text.find("\n\n", row.start), parsed.document.page_at(row.start)
        line = text[row.start : end if end >= 0 else None].replace("\t", " | ")
        rows.append(Place(_cut(line), page.number if page else None, row.start))
    return rows


def _announced(parsed: ParsedDocument) -> Iterator[str]:
    """Yield what a document itself announces more of than was found."""
    for family in parsed.document.families:
        if family.complete is False and family.evidence:
            why = family.evidence[0].what
            yield say("report.incomplete", found=family.found, expected=family.expected, why=why)


def _cut(text: str) -> str:
    return shorten(text, _LONGEST, placeholder=" …")


class FileState(StrEnum):
    """The one state that a file ends in."""

    INDEXED = "indexed"
    INDEXED_WITH_WARNINGS = "indexed_with_warnings"
    REJECTED = "rejected"


_KINDS = (
    *(ItemKind.THEME, ItemKind.GOAL, ItemKind.PROJECT, ARCHIVED, ItemKind.MEASURE),
    *(ItemKind.PRINCIPLE, ItemKind.THESIS, ItemKind.RESOLUTION, ItemKind.SECTION),
)


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its state, the reason of a rejection, what was found in it, and the time taken in seconds.

    `front` is its front matter with what proves it, `coverage` what became of its characters, `loose` the headings and
    rows of tables that no record holds.

    `counts` maps item kinds to numbers; archive rows are "archived" and no projects. `readers` says how many records
    each reader has read: "simple", or a model by its name. `kept` says that the edition still
    has an earlier version of a document whose file was rejected. `path` is where this run found the file.
    """

    file: str
    id: str
    state: FileState
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    readers: dict[str, int] = field(default_factory=dict)
    chunks: int = 0
    cached: bool = False
    seconds: float = 0.0
    reason_code: Reason | None = None
    kept: bool = False
    path: str = ""
    front: tuple[FrontFact, ...] = ()
    coverage: Coverage | None = None
    loose: Loose | None = None

    @classmethod
    def of(cls, path: Path, parsed: ParsedDocument, *, cached: bool, seconds: float) -> FileReport:
        """Report a document that was read."""
        warnings = (*_announced(parsed), *parsed.document.warnings)
        return cls(
            file=printable(path.name),
            path=printable(str(path)),
            id=parsed.document.id,
            state=FileState.INDEXED_WITH_WARNINGS if warnings else FileState.INDEXED,
            warnings=warnings,
            pages=len(parsed.document.pages),
            counts=dict(
                Counter(ARCHIVED if one.status is ItemStatus.ARCHIVED else one.kind.value for one in parsed.items)
            ),
            readers=dict(Counter(one.read_by for one in parsed.items if one.kind is not ItemKind.SECTION)),
            front=parsed.document.front,
            coverage=parsed.document.coverage,
            loose=loose(parsed),
            chunks=len(parsed.chunks),
            cached=cached,
            seconds=round(seconds, 3),
        )

    @classmethod
    def of_rejected(cls, path: Path, document_id: str, rejection: Rejected, seconds: float) -> FileReport:
        """Report a file that could not be a document."""
        name, where = printable(path.name), printable(str(path))
        code, why = rejection.code, rejection.reason
        return cls(name, document_id, FileState.REJECTED, why, path=where, seconds=round(seconds, 3), reason_code=code)

    @classmethod
    def of_entry(cls, entry: RejectedEntry) -> FileReport:
        """Report an entry of the register that is wrong."""
        path = printable(str(entry.path or ""))
        return cls(entry.file, entry.id, FileState.REJECTED, entry.reason, reason_code=Reason.REGISTER, path=path)

    def warned(self, warning: str) -> FileReport:
        """Return the report with a warning of this run."""
        return replace(self, warnings=(*self.warnings, warning), state=FileState.INDEXED_WITH_WARNINGS)

    @property
    def is_rejected(self) -> bool:
        """Whether the file is no document."""
        return self.state is FileState.REJECTED

    @property
    def summary(self) -> str:
        """What people want to know: what was found and what is odd, or why the file was rejected."""
        if self.reason:
            return say("report.kept", reason=self.reason) if self.kept else self.reason
        more, rows = len(self.warnings) - _WARNINGS, self.loose.rows if self.loose else 0
        unsure = ", ".join(say(f"report.front_{one.field}") for one in self.front if not one.sure)
        readers = ", ".join(name for name in self.readers if name not in (SIMPLE, BY_STAFF))
        parts = (
            counts_in_words(self.counts),
            say("report.read_by", names=readers) if readers else "",
            say("report.unsure", parts=unsure) if unsure else "",
            say("report.row" if rows == 1 else "report.rows", count=rows) if rows else "",
            *self.warnings[:_WARNINGS],
            say("report.more_warnings", count=more) if more > 0 else "",
        )
        return "; ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """What became of questions: `kept` are in the edition, `lost` have no item any more.

    `rejected` are lines of the register's table, `damaged` says that those of the edition before could not be read.
    """

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    damaged: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One run: its files, those that were left, and the edition that is current afterwards, or the `draft` it made.

    `left` are files beside the register that it does not name, and what in a folder is no document. `going` are the
    ids of documents that are (or, in a dry run, would be) no longer in the edition; `questions` tells what became of
    questions written for items.
    """

    files: tuple[FileReport, ...]
    left: tuple[LeftFile, ...] = ()
    edition: str | None = None
    changed: bool = False
    seconds: float = 0.0
    going: tuple[str, ...] = ()
    dry_run: bool = False
    draft: bool = False
    questions: QuestionReport = field(default_factory=QuestionReport)

    @property
    def rejected(self) -> tuple[FileReport, ...]:
        """The files that could not be documents."""
        return tuple(file for file in self.files if file.is_rejected)

    @property
    def exit_code(self) -> int:
        """0 where every file and question of the register was taken, 1 where one was rejected."""
        return 1 if self.rejected or self.questions.rejected else 0

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON knows it."""
        left = [{"path": printable(str(one.path)), "reason": one.reason} for one in self.left]
        questions = asdict(self.questions) | {"kept": len(self.questions.kept)}
        return asdict(self) | {"left": left, "questions": questions, "exit_code": self.exit_code}

    def contents(self, kept: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return what the edition keeps of the report: what was read, without what only this run knows.

        `kept` are the files of documents that were read in earlier runs.
        """
        files = [
            {name: value for name, value in asdict(file).items() if name not in _OF_THE_RUN} for file in self.files
        ]
        left = [printable(one.path.name) for one in self.left]
        lost = [asdict(one) for one in self.questions.lost]
        return {"files": [*map(dict, kept), *files], "left": left, "exit_code": self.exit_code, "questions_lost": lost}

    def table(self) -> Table:
        """Return a short table for the terminal; names break at hyphens, never within a word that fits."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        left = [(printable(one.path.name), say("report.left"), one.reason) for one in self.left[:_SHOWN_REPORT]]
        told = [*((file.id, say(f"report.state_{file.state}"), file.summary) for file in self.files), *left]
        width = min(_NAME_WIDTH, max((len(name) for name, _, _ in told), default=0))
        table.add_column(say("report.document"), width=width, no_wrap=True)
        table.add_column(say("report.state"), no_wrap=True)
        table.add_column(say("report.contents"), overflow="fold")
        for name, state, summary in told:
            table.add_row("\n".join(wrap(name, _NAME_WIDTH)), state, summary)
        if (more := len(self.left) - _SHOWN_REPORT) > 0:
            table.add_row(say("report.more_files", count=more), say("report.left"))
        return table


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return counts as people say them: "1 Thema, 33 Ziele"."""
    known = [(kind, counts[kind]) for kind in _KINDS if kind in counts]
    return ", ".join(say(f"report.{kind}" if count == 1 else f"report.{kind}s", count=count) for kind, count in known)
