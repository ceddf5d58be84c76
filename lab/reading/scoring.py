"""Compares the reading of a document with its catalogue: records, fields, metadata, counts and
text.

A record is right if number, title and page are. Known records and read items are assigned one to
one so that most are right; the remaining ones are assigned by title or number alone, so that each
of the three parts is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evals.metrics.statements import normalize_text, same_list, same_parts, squeeze_text
from lab.reading.catalogue import RECORDS, THEME, KnownDocument, KnownMetadata, KnownRecord
from lab.reading.measurements import FIELDS, FRONT, ReadingFigures, Share
from service.records import combine_completeness
from vectorstore.language import fold_ref
from vectorstore.records import (
    Coverage,
    Document,
    Family,
    Item,
    ItemStatus,
    ParsedDocument,
    assign_pairs,
)

_DOCUMENT_ATTRIBUTES = {"date": "as_of"}  # by metadata field, if named otherwise
# by field, if named otherwise
_ITEM_ATTRIBUTES = {
    "partners": "cooperation",
    "status": "status_heading",
}
_BORDER = "\x00"  # between passages, so that no text matches across two of them
_MIN_LETTERS = 4  # of a line of page furniture; shorter ones may also be text
# ratio of lengths from which a text that is in a title, or has it in it, is a look-alike of it
_MIN_OVERLAP = 0.5
_RIGHT = 1000.0  # weights: a right record outweighs all others
_TITLE = 10.0
_NUMBER = 5.0
_PAGE = 1.0


@dataclass(frozen=True, slots=True)
class RecordMatch:
    """Which parts of a known record an item has; number and page are None if there are none to
    compare.
    """

    title: bool = False
    number: bool | None = None
    page: bool | None = None

    @property
    def right(self) -> bool:
        """True if title, number and page are right. A number or page that cannot be compared (None)
        is no fault.
        """
        return self.title and self.number is not False and self.page is not False

    @property
    def close(self) -> bool:
        """True if the title is right, or the number on the right page: it is the record, with
        errors.
        """
        return self.title or (self.number is True and self.page is not False)

    @property
    def weight(self) -> float:
        """The weight of the pair when items are assigned to records. It is greatest by far if all
        is right, so that most pairs are right; of the others the title counts most, then the
        number, then the page. It is 0 if neither title nor number is right: then they have nothing
        to do with each other.
        """
        if not (self.title or self.number):
            return 0.0
        return (
            _RIGHT * self.right
            + _TITLE * self.title
            + _NUMBER * bool(self.number)
            + _PAGE * bool(self.page)
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """A known record and the read item that is assigned to it, None without one."""

    known: KnownRecord
    item: Item | None = None
    match: RecordMatch = RecordMatch()


def assign_items(known: Sequence[KnownRecord], items: Sequence[Item], *, paged: bool) -> list[Pair]:
    """Return each known record paired with the item that was read for it, if any.

    Each item is paired at most once, so that the sum of the weights of all pairs is largest. A
    record and an item of weight 0 are not paired. Pages count only if the document is `paged`.
    """
    pairs = [Pair(record) for record in known]
    if not known or not items:
        return pairs
    titles_and_refs = [(normalize_text(item.title), fold_ref(item.ref)) for item in items]
    # A row for each known record, a column for each item.
    matches: list[list[RecordMatch]] = []
    weight_rows: list[list[float]] = []
    for record in known:
        titles, refs = set(map(normalize_text, record.titles)), set(map(fold_ref, record.refs))
        row_of_matches = []
        for (title, ref), item in zip(titles_and_refs, items, strict=True):
            is_number_right = ref in refs if refs else None
            is_page_right = item.page in record.pages if paged and record.pages else None
            row_of_matches.append(RecordMatch(title in titles, is_number_right, is_page_right))
        matches.append(row_of_matches)
        weight_rows.append([match.weight for match in row_of_matches])
    for row, column in assign_pairs(np.array(weight_rows)):
        pairs[row] = Pair(known[row], items[column], matches[row][column])
    return pairs


def field_shares(pairs: Sequence[Pair]) -> Iterator[tuple[str, Share]]:
    """Yield for each field its name and how often it was read right.

    The share is taken of the known records that have the field; uncertain records are left out.
    """
    for name in FIELDS:
        printed = [pair for pair in pairs if getattr(pair.known, name) and not pair.known.uncertain]
        yield (
            name,
            Share.of(
                pair.item is not None and _is_field_right(name, pair.known, pair.item)
                for pair in printed
            ),
        )


def _is_field_right(name: str, known: KnownRecord, item: Item) -> bool:
    """True if a field was read as it is printed, apart from case, white space and hyphens.

    Responsible units and partners must have the same entries. Of any other field it is enough that
    one of the values read is equal: the item's attribute or a labelled field.
    """
    if name == "responsible":
        return same_parts(item.responsible, known.responsible)
    if name == "partners":
        return same_list("; ".join(_field_texts(name, item)[:1]), known.partners)
    return normalize_text(getattr(known, name)) in map(normalize_text, _field_texts(name, item))


def _field_texts(name: str, item: Item) -> list[str]:
    """Return the values of a field: the item's attribute first, then its labelled fields with this
    meaning. An empty attribute is left out.
    """
    if name == "responsible":
        own = "; ".join(item.responsible)
    else:
        own = getattr(item, _ITEM_ATTRIBUTES.get(name, name))
    texts = [own, *(field.text for field in item.fields if field.field == name)]
    return texts if own else texts[1:]


def metadata_shares(document: Document | None, known: KnownMetadata) -> Iterator[tuple[str, Share]]:
    """Yield two shares for each metadata field.

    The first says how many of the printed values were read right, certain or proposed, the second
    how many of the values read with certainty are wrong. A value that is not printed is wrong.
    """
    certain_fields = set[str]()
    if document is not None:
        certain_fields = {fact.field for fact in document.front if fact.sure}
    for name in FRONT:
        printed, value = getattr(known, name), _metadata_value(document, name)
        is_certain = value is not None and _DOCUMENT_ATTRIBUTES.get(name, name) in certain_fields
        right = printed is not None and value is not None and _is_as_printed(name, value, printed)
        yield f"front {name}", Share(int(right), int(printed is not None))
        yield f"front {name} wrong", Share(int(is_certain and not right), int(is_certain))


def _metadata_value(document: Document | None, name: str) -> str | None:
    """Return the value that was read for a metadata field, as text.

    None if the value is empty, or if there is no document because it could not be read.
    """
    if document is None:
        return None
    value = getattr(document, _DOCUMENT_ATTRIBUTES.get(name, name))
    return str(value) if value else None


def _is_as_printed(name: str, reported: str, printed: str) -> bool:
    """True if a metadata field is as printed. A printed date may be a day, a month or a year: of
    the date read only as much is compared ("2024-05-01" for "2024-05").
    """
    if name == "date":
        return reported.startswith(printed)
    return normalize_text(reported) == normalize_text(printed)


@dataclass(frozen=True, slots=True)
class RecordCount:
    """The known number of records of a kind (`least` without uncertain ones, `most` with them) and
    the number read.

    `complete` is that of the families: True, False (the number is a minimum), None (no number is
    stated). Records that are not `numbered` can be counted, but nothing says that none is missing.
    """

    kind: str
    least: int
    most: int
    found: int
    complete: bool | None
    numbered: bool

    @property
    def exact(self) -> bool:
        """True if the number read is right."""
        return self.least <= self.found <= self.most

    @property
    def confident_wrong(self) -> bool:
        """True if a wrong number is stated as complete."""
        return self.complete is True and not self.exact


def counts(
    catalogue: KnownDocument, families: Sequence[Family], kinds: Sequence[str]
) -> Iterator[RecordCount]:
    """Yield a count for each of these kinds that the document has, or that was read. Uncertain
    records may be counted or not: the right number is between that without them and that with them.
    """
    for kind in kinds:
        known = [record for record in catalogue.records if record.kind == kind]
        read = [family for family in families if family.kind == kind]
        if known or read:
            certain = sum(not record.uncertain for record in known)
            found = sum(family.found for family in read)
            numbered = any(record.refs for record in known)
            complete = combine_completeness(read)
            yield RecordCount(kind, certain, len(known), found, complete, numbered)


def text_shares(parsed: ParsedDocument, catalogue: KnownDocument) -> dict[str, Share]:
    """Return the measurements of text: sentences that are in a passage, table rows with all cells
    in passages, passages with page furniture, hidden text that is shown, and lost characters. All
    texts are compared without white space and hyphens.

    Sentences must be in a passage, since only passages are searched; hidden text must not be in the
    document's text or in its items either.
    """
    passages = _BORDER.join(squeeze_text(chunk.text) for chunk in parsed.chunks)
    shown = (
        passages
        + _BORDER
        + squeeze_text(parsed.document.text)
        + _BORDER.join(map(_item_text, parsed.items))
    )

    def is_indexed(text: str) -> bool:
        return squeeze_text(text) in passages

    return {
        "lost": _lost_share(parsed.document.coverage),
        "body": Share.of(map(is_indexed, catalogue.body)),
        "rows": Share.of(all(map(is_indexed, row)) for row in catalogue.table_rows),
        "furniture": _furniture_share(parsed, catalogue),
        "hidden": Share.of(squeeze_text(text) in shown for text in catalogue.hidden),
    }


def _lost_share(coverage: Coverage | None) -> Share:
    """Return the share of a document's characters that reading lost. Page furniture and tables of
    contents are left out on purpose, and not lost. Nothing is measured without coverage.
    """
    if coverage is None:
        return Share(0, 0)
    whole = coverage.body + coverage.furniture + coverage.contents + coverage.lost
    return Share(coverage.lost, whole)


def find_decoys(texts: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return those of the texts that became an item by mistake, though they are known to be no
    records. A text became an item if it is similar to the item's title.
    """
    titles = [normalize_text(item.title) for item in items]
    results = []
    for text in texts:
        normalized = normalize_text(text)
        if any(_is_similar(normalized, title) for title in titles):
            results.append(text)
    return results


def _is_similar(text: str, title: str) -> bool:
    """True if one of two normalized texts contains the other and is at most twice as long."""
    short, long = sorted((text, title), key=len)
    return bool(short) and short in long and len(short) >= _MIN_OVERLAP * len(long)


def _furniture_share(parsed: ParsedDocument, catalogue: KnownDocument) -> Share:
    """Return the share of chunks that have a line of page furniture, such as a header or page
    number.

    Lines are compared without white space: "Seite {n} von {m}" is found as "Seite3von60". Lines
    with hardly any letters are not looked for, as they may be text. Title and publisher of the
    document may occur once each, since the title page has them.
    """
    patterns = []
    for line in catalogue.furniture:
        texts = [squeeze_text(text) for text in re.split(r"\{[nm]\}", line)]  # between the numbers
        if sum(map(str.isalpha, "".join(texts))) >= _MIN_LETTERS:
            patterns.append(r"\d+".join(map(re.escape, texts)))
    if not patterns:
        return Share(0, 0)
    furniture = re.compile("|".join(patterns))
    allowed = set[str]()
    if catalogue.front:
        allowed = {squeeze_text(catalogue.front.title), squeeze_text(catalogue.front.publisher)}
    count = 0
    for chunk in parsed.chunks:
        hits = set(filter(furniture.fullmatch, map(squeeze_text, chunk.text.split("\n"))))
        count += bool(hits - allowed)
        # found once: from now on they are furniture
        allowed -= hits
    return Share(count, len(parsed.chunks))


def _item_text(item: Item) -> str:
    """Return heading, title, body, table row and field texts of an item, without white space and
    hyphens. The border between them keeps a text from being found across two of them.
    """
    texts = (
        item.heading,
        item.title,
        item.body,
        item.table_row or "",
        *(field.text for field in item.fields),
    )
    return squeeze_text(_BORDER.join(texts))


@dataclass(frozen=True, slots=True)
class ScoredReading:
    """The scores of one document; `missed` has the items read instead, `decoys` are look-alikes
    that became records.
    """

    figures: ReadingFigures
    missed: tuple[Pair, ...] = ()
    false: tuple[Item, ...] = ()
    decoys: tuple[str, ...] = ()
    counts: tuple[RecordCount, ...] = ()


def compute_scores(parsed: ParsedDocument | None, catalogue: KnownDocument) -> ScoredReading:
    """Return the scores of a document by its catalogue; `parsed` is None if it could not be read:
    then all known records are missed.

    An item is false if it is neither a right record nor an uncertain one. It is stray if it is not
    even close to a known record. Uncertain records count neither as missed nor as false.
    """
    items = _scored_items(parsed)
    paged = parsed is None or bool(parsed.document.pages)
    pairs = assign_items(catalogue.scorable_records, items, paged=paged)
    # Items by identity, for two of them may be equal.
    right = {id(pair.item) for pair in pairs if pair.match.right}
    close = {id(pair.item) for pair in pairs if pair.match.close}
    uncertain = {id(pair.item) for pair in pairs if pair.known.uncertain and pair.match.close}
    false = [item for item in items if id(item) not in right | uncertain]
    false_decoys = find_decoys(catalogue.not_records, false)
    certain_items = len(items) - len(uncertain)
    families = parsed.document.families if parsed else ()
    record_counts = tuple(counts(catalogue, families, RECORDS))
    shares = {
        "read": Share(int(parsed is not None), 1),
        **_record_shares(pairs, paged=paged),
        "false": Share(len(false), certain_items),
        "stray": Share(sum(id(item) not in close for item in false), certain_items),
        "decoys": Share(len(false_decoys), len(catalogue.not_records)),
        **dict(field_shares(pairs)),
        "body": Share(0, len(catalogue.body)),
        "rows": Share(0, len(catalogue.table_rows)),
    }
    if parsed is not None:
        shares |= count_shares(catalogue, families, record_counts)
        shares |= text_shares(parsed, catalogue)
    if catalogue.front:
        shares |= metadata_shares(parsed.document if parsed else None, catalogue.front)
    missed = tuple(pair for pair in pairs if not pair.known.uncertain and not pair.match.right)
    return ScoredReading(
        ReadingFigures(shares), missed, tuple(false), tuple(false_decoys), record_counts
    )


def _scored_items(parsed: ParsedDocument | None) -> list[Item]:
    """Return the items of the kinds that are measured, without archived ones; () if nothing was
    read.
    """
    items = parsed.items if parsed else ()
    return [
        item for item in items if item.kind in RECORDS and item.status is not ItemStatus.ARCHIVED
    ]


def _record_shares(pairs: Sequence[Pair], *, paged: bool) -> dict[str, Share]:
    """Return how many known records were read right, and for how many number, title and page are
    right.

    Number and page are measured only for records that have one. Uncertain records are left out.
    """
    certain = [pair for pair in pairs if not pair.known.uncertain]
    return {
        "right": Share.of(pair.match.right for pair in certain),
        "number": Share.of(pair.match.number is True for pair in certain if pair.known.refs),
        "title": Share.of(pair.match.title for pair in certain),
        "page": Share.of(pair.match.page is True for pair in certain if paged and pair.known.pages),
    }


def count_shares(
    catalogue: KnownDocument, families: Sequence[Family], record_counts: Sequence[RecordCount]
) -> dict[str, Share]:
    """Return the measurements of counts: how many are right or at least not called complete, how
    many are wrong and called complete, and how many right ones are doubted. Themes are counted only
    if the catalogue has all of them. A count without numbers cannot be known to be complete, so it
    is no fault that it is doubted.
    """
    themes = counts(catalogue, families, (THEME,)) if catalogue.themes else ()
    return {
        "counts": Share.of(not count.confident_wrong for count in record_counts),
        "confident wrong": Share.of(count.confident_wrong for count in record_counts),
        "doubted": Share.of(
            count.complete is not True
            for count in record_counts
            if count.found and count.exact and count.numbered
        ),
        "themes": Share.of(not count.confident_wrong for count in themes),
    }
