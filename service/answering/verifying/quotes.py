"""Where an item speaks in its document, and whether a quote stands there, whole words and whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from service.answering.corpus import Corpus
from service.answering.evidence.verbatim import squash
from vectorstore.records import Item

_JOINING = ".,:/"
_KEPT = 4096


@dataclass(frozen=True)
class Passage:
    """A text in which quotes are looked for, white space and soft hyphens aside."""

    text: str

    @cached_property
    def squashed(self) -> str:
        """The text as verbatim comparison looks at it."""
        return squash(self.text)

    @cached_property
    def _breaks(self) -> frozenset[int]:
        """The places in the squashed text before which white space stood."""
        return frozenset(accumulate(map(len, self.text.replace("\u00ad", "").split())))

    def holds(self, quote: str) -> bool:
        """True where a squashed quote stands in the passage and cuts no word and no number."""
        start = self.squashed.find(quote) if quote else -1
        while start >= 0:
            if self._whole(start, start + len(quote)):
                return True
            start = self.squashed.find(quote, start + 1)
        return False

    def _whole(self, start: int, end: int) -> bool:
        return not (self._joins(start - 1) or self._joins(end - 1))

    def _joins(self, last: int) -> bool:
        """True where the character at `last` and the next belong to one word or one number."""
        place = last + 1
        if last < 0 or place >= len(self.squashed) or place in self._breaks:
            return False
        return joined(self.squashed[max(0, place - 2) : place], self.squashed[place : place + 2])


def joined(before: str, after: str) -> bool:
    """True where what stands before and behind a place are parts of one word or of one number."""
    if not before or not after:
        return False
    if before[-1].isdigit():
        return after[0].isdigit() or (after[0] in _JOINING and after[1:2].isdigit())
    if after[0].isdigit():
        return before[-1] in _JOINING and before[-2:-1].isdigit()
    return before[-1].isalpha() and after[0].isalpha()


class Quotes:
    """Looks quotes up in the items of an edition."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._fronts = {one: corpus.front_matter(one) for one in corpus.catalogue.documents}
        self._kept = lru_cache(maxsize=_KEPT)(self._passages)

    def stands(self, item: Item, quote: str) -> bool:
        """True where a quote stands verbatim in its item; on the title page also what proves the front matter."""
        squashed = squash(quote)
        return any(passage.holds(squashed) for passage in self._kept(item.document_id, item.key))

    def _passages(self, document_id: str, key: str) -> tuple[Passage, ...]:
        """The passages of an item: its span, what stands of it elsewhere, its row, its fields, the headings over it.

        A theme or a goal also holds the headings that give the records below it their status.
        """
        item, front = self.corpus.catalogue.item(document_id, key), self._fronts[document_id]
        if item is None:
            return ()
        texts = _texts(item, self.corpus)
        if front is not None and front.key == key:
            texts += [fact.quote for fact in self.corpus.document(item).front if fact.quote]
        return tuple(map(Passage, dict.fromkeys(texts)))


def _texts(item: Item, corpus: Corpus) -> list[str]:
    """The texts in which an item speaks; of its fields and headings only what its document really says."""
    text = corpus.document(item).text
    chunks = [(chunk.start, chunk.end) for chunk in corpus.catalogue.chunks_of(item)]
    spans = [text[start:end] for start, end in _merged([(item.start, item.end), *chunks], text)]
    own = "\n".join(map(squash, spans))
    headings = [item.heading, *(one.status_heading for one in (item, *corpus.catalogue.children(item)))]
    fields = [field.text for field in item.fields]
    named = [one for one in (item.body, *headings, item.table_row, *fields) if one]
    return spans + [one for one in named if (said := squash(one)) in own or said in corpus.squashed[item.document_id]]


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The spans in order, those that only white space parts as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
