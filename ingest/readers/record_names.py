"""Whether a document calls what repeats in it records: measures or projects.

A code before a number, a text below it and labels with dates and units do not tell: agenda items,
indicators and courses have them too. A word for a kind of records has to be printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

from ingest.keys import RECORDS
from ingest.readers.kinds import kind_of_word, names_several
from ingest.readers.labels import Label
from ingest.readers.lexicon import RECORD_FIELDS
from ingest.readers.lines import DocumentLines
from ingest.readers.proposals import Proposal
from ingest.readers.series import has_common_label

_OPENING = 40  # first lines of a document, among which its title is
_ABOVE = 40  # lines above the first record in which a heading may say what the records are
_WORDS_FOR_NUMBERS = ("", "Lfd.", "Kennziffer")  # they do not say of what


class RecordNames:
    """Finds words for kinds of records around the proposals of one document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._kinds = [label for label in labels if kind_of_word(label.text) in RECORDS]
        self._by_field: dict[str, list[Label]] = defaultdict(list)
        for label in labels:
            if label.meaning in RECORD_FIELDS:
                self._by_field[label.meaning].append(label)

    def calls(self, proposal: Proposal, fields: int) -> bool:
        """True if the document calls the members of a proposal records: by the word before their
        numbers ("Maßnahme 3"), by a label that most of them have ("Titel der Maßnahme"), by a line
        set off above the first or at the beginning of the document ("Maßnahmenkatalog"), or by as
        many labels as `fields` that only records have ("Zuständig", "Kosten").

        False if another word is before their numbers ("Indikator 4").
        """
        if self._calls_otherwise(proposal):
            return False
        has_label = has_common_label(proposal, self._kinds)
        if _are_called(proposal) or has_label or self._is_announced(proposal):
            return True
        return sum(has_common_label(proposal, own) for own in self._by_field.values()) >= fields

    def _calls_otherwise(self, proposal: Proposal) -> bool:
        """True if another word is before most numbers ("Indikator 4", "Paket 1")."""
        words = [head.number.word for head in proposal.heads if head.number is not None]
        named = sum(word not in _WORDS_FOR_NUMBERS for word in words)
        return 2 * named > len(proposal.heads) and not _are_called(proposal)

    def _is_announced(self, proposal: Proposal) -> bool:
        """True if a line set off says so: at the beginning of the document, right above the first
        record, or as the last heading with a number and no letters above it.
        """
        first = proposal.heads[0].line
        above = [*range(min(first, _OPENING)), *range(max(0, first - _ABOVE), first)]
        above += islice(filter(self._is_chapter, reversed(range(first))), 1)
        set_off = filter(self._document.is_set_off, above)
        return any(names_several(self._document.text(line)) for line in set_off)

    def _is_chapter(self, line: int) -> bool:
        number = self._document.number(line)
        if number is None or number.code or not number.text_after:
            return False
        return self._document.is_set_off(line)


def _are_called(proposal: Proposal) -> bool:
    """True if a word for a kind of records is before most numbers."""
    words = [head.number.word for head in proposal.heads if head.number is not None]
    return 2 * sum(kind_of_word(word) in RECORDS for word in words) > len(proposal.heads)
