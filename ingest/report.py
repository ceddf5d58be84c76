"""The report of a run: the state of every file, as JSON and as a table; and headings and rows that
are in no record.
"""

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

from ingest.errors import Reason, Rejected, add_setting
from ingest.keys import page_number_at
from ingest.register import RejectedEntry
from ingest.sources import LeftFile
from prompts import say
from vectorstore import ItemQuestion, RejectedRow
from vectorstore.language import printable
from vectorstore.records import (
    Coverage,
    ItemKind,
    ItemStatus,
    MetadataFact,
    ParsedDocument,
)

# characters of a missed heading or row; terminal columns of an id
_MAX_LENGTH = 200
_NAME_WIDTH = 40
# fields that the report stored in the edition leaves out
_RUN_FIELDS = ("path", "front", "coverage", "missed")
# shown in the table: files not read, warnings per file
_MAX_LEFT = 20
_MAX_WARNINGS = 3
_KINDS = (
    "theme",
    "goal",
    "project",
    "archived",
    "measure",
    "principle",
    "thesis",
    "resolution",
    "section",
)


class MissedText(NamedTuple):
    """A heading or table row as printed (shortened), its PDF page (None without pages), and its
    start offset.
    """

    text: str
    page: int | None
    start: int


def missed_headings(parsed: ParsedDocument) -> list[MissedText]:
    """Return the headings of sections below which there is no record at any depth.

    A reader may have missed a record there.
    """
    parents = {item.parent for item in parsed.items if item.kind is not ItemKind.SECTION}
    for item in reversed(parsed.items):  # parents are before what is below them
        if item.key in parents:
            parents.add(item.parent)
    headings = []
    for item in parsed.items:
        is_heading = item.kind is ItemKind.SECTION and item.table_row is None and item.heading
        if is_heading and not item.is_continuation and item.key not in parents:
            headings.append(MissedText(_shorten(item.heading), item.page, item.start))
    return headings


def missed_rows(parsed: ParsedDocument) -> list[MissedText]:
    """Return the table rows that are neither inside a record nor merged into one.

    The cells of a row are separated by " | ".
    """
    text = parsed.document.text
    records = [item for item in parsed.items if item.kind is not ItemKind.SECTION]
    spans = sorted((item.start, item.end) for item in records)
    merged = {item.table_start for item in parsed.items}
    rows = []
    for row in parsed.document.rows:
        # the last record that begins at the row or before it
        index = bisect_right(spans, (row.start, len(text))) - 1
        if row.start not in merged and (index < 0 or row.start >= spans[index][1]):
            line = text[row.start :].partition("\n\n")[0].replace("\t", " | ")
            page = page_number_at(parsed.document, row.start)
            rows.append(MissedText(_shorten(line), page, row.start))
    return rows


def _shorten(text: str) -> str:
    return shorten(text, _MAX_LENGTH, placeholder=" …")


class FileState(StrEnum):
    """The state of a file after a run."""

    INDEXED = "indexed"
    INDEXED_WITH_WARNINGS = "indexed_with_warnings"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file: its state, the reason of a rejection, counts of its content, and the time taken in
    seconds.

    `counts` maps item kinds to numbers; archive rows count as "archived", not as projects.
    `reasons` say why records are ones, `missed` has the number of headings and rows in no record.
    `kept` is true if the file was rejected and the edition still has an earlier version of the
    document. `cached` is true if it was unchanged and not read again.
    """

    file: str
    id: str
    state: FileState
    reason: str | None = None
    warnings: tuple[str, ...] = ()
    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
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
        """Return the report of a document that was read."""
        document = parsed.document
        counts: Counter[str] = Counter()
        for item in parsed.items:
            is_archived = item.status is ItemStatus.ARCHIVED
            counts["archived" if is_archived else item.kind.value] += 1
        report = cls(
            file=printable(path.name),
            path=printable(str(path)),
            id=document.id,
            state=FileState.INDEXED,
            pages=len(document.pages),
            counts=dict(counts),
            reasons=tuple(filter(None, dict.fromkeys(other.reason for other in document.families))),
            chunks=len(parsed.chunks),
            cached=cached,
            front=document.front,
            coverage=document.coverage,
            seconds=round(seconds, 3),
            missed={"headings": len(missed_headings(parsed)), "rows": len(missed_rows(parsed))},
        )
        return report.with_warnings(*_incomplete_families(parsed), *document.warnings)

    @classmethod
    def of_rejected(
        cls, path: Path, document_id: str, rejection: Rejected, seconds: float
    ) -> FileReport:
        """Return the report of a file that was rejected."""
        return cls(
            printable(path.name),
            document_id,
            FileState.REJECTED,
            rejection.reason,
            path=printable(str(path)),
            seconds=round(seconds, 3),
            reason_code=rejection.code,
        )

    @classmethod
    def of_entry(cls, entry: RejectedEntry) -> FileReport:
        """Return the report of a register entry that was rejected."""
        path = printable(str(entry.path or ""))
        return cls(
            entry.file,
            entry.id,
            FileState.REJECTED,
            entry.reason,
            reason_code=Reason.REGISTER,
            path=path,
        )

    def with_warnings(self, *warnings: str) -> FileReport:
        """Return the report with further warnings."""
        if not warnings:
            return self
        state = FileState.INDEXED_WITH_WARNINGS
        return replace(self, warnings=(*self.warnings, *warnings), state=state)

    @property
    def is_rejected(self) -> bool:
        """True if the file was rejected."""
        return self.state is FileState.REJECTED

    @property
    def summary(self) -> str:
        """A German line: counts, uncertain metadata, missed rows and warnings, or the reason of the
        rejection.
        """
        if self.reason and self.kept:
            return say("report.kept", reason=self.reason)
        return self.reason or "; ".join(filter(None, self._statements()))

    @property
    def terminal_summary(self) -> str:
        """The summary for a terminal, which names the setting of an exceeded limit."""
        return add_setting(self.summary, self.reason_code)

    def _statements(self) -> Iterator[str]:
        """Yield the parts of the summary of a file that was read, in German.

        They are the counts, why records are ones, the parts of the metadata that are uncertain, the
        missed rows and the first warnings.
        """
        yield counts_in_words(self.counts)
        if self.reasons:
            yield say("report.records_by", reasons=", ".join(self.reasons))
        unsure = [say(f"report.front_{fact.field}") for fact in self.front if not fact.sure]
        if unsure:
            yield say("report.unsure", parts=", ".join(unsure))
        rows = self.missed.get("rows", 0)
        if rows:
            yield _count_in_words("row", rows)
        yield from self.warnings[:_MAX_WARNINGS]
        hidden_warnings = len(self.warnings) - _MAX_WARNINGS
        if hidden_warnings > 0:
            yield say("report.more_warnings", count=hidden_warnings)


def _incomplete_families(parsed: ParsedDocument) -> Iterator[str]:
    """Yield a German warning for each family that has fewer records than the document itself
    states.
    """
    for family in parsed.document.families:
        if family.complete is False and family.expected is not None and family.evidence:
            why = family.evidence[0].what
            yield say("report.incomplete", found=family.found, expected=family.expected, why=why)


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """The outcome of questions for items: `kept` are in the edition, `lost` have no item any more.

    `rejected` are lines of the register's table; `damaged` is the error if the previous ones could
    not be read.
    """

    kept: tuple[ItemQuestion, ...] = ()
    lost: tuple[ItemQuestion, ...] = ()
    rejected: tuple[RejectedRow, ...] = ()
    damaged: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One run: its files, and the name of the edition that is current afterwards, or of the draft
    that it made.

    `left` are files that the register does not name, and files of folders that are no documents.
    `going` are the ids of documents that are (in a dry run: would be) removed from the edition;
    `changed` is true if the edition is new.
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
        """The reports of rejected files."""
        return tuple(file for file in self.files if file.is_rejected)

    @property
    def exit_code(self) -> int:
        """0 if every file and question was accepted, 1 if one was rejected."""
        if self.rejected or self.questions.rejected:
            return 1
        return 0

    def to_json(self) -> dict[str, Any]:
        """Return the report in JSON form.

        For the questions that are in the edition it has only their number.
        """
        left = [{"path": printable(str(path)), "reason": reason} for path, reason in self.left]
        questions = asdict(self.questions) | {"kept": len(self.questions.kept)}
        return asdict(self) | {"left": left, "questions": questions, "exit_code": self.exit_code}

    def stored_report(self, retained: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return the report to store in the edition, without the details of this run.

        `retained` are the stored reports of files that stay from the edition before.
        """
        files = list(map(asdict, self.files))
        for stored in files:
            for name in _RUN_FIELDS:
                del stored[name]
        return {
            "files": [*map(dict, retained), *files],
            "left": [printable(file.path.name) for file in self.left],
            "exit_code": self.exit_code,
            "questions_lost": list(map(asdict, self.questions.lost)),
        }

    def table(self) -> Table:
        """Return a table for the terminal, with a row for each file of the run or left unread.

        Long ids are broken into lines, preferably at hyphens.
        """
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        rows = list[tuple[str, str, str]]()
        for file in self.files:
            rows.append((file.id, say(f"report.state_{file.state}"), file.terminal_summary))
        shown = self.left[:_MAX_LEFT]
        rows += ((printable(path.name), say("report.left"), reason) for path, reason in shown)
        heading = say("report.document")
        width = max(map(len, (heading, *(name for name, _, _ in rows))))
        table.add_column(heading, width=min(_NAME_WIDTH, width))
        table.add_column(say("report.state"), no_wrap=True)
        table.add_column(say("report.contents"), overflow="fold")
        for name, state, summary in rows:
            table.add_row("\n".join(wrap(name, _NAME_WIDTH)), state, summary)
        hidden_files = len(self.left) - _MAX_LEFT
        if hidden_files > 0:
            table.add_row(say("report.more_files", count=hidden_files), say("report.left"))
        return table


def counts_in_words(counts: Mapping[str, int]) -> str:
    """Return counts in German words: "1 Thema, 33 Ziele"."""
    return ", ".join(_count_in_words(kind, counts[kind]) for kind in _KINDS if kind in counts)


def _count_in_words(name: str, count: int) -> str:
    if count == 1:
        return say(f"report.{name}", count=count)
    return say(f"report.{name}s", count=count)
