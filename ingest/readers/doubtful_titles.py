"""Titles that are something else: the foot of a page, a label, half a line, a sentence.

The number of such a record may be right, but who reads the title is told something wrong.
"""

from __future__ import annotations

import re
from collections import Counter

from ingest.keys import RECORDS
from ingest.layout.furniture import mask_digits
from ingest.readers.kinds import kind_of_word
from ingest.readers.lexicon import LINE_FIELDS, field_of_label
from ingest.readers.lines import DocumentLines
from ingest.readers.numbers import parse_number
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import IN_LINE, RecordHead, Title

_MOST = 0.3  # share of the titles up to which a family is one, though these are doubtful
# prints of a line and share of the records, from which every sheet or page has it
_AGAIN = 5
_USUAL = 0.5
_LONGEST = 250  # characters
# texts side by side; or an end behind which a noun follows: an article, a preposition, "und", an
# adjective that is declined
_TORN = re.compile(
    r"   |(?:\b(?:der|die|das|den|dem|des|eine?|eine[mnrs]|und|oder|sowie|für|vo[nm]|zu[mr]?|mit|"
    r"i[nm]|a[nm]|auf|aus|beim?|nach|durch|über|unter|zwischen|gegen|ohne|um|als)"
    r"|\b[a-zäöüß]+(?:(?:isch|end|bar|sam|iert|haft|los)e[mnrs]?|(?:lich|ig|iv|al|ell)e[mrs]?)"
    r"|\b(?:zu[mr]|der|des|dem|den|vom|im)\s[a-zäöüß]+e[mnrs]?|\bneue[mnrs]?|[-–,;:/(&])$"
)


class TitleCheck:
    """Tells which titles of the families of one document are something else."""

    def __init__(self, document: DocumentLines) -> None:
        self._document = document
        self._shapes = Counter(mask_digits(line.text) for line in document.lines)

    def is_sound(self, family: Proposal) -> bool:
        """True if hardly any title of a family is something else."""
        return len(self.find_doubtful(family)) <= _MOST * len(family.heads)

    def find_doubtful(self, family: Proposal) -> frozenset[int]:
        """Return the lines in which the titles of a family begin that are something else."""
        least = max(_AGAIN, _USUAL * len(family.heads))
        pairs = zip(family.heads, family.titles, strict=True)
        return frozenset(
            head.line for head, title in pairs if self._is_doubtful(head, title, least)
        )

    def _is_doubtful(self, head: RecordHead, title: Title, least: float) -> bool:
        """True if a title is something else by itself; `least` is the number of prints from which a
        line is one that every sheet or page has.
        """
        text = title.text
        if len(text) > _LONGEST or _TORN.search(text) or field_of_label(text) == "title":
            return True
        # what stands behind a number in its line is surely its title
        if head.place == IN_LINE:
            return False
        first = self._document.text(title.lines[0])
        above = self._document.text(max(title.lines[0] - 1, 0)).rstrip(" :")
        # "Zuständig: Bauamt" and "Kosten 3 €" have their value already
        is_lone_label = above[-1:].isalpha() and ":" not in above
        is_value = is_lone_label and field_of_label(above) in LINE_FIELDS
        if is_value or _is_number(text) or self._shapes[mask_digits(first)] >= least:
            return True
        return first[:1].islower()


def _is_number(text: str) -> bool:
    """True for nothing but a number of records ("EE-3", "Maßnahme 3"); "Weg 3" may be a title."""
    number = parse_number(text)
    if number is None or number.text_after:
        return False
    return text == text.upper() or kind_of_word(number.word) in RECORDS
