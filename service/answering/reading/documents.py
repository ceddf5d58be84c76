"""Which documents a question names: by publisher, by kind, by words of the title.

All of it is learnt from the edition's own documents; words for kinds of documents are data (`lexicon/nouns.toml`).
Documents that others replace answer only when asked for: by id, or by what distinguishes them from their successor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from service.answering import lexicon
from service.answering.reading.nouns import plurals, words_of
from service.answering.retrieval.terms import frames
from service.models import ChatRequest
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

_PROPER = re.compile(r"[\w./+-]*\w")
_PIECES, _YEAR = re.compile(r"\s[–—-]\s|[:(„“\"|]"), re.compile(r"\b(?:19|20)\d{2}\b")
_INDEFINITE = re.compile(r" (?:eine?[mnrs]?|[mk]ein\w*|any|my|a)$")  # "ein Konzept" is no document that there is
_ENDINGS = ("", "er", "ern", "ers", "s", "es", "'s", "ens", "ische", "ischen", "isches")
_TYPING_ERROR, _LEAST_MISTYPED = 84, 6
_BY_KIND, _BY_RECORDS, _BY_PARTY, _MOST_OF_TITLE, _HARDLY = 2.0, 0.8, 1.0, 0.5, 0.3
_SHORTEST = 4  # letters of a publisher's name and of a word of a title
GENERIC = lexicon.folded_words("nouns", "publisher", "generic")
_ANY = lexicon.folded_words("nouns", "paper", "any")


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """The documents that a question means: `ids` in the order of the catalogue, all of them where it names none.

    `explicit` is true where any is named, `by_name` where it is not by its publisher alone; `publishers` are their
    names, folded; `words` are the folded words of the question that name documents.
    """

    ids: tuple[str, ...]
    explicit: bool = False
    by_name: bool = False
    publishers: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Names:
    """What a document is called: telling words of its title, parts of it that are names, words of its party alone.

    `own` are all its words, `kinds` words and phrases for its kind, `ends` ends of compounds that are; `alone` nouns
    for records of which its publisher has no other document: "die Coesfelder Ziele".
    """

    title: set[str]
    parts: list[str]
    party: set[str]
    own: list[str]
    kinds: list[str]
    ends: list[str]
    alone: set[str]


def is_name(word: str, name: str) -> bool:
    """True if a folded word is a name, an ending or a typing error aside: "soester", "coesfelds"."""
    stem = name.removesuffix("e")
    if any(word in (stem + ending, name + ending) for ending in _ENDINGS):
        return True
    if len(name) < _LEAST_MISTYPED or abs(len(word) - len(name)) > 3 or word[0] != name[0]:
        return False
    return max(fuzz.ratio(word, name), fuzz.ratio(word, f"{name}er")) >= _TYPING_ERROR


class DocumentNames:
    """The names of an edition's documents; read-only but for what is cached."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._documents, self._superseded = catalogue.documents, catalogue.superseded
        self._kinds = {(item.document_id, item.kind) for item in catalogue.items}
        self.publishers: dict[str, list[str]] = defaultdict(list)
        for document in self._documents.values():
            if name := _publisher_name(document):
                self.publishers[name].append(document.id)
        self.publishers_in: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=4096)(
            lambda word: tuple(name for name in self.publishers if is_name(word, name))
        )
        self.named = lru_cache(maxsize=512)(self._find_documents)

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the documents to answer from where a request names a superseded one; None where it names none.

        Its successor is among them where the request names that one, too.
        """
        superseded = self._superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        texts = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {old: text for text in reversed(texts) for old in self._superseded_in(text)} if superseded else {}
        if not named:
            return None
        left = {
            new for old, text in named.items() if (new := superseded[old]) and not self._is_distinct(new, old, text)
        }
        return [id_ for id_ in self._documents if id_ in named or id_ not in superseded.keys() | left]

    @cached_property
    def _names(self) -> dict[str, _Names]:
        cues = lexicon.table("nouns")["document_kind"]
        parties = {
            document.id: {word for word in _parts(words_of(document.publisher)) if word.isalpha()}
            - GENERIC
            - {*self.publishers}
            for document in self._documents.values()
        }
        often = Counter(word for own in parties.values() for word in own)
        return {
            item.id: self._names_of(item, cues.get(item.kind.value, ()), parties[item.id], often)
            for item in self._documents.values()
        }

    def _names_of(self, document: Document, cues: list[str], party: set[str], often: Counter[str]) -> _Names:
        title = {word for word in _parts(words_of(document.title)) if len(word) >= _SHORTEST} - GENERIC - _ANY
        parts = [words_of(part) for part in _PIECES.split(document.title)]
        return _Names(
            title={word for word in title if not self.publishers_in(word)},
            parts=[" ".join(part) for part in parts if len(part) > 1 and not all(map(self._is_generic, part))],
            party={word for word in party if often[word] == 1},
            own=_parts(words_of(f"{document.title} {document.publisher} {document.id.replace('-', ' ')}")),
            kinds=[fold(cue) for cue in cues if cue[0] != "-"],
            ends=[fold(cue[1:]) for cue in cues if cue[0] == "-"],
            alone={word for word, noun in plurals().items() if self._has_alone(document.id, noun.kinds[0])},
        )

    def _has_alone(self, document: str, kind: str) -> bool:
        """True if a document is the only one of several of its publisher that has records of a kind."""
        own = next((ids for ids in self.publishers.values() if document in ids), [])
        return len(own) > 1 and [id_ for id_ in own if (id_, kind) in self._kinds] == [document]

    def _is_generic(self, word: str) -> bool:
        return word in GENERIC or bool(self.publishers_in(word))

    def _find_documents(self, question: str) -> NamedDocuments:
        """The documents that a question names."""
        words = words_of(question)
        publishers = tuple(dict.fromkeys(name for word in words for name in self.publishers_in(word)))
        pool = [id_ for name in publishers for id_ in self.publishers[name]] or list(self._documents)
        scores = {id_: _score(self._names[id_], words, bool(publishers)) for id_ in pool}
        by_publisher = frozenset(word for word in words if self.publishers_in(word))
        if max((score for score, _ in scores.values()), default=0.0) > _HARDLY:
            ids: dict[str, None] = {}
            for group in [self.publishers[name] for name in publishers] or [pool]:
                best = min(_BY_KIND, max(scores[id_][0] for id_ in group))
                ids |= dict.fromkeys(id_ for id_ in group if scores[id_][0] >= best)
            return NamedDocuments(
                tuple(ids), True, True, publishers, by_publisher.union(*(scores[id_][1] for id_ in ids))
            )
        if len(pool) == 1 and (nouns := _ANY.intersection(words)):
            return NamedDocuments(tuple(pool), True, True, publishers, by_publisher | nouns)
        return NamedDocuments(tuple(pool), bool(publishers), False, publishers, by_publisher)

    def _superseded_in(self, question: str) -> Iterator[str]:
        """The superseded documents that a question names; a year alone names none."""
        named, superseded = self.named(_YEAR.sub(" ", question)), self._superseded
        old = not lexicon.folded_words("nouns", "paper", "superseded").isdisjoint(words_of(question))
        for id_ in named.ids if named.by_name else ():
            new = superseded.get(id_, id_)
            if new is None or (new != id_ and (old or self._is_distinct(id_, new, question))):
                yield id_

    def _is_distinct(self, item: str, other: str, question: str) -> bool:
        """True if a question has a word that only the one document is called by, or its year."""
        (own, years), (remaining, other_years) = (_title_and_years(self._documents[id_]) for id_ in (item, other))
        named = any(is_name(word, name) for word in words_of(question) for name in own - remaining)
        return named or not (years - other_years).isdisjoint(_YEAR.findall(question))


def _score(names: _Names, words: list[str], by_publisher: bool) -> tuple[float, set[str]]:
    """How surely a question names a document, and by which of its words."""
    known, text = set(_parts(words)), f" {' '.join(words)} "
    of_title = names.title & known
    share = len(of_title) / len(names.title) if names.title else 0.0
    content = any(frames(word) < _HARDLY for word in of_title)
    score = _BY_KIND * share if share >= _MOST_OF_TITLE and (len(of_title) > 1 or not content) else 0.2 * share
    naming = set(of_title) if score > _HARDLY else set()
    for part in names.parts:
        if f" {part} " in text:
            score, naming = max(score, _BY_KIND), naming | set(part.split())
    if names.party and names.party <= known:
        score, naming = score + _BY_PARTY, naming | names.party
    if by_publisher and not names.alone.isdisjoint(known):
        score += _HARDLY + 0.2
    if by_kind := _words_for_kind(names, words, text):
        weak = not by_kind.isdisjoint(plurals())  # "strategische Ziele" are records too
        score, naming = score + (_BY_RECORDS if weak else _BY_KIND), naming | by_kind
    return score, naming


def _words_for_kind(names: _Names, words: list[str], text: str) -> set[str]:
    """The words for a document's kind: "das Leitbild", or a compound with a word of its own title."""
    results: set[str] = set()
    for cue in names.kinds:
        combined = [word for word in words if "-" in word and cue in word.split("-")]
        before, cued, _ = text.partition(f" {cue} ")
        if combined or (cued and not _INDEFINITE.search(before)):
            results |= {*cue.split(), *combined}
    for word in words:
        heads = [word.removesuffix(end).rstrip("-") for end in names.ends if word.endswith(end)]
        own = [(head, part[:6]) for head in heads for part in names.own if len(part) >= 3]
        if not GENERIC.isdisjoint(heads) or any(
            item.startswith(head[:6]) or head.startswith(item) for head, item in own
        ):
            results.add(word)
    return results


def _title_and_years(document: Document) -> tuple[set[str], set[str]]:
    """The words of a document's title, and the years that it is named by."""
    dated = {str(document.as_of.year)} if document.as_of else set()
    return set(words_of(document.title)), dated | set(_YEAR.findall(document.title))


def _publisher_name(document: Document) -> str:
    """The proper name of a publisher, folded: "Kreis Soest" gives "soest"; "" where it has none."""
    words = (word for word in _PROPER.findall(document.publisher) if word[0].isupper() and not word.isupper())
    names = [fold(word.split("/")[0]) for word in words]
    content = [name for name in names if name not in GENERIC and len(name) >= _SHORTEST and "fraktion" not in name]
    return content[-1] if content else ""


def _parts(words: list[str]) -> list[str]:
    return [*words, *(part for word in words if "-" in word for part in word.split("-"))]
