"""Where an item speaks in its document, whether a quote stands there, and what of a sentence is no quote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.verifying.verbatim import squash
from vectorstore.figures import figures
from vectorstore.records import Item

_JOINING = ".,:/"
_ENDS = " .,;:–…"
_GAP = " · "
_KEPT = 4096  # items whose passages are kept


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
    """Looks quotes up in the items of an edition; most stand in what is looked at first."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._fronts = {one: corpus.front_matter(one) for one in corpus.catalogue.documents}
        self._spans = lru_cache(maxsize=_KEPT)(self._spans_of)
        self._apart = lru_cache(maxsize=_KEPT)(self._apart_of)

    def stands(self, item: Item, quote: str) -> bool:
        """True where a quote stands verbatim in its item; on the title page also what proves the front matter.

        An item speaks in its span, in what stands of it elsewhere, in its row and fields, and in the headings over
        it; a theme or a goal also in the headings that give the records below it their status.
        """
        known = self.corpus.catalogue.item(item.document_id, item.key)
        if known is None:
            return False
        squashed, key = squash(quote), (item.document_id, item.key)
        return any(one.holds(squashed) for one in self._spans(key)) or any(
            one.holds(squashed) for one in self._apart(key)
        )

    def _spans_of(self, key: tuple[str, str]) -> tuple[Passage, ...]:
        """Where an item stands in its document."""
        item = self.corpus.catalogue.item(*key)
        return tuple(map(Passage, _spans(item, self.corpus))) if item is not None else ()

    def _apart_of(self, key: tuple[str, str]) -> tuple[Passage, ...]:
        """What else an item says; of its fields and headings only what its document really says."""
        item, front = self.corpus.catalogue.item(*key), self._fronts[key[0]]
        if item is None:
            return ()
        own = "\n".join(one.squashed for one in self._spans(key))
        texts = [one for one in _named(item, self.corpus) if _said(one, own, self.corpus.squashed[item.document_id])]
        if front is not None and front.key == item.key:
            texts += [fact.quote for fact in self.corpus.document(item).front if fact.quote]
        return tuple(map(Passage, dict.fromkeys(texts)))


def _spans(item: Item, corpus: Corpus) -> list[str]:
    """The text of an item and of what stands of it elsewhere."""
    text = corpus.document(item).text
    chunks = [(chunk.start, chunk.end) for chunk in corpus.catalogue.chunks_of(item)]
    return [text[start:end] for start, end in _merged([(item.start, item.end), *chunks], text)]


def _named(item: Item, corpus: Corpus) -> list[str]:
    """Body, headings, row and fields of an item as they were read."""
    headings = [item.heading, *(one.status_heading for one in (item, *corpus.catalogue.children(item)))]
    return [one for one in (item.body, *headings, item.table_row, *(field.text for field in item.fields)) if one]


def _said(text: str, own: str, document: str) -> bool:
    said = squash(text)
    return said in own or said in document


def _merged(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The spans in order, those that only white space parts as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def own_words(text: str, proofs: Iterable[Proof], names: Iterable[str]) -> str:
    """A text without the quotes of its proofs and without these names, each a whole; "" for a piece of one quote."""
    said = spaced(text)
    quotes = [spaced(proof.quote) for proof in proofs]
    if any(_is_piece(said, quote) for quote in quotes):
        return ""
    for known in sorted({*quotes, *map(spaced, names)}, key=len, reverse=True):
        said = _without(said, known)
    return said


def spaced(text: str) -> str:
    """A text with single spaces and without soft hyphens."""
    return " ".join(text.replace("\u00ad", "").split())


def _without(said: str, known: str) -> str:
    start = said.find(known) if known else -1
    while start >= 0:
        end = start + len(known)
        if not joined(said[:start], said[start:]) and not joined(said[:end], said[end:]):
            said = said[:start] + _GAP + said[end:]
            end = start + len(_GAP)
        start = said.find(known, end)
    return said


def _is_piece(said: str, quote: str) -> bool:
    """True where a text is a piece of a quote that cuts no word, no number, and no unit off a number."""
    bare = said.strip(_ENDS)
    if not bare or not Passage(quote).holds(squash(bare)):
        return False
    return not bare[-1].isdigit() or figures(quote).prove(figures(bare))
