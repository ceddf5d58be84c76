"""What changed in each record from one document to another, of one edition or of two; used by the
history, the tool, the pages, the feed and the command.

Records are matched one to one by number and title: each pair is scored by how similar its titles
are, higher where the number is the same, and the assignment with the highest sum is taken. Matched
records are compared part by part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Prefix

from vectorstore.language import collapse_spaces, remove_spaces
from vectorstore.records.assignment import assign_pairs
from vectorstore.records.documents import Document, ParsedDocument
from vectorstore.records.items import (
    Field,
    Item,
    ItemAddress,
    ItemKind,
    ItemStatus,
    RefTitle,
)

# Least similarity of the titles of a match, 0 to 100; with the same number. They are those of
# f54d5fa1, 22 November 2026; no measurement is recorded.
_SIMILAR = 78.0
_SIMILAR_SAME_REF = 45.0
_SAME_REF_BONUS = 20.0  # what the same number adds to that similarity
_NAMING_PARTS = frozenset(("ref", "title", "theme"))
_PRINTED_TEXTS = ("body", "table_row", "status_heading")
_ATTRIBUTES = ("responsible", "period", "cost", "priority", "cooperation", "state", "description")
# characters of an excerpt, and of what comes before the first difference in it
_LONGEST = 400
_LEAD = 80
ItemPair = tuple[Item | None, Item | None]  # an item before and after, None where there is none


class ChangeKind(StrEnum):
    """How a record changed; which of several counts is decided by `_kind_of`.

    `MOVED`: another number, title or theme.
    """

    NEW = "new"
    FINISHED = "finished"
    STATUS = "status"
    DROPPED = "dropped"
    MOVED = "moved"
    FIELD = "field"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class PageQuote:
    """A verbatim text of a document with its PDF page, from 1; "" where the document has no such
    text.
    """

    text: str = ""
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs, by its name or printed label, with its text before and after."""

    part: str
    before: PageQuote
    after: PageQuote


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """An item as it was in an edition; `theme` is the goal for an item without theme."""

    document_id: str
    key: str
    ref: str
    title: str
    kind: ItemKind
    status: ItemStatus | None
    theme: RefTitle | None
    page: int | None
    page_label: str | None
    status_quote: PageQuote

    @property
    def address(self) -> ItemAddress:
        """Document id and key."""
        return self.document_id, self.key


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A change of a record (new, dropped, other parts or another address), or of another item that
    is gone.
    """

    kind: ChangeKind
    before: RecordState | None
    after: RecordState | None
    parts: tuple[PartChange, ...] = ()

    @property
    def state(self) -> RecordState:
        """The record after the change, or before it where it is gone."""
        return self.after or self.before  # type: ignore[return-value]

    @property
    def is_news(self) -> bool:
        """True if it is shown among the changes: more than the address has changed.

        Sections, and archive rows that are gone, are never shown: they are stored only so that
        their addresses can be answered.
        """
        hidden = self.state.kind is ItemKind.SECTION or (
            not self.after and self.state.status is ItemStatus.ARCHIVED
        )
        return self.kind is not ChangeKind.UNCHANGED and not hidden

    @property
    def has_moved_or_gone(self) -> bool:
        """True if the record is no longer at its former address."""
        return self.before is not None and (
            not self.after or self.after.address != self.before.address
        )


def pair_items(
    before: Sequence[Item], after: Sequence[Item], *groups: Iterable[ItemKind]
) -> Iterator[ItemPair]:
    """The records of an earlier document and of a later one in pairs of those that are the same.

    Each of the `groups` has kinds that can follow one another, as a project can become a measure;
    records are matched only within a group. The pairs of a group are in the order of the later
    document, with records that match nothing in it last. Archive rows of the earlier document are
    ignored, and so are those of the later one that match nothing.
    """
    for kinds in groups:
        old = [item for item in before if item.kind in kinds and not is_archived(item)]
        new = [item for item in after if item.kind in kinds]
        matches = dict(match_items(old, new))  # position in `new` -> position in `old`
        for position, item in enumerate(new):
            if position in matches:
                yield old[matches[position]], item
            elif not is_archived(item):
                yield None, item
        for unmatched in sorted(set(range(len(old))) - set(matches.values())):
            yield old[unmatched], None


def match_items(before: Sequence[Item], after: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Pairs of positions of matched records: (position in `after`, position in `before`).

    Titles of a pair must be similar; with the same number a lower similarity is enough, and counts
    for more. Of all pairs those with the largest sum of similarities are taken, each record at most
    once.
    """
    if not before or not after:
        return
    # Matrices with a row for each record after and a column for each one before.
    similarity = process.cdist(
        [item.title for item in after],
        [item.title for item in before],
        scorer=fuzz.token_sort_ratio,
        processor=str.casefold,
        dtype=np.float32,
    )
    refs = np.array([_ref(item) for item in before])
    same_ref = np.array([(refs == _ref(item)) & (refs != "") for item in after])
    allowed = (similarity >= _SIMILAR) | (same_ref & (similarity >= _SIMILAR_SAME_REF))
    scores = np.where(allowed, similarity + _SAME_REF_BONUS * same_ref, 0.0)
    yield from assign_pairs(scores)


def compare_pair(
    pair: ItemPair, earlier: ParsedDocument | None, later: ParsedDocument | None
) -> RecordChange:
    """The change of a record from the earlier document to the later one, with excerpts of the parts
    that differ.

    A record that is new or gone has no parts. The status is compared as a value, and its part is
    the text that states it, "" where none does.
    """
    old, new = pair
    before, after = record_state(old, earlier), record_state(new, later)
    if old is None:
        return RecordChange(ChangeKind.NEW, before, after)
    if new is None:
        return RecordChange(ChangeKind.DROPPED, before, after)
    quotes = _differing_parts(old, new)
    kind = _kind_of(old, new, quotes.keys())
    if "status" in quotes and before and after:
        quotes["status"] = before.status_quote, after.status_quote
    parts = [PartChange(name, *_excerpts(*texts)) for name, texts in quotes.items()]
    return RecordChange(kind, before, after, tuple(parts))


def _kind_of(old: Item, new: Item, parts: Collection[str]) -> ChangeKind:
    """How a record changed from `old` to `new`, by the names of the parts that differ.

    An archive row in the later document means that the record is DROPPED. Otherwise the first kind
    that applies counts: FINISHED, STATUS, MOVED (another number, title or theme), FIELD, UNCHANGED.
    """
    if is_archived(new):
        return ChangeKind.DROPPED
    if "status" in parts and new.status is ItemStatus.IMPLEMENTED:
        return ChangeKind.FINISHED
    if "status" in parts and old.status is not None and new.status is not None:
        return ChangeKind.STATUS  # one that only one document states counts as any other field
    if not _NAMING_PARTS.isdisjoint(parts):
        return ChangeKind.MOVED
    return ChangeKind.FIELD if parts else ChangeKind.UNCHANGED


def record_state(item: Item | None, parsed: ParsedDocument | None) -> RecordState | None:
    """The state of an item of a document, None for None."""
    if item is None or parsed is None:
        return None
    return RecordState(
        document_id=item.document_id,
        key=item.key,
        ref=item.ref,
        title=item.title,
        kind=item.kind,
        status=item.status,
        theme=item.theme or item.goal,
        page=item.page,
        page_label=item.page_label,
        status_quote=status_quote(item, parsed.document),
    )


def _differing_parts(old: Item, new: Item) -> dict[str, tuple[PageQuote, PageQuote]]:
    """The parts in which two states of a record differ by more than white space, the status without
    the texts that state it.

    The theme differs only if both documents name a theme. If the printed texts are equal and nobody
    corrected the record, the document did not change, and other differences come from how it was
    read. Then only ref, title and theme count, and the status if neither document prints one in the
    record.
    """
    before, after = _parts_of(old), _parts_of(new)
    parts = dict[str, tuple[PageQuote, PageQuote]]()
    if old.status is not new.status:
        parts["status"] = PageQuote(), PageQuote()
    for name in dict.fromkeys((*before, *after)):  # in this order, each once
        quotes = before.get(name, PageQuote()), after.get(name, PageQuote())
        texts = {collapse_spaces(quote.text) for quote in quotes}
        if name == "ref":
            texts = {_ref(old), _ref(new)}
        if len(texts) > 1:
            parts[name] = quotes
    if not old.theme or not new.theme:
        parts.pop("theme", None)
    if _printed_texts(old) != _printed_texts(new) or old.corrected or new.corrected:
        return parts
    counted = set(_NAMING_PARTS)
    if not (_prints_status(old) or _prints_status(new)):
        counted.add("status")
    return {name: quotes for name, quotes in parts.items() if name in counted}


def _printed_texts(item: Item) -> list[str]:
    return [collapse_spaces(getattr(item, part) or "") for part in _PRINTED_TEXTS]


def _prints_status(item: Item) -> bool:
    """True if a status is printed: above the record's group, in its row or in a labelled field."""
    return bool(item.status_heading or item.table_row or _status_field(item))


def _parts_of(item: Item) -> dict[str, PageQuote]:
    """The parts of a record except its status, by name ("title", "cost") or by printed label.

    They are ref, title, theme, the labelled fields, and those attributes of the record that no
    field states. A second field with the same meaning is named by its label, and further ones are
    numbered: "steps", "Schritt", "Schritt (2)". A record without fields and description has its
    whole body as the part "text", so that a change in it can be seen at all.
    """
    theme = f"{item.theme.ref} {item.theme.title}" if item.theme else ""
    parts = {"ref": PageQuote(item.ref), "title": PageQuote(item.title), "theme": PageQuote(theme)}
    for field in item.fields:
        if field.field not in ("ref", "title", "theme", "status"):
            part, number = field.field or field.label, 1
            while part in parts:
                part = f"{field.label} ({number})" if number > 1 else field.label
                number += 1
            parts[part] = PageQuote(field.text, field.page)
    for part in _ATTRIBUTES:
        value = getattr(item, part)
        if value and part not in parts:
            text = value if isinstance(value, str) else ", ".join(value)
            parts[part] = PageQuote(text, item.page)
    if not item.fields and not item.description:
        parts["text"] = PageQuote(item.body, item.page)
    return parts


def _excerpts(before: PageQuote, after: PageQuote) -> Iterator[PageQuote]:
    """Both texts, the earlier one first.

    A text of more than `_LONGEST` characters is shortened to an excerpt, which begins just before
    the first difference. Where it is cut, the word that the cut may have split is left out.
    """
    start = max(Prefix.similarity(before.text, after.text) - _LEAD, 0)
    end = start + _LONGEST
    for quote in (before, after):
        if len(quote.text) <= _LONGEST:
            yield quote
            continue
        text = quote.text[start:end]
        if start:
            text = f"… {text.split(maxsplit=1)[-1]}"
        if end < len(quote.text):
            text = f"{text.rsplit(maxsplit=1)[0]} …"
        yield PageQuote(text, quote.page)


def status_quote(item: Item, document: Document) -> PageQuote:
    """The printed text that states the status of a record, with its page.

    It is the text of a status field, or else the heading above the record's group, or else its
    table row. The quote is empty if nothing states a status. A field has its own page; the page of
    a heading is that of its last occurrence before the record.
    """
    field = _status_field(item)
    if field is not None:
        return PageQuote(field.text, field.page or item.page)
    text = item.status and (item.status_heading or item.table_row)
    if not text:
        return PageQuote()
    start = item.table_start or 0
    if item.status_heading:
        start = document.text.rfind(text, 0, item.start)
    page = document.page_at(start) if start >= 0 else None
    return PageQuote(text, page.number if page else item.page)


def predecessor(document: Document, known: Mapping[str, Document]) -> Document | None:
    """The document that comes before a document, None without one.

    It is the document that this document replaces. If there is none, it is the one before it by
    date in its series. A document that names itself as replaced has no predecessor. `known` are all
    documents by id, and contain this one.
    """
    replaced = known.get(document.replaces or "")
    if replaced is not None or document.series is None:
        return replaced if replaced != document else None
    others = (other for other in known.values() if other.series == document.series)
    series = sorted(others, key=document_sort_key)
    position = series.index(document)
    return series[position - 1] if position else None


def document_sort_key(document: Document) -> tuple[str, str]:
    """The sort key of documents of a series: date, id; those without a date come first."""
    day = document.as_of.isoformat() if document.as_of else ""
    return day, document.id


def is_archived(item: Item) -> bool:
    """True for an archive row, which lists and counts leave out."""
    return item.status is ItemStatus.ARCHIVED


def _status_field(item: Item) -> Field | None:
    """The first labelled field that states a status."""
    for field in item.fields:
        if field.field == "status" and field.text.strip():
            return field
    return None


def _ref(item: Item) -> str:
    """The ref of a record as it is compared: without spaces and case ("M 7" gives "m7").

    An archive row has no number of its own, so its former ref is taken. If the ref is only the
    title, the record has no number, and the result is "": equal titles must not count as equal
    numbers too.
    """
    ref = item.ref
    if is_archived(item):
        ref = item.former_ref or ""
    if ref == item.title:
        return ""
    return remove_spaces(ref).casefold()
