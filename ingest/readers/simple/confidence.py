"""The confidence that a sheet is a record, from its title, labels, number and fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.lexicon import RECORD_FIELDS
from ingest.readers.simple.fields import labelled_texts
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet
from ingest.readers.simple.title_candidates import Title

LEAST_CONFIDENCE = 0.5  # confidence from which a sheet is a record
_LABELS = 0.5  # share of the median number of labels that a sheet needs
_LISTED, _SET_OFF, _PLAIN = 1.0, 0.8, 0.35  # factors for titles in the contents, titles that are set off, and others
# The weights of the reasons (a number in sequence, enough labels, a field that only records have) for sheets whose
# number has letters or a word, for other numbers, and for none.
_CODED, _NUMBERED, _UNNUMBERED = (0.65, 0.25, 0.1), (0.25, 0.2, 0.55), (0.0, 0.5, 0.4)


def accepted_sheets(document: DocumentLines, sheets: Sequence[tuple[Sheet, Title]]) -> Iterator[tuple[Sheet, Title]]:
    """Yield the sheets that are records, with their confidence, and their titles."""
    counts = sorted(len({label.key for label in sheet.labels}) for sheet, _ in sheets)
    median = counts[len(counts) // 2] if counts else 0
    for sheet, title in sheets:
        confidence = _confidence(document, sheet, title, median)
        if confidence >= LEAST_CONFIDENCE:
            yield replace(sheet, confidence=confidence), title


def _confidence(document: DocumentLines, sheet: Sheet, title: Title, median: int) -> float:
    """Return the confidence from 0 to 1; `median` is the number of labels of the median sheet."""
    if not title.is_whole:
        return 0.0
    values = labelled_texts(document, sheet.labels, sheet.end, title.lines)
    has_field = any(value.label.meaning in RECORD_FIELDS and value.lines for value in values)
    has_labels = len({label.key for label in sheet.labels}) >= _LABELS * median
    title_factor = _LISTED if title.is_listed else _SET_OFF if title.is_set_off else _PLAIN
    number_weight, labels_weight, field_weight = _UNNUMBERED
    if sheet.member is not None:
        number = sheet.member.number
        number_weight, labels_weight, field_weight = _CODED if number.code or number.word else _NUMBERED
    return title_factor * (number_weight + labels_weight * has_labels + field_weight * has_field)
