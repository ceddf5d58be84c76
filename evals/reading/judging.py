"""How well a paper was read: records, their fields, front matter, counts and text, held against what is known.

A record is right where number, title and page are. Each told record is held against at most one known one, as many
right as there can be; what is left is matched by title or number alone, so that each of the three counts for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from evals.metrics.statements import plain, plain_ref, same_list, same_parts, squeezed
from evals.reading.catalogue import RECORDS, THEME, KnownDocument, KnownMetadata, KnownRecord
from evals.reading.figures import FIELDS, FRONT, ReadingFigures, Share
from service.completeness import worst
from vectorstore.records import Document, Family, Item, ItemStatus, ParsedDocument

_PARTS = {"date": "as_of"}  # as a document calls them
_ATTRIBUTES = {"partners": "cooperation", "status": "status_heading"}  # as items call them
_BORDER = "\x00"  # between passages: nothing is found across two of them
_LETTERS = 4  # furniture with fewer letters than this is too short to be told from text
_LIKE = 0.5  # the part of a look-alike that a record's title must be, or the other way round
_RIGHT, _TITLE, _NUMBER, _PAGE = 1000.0, 10.0, 5.0, 1.0  # a right record outweighs all that is nearly right


@dataclass(frozen=True, slots=True)
class RecordMatch:
    """What a told record has in common with a known one; None where the paper prints no number, or has no pages."""

    title: bool
    number: bool | None
    page: bool | None

    @property
    def right(self) -> bool:
        """Whether it is the record, at its place."""
        return self.title and self.number is not False and self.page is not False

    @property
    def close(self) -> bool:
        """Whether it is meant to be the record: it has its title, or its number on its page."""
        return self.title or (self.number is True and self.page is not False)

    @property
    def weight(self) -> float:
        """How much the match counts when records are matched; 0.0 of none."""
        if not (self.title or self.number):
            return 0.0
        return _RIGHT * self.right + _TITLE * self.title + _NUMBER * bool(self.number) + _PAGE * bool(self.page)


@dataclass(frozen=True, slots=True)
class Pair:
    """A known record and the told one that is held against it."""

    known: KnownRecord
    item: Item
    match: RecordMatch


def pairs(known: Sequence[KnownRecord], items: Sequence[Item], *, paged: bool) -> list[Pair]:
    """Return the best assignment, one told record for one known record; `paged` says whether pages are judged."""
    if not known or not items:
        return []
    titles = [plain(item.title) for item in items]
    refs = [plain_ref(item.ref) for item in items]
    results = []
    for record in known:
        names, numbers = set(map(plain, record.titles)), set(map(plain_ref, record.refs))
        pages = record.pages if paged else ()
        results.append([
            RecordMatch(title in names, ref in numbers if numbers else None, item.page in pages if pages else None)
            for title, ref, item in zip(titles, refs, items, strict=True)
        ])  # fmt: skip
    rows, columns = linear_sum_assignment(np.array([[-match.weight for match in row] for row in results]))
    best = [(known[row], items[column], results[row][column]) for row, column in zip(rows, columns, strict=True)]
    return [Pair(record, item, match) for record, item, match in best if match.weight]


def field_shares(known: Sequence[KnownRecord], hits: Sequence[Pair]) -> Iterator[tuple[str, Share]]:
    """Yield a share for every field, of the certain records that print it; what was not found has no field."""
    items = {id(pair.known): pair.item for pair in hits}
    for name in FIELDS:
        printed = [
            (record, items.get(id(record))) for record in known if getattr(record, name) and not record.uncertain
        ]
        yield name, Share.of(item is not None and _same(name, record, item) for record, item in printed)


def _same(name: str, known: KnownRecord, item: Item) -> bool:
    """Tell whether a field was read as it is printed: units and partners as sets, the others as texts."""
    if name == "responsible":
        return same_parts(item.responsible, known.responsible)
    if name == "partners":
        return same_list("; ".join(_field_texts(name, item)[:1]), known.partners)
    return plain(getattr(known, name)) in map(plain, _field_texts(name, item))


def _field_texts(name: str, item: Item) -> list[str]:
    """Return what a record says of a field: its own part of the record first, then labelled fields that mean it."""
    own = "; ".join(item.responsible) if name == "responsible" else getattr(item, _ATTRIBUTES.get(name, name))
    return [*([own] if own else []), *(field.text for field in item.fields if field.field == name)]


def metadata_shares(document: Document | None, known: KnownMetadata) -> Iterator[tuple[str, Share]]:
    """Yield for every part whether it is right and sure where printed, and whether it is wrong where it is sure."""
    probabilities = {fact.field for fact in document.front if fact.sure} if document else set[str]()
    for name in FRONT:
        printed, text = getattr(known, name), _front_values(document, name)
        is_certain = text is not None and _PARTS.get(name, name) in probabilities
        right = printed is not None and text is not None and _as_printed(name, text, printed)
        yield f"front {name}", Share(int(is_certain and right), int(printed is not None))
        yield f"front {name} wrong", Share(int(is_certain and not right), int(is_certain))


def _front_values(document: Document | None, name: str) -> str | None:
    if document is None:
        return None
    value = getattr(document, _PARTS.get(name, name))
    return str(value) if value else None


def _as_printed(name: str, reported: str, printed: str) -> bool:
    """Tell whether a part is as printed; of a date that the paper prints as a month only the month is judged."""
    return reported.startswith(printed) if name == "date" else plain(reported) == plain(printed)


@dataclass(frozen=True, slots=True)
class Count:
    """How many records of a kind there are (uncertain ones may be counted or not), were told, and how surely.

    `complete` is as the families say: true, false ("mindestens"), None (no number).
    """

    kind: str
    least: int
    most: int
    told: int
    complete: bool | None

    @property
    def exact(self) -> bool:
        """Whether the number is right."""
        return self.least <= self.told <= self.most

    @property
    def confident_wrong(self) -> bool:
        """Whether a wrong number is told as if it were right."""
        return self.complete is True and not self.exact


def counts(catalogue: KnownDocument, families: Sequence[Family], kinds: Sequence[str]) -> list[Count]:
    """Return a count for each of the kinds that the paper has or that was told."""
    results = []
    for kind in kinds:
        known = [record for record in catalogue.records if record.kind == kind]
        own = [family for family in families if family.kind == kind]
        certain = sum(not record.uncertain for record in known)
        if known or own:
            results.append(Count(kind, certain, len(known), sum(family.found for family in own), worst(own)))
    return results


def count_shares(catalogue: KnownDocument, families: Sequence[Family] | None) -> dict[str, Share]:
    """Return the figures of counting; a paper that was not read (None) is counted as nothing, and marked so."""
    if families is None:
        return {}
    result = counts(catalogue, families, RECORDS)
    themes = counts(catalogue, families, (THEME,)) if catalogue.themes else []
    return {
        "counts": Share.of(not count.confident_wrong for count in result),
        "confident wrong": Share.of(count.confident_wrong for count in result),
        "doubted": Share.of(count.complete is not True for count in result if count.told and count.exact),
        "themes": Share.of(not count.confident_wrong for count in themes),
    }


def text_shares(parsed: ParsedDocument, catalogue: KnownDocument) -> dict[str, Share]:
    """Return the figures of text: sentences, rows, furniture, hidden parts, characters lost."""
    passages = _BORDER.join(squeezed(chunk.text) for chunk in parsed.chunks)
    shown = passages + _BORDER + squeezed(parsed.document.text) + _BORDER.join(map(_item_text, parsed.items))
    coverage = parsed.document.coverage
    lost = coverage.lost if coverage else 0
    whole = coverage.body + coverage.furniture + coverage.contents + coverage.lost if coverage else 0
    return {
        "lost": Share(lost, whole),
        "body": Share.of(squeezed(sentence) in passages for sentence in catalogue.body),
        "rows": Share.of(all(squeezed(cell) in passages for cell in row) for row in catalogue.table_rows),
        "furniture": _furniture(parsed, catalogue),
        "hidden": Share.of(squeezed(text) in shown for text in catalogue.hidden),
    }


def decoys(texts: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return those texts that look like titles and became one of these records."""
    titles = [plain(item.title) for item in items]
    return [text for text in texts if any(_is_similar(plain(text), title) for title in titles)]


def _is_similar(text: str, title: str) -> bool:
    short, long = sorted((text, title), key=len)
    return bool(short) and short in long and len(short) >= _LIKE * len(long)


def _furniture(parsed: ParsedDocument, catalogue: KnownDocument) -> Share:
    """Count passages with a line of furniture; the title page itself may print title and publisher once."""
    printed = [re.split(r"\{[nm]\}", line) for line in catalogue.furniture]
    long = [map(squeezed, parts) for parts in printed if sum(map(str.isalpha, "".join(parts))) >= _LETTERS]
    patterns = [re.compile(r"\d+".join(map(re.escape, parts))) for parts in long]
    metadata = catalogue.front
    once = {squeezed(metadata.title), squeezed(metadata.publisher)} if metadata else set[str]()
    result = 0
    for chunk in parsed.chunks if patterns else ():
        lines = [squeezed(line) for line in chunk.text.split("\n")]
        hits = [line for line in lines if any(pattern.fullmatch(line) for pattern in patterns)]
        result += bool(set(hits) - once)
        once -= set(hits)
    return Share(result, len(parsed.chunks) if patterns else 0)


def _item_text(item: Item) -> str:
    texts = (item.heading, item.title, item.body, item.table_row or "", *(field.text for field in item.fields))
    return squeezed(_BORDER.join(texts))


@dataclass(frozen=True, slots=True)
class Miss:
    """A known record that was not read right, and what was read instead, None where nothing was."""

    known: KnownRecord
    instead: Pair | None


@dataclass(frozen=True, slots=True)
class ScoredReading:
    """One paper: its figures, known records that were missed, false ones, look-alikes that became records, counts."""

    figures: ReadingFigures
    missed: tuple[Miss, ...] = ()
    false: tuple[Item, ...] = ()
    decoys: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()


def compute_scores(parsed: ParsedDocument | None, catalogue: KnownDocument) -> ScoredReading:
    """Judge what was read of a paper; None where nothing could be."""
    items = _records(parsed)
    known = catalogue.scorable_records
    result = pairs(known, items, paged=parsed is None or bool(parsed.document.pages))
    right = {id(pair.item) for pair in result if pair.match.right}
    neither = {id(pair.item) for pair in result if pair.known.uncertain and pair.match.close}
    false = [item for item in items if id(item) not in right | neither]
    taken = decoys(catalogue.not_records, false)
    shares = {
        "read": Share(int(parsed is not None), 1),
        **_record_shares(known, result, parsed),
        **_false_shares(items, false, result, neither),
        "decoys": Share(len(taken), len(catalogue.not_records)),
        **dict(field_shares(known, result)),
        **count_shares(catalogue, parsed.document.families if parsed else None),
        "body": Share(0, len(catalogue.body)),
        "rows": Share(0, len(catalogue.table_rows)),
        **(text_shares(parsed, catalogue) if parsed else {}),
        **(dict(metadata_shares(parsed.document if parsed else None, catalogue.front)) if catalogue.front else {}),
    }
    families = parsed.document.families if parsed else ()
    missed = tuple(_missed(known, result))
    text = tuple(counts(catalogue, families, RECORDS))
    return ScoredReading(ReadingFigures(shares), missed, tuple(false), tuple(taken), text)


def _records(parsed: ParsedDocument | None) -> list[Item]:
    """The records that were told, of the kinds by which reading is judged."""
    items = parsed.items if parsed else ()
    return [item for item in items if item.kind in RECORDS and item.status is not ItemStatus.ARCHIVED]


def _record_shares(
    known: Sequence[KnownRecord], hits: Sequence[Pair], parsed: ParsedDocument | None
) -> dict[str, Share]:
    certain = [record for record in known if not record.uncertain]
    matches = {id(pair.known): pair.match for pair in hits}
    pairs = [(record, matches.get(id(record))) for record in certain]
    paged = parsed is None or bool(parsed.document.pages)
    return {
        "right": Share.of(match is not None and match.right for _, match in pairs),
        "number": Share.of(match is not None and match.number is True for record, match in pairs if record.refs),
        "title": Share.of(match is not None and match.title for _, match in pairs),
        "page": Share.of(match is not None and match.page is True for record, match in pairs if paged and record.pages),
    }


def _false_shares(
    items: Sequence[Item], false: Sequence[Item], hits: Sequence[Pair], neither: set[int]
) -> dict[str, Share]:
    close = {id(pair.item) for pair in hits if pair.match.close}
    matched = len(items) - len(neither)
    return {"false": Share(len(false), matched), "stray": Share(sum(id(item) not in close for item in false), matched)}


def _missed(known: Sequence[KnownRecord], hits: Sequence[Pair]) -> list[Miss]:
    by_known = {id(pair.known): pair for pair in hits}
    pairs = [(record, by_known.get(id(record))) for record in known if not record.uncertain]
    return [Miss(record, pair) for record, pair in pairs if pair is None or not pair.match.right]
