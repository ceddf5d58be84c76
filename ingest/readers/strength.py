"""The order of strength in which the families of records of a document are found.

1. What a person said of records, before anything else.
2. Tables whose heads name number and title: their rows are records, unless texts bear the same
   numbers or titles, which then lead.
3. Blocks that repeat the same labels.
4. Series of numbers with letters or a word for records before them, each with a text of its own, or
   most with the same label.

The document has to call blocks and series records. What a stronger one has a weaker one never gets.
What else repeats is asked, never taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from ingest.readers.blocks import BlockHeads, are_numbered, find_block_families
from ingest.readers.doubtful_titles import TitleCheck
from ingest.readers.labels import Label
from ingest.readers.lines import DocumentLines
from ingest.readers.named_tables import NamedTable, TableReader, repeats, without_repeated
from ingest.readers.proposals import Proposal, ProposalFinder, has_titles
from ingest.readers.record_heads import RecordHead
from ingest.readers.record_names import RecordNames
from ingest.readers.series import choose, has_common_label, is_series, without_records
from ingest.readers.sheets import ChosenFamily
from ingest.table_grid import Table
from prompts import say

_HEAD_ROWS = 3  # first rows of a table that is part of a sheet, one of which has the title
# labels that only records have, from which no word for records is needed; the numbers of series
# have letters already
_FIELDS_OF_BLOCKS = 2
_FIELDS_OF_SERIES = 1
_BODY = 100  # characters from a title to the next head, from which it has a text of its own


class FamilyOrder:
    """Finds the families of one document that are sure, and those that staff are asked about."""

    def __init__(
        self,
        document: DocumentLines,
        labels: Sequence[Label],
        finder: ProposalFinder,
        tables: TableReader,
        table_at: Mapping[int, Table],
    ) -> None:
        """`table_at` has the table of each line that is in one."""
        self._document, self._labels = document, labels
        self._finder, self._tables, self._table_at = finder, tables, table_at
        self._names = RecordNames(document, labels)
        self._check = TitleCheck(document)
        lengths = (len(line.text) for line in document.lines)
        self._letters_before = [0, *accumulate(lengths)]  # before each line, and before the end

    def find_sure(self, named: Sequence[Proposal]) -> list[ChosenFamily]:
        """Return the families that are sure beside those that staff named: tables, then blocks,
        texts of records that a table lists, and series.

        Blocks are chosen first. A table whose records blocks or series bear is no family. Of what
        is left, a table with texts of its own gives way to these (`explained`). Series come last,
        without the records of all others.
        """
        blocks = [
            block
            for block in self._blocks
            if without_records(block.proposal, named) == block.proposal
        ]
        known = [*named, *(block.proposal for block in blocks)]
        series = choose(self._series, self._rank, known)
        tables = without_repeated(self._named_tables, [*known, *series])
        explained: list[Proposal] = []
        for table in tables:
            similar = [other for other in self.proposals if self._explains(other, table)]
            explained += choose(similar, self._rank, [*known, *explained])
        tables = without_repeated(tables, explained)
        known += [*explained, *(table.proposal for table in tables)]
        further = choose(self._series, self._rank, known)
        listed = [ChosenFamily(table.proposal, None, table.reason, table) for table in tables]
        families = [*blocks, *map(self._with_reason, (*explained, *further))]
        return [*listed, *map(self._with_doubts, families)]

    def find_asked(self, known: Sequence[Proposal], rejected: set[int]) -> list[Proposal]:
        """Return what staff are asked about, the best first: all that repeats with something
        printed that says that it may be records, without the `known` families and what staff
        rejected, by the lines of its titles. Numbered rows below heads that say nothing are asked
        where no other records are known.
        """
        repeated = list(filter(self._may_be_asked, self.proposals))
        repeated += self._tables.of_records()
        if not known:
            repeated += self._tables.numbered()
        return choose(_without_rejected(repeated, rejected), self._rank, known)

    def heads_table(self, head: RecordHead, table: Table) -> bool:
        """True if a title is in the first rows of a table (`_HEAD_ROWS`). Then the whole table is
        the sheet with this title. Further down, the title is one row of a list.
        """
        first_rows = (*table.header, *table.rows)[:_HEAD_ROWS]
        return any(head.line in row.lines for row in first_rows)

    @cached_property
    def proposals(self) -> list[Proposal]:
        """All proposals whose members have titles."""
        return list(filter(has_titles, (*self._finder.find(), *self._tables.proposals())))

    @cached_property
    def _named_tables(self) -> list[NamedTable]:
        return list(self._tables.find_named())

    @cached_property
    def _blocks(self) -> list[ChosenFamily]:
        """The families of blocks that repeat labels whose titles are surely found and sound, if the
        document calls them records. Something has to distinguish them from other texts with labels:
        a label that only records have, or numbers.
        """
        sheets = list(filter(self._are_sheets, self.proposals))
        finder = BlockHeads(self._document, sheets, self._finder.make)
        families: list[ChosenFamily] = []
        for blocks in find_block_families(self._labels):
            proposal = finder.find(blocks)
            if proposal is None or not finder.is_sure(blocks, proposal):
                continue
            may_be_records = blocks.deciding > 0 or are_numbered(proposal.heads)
            is_called = may_be_records and self._names.calls(proposal, _FIELDS_OF_BLOCKS)
            if is_called and self._check.is_sound(proposal):
                families.append(ChosenFamily(proposal, None, blocks.reason))
        return families

    @cached_property
    def _series(self) -> list[Proposal]:
        """The series that are sure, without the lines that only list their records: nothing is
        between these and the next.
        """
        own = [other for other in self.proposals if is_series(other) and self._is_sure(other)]
        return list(map(self._without_lists, own))

    def _rank(self, proposal: Proposal) -> tuple[float, ...]:
        """Return the rank of a proposal: of those with the same records one with a common label is
        best, then the one with most titles that are set off and differ, then the one with most
        numbers, then the one that is printed first.
        """
        lines = [head.line for head in proposal.heads]
        set_off = sum(map(self._document.is_set_off, lines))
        count = len(proposal.folded_titles) + set_off
        is_labelled = has_common_label(proposal, self._labels)
        return (is_labelled, count, len(proposal.refs), -lines[0])

    def _with_reason(self, family: Proposal) -> ChosenFamily:
        """Return a family of texts with why it is one: a table with heads names the same records,
        and then their kind, or its numbers.
        """
        for table in self._named_tables:
            if self._explains(family, table):
                return ChosenFamily(family, table.kind, say("evidence.explained"))
        first, last = family.heads[0].printed_ref, family.heads[-1].printed_ref
        reason = say("evidence.series", first=first, last=last)
        return ChosenFamily(family, None, reason)

    def _with_doubts(self, family: ChosenFamily) -> ChosenFamily:
        return family._replace(doubtful=self._check.find_doubtful(family.proposal))

    def _explains(self, proposal: Proposal, table: NamedTable) -> bool:
        """True if a proposal has texts of their own for the records of a table."""
        return self._are_sheets(proposal) and repeats(table.proposal, proposal)

    def _are_sheets(self, proposal: Proposal) -> bool:
        """True if most heads of a proposal have a text below them, and are no rows of tables."""
        starts = [self._letters_before[head.line] for head in proposal.heads]
        ends = [self._letters_before[title.lines[-1] + 1] for title in proposal.titles]
        texts = sum(start - end > _BODY for start, end in zip(starts[1:], ends, strict=False))
        rows = 0
        for head in proposal.heads:
            table = self._table_at.get(head.line)
            rows += table is not None and not self.heads_table(head, table)
        return 2 * texts >= len(starts) - 1 and 2 * rows < len(starts)

    def _is_sure(self, series: Proposal) -> bool:
        """True if the records of a series have texts of their own or a label in common, and the
        document calls them records.
        """
        is_written = self._are_sheets(series) or has_common_label(series, self._labels)
        is_called = self._names.calls(series, _FIELDS_OF_SERIES)
        return is_written and is_called and self._check.is_sound(series)

    def _may_be_asked(self, proposal: Proposal) -> bool:
        """True for a series, and what has a label in common, if hardly any title is something
        else.
        """
        is_family = is_series(proposal) or has_common_label(proposal, self._labels)
        return is_family and self._check.is_sound(proposal)

    def _without_lists(self, proposal: Proposal) -> Proposal:
        """Return a proposal without the records whose titles the next one follows directly."""
        ends = [title.lines[-1] + 1 for title in proposal.titles]
        starts = [*(head.line for head in proposal.heads[1:]), len(self._document) + 1]
        return proposal.only([n for n, end in enumerate(ends) if end < starts[n]])


def _without_rejected(proposals: Sequence[Proposal], rejected: set[int]) -> list[Proposal]:
    """Return the proposals without those that staff rejected: half of their titles or more begin in
    a line of `rejected`. Not all must, because the proposal may have found a few lines more or less
    than the family that staff saw.
    """
    kept = []
    for candidate in proposals:
        count = sum(head.line in rejected for head in candidate.heads)
        if 2 * count < len(candidate.heads):
            kept.append(candidate)
    return kept
