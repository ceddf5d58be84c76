"""Find the families of records of one document: what staff said, then what is sure; what is only
likely is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from ingest.readers.claims import SHORT, RecordKind
from ingest.readers.kinds import kind_of_word, record_kind
from ingest.readers.labels import Label, find_labels
from ingest.readers.line_features import LineFeatures
from ingest.readers.lines import DocumentLines
from ingest.readers.looks import NO_RECORDS, ExampleFinder, Look, RecordExample
from ingest.readers.named_tables import LEAST_ROWS, TableReader
from ingest.readers.proposals import Proposal, ProposalFinder
from ingest.readers.record_heads import RecordHead
from ingest.readers.series import without_records
from ingest.readers.sheets import ChosenFamily, Sheet, make_sheets
from ingest.readers.strength import FamilyOrder
from ingest.readers.titles import known_titles
from ingest.stream import Layout, Line
from ingest.table_grid import Cells, Table, tables_by_line
from ingest.tables_of_contents import Contents
from prompts import say
from vectorstore.records import ProposedFamily, ProposedRecord

_IN_ROWS = 0.5  # share of the titles in rows of tables from which a family is one of rows
# records of a proposal that are shown, and proposals that are asked
_SHOWN = 6
_ASKED = 4
_MOST_TIMES = 3  # of the lines that surely look like examples without numbers, all that do


@dataclass(frozen=True, slots=True)
class RowFamily:
    """The rows of a table that are records: the column of their titles, the kind that staff chose,
    None for none, and why they are records. With the confidence 0 they may be, if others are.
    """

    table: Table
    column: int
    kind: RecordKind | None
    reason: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class RecordFamilies:
    """The families of a document: sheets and rows; the `tables` without those that are sheets; the
    `document` without their lines; the families that staff are asked about, and sentences on
    examples that are not followed.
    """

    document: DocumentLines
    tables: tuple[Table, ...]
    sheets: tuple[Sheet, ...]
    rows: tuple[RowFamily, ...]
    proposed: tuple[ProposedFamily, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecidedLooks:
    """What staff said of families, found in a document: the `families` that they named, with all
    records that look alike; the lines in which titles begin that are no records, and those of them
    that are examples; and a sentence for each look that is refused.
    """

    families: list[ChosenFamily] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    rejected_examples: set[int] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)


class FamilyReader:
    """Reads the families of one document; `looks` are what staff said of them."""

    def __init__(
        self,
        layout: Layout,
        contents: Contents,
        tables: Sequence[Table],
        cells: Cells,
        looks: Sequence[Look],
    ) -> None:
        """Prepare what all proposals need: titles that are known from the table of contents, tables
        and bookmarks, the labels, and the features of each line. Lines of the table of contents and
        of notes are never heads of records (`_no_heads`).
        """
        self._lines, self._tables, self._looks = layout.lines, tables, looks
        notes = {index for index, line in enumerate(layout.lines) if line.note}
        self._no_heads = frozenset(contents.lines | notes)
        bookmarks = [title for _, title, _ in layout.bookmarks]
        self._table_at = tables_by_line(tables)
        self._table_reader = TableReader(tables, cells)
        self._known = known_titles([*contents.titles, *self._table_reader.row_titles(), *bookmarks])
        self.document = DocumentLines(self._lines, self._no_heads)
        self._labels = self._find_labels(tables)
        self._features = LineFeatures(self.document, self._labels)
        self._finder = ProposalFinder(self.document, self._labels, self._features)
        self._examples = ExampleFinder(self.document, self._finder.lookalikes, self._finder.titles)
        self.order = FamilyOrder(
            self.document, self._labels, self._finder, self._table_reader, self._table_at
        )

    def read(self) -> RecordFamilies:
        """Return the families that staff named, and all others that are sure.

        What else repeats is returned as proposals that staff are asked about: the best `_ASKED`,
        without records that the others have. What staff said is no family is neither taken nor
        asked again. That changes no other family: the sure ones are chosen among all, and only the
        one that has an example of what was rejected is left out.
        """
        decided = self.find_looks(self._looks)
        named = [chosen.proposal for chosen in decided.families]
        sure = [
            family
            for family in self.order.find_sure(named)
            if decided.rejected_examples.isdisjoint(family.proposal.lines)
        ]
        known = [*named, *(family.proposal for family in sure)]
        asked = self.order.find_asked(known, decided.rejected)
        proposed = tuple(map(self._proposed, asked[:_ASKED]))
        families = self._split([*decided.families, *sure], proposed)
        return replace(families, refused=tuple(decided.refused))

    def _find_labels(self, tables: Sequence[Table]) -> list[Label]:
        return find_labels(self._outside(tables), self._known)

    def _outside(self, tables: Sequence[Table]) -> DocumentLines:
        """Return the lines of the document, those of contents, notes and tables excluded."""
        excluded = self._no_heads.union(*(table.lines for table in tables))
        return DocumentLines(self._lines, excluded)

    def find_looks(self, looks: Sequence[Look]) -> DecidedLooks:
        """Return what staff said of families.

        Looks whose examples the document does not print are skipped: it may have changed since.
        """
        decided = DecidedLooks()
        for look in looks:
            proposal = self._find_like(look.examples)
            if proposal is None:
                continue
            refused = self.refuse(look.examples)
            if look.kind != NO_RECORDS and refused:
                decided.refused.append(refused)
            elif look.kind == NO_RECORDS:
                decided.rejected.update(proposal.lines)
                heads = self._find_examples(look.examples)
                decided.rejected_examples.update(head.line for head in heads)
            else:
                decided.families.append(ChosenFamily(proposal, look.kind))
        return decided

    def refuse(self, examples: Sequence[RecordExample]) -> str:
        """Return why these examples are not followed, "" if they are.

        Without numbers nothing holds records together: if more lines look like the examples than
        `_MOST_TIMES` times those that surely do, most of them are something else.
        """
        proposal = self._find_like(examples)
        heads = self._find_examples(examples)
        if proposal is None or any(head.number for head in heads):
            return ""
        sure = self._finder.lookalikes.count_sure(heads)
        if len(proposal.heads) <= _MOST_TIMES * sure:
            return ""
        titles = proposal.titles
        return say(
            "reading.too_many_alike",
            examples=", ".join(f"„{example.name}“" for example in examples),
            count=len(titles),
            first=titles[0].text,
            last=titles[-1].text,
            sure=sure,
        )

    def _find_like(self, examples: Sequence[RecordExample]) -> Proposal | None:
        """Return the family of all records that look like examples, None if the document prints
        none of these.

        A sure family with an example is taken as it is read. If all examples have a text of their
        own, what looks like them needs one too. What is said of a family says nothing of another
        one. So records of a sure family are left out if no example is one of them,
        though they may be numbered alike.
        """
        heads = self._find_examples(examples)
        if not heads:
            return None
        shown = self._finder.make(heads)
        own = [
            family
            for family in self._sure
            if family.lines & shown.lines or not set(family.names).isdisjoint(shown.names)
        ]
        similar = self._finder.lookalikes.find(heads, named=True)
        if all(map(self._examples.has_text, heads)):
            similar = list(filter(self._examples.has_text, similar))
        further = without_records(self._finder.make(similar), self._sure)
        known = set(chain.from_iterable(family.names for family in own))
        named = zip(shown.names, shown.heads, strict=True)
        rest = [head for name, head in named if name not in known]
        all_heads = chain(further.heads, *(family.heads for family in own), rest)
        by_line = {head.line: head for head in all_heads}
        return self._finder.make([by_line[line] for line in sorted(by_line)])

    @cached_property
    def _sure(self) -> list[Proposal]:
        """The families that are sure where nobody said anything."""
        return [family.proposal for family in self.order.find_sure(())]

    def _find_examples(self, examples: Sequence[RecordExample]) -> list[RecordHead]:
        """Return the heads of examples, without those that the document does not print."""
        return list(filter(None, map(self._examples.find, examples)))

    def example_at(self, line: int) -> RecordExample:
        """Return the record whose title begins in a line, as an example. Its name is the number
        that is nearest to the title, if there is one, and the title; without both it is the text of
        the line.
        """
        head = next(self._finder.lookalikes.heads_at(line), RecordHead(line))
        title = self._finder.titles.title_of(head, ()).text
        name = f"{head.printed_ref} {title}".strip() or self.document.text(line)
        return RecordExample(name=name[:SHORT], page=self._lines[line].page + 1)

    def find_like(self, examples: Sequence[RecordExample]) -> tuple[ProposedRecord, ...]:
        """Return all records that look like examples; () if the document prints none of these."""
        proposal = self._find_like(examples)
        return () if proposal is None else self._records(proposal)

    def _split(
        self, families: Sequence[ChosenFamily], proposed: tuple[ProposedFamily, ...]
    ) -> RecordFamilies:
        """Return the families, each as sheets or as rows of tables.

        A family whose records are mostly one row each becomes rows. The others become sheets. A
        table that begins with the title of a sheet is the frame of this sheet: it is no longer
        returned as a table, so that its cells are read as labels and values. In a family that staff
        chose this holds for every table with a title; in others, titles further down in a table are
        dropped.
        """
        rows: list[RowFamily] = []
        sheet_families: list[ChosenFamily] = []
        no_tables: set[int] = set()
        for family in families:
            family_rows = list(self._row_families(family))
            if family_rows:
                rows += family_rows
                continue
            kept_indices = []
            for index, head in enumerate(family.proposal.heads):
                table = self._table_at.get(head.line)
                if table is None:
                    kept_indices.append(index)
                elif family.kind is not None or self.order.heads_table(head, table):
                    no_tables.add(id(table))
                    kept_indices.append(index)
            if kept_indices:
                sheet_families.append(family._replace(proposal=family.proposal.only(kept_indices)))
        kept = tuple(table for table in self._tables if id(table) not in no_tables)
        labels = self._labels
        if no_tables:
            # tables that are sheets now may have labels too
            labels = self._find_labels(kept)
        document = self._outside(kept)
        sheets = make_sheets(document, labels, sheet_families)
        return RecordFamilies(document, kept, tuple(sheets), tuple(rows), proposed)

    def _row_families(self, family: ChosenFamily) -> Iterator[RowFamily]:
        """Yield the tables that list the records of a family, one in each row.

        A table lists them if it has at least `LEAST_ROWS` of their titles, and a title in half of
        its rows, or in one row less: a row may be a heading or a sum. Nothing is yielded unless
        at least half of the records of the family are in such tables: otherwise they are sheets.
        A table that is a family by its heads is yielded as it is.
        """
        named = family.table
        if named is not None:
            yield RowFamily(named.table, named.column, family.kind, family.reason)
            return
        heads_by_table: dict[int, list[RecordHead]] = defaultdict(list)
        for head in family.proposal.heads:
            table = self._table_at.get(head.line)
            if table is not None:
                heads_by_table[id(table)].append(head)
        listed, count = list[RowFamily](), 0
        for heads in heads_by_table.values():
            table = self._table_at[heads[0].line]
            if len(heads) >= max(LEAST_ROWS, _IN_ROWS * len(table.rows) - 1):
                count += len(heads)
                column = _column(self._lines, heads)
                listed.append(RowFamily(table, column, family.kind, family.reason))
        if count >= _IN_ROWS * len(family.proposal.heads):
            yield from listed

    def _proposed(self, proposal: Proposal) -> ProposedFamily:
        """Return a likely family as staff are asked about it: the kind that the word before its
        numbers names ("Projekt 3"; a measure without such a word), how many records it has, the
        first of them, and of rows of a table its heads.
        """
        records = self._records(proposal)
        number = proposal.heads[0].number
        kind = kind_of_word(number.word) if number else None
        reason = ""
        table = self._table_at.get(proposal.heads[0].line)
        if table is not None:
            heads = ", ".join(f"„{column.header}“" for column in table.columns if column.header)
            title = table.columns[_column(self._lines, proposal.heads)].header
            reason = say("evidence.columns", heads=heads, title=title)
        return ProposedFamily(record_kind(kind), len(records), records[:_SHOWN], reason)

    def _records(self, proposal: Proposal) -> tuple[ProposedRecord, ...]:
        """Return the records of a proposal as staff are shown them: number, title and page from
        1.
        """
        records = []
        for head, title in zip(proposal.heads, proposal.titles, strict=True):
            page = self._lines[head.line].page + 1
            records.append(ProposedRecord(head.printed_ref, title.text, page))
        return tuple(records)


def _column(lines: Sequence[Line], heads: Sequence[RecordHead]) -> int:
    """Return the column of their table in which most titles are."""
    cells = [lines[head.line].cell for head in heads]
    columns = [cell.column for cell in cells if cell is not None]
    return max(set(columns), key=columns.count)
