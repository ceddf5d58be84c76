"""The features of a proposal by which its probability is estimated: what the records of a family
have in common.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from ingest.keys import RECORDS
from ingest.readers.kinds import kind_of_word
from ingest.readers.labels import Label
from ingest.readers.lexicon import RECORD_FIELDS
from ingest.readers.lines import DocumentLines
from ingest.readers.proposals import Proposal
from ingest.readers.titles import normalize_title
from ingest.tables import Table, tables_by_line

_REACH = 80  # most lines of a record in which labels count
_REGULAR = 0.5  # share of the records from which a label is one of the family
_MOST_ROLES = 4  # columns with a meaning, beyond which a table has enough
_USUAL_TITLE = 45  # characters of a usual title
# of the family of numbers and labels, and of the lines that are taken for its titles
RECORD_FEATURES = (
    "size",
    "fields",
    "roles",
    "header",
    "word",
    "code",
    "plain",
    "bare",
    "loose",
)
TITLE_FEATURES = ("distinct", "length", "capital", "sentence")


@dataclass(frozen=True, slots=True)
class FamilyFeatures:
    """The features of a proposal by name, each from 0 to about 1."""

    values: Mapping[str, float]

    def vector(self, names: Sequence[str]) -> list[float]:
        """Return the values of some features in their order."""
        return [self.values[name] for name in names]

    @property
    def sheet(self) -> float:
        """How much the records are sheets with labels, from 0 to 1."""
        return max(self.values["fields"], self.values["labels"])


class FamilyDescriber:
    """Describes the proposals of one document."""

    def __init__(
        self,
        document: DocumentLines,
        labels: Sequence[Label],
        tables: Sequence[Table],
    ) -> None:
        """Sort the labels by their lines, so that those of each record are found quickly, and note
        the table of each line.
        """
        self._document = document
        self._labels = sorted(labels, key=lambda label: label.line)
        self._label_lines = [label.line for label in self._labels]
        self._tables = tables_by_line(tables)

    def describe(self, proposal: Proposal) -> FamilyFeatures:
        """Return the features of a proposal. Most are shares of its records, or 0 and 1 for false
        and true. "size" grows with the logarithm of their number; "length" is how far their mean
        title is from a usual length, from 0 to 2.
        """
        lines = [head.line for head in proposal.heads]
        count = len(lines)
        numbers = [head.number for head in proposal.heads if head.number]
        has_code = any(number.code for number in numbers)
        word = ""
        if numbers:
            word = numbers[0].word
        titles = [title.text for title in proposal.titles]
        mean_length = sum(map(len, titles)) / count
        labels = self._labels_by_record(lines)
        values = {
            "size": log(count) / 4,
            "fields": _share_with_fields(labels),
            "labels": _share_with_common(labels),
            "roles": min(sum(map(self._count_roles, lines)) / count, _MOST_ROLES) / _MOST_ROLES,
            "header": sum(map(self._header_names_records, lines)) / count,
            "word": float(kind_of_word(word) in RECORDS),
            "code": float(has_code),
            "plain": float(bool(numbers) and not has_code and not word),
            "distinct": len(set(map(normalize_title, titles))) / count,
            "length": min(abs(mean_length - _USUAL_TITLE) / _USUAL_TITLE, 2.0),
            "capital": sum(title[:1].isupper() or title[:1] in '„»"' for title in titles) / count,
            "sentence": sum(title.endswith((".", ";", ",")) for title in titles) / count,
        }
        # "bare": nothing but the number speaks for records; "loose": not even that
        support = max(values[name] for name in ("fields", "labels", "roles", "header"))
        bare = 1.0 - support
        return FamilyFeatures({**values, "bare": bare, "loose": bare * (not numbers)})

    def _labels_by_record(self, lines: Sequence[int]) -> list[list[Label]]:
        """Return the labels of each record: those between the first line of its title and the next
        title, less than `_REACH` lines below it. Behind the last record of a family other text may
        follow, whose labels are not its own.
        """
        ends = [*lines[1:], len(self._document)]
        result = []
        for start, end in zip(lines, ends, strict=True):
            first = bisect_left(self._label_lines, start + 1)
            last = bisect_left(self._label_lines, min(end, start + _REACH))
            result.append(self._labels[first:last])
        return result

    def _count_roles(self, line: int) -> int:
        """Return how many fields of records (a period, a cost, ...) the columns of the table have
        in which a line stands. Columns for statuses, ticked instead of filled in, count as one. The
        result is 0 outside tables.
        """
        table = self._tables.get(line)
        if table is None:
            return 0
        return len({column.role for column in table.columns} & RECORD_FIELDS) + bool(table.statuses)

    def _header_names_records(self, line: int) -> bool:
        """True if a line is in a table and a column of it is headed by a word for records
        ("Maßnahme").
        """
        table = self._tables.get(line)
        if table is None:
            return False
        return any(kind_of_word(column.header) in RECORDS for column in table.columns)


def _share_with_fields(labels: Sequence[Sequence[Label]]) -> float:
    """Return the share of records that have a label for a field that only records have, such as a
    period or a cost. `labels` holds the labels of each record.
    """
    with_field = 0
    for own in labels:
        with_field += not RECORD_FIELDS.isdisjoint(label.meaning for label in own)
    return with_field / len(labels)


def _share_with_common(labels: Sequence[Sequence[Label]]) -> float:
    """Return the share of records that have a common label: one that many of the records have
    (`_REGULAR`), whatever it means. `labels` holds the labels of each record.
    """
    counts: Counter[str] = Counter()
    for own in labels:
        counts.update({label.key for label in own})
    common = {key for key, count in counts.items() if count >= _REGULAR * len(labels)}
    with_common = 0
    for own in labels:
        with_common += not common.isdisjoint(label.key for label in own)
    return with_common / len(labels)
