"""Whole passages of items: what is shown of a paper, as it prints it, cut at sentences.

A passage lies where a chunk was found: in it, or around it where it is short. Of all that fit
there, the one with most of the question's words is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.answering.draft import Proof
from service.answering.query import RECORD_KINDS, AnswerType, Query
from service.answering.retrieval.facts import find_facts, has_fact
from service.answering.retrieval.splitting import is_child_heading, is_label, replaced_values
from service.answering.retrieval.terms import coverage, words_in
from service.answering.verification.verbatim import is_prompt_injection
from service.masking import is_personal
from vectorstore.language import sentence_spans, squash
from vectorstore.records import Item

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

LONGEST = 900  # characters of a passage
_FACT = 0.2  # what a passage gains that states the kind of fact asked for, as a share of all words
_VALUES = (AnswerType.AMOUNT, AnswerType.DATE)  # what may change while a record goes on
_OVERLAP = 0.1  # what it gains if all of it is in the chunk

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class WholePassage:
    """A passage of an item, verbatim, with its offset in the text of the document; `found_at` is
    where in it the sentence begins that fits the question best: its page is cited.
    """

    item: Item
    start: int
    text: str
    found_at: int

    @property
    def span(self) -> Span:
        """Where it is in the text of the document."""
        return self.start, self.start + len(self.text)

    @property
    def proof(self) -> Proof:
        """The passage as a proof, cited by the page where the best sentence begins."""
        return Proof(self.item, self.text, self.found_at)

    def overlaps(self, other: WholePassage) -> bool:
        """True if two passages share a part of a document."""
        is_same_document = self.item.document_id == other.item.document_id
        return is_same_document and _overlap(self.span, other.span) > 0


class PassageFinder:
    """Finds the passages to show for one question."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._corpus, self._answer_type = corpus, query.answer_type
        self._asks_contact = query.asks_contact
        self._words = words_in(query.text, corpus, query.question_language)

    def around(self, place: Span, item: Item, *, whole: bool = False) -> WholePassage | None:
        """The best passage of an item that overlaps a place of it, such as a chunk; None if none
        may be shown.

        With `whole` the place is that of a quote, and the passage has to contain its beginning,
        which is cited. Else the sentence that fits the question best is cited. The heading of the
        item is cut off, since the answer names the item itself.
        """
        text = self._corpus.document(item).text
        best: tuple[float, Span, list[Span]] | None = None  # its fit, its span and its run
        for spans in self._split(place, item):
            for start, end in _windows(spans):
                is_there = start <= place[0] < end if whole else _overlap((start, end), place)
                fit = self._rate(text[start:end], (start, end), place) if is_there else 0.0
                if is_there and (best is None or fit > best[0]):
                    best = fit, (start, end), spans
        if best is None:
            return None
        _, (start, end), run = best
        inside = [span for span in run if start <= span[0] < end]
        while len(inside) > 1 and _announces(item, text[slice(*inside[-1])]):
            inside.pop()
        end = min(end, inside[-1][1])
        found_at = place[0]
        if not whole:
            found_at = max(inside, key=lambda span: self._fit(text[slice(*span)]))[0]
        start = _after_heading(item, text, start, end)
        return WholePassage(item, start, text[start:end], max(start, found_at))

    def add_further_values(self, passages: Sequence[WholePassage]) -> list[WholePassage]:
        """Passages, each followed by the further values of its record, where one is asked for."""
        shown = [passage.text for passage in passages]
        added = []
        for passage in passages:
            further = self._further_values(passage.item, shown)
            added += [passage, *further]
            shown += [value.text for value in further]
        return added

    def _further_values(self, item: Item, shown: Sequence[str]) -> list[WholePassage]:
        """The sentences of a record with amounts or dates that none of the `shown` texts states, if
        the question asks for one: which of several holds now, only the document tells.

        A sentence without a date comes with the one before if that has one. If they are longer
        than a passage in all, the first are left out, as the newest stands last.
        """
        if self._answer_type not in _VALUES or item.kind not in RECORD_KINDS:
            return []
        text = self._corpus.document(item).text
        known = find_facts(self._answer_type, "\n".join((item.heading, *shown)))
        found: list[WholePassage] = []
        for spans in self._split((item.start, item.end), item):
            befores = (*spans[:1], *spans)  # the first has none before it but itself
            for before, (start, end) in zip(befores, spans, strict=False):
                sentence, sentence_before = text[start:end], text[slice(*before)]
                facts = find_facts(self._answer_type, sentence)
                if known.issuperset(facts):
                    continue
                known |= facts
                begin, is_dated = start, has_fact(AnswerType.DATE, sentence)
                if not is_dated and has_fact(AnswerType.DATE, sentence_before):
                    begin = before[0]
                found.append(WholePassage(item, begin, text[begin:end], start))
        while sum(len(passage.text) for passage in found) > LONGEST:
            found.pop(0)
        return found

    def _rate(self, text: str, span: Span, place: Span) -> float:
        """How well a passage fits: by its text, and a little by how much of the place it covers, so
        that of equal passages the one that was found is shown.
        """
        inside = _overlap(span, place) / min(place[1] - place[0], LONGEST)
        return self._fit(text) + _OVERLAP * inside

    def _fit(self, text: str) -> float:
        """How well a text fits the question: the share of its words that the text has, 0 to 1.

        The kind of fact asked for (a date) adds a fifth.
        """
        terms = frozenset(self._corpus.analyzer.terms(text))
        fit = coverage(self._words, terms, self._corpus)
        if has_fact(self._answer_type, text):
            fit += _FACT
        return fit

    def _split(self, place: Span, item: Item) -> Iterator[list[Span]]:
        """Yield the spans of the sentences and table rows around a place, in runs.

        A run ends where a sentence may not be shown: one with a value that was corrected, the
        heading of a part of the item, a prompt injection, or contact details that were not asked
        for. A passage lies within one run, so that it has no gap. Runs may be empty.
        """
        text = self._corpus.document(item).text
        wrong = replaced_values(item)
        spans: list[Span] = []
        start, end = self._region(place, item)
        for first, last in split_sentences(text, start, end):
            sentence = text[first:last]
            is_wrong = squash(sentence).endswith(wrong)
            if (
                is_wrong
                or is_child_heading(item, sentence)
                or is_prompt_injection(sentence)
                or (is_personal(sentence) and not self._asks_contact)
            ):
                yield spans
                spans = []
            else:
                spans.append((first, last))
        yield spans

    def _region(self, place: Span, item: Item) -> Span:
        """The span around a place in which its passage may lie.

        It is the item, but no more than the length of a passage before and behind the place, and at
        least the place itself, which may be a row of a list elsewhere.
        """
        start, end = place
        if item.start <= start < item.end:
            start, end = item.start, max(item.end, end)
        return max(start, place[0] - LONGEST), min(end, place[1] + LONGEST)


def _after_heading(item: Item, text: str, start: int, end: int) -> int:
    """Where a passage from `start` to `end` of a document's text begins without the heading of its
    item: the answer already has that as the item's name.

    It is `start` itself if the passage has no heading at its beginning, or nothing else.
    """
    if start != item.start or not text.startswith(item.heading, start):
        return start
    rest = text[start + len(item.heading) : end]
    if rest.strip():
        return end - len(rest.lstrip())
    return start


def _overlap(span: Span, other: Span) -> int:
    """The number of characters that two spans share."""
    return max(0, min(span[1], other[1]) - max(span[0], other[0]))


def _announces(item: Item, sentence: str) -> bool:
    """True for a label of an item, and for a sentence that announces the next one by a colon."""
    return sentence.rstrip().endswith(":") or is_label(item, sentence.strip())


def _windows(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield from each sentence the longest passage of whole sentences that begins with it.

    A single sentence that is longer than a passage may be is cut.
    """
    last = 0
    for index, (start, _) in enumerate(spans):
        last = max(last, index)
        while last + 1 < len(spans) and spans[last + 1][1] - start <= LONGEST:
            last += 1
        yield start, min(spans[last][1], start + LONGEST)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Yield the spans of the sentences in the part of a text from `start` to `end` (None: its end).

    In a table a line whose cells have tabs between them is a row, and counts as a sentence. In
    other paragraphs a sentence may go on over the ends of lines.
    """
    position = start
    for paragraph in text[start:end].split("\n\n"):
        lines = paragraph.split("\n") if "\t" in paragraph else [paragraph]
        for line in lines:
            spans = [(0, len(line))] if "\t" in line else sentence_spans(line)
            for first, last in spans:
                yield position + first, position + last
            position += len(line) + 1  # with the line break behind it
        position += 1  # the second of the two behind a paragraph
