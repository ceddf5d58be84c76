"""Whether a document calls what repeats in it records: measures, projects or goals.

A code before a number, a text below it and labels with dates and units do not tell: agenda items,
indicators and courses have them too. A word for a kind of records has to be printed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.keys import RECORDS
from ingest.readers.kinds import kind_of_word
from ingest.readers.labels import Label
from ingest.readers.lexicon import RECORD_FIELDS
from ingest.readers.lines import DocumentLines
from ingest.readers.proposals import Proposal
from ingest.readers.series import has_common_label

_OPENING = 40  # first lines of a document, among which its title is
_ABOVE = 40  # lines above the first record in which a heading may say what the records are
_NUMBER_WORDS = ("Lfd.", "Nr.", "Kennziffer", "Nummer")  # they name nothing that is numbered
# "Maßnahmen", "Maßnahmenblätter", "Projektsteckbriefe", "Handlungsempfehlungen"
_SEVERAL = re.compile(
    r"ma(?:ß|ss)nahmen|projekte\b|vorhaben\b|aktionen\b|bausteine|empfehlungen|steckbrief",
    re.IGNORECASE,
)


class RecordNames:
    """Finds words for kinds of records around the proposals of one document."""

    def __init__(self, document: DocumentLines, labels: Sequence[Label]) -> None:
        self._document = document
        self._kinds = [label for label in labels if kind_of_word(label.text) in RECORDS]
        self._fields = [label for label in labels if label.meaning in RECORD_FIELDS]

    def calls(self, proposal: Proposal) -> bool:
        """True if the document calls the members of a proposal records: by the word before their
        numbers ("Maßnahme 3"), by a label that most of them have ("Titel der Maßnahme"), or by a
        line set off above the first or at the beginning of the document ("Maßnahmenkatalog").
        """
        if self.calls_otherwise(proposal):
            return False
        has_label = has_common_label(proposal, self._kinds)
        return _are_called(proposal) or has_label or self._is_announced(proposal)

    def calls_otherwise(self, proposal: Proposal) -> bool:
        """True if another word is before most numbers ("Indikator 4", "Paket 1")."""
        words = [head.number.word for head in proposal.heads if head.number is not None]
        named = sum(word not in ("", *_NUMBER_WORDS) for word in words)
        return 2 * named > len(proposal.heads) and not _are_called(proposal)

    def have_fields(self, proposal: Proposal) -> bool:
        """True if most members have the same label that only records have ("Zuständig")."""
        return has_common_label(proposal, self._fields)

    def _is_announced(self, proposal: Proposal) -> bool:
        first = proposal.heads[0].line
        above = [*range(min(first, _OPENING)), *range(max(0, first - _ABOVE), first)]
        set_off = filter(self._document.is_set_off, above)
        return any(_SEVERAL.search(self._document.text(line)) for line in set_off)


def _are_called(proposal: Proposal) -> bool:
    """True if a word for a kind of records is before most numbers."""
    words = [head.number.word for head in proposal.heads if head.number is not None]
    return 2 * sum(kind_of_word(word) in RECORDS for word in words) > len(proposal.heads)
