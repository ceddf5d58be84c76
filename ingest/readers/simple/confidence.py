"""How surely sheets are records: by titles, labels, place in a sequence, and what their fields say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.lexicon import TELLING
from ingest.readers.simple.candidates import Title
from ingest.readers.simple.fields import labelled_texts
from ingest.readers.simple.lines import DocumentLines
from ingest.readers.simple.sheets import Sheet

SURE = 0.5  # from which a sheet is a record
_LABELS = 0.5  # share of the usual number of labels that a sheet has
_LISTED, _SET_OFF, _PLAIN = 1.0, 0.8, 0.35  # of titles that contents list, that look or place set off, and others
_CODED, _NUMBERED, _UNNUMBERED = (0.65, 0.25, 0.1), (0.25, 0.2, 0.55), (0.0, 0.5, 0.4)  # see `reasons`


def certain_sheets(document: DocumentLines, sheets: Sequence[tuple[Sheet, Title]]) -> Iterator[tuple[Sheet, Title]]:
    """Yield the sheets that are records, each with its confidence."""
    counts = sorted(len({label.key for label in sheet.labels}) for sheet, _ in sheets)
    usual = counts[len(counts) // 2] if counts else 0
    for sheet, title in sheets:
        confidence = _confidence(document, sheet, title, usual)
        if confidence >= SURE:
            yield replace(sheet, confidence=confidence), title


def _confidence(document: DocumentLines, sheet: Sheet, title: Title, usual: int) -> float:
    if not title.is_whole:
        return 0.0
    keys = {label.key for label in sheet.labels}
    values = labelled_texts(document, sheet.labels, sheet.end, title.lines)
    reasons = (  # in sequence, labels as usual, a telling field
        sheet.member is not None,
        len(keys) >= _LABELS * usual,
        any(value.label.meaning in TELLING and value.lines for value in values),
    )
    titled = _LISTED if title.is_listed else _SET_OFF if title.is_set_off else _PLAIN
    weights = _UNNUMBERED
    if sheet.member is not None:
        number = sheet.member.number
        weights = _CODED if number.code or number.word else _NUMBERED
    return titled * sum(weight for weight, content in zip(weights, reasons, strict=True) if content)
