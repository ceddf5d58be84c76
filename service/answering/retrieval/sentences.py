"""The sentences of an item, and which of them to quote for a question: features weighted as training found.

An item is split once; a question costs a few array operations over its sentences, however many there are. Features mean
the same in every county, each between 0 and 1. A passage is sentences in a row, so that what is quoted reads as the
document has it. Kinds of facts are recognised by their notation, and by the fields of records that state them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from service.answering import lexicon
from service.answering.query import Asked, Query
from service.answering.retrieval.terms import OTHERWISE, PART, PARTLY, QueryWord, words_in
from service.answering.verification.verbatim import is_order, squash
from vectorstore.records import Field, Item
from vectorstore.sentences import sentence_spans

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
FEATURES = (
    "words", "words here", "rare here", "added", "before", "behind", "label", "heading", "fact", "fact here", "meaning",
    "first", "length", "beyond",
)  # fmt: skip
_NEVER = 99.0  # what a sentence that may not be quoted weighs less
_LONG = 400  # letters
_LOOKED_AT = 4_000  # letters of a sentence that is joined over page ends
_POINTS = 6  # of a list, behind which the clause that introduces it is not quoted
_ONWARDS = 0.3  # what a sentence behind counts more than one before: it goes on with what was said
_EDGE, _CUT, _AHEAD = 4, 4, 4_000  # sentences behind a cut word, words of a cut sentence, letters that are looked ahead
_STRANGE = ("links", "ref", "title", "theme")  # meanings of fields that are never quoted
_LABEL, _CUT_WORD = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:"), re.compile(r"[a-zäöüß]-$")
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_PERIODS = r"Quartal\w*|Halbjahr\w*|\w*jährlich\w*|monatlich\w*"
_WORDS = re.compile(r"[^\W\d_]{3}")
_BODIES = "GmbH|mbH|AG|KG|eG|Stadtwerke|Verband|Verein|Büro|Amt|Fachbereich|Ministerium"
_NUMERALS = "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf"
_NOTATION: Mapping[Asked, re.Pattern[str]] = {
    Asked.NAMES: re.compile(r"(?s)(?:,|;|\bund\b|\bsowie\b|/).*?(?:,|;|\bund\b|\bsowie\b|/)"),
    Asked.AMOUNT: re.compile(r"\d[\d.,\s]*(?:,-)?\s*(?:€|Euro|EUR|Mio|Millionen|Mrd|Cent|TEUR|T€|%)|€\s*\d|kostenlos"),
    Asked.DATE: re.compile(
        rf"\b(?:19|20)\d{{2}}\b|\d{{1,2}}\.\s?\d{{1,2}}\.|\b(?:{_MONTHS}|{_PERIODS})\b|\b\w+\s?(?:Jahr|Monat|Woche)e?n?\b"
    ),
    Asked.QUANTITY: re.compile(rf"(?<![\w.,])\d+(?:[.,]\d+)*(?![\d.]|\.\s?\d)|\b(?:{_NUMERALS})\b"),
    Asked.CONTACT: re.compile(
        r"\(?\b0\d{2,}\)?[\s/-]*\d{2,}|[\w.-]+@[\w.-]+|www\.|https?://|(?:[Ss]tr(?:aße|\.)|platz)\s+\d"
    ),
    Asked.ORGANISATION: re.compile(rf"\b(?:{_BODIES})\b|e\.\s?V\."),
    Asked.PERSON: re.compile(
        r"\b(?:Herrn?|Frau|Dr\.|Prof\.)\s+[A-ZÄÖÜ]|\b[A-ZÄÖÜ]\w+\s*:?\s+[A-ZÄÖÜ][a-zäöüß]+\s+[A-ZÄÖÜ]"
    ),
    Asked.REASON: re.compile(r"(?i)\b(?:weil|da|denn|wegen|aufgrund|daher|darum|damit|infolge|dadurch|um)\b"),
}
MEANINGS: Mapping[Asked, Mapping[str, float]] = {
    Asked.STATUS: {"status": 1.0, "state": 1.0, "period": 0.7, "situation": 0.4},
    Asked.RESPONSIBLE: {"responsible": 1.0, "partners": 0.6},
    Asked.ORGANISATION: {"responsible": 1.0, "partners": 0.6},
    Asked.PERSON: {"responsible": 1.0, "partners": 0.4},
    Asked.CONTACT: {"responsible": 1.0},
    Asked.DATE: {"period": 1.0, "status": 0.5, "state": 0.5},
    Asked.AMOUNT: {"cost": 1.0, "funding": 0.8},
    Asked.QUANTITY: {"period": 0.5, "effect": 0.5, "indicator": 0.3, "state": 0.3, "situation": 0.3},
    Asked.REASON: {"situation": 1.0, "goal": 0.7, "obstacles": 0.3},
    Asked.METHOD: {"steps": 1.0, "description": 0.6},
}


def has_notation(asked: Asked) -> bool:
    """True if a kind of fact can be recognised by its notation."""
    return asked in _NOTATION


def states(asked: Asked, text: str) -> bool:
    """True if a text contains a kind of fact by its notation; false for kinds without one."""
    return asked in _NOTATION and _NOTATION[asked].search(text) is not None


@dataclass(frozen=True, slots=True)
class TextSentence:
    """A sentence of an item with the field that it is in.

    There is a gap between the positions of two sentences where something is between them: a label, a page's foot.
    `elsewhere` is true for what is printed behind other items.
    """

    position: int
    text: str
    field: Field | None = None
    elsewhere: bool = False

    def is_followed_by(self, other: TextSentence) -> bool:
        """True if two sentences are in a row, in one field."""
        return other.position == self.position + 1 and other.field is self.field


class ItemText:
    """The sentences of an item in reading order, with what features need of each as arrays over all of them."""

    def __init__(self, sentences: Sequence[TextSentence], terms: Sequence[Sequence[str]]) -> None:
        self.sentences, self.size = tuple(sentences), len(sentences)
        places: dict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(terms):
            for term in dict.fromkeys(own):
                places[term].append(place)
        self._places = {term: np.array(result, dtype=np.intp) for term, result in places.items()}
        self._facts: dict[Asked, Mask] = {}

    @cached_property
    def length(self) -> Numbers:
        """The length of each, 1 from 400 letters on."""
        return np.minimum(1.0, np.array([len(sentence.text) for sentence in self.sentences]) / _LONG)

    @cached_property
    def is_heading(self) -> Numbers:
        """1 for those that end with a colon."""
        return np.array([float(sentence.text.endswith(":")) for sentence in self.sentences])

    @cached_property
    def may_be_quoted(self) -> Mask:
        """True for those that have words, and neither telephone number nor address."""
        words = np.array([_WORDS.search(sentence.text) is not None for sentence in self.sentences], dtype=np.bool_)
        return words & ~self.stating(Asked.CONTACT)

    @cached_property
    def is_elsewhere(self) -> Mask:
        """True for those that are printed behind other items."""
        return np.array([sentence.elsewhere for sentence in self.sentences], dtype=np.bool_)

    @cached_property
    def fields(self) -> list[tuple[Field, Mask]]:
        """The fields, each with its sentences."""
        results = {id(sentence.field): sentence.field for sentence in self.sentences if sentence.field}
        ids = np.array([id(sentence.field) for sentence in self.sentences])
        return [(field, ids == key) for key, field in results.items()]

    def stating(self, asked: Asked) -> Mask:
        """True for those that contain a kind of fact by its notation."""
        if asked not in self._facts:
            self._facts[asked] = np.array([states(asked, sentence.text) for sentence in self.sentences], dtype=np.bool_)
        return self._facts[asked]

    def with_term(self, term: str) -> NDArray[np.intp]:
        """The places of the sentences with a term."""
        return self._places.get(term, _NOWHERE)

    def weights_of(self, terms: Iterable[tuple[str, float]]) -> Numbers:
        """The summed weights of the terms that each sentence has."""
        total = np.zeros(self.size)
        for term, weight in terms:
            total[self.with_term(term)] += weight
        return total

    def coverage_of(self, word: QueryWord, corpus: Corpus) -> Numbers:
        """How much of a word each sentence contains, as `cover` has it for one."""
        whole, *parts = word.terms
        result, rarities = np.zeros(self.size), {part: corpus.rarity(part) for part in parts}
        if total := sum(rarities.values()):
            result = self.weights_of((part, PARTLY * rarity / total) for part, rarity in rarities.items())
        for entry in word.others:
            with_all = self.weights_of((term, 1.0 / len(entry)) for term in entry) > 1.0 - 1e-6
            result[with_all] = np.maximum(result[with_all], OTHERWISE)
        result[self.with_term(whole)] = 1.0
        return result


_NOWHERE: NDArray[np.intp] = np.zeros(0, dtype=np.intp)


class SentenceChooser:
    """Chooses what to quote for one question."""

    def __init__(self, query: Query, corpus: Corpus) -> None:
        self._corpus, self._asked = corpus, query.asked
        words = words_in(query.text, corpus, query.spoken)
        self._words = [(word, word.weight * corpus.rarity(word.terms[0])) for word in words]
        self._terms = [(term, PART if place else 1.0) for word in words for place, term in enumerate(word.terms)]
        added = corpus.expansion.terms(query.text, query.spoken)
        self._added = [(term, weight * corpus.rarity(term)) for term, weight in added.items()]
        self._labels = frozenset(corpus.analyzer.terms(query.text))

    def passage(self, item: Item, characters: int, most: int = 4) -> str:
        """The best sentences in a row, at most `most` and about as many characters; "" where an item has none.

        The clause that introduces a list comes with its points, and with a sentence what limits it.
        """
        text = self._corpus.text_of(item)
        sentences, scores = text.sentences, self.scores(item)
        start = end = int(np.argmax(scores)) if text.size else -1
        if start < 0 or not self._may_quote(text, start):
            return ""
        length = len(sentences[start].text)
        while end - start + 1 < most:
            behind = end + 1 < text.size and sentences[end].is_followed_by(sentences[end + 1])
            sides = [start - 1] if start and sentences[start - 1].is_followed_by(sentences[start]) else []
            sides += [end + 1] if behind else []
            belongs = behind and (sentences[end].text.endswith(":") or _limits(sentences[end + 1].text))
            sides = [place for place in sides if self._may_quote(text, place)]
            sides = [place for place in sides if belongs or length + len(sentences[place].text) <= characters]
            if not sides:
                break
            best = end + 1 if belongs else max(sides, key=lambda place: scores[place] + _ONWARDS * (place > end))
            start, end = min(start, best), max(end, best)
            length += len(sentences[best].text)
        start = _introduced(sentences, start)
        if (
            end + 1 < text.size
            and sentences[end].is_followed_by(sentences[end + 1])
            and _limits(sentences[end + 1].text)
        ):
            end += 1
        return " ".join(sentence.text for sentence in sentences[start : end + 1])

    def _may_quote(self, text: ItemText, place: int) -> bool:
        """True for a sentence that may be quoted; telephone numbers and addresses only where they are asked for."""
        return bool(text.may_be_quoted[place]) or (
            self._asked is Asked.CONTACT and bool(text.stating(self._asked)[place])
        )

    def scores(self, item: Item) -> Numbers:
        """The weight of each sentence, as a logarithm."""
        text, features = self._corpus.text_of(item), self.features(item)
        may = text.may_be_quoted | (text.stating(self._asked) if self._asked is Asked.CONTACT else False)
        never = ~may | (text.is_elsewhere & (features[:, 0] == 0))
        result: Numbers = features @ _weights() - _NEVER * never
        return result

    def features(self, item: Item) -> Numbers:
        """The features of each sentence of an item, shape (sentences, FEATURES)."""
        text, title = self._corpus.text_of(item), self._corpus.title_terms[self._corpus.row(item)]
        needed = sum(value for _, value in self._words) or 1.0
        own, beyond = np.zeros(text.size), np.zeros(text.size)
        for word, value in self._words:
            part = value * text.coverage_of(word, self._corpus)
            own += part
            beyond += part if title.isdisjoint(word.terms) else 0.0
        here, nothing = _scale(own), np.zeros(min(1, text.size))
        fact = text.stating(self._asked).astype(np.float64)
        rarity = [
            (term, weight * np.log((text.size + 1) / (len(text.with_term(term)) + 0.5))) for term, weight in self._terms
        ]
        label, meaning = self._of_fields(text)
        columns = {
            "words": np.minimum(1.0, own / needed),
            "words here": here,
            "rare here": _scale(text.weights_of(rarity)),
            "added": _scale(text.weights_of(self._added)),
            "before": np.concatenate([nothing, here[:-1]]),
            "behind": np.concatenate([here[1:], nothing]),
            "label": label,
            "heading": text.is_heading,
            "fact": fact,
            "fact here": fact * here,
            "meaning": meaning,
            "first": 1.0 / (1 + np.arange(text.size)),
            "length": text.length,
            "beyond": _scale(beyond),
        }
        return np.column_stack([columns[name] for name in FEATURES])

    def _of_fields(self, text: ItemText) -> tuple[Numbers, Numbers]:
        """The share of their label's words that the question has, and whether the field means what is asked.

        The latter is -1 for fields that are never quoted.
        """
        label, meaning = np.zeros(text.size), np.zeros(text.size)
        for field, mask in text.fields:
            words = self._corpus.analyzer.words(field.label)
            same = sum(not self._labels.isdisjoint((word.whole, *word.parts[-1:])) for word in words)
            label[mask] = same / len(words) if words else 0.0
            meant = MEANINGS.get(self._asked, {}).get(field.field or "", 0.0)
            meaning[mask] = -1.0 if field.field in _STRANGE else meant
        return label, meaning


def _limits(text: str) -> bool:
    """True for a sentence that limits the one beside it: "sofern", "höchstens", "vorbehaltlich"."""
    return _limiting().search(text) is not None


@cache
def _limiting() -> re.Pattern[str]:
    read = tomllib.loads(files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8"))
    words = (re.escape(word).replace(r"\*", r"\w*") for word in read["says"]["limited"])
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


def _introduced(sentences: Sequence[TextSentence], start: int) -> int:
    """Where a passage begins that starts with a point of a list: at the clause that introduces the list."""
    place = start
    while _is_point(sentences[place].text) and place and start - place < _POINTS:
        if not sentences[place - 1].is_followed_by(sentences[place]):
            break
        place -= 1
    return place if sentences[place].text.endswith(":") else start


def _is_point(text: str) -> bool:
    """True for a sentence that goes on from another: a point of a list, or one that begins in lower case."""
    return text[:1].islower() or (not text[:1].isalnum() and not text.startswith(("„", "(", '"')))


def _scale(values: Numbers) -> Numbers:
    best = float(values.max(initial=0.0))
    return values / best if best > 0 else np.zeros(len(values))


@cache
def _weights() -> Numbers:
    read: dict[str, float] = json.loads(lexicon.trained("sentences.json"))["weights"]
    return np.array([read[name] for name in FEATURES])


def split_item(item: Item, passages: Iterable[str], document: str) -> list[TextSentence]:
    """The sentences of an item's passages and of its fields; `document` is its document's text, squashed.

    None of them speaks to a machine, was corrected, is a label, or half of a sentence that a page cuts within a word.
    """
    results: list[TextSentence] = []
    body, fields = squash(item.body), [(field, squash(field.text)) for field in item.fields if field.text]
    outdated = tuple(squash(text) for correction in item.corrected for text in correction.printed if text)
    for passage in passages:
        spans, end = _spans_of(fields, own := squash(passage)), 0
        elsewhere = bool(body) and own not in body
        for position, text in _sentences_of(passage, item, document, results[-1].position if results else 0):
            start = max(own.find(statement := squash(text), end), 0)
            end = start + len(statement)
            if statement.endswith(outdated):
                continue
            field = next((value for value, first, last in spans if first <= start and end <= last), None)
            before = results[-1] if results else None
            follows = before and position == before.position + 1 and field is before.field
            if before and follows and _is_cut(before.text):
                results[-1] = TextSentence(position - 1, f"{before.text} {text}", field, elsewhere)
            else:
                results.append(TextSentence(position, text, field, elsewhere))
    known, last = squash(" ".join(hit.text for hit in results)), results[-1].position if results else 0
    stated = {squash(correction.value) for correction in item.corrected}  # which no document says
    for field, text in fields:  # cells of a table, which no running text has
        if text not in known and text not in stated and not is_order(field.text):
            last += 2
            results.append(TextSentence(last, field.text, field))
    return results


def _spans_of(fields: Iterable[tuple[Field, str]], passage: str) -> list[tuple[Field, int, int]]:
    """Where the fields are in a squashed passage, in order."""
    results, end = [], 0
    for field, text in fields:
        start = passage.find(text, end)
        start = passage.find(text) if start < 0 else start
        if start >= 0:
            end = start + len(text)
            results.append((field, start, end))
    return results


def _sentences_of(passage: str, item: Item, document: str, position: int) -> Iterator[tuple[int, str]]:
    """The sentences with their positions, which have a gap where they are not in a row in the document."""
    cut, reached = 0, -1
    labels = {field.label.rstrip(":") for field in item.fields}
    for paragraph in passage.split("\n\n"):
        line = paragraph.strip()
        if line.removesuffix(":") in labels or _LABEL.fullmatch(line):
            continue
        for start, end in sentence_spans(paragraph):
            text = paragraph[start:end].strip()
            statement = squash(text)
            place = document.find(
                statement, max(reached, 0), reached + _AHEAD + len(statement) if reached >= 0 else None
            )
            place = document.find(statement) if place < 0 else place
            position += 1 if place == reached >= 0 else 2
            reached = place + len(statement) if place >= 0 else -1
            below = item.ref[:1].isdigit() and text.startswith(f"{item.ref}.")  # a heading below it
            half = _CUT_WORD.search(text) or (cut and text[:1].islower())
            cut = _EDGE if _CUT_WORD.search(text) else 0 if half else max(cut - 1, 0)
            if not below and not half and not is_order(text):
                yield position, text


def _is_cut(text: str) -> bool:
    """True if a sentence was cut where a page ended: its last word is in lower case, without a full stop."""
    words = text.split() if len(text) < _LOOKED_AT else []
    return len(words) > _CUT and (words[-1].endswith(",") or (words[-1].isalpha() and words[-1].islower()))
