"""What became of every file: one state each, as JSON and as a short table; and what no record of it contains."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from textwrap import shorten, wrap
from typing import Any, NamedTuple

from rich.table import Table

from ingest.errors import Reason, Rejected
from ingest.register import RejectedEntry
from ingest.sources import LeftFile, printable
from prompts import say
from vectorstore.csv_tables import RejectedRow
from vectorstore.questions import ItemQuestion
from vectorstore.records import BY_STAFF, SIMPLE, Coverage, ItemKind, ItemStatus, MetadataFact, ParsedDocument

_LONGEST, _NAME_WIDTH = 200, 40  # characters of a missed heading or row; columns for an id, of a terminal's 80
_OF_THE_RUN = ("path", "front", "coverage", "missed")  # what an edition's report leaves out
_LEFT, _WARNINGS = 20, 3  # of the files that were left, and of the warnings of one, that are shown
_KINDS = ("theme", "goal", "project", "archived", "measure", "principle", "thesis", "resolution", "section")


class MissedText(NamedTuple):
    """A heading or row of a table as printed, cut where it is long, its PDF page (None without), where it begins."""

    text: str
    page: int | None
    start: int


def missed_headings(parsed: ParsedDocument) -> list[MissedText]:
    """Return the headings of sections that are in no record, nor above one."""
    above = {item.parent for item in parsed.items if item.kind is not ItemKind.SECTION}
    for item in reversed(parsed.items):  # parents are before what is below them
        above |= {item.parent} if item.key in above else set()
    return [
        MissedText(_shorten(item.heading), item.page, item.start) for item in parsed.items
        if item.kind is ItemKind.SECTION and item.table_row is None and item.heading and item.key not in above
    ]  # fmt: skip


def missed_rows(parsed: ParsedDocument) -> list[MissedText]:
    """Return the rows of tables that are in no record, nor were taken from one by people."""
    text = parsed.document.text
    spans = sorted((item.start, item.end) for item in parsed.items if item.kind is not ItemKind.SECTION)
    taken = {item.table_start for item in parsed.items}
    rows = []
    for row in parsed.document.rows:
        place = bisect_right(spans, (row.start, len(text))) - 1
        if row.start not in taken and (place < 0 or row.start >= spans[place][1]):
            page, line = parsed.document.page_at(row.start), text[row.start :].partition("\n\n")[0]
            rows.append(MissedText(_shorten(line.replace("\t", " | ")), page.number if page else None, row.start))
    return rows


def _shorten(text: str) -> str:
    return shorten(text, _LONGEST, placeholder=" …")


class FileState(StrEnum):
    """The one state that a file ends in."""

    INDEXED = "indexed"
    INDEXED_WITH_WARNINGS = "indexed_with_warnings"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its state, the reason of a rejection, what was found in it, and the time taken in seconds.

    `counts` maps item kinds to numbers; archive rows are "archived" and no projects. `readers` says how many records
    each reader has read, `missed` how many headings and rows no record contains. `kept` says that the edition still has
    an earlier version of a document whose file was rejected. `path` is where this run found the file.
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
    fingerprint: str = ""
    seconds: float = 0.0
    reason_code: Reason | None = None
    kept: bool = False
    path: str = ""
    front: tuple[MetadataFact, ...] = ()
    coverage: Coverage | None = None
    missed: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, parsed: ParsedDocument, *, cached: bool, seconds: float) -> FileReport:
        """Report a document that was read."""
        document, items = parsed.document, parsed.items
        kinds = ("archived" if item.status is ItemStatus.ARCHIVED else item.kind.value for item in items)
        report = cls(
            file=printable(path.name), path=printable(str(path)), id=document.id, state=FileState.INDEXED,
            pages=len(document.pages), counts=dict(Counter(kinds)), chunks=len(parsed.chunks), cached=cached,
            readers=dict(Counter(item.read_by for item in items if item.kind is not ItemKind.SECTION)),
            front=document.front, coverage=document.coverage, seconds=round(seconds, 3),
            missed={"headings": len(missed_headings(parsed)), "rows": len(missed_rows(parsed))},
        )  # fmt: skip
        return report.warned(*_incomplete_families(parsed), *document.warnings)

    @classmethod
    def of_rejected(cls, path: Path, document_id: str, rejection: Rejected, seconds: float) -> FileReport:
        """Report a file that could not be a document."""
        return cls(
            printable(path.name), document_id, FileState.REJECTED, rejection.reason, path=printable(str(path)),
            seconds=round(seconds, 3), reason_code=rejection.code,
        )  # fmt: skip

    @classmethod
    def of_entry(cls, entry: RejectedEntry) -> FileReport:
        """Report an entry of the register that is wrong."""
        path = printable(str(entry.path or ""))
        return cls(entry.file, entry.id, FileState.REJECTED, entry.reason, reason_code=Reason.REGISTER, path=path)

    def warned(self, *warnings: str) -> FileReport:
        """Return the report with further warnings."""
        state = FileState.INDEXED_WITH_WARNINGS if warnings else self.state
        return replace(self, warnings=(*self.warnings, *warnings), state=state)

    @property
    def is_rejected(self) -> bool:
        """True if the file is no document."""
        return self.state is FileState.REJECTED

    @property
    def summary(self) -> str:
        """What people want to know: what was found and what is odd, or why the file was rejected."""
        if self.reason:
            return say("report.kept", reason=self.reason) if self.kept else self.reason
        more, rows = len(self.warnings) - _WARNINGS, self.missed.get("rows", 0)
        unsure = ", ".join(say(f"report.front_{fact.field}") for fact in self.front if not fact.sure)
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


def _incomplete_families(parsed: ParsedDocument) -> Iterator[str]:
    """Yield what a document itself announces more of than was found."""
    for family in parsed.document.families:
        if family.complete is False and family.evidence:
            why = family.evidence[0].what
            yield say("report.incomplete", found=family.found, expected=family.expected, why=why)


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
    ids of documents that are (or, in a dry run, would be) no longer in the edition; `questions` says what became of
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
        left = [{"path": printable(str(path)), "reason": reason} for path, reason in self.left]
        questions = asdict(self.questions) | {"kept": len(self.questions.kept)}
        return asdict(self) | {"left": left, "questions": questions, "exit_code": self.exit_code}

    def contents(self, retained: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return what the edition keeps of the report: what was read, without what only this run knows.

        `kept` are the files of documents that were read in earlier runs.
        """
        files = [{name: value for name, value in asdict(f).items() if name not in _OF_THE_RUN} for f in self.files]
        left, lost = [printable(file.path.name) for file in self.left], [asdict(q) for q in self.questions.lost]
        return {
            "files": [*map(dict, retained), *files],
            "left": left,
            "exit_code": self.exit_code,
            "questions_lost": lost,
        }

    def table(self) -> Table:
        """Return a short table for the terminal; names break at hyphens, never within a word that fits."""
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        left = [(printable(file.path.name), say("report.left"), file.reason) for file in self.left[:_LEFT]]
        rows = [*((file.id, say(f"report.state_{file.state}"), file.summary) for file in self.files), *left]
        table.add_column(say("report.document"), width=min(_NAME_WIDTH, max((len(row[0]) for row in rows), default=0)))
        table.add_column(say("report.state"), no_wrap=True)
        table.add_column(say("report.contents"), overflow="fold")
        for name, state, summary in rows:
            table.add_row("\n".join(wrap(name, _NAME_WIDTH)), state, summary)
        if (more := len(self.left) - _LEFT) > 0:
            table.add_row(say("report.more_files", count=more), say("report.left"))
        return table


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return counts as people say them: "1 Thema, 33 Ziele"."""
    known = [(kind, counts[kind]) for kind in _KINDS if kind in counts]
    return ", ".join(say(f"report.{kind}" if count == 1 else f"report.{kind}s", count=count) for kind, count in known)
