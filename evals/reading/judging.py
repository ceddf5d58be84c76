"""Records that were read, judged one to one against those that are known.

A record is right where kind, number, title and page are: a measure, project or goal; the number compared without
spaces, case and leading zeros; the title without case, white space and hyphenation, the overview's wording accepted;
the page one of its sheet. Every surplus record of these kinds is false.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.reading.catalogue import RECORDS, Catalogue, Known
from vectorstore.records import Item, ItemStatus, ParsedDocument


@dataclass(frozen=True, slots=True)
class ReadingFigures:
    """Figures of one paper or the sum of several; all are counts.

    `told` are records that were read, `numbered` and `titled` known ones with the right number or title on some record,
    `offices` those whose responsible units are printed. `counted` are papers whose every family of records is called
    complete, `miscounted` those of them with another number of records than known.
    """

    papers: int = 0
    known: int = 0
    right: int = 0
    numbered: int = 0
    titled: int = 0
    told: int = 0
    false: int = 0
    offices: int = 0
    offices_right: int = 0
    counted: int = 0
    miscounted: int = 0
    doubted: int = 0
    body: int = 0
    body_found: int = 0
    lost: int = 0
    hidden_shown: int = 0

    def __add__(self, other: ReadingFigures) -> ReadingFigures:
        return ReadingFigures(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Judged:
    """One paper: its figures, the known records that were missed, and the false ones."""

    figures: ReadingFigures
    missed: tuple[Known, ...]
    false: tuple[Item, ...]


def judge(parsed: ParsedDocument, catalogue: Catalogue) -> Judged:
    """Judge one document."""
    items = [item for item in parsed.items if item.kind in RECORDS and item.status is not ItemStatus.ARCHIVED]
    paged = bool(parsed.document.pages)
    pairs = _pairs(items, catalogue.records, paged)
    matched = {known for known, _ in pairs}
    missed = [one for place, one in enumerate(catalogue.records) if place not in matched and not one.uncertain]
    used = {place for _, place in pairs}
    false = [item for place, item in enumerate(items) if place not in used]
    certain = [one for one in catalogue.records if not one.uncertain]
    right = sum(not catalogue.records[known].uncertain for known, _ in pairs)
    refs = {plain_ref(item.ref.split("~")[0]) for item in items}
    titles = {plain(item.title) for item in items}
    both = [(catalogue.records[known], items[place]) for known, place in pairs]
    printed = [(known, item) for known, item in both if known.responsible]
    families = [one for one in parsed.document.families if one.kind in ("measure", "project")]
    sure = bool(families) and all(one.complete for one in families)
    total = sum(one.found for one in families)
    chunks = plain("".join(chunk.text for chunk in parsed.chunks))
    coverage = parsed.document.coverage
    figures = ReadingFigures(
        papers=1,
        known=len(certain),
        right=right,
        numbered=sum(any(plain_ref(ref) in refs for ref in one.refs) for one in certain if one.refs),
        titled=sum(any(plain(title) in titles for title in one.titles) for one in certain),
        told=len(items),
        false=len(false),
        offices=len(printed),
        offices_right=sum(_same_offices(known, item) for known, item in printed),
        counted=int(sure),
        miscounted=int(sure and not _counts_right(total, catalogue.records)),
        doubted=int(bool(families) and not sure and right == len(certain) and not false and bool(certain)),
        body=len(catalogue.body),
        body_found=sum(plain(one) in chunks for one in catalogue.body),
        lost=coverage.lost if coverage is not None else 0,
        hidden_shown=sum(plain(one) in chunks for one in catalogue.hidden),
    )
    return Judged(figures, tuple(missed), tuple(false))


def plain(text: str) -> str:
    """Return the letters and digits of a text, case folded: the form in which titles are compared."""
    return "".join(char for char in text.casefold() if char.isalnum())


def plain_ref(ref: str) -> str:
    """Return a number as numbers are compared: without spaces, case, leading zeros, and label word."""
    bare = re.sub(r"^(?:massnahme|projekt|ziel|nr\.?)\s*", "", ref.casefold())
    return re.sub(r"(?<!\d)0+(?=\d)", "", "".join(bare.split())).strip(".:–-")


def _pairs(items: Sequence[Item], records: Sequence[Known], paged: bool) -> list[tuple[int, int]]:
    """Return (known, item) pairs that are right, each used once, as many as there can be."""
    if not items or not records:
        return []
    fits = np.array([[_is_right(item, one, paged) for item in items] for one in records], dtype=float)
    rows, columns = linear_sum_assignment(-fits)
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if fits[row, column]]


def _is_right(item: Item, known: Known, paged: bool) -> bool:
    number = not known.refs or plain_ref(item.ref.split("~")[0]) in {plain_ref(ref) for ref in known.refs}
    page = not (paged and known.pages) or item.page in known.pages
    return number and page and plain(item.title) in {plain(title) for title in known.titles}


def _same_offices(known: Known, item: Item) -> bool:
    """Tell whether all printed units were read, in one spelling or another."""
    read = plain(" ".join(item.responsible))
    return all(plain(one) in read for one in known.responsible)


def _counts_right(total: int, records: Iterable[Known]) -> bool:
    counted = [one for one in records if one.kind in ("measure", "project")]
    certain = sum(not one.uncertain for one in counted)
    return certain <= total <= len(counted)
