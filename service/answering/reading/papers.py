"""Which papers a question names: by publisher, by a word for its kind, by the words of its title.

Everything is learnt from the edition's own papers; words for kinds of paper are data (`lexicon/nouns.toml`). Papers
that others replace answer only when asked for: by id, or by what tells them from their successor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from service.answering import lexicon
from service.answering.finding.words import frames
from service.answering.reading.references import Noun, nouns
from service.models import ChatRequest
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

_WORD = re.compile(r"[\w./+-]*\w")
_PIECES = re.compile(r"\s[–—-]\s|[:(„“\"|]")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_SOME = re.compile(r" (?:eine?[mnrs]?|[mk]ein\w*|any|my|a)$")  # "ein Konzept" is no paper that there is
_ENDINGS = ("", "er", "ern", "ers", "s", "es", "'s", "ens", "ische", "ischen", "isches")
_TYPING_ERROR, _LEAST_MISTYPED = 84, 6
_BY_KIND, _BY_RECORDS, _BY_PARTY, _MOST_OF_TITLE, _HARDLY = 2.0, 0.8, 1.0, 0.5, 0.3
_SHORTEST = 4  # letters of a publisher's name and of a word of a title
_GENERIC = lexicon.folded("nouns", "publisher", "generic")
_ANY = lexicon.folded("nouns", "paper", "any")


@dataclass(frozen=True, slots=True)
class Named:
    """The papers that a question means: `ids` in the order of the catalogue, all of them where it names none.

    `explicit` says that any was named, `by_name` that it was not by its publisher alone; `publishers` are their names,
    folded; `words` are the folded words of the question that name papers.
    """

    ids: tuple[str, ...]
    explicit: bool = False
    by_name: bool = False
    publishers: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


def words_of(text: str) -> list[str]:
    """The words of a text, folded, with the dots and hyphens inside them."""
    return [fold(word) for word in _WORD.findall(text)]


def says(word: str, name: str) -> bool:
    """Whether a folded word is a name, an ending or a typing error aside: "soester", "coesfelds"."""
    stem = name.removesuffix("e")
    if any(word in (stem + ending, name + ending) for ending in _ENDINGS):
        return True
    if len(name) < _LEAST_MISTYPED or abs(len(word) - len(name)) > 3 or word[0] != name[0]:
        return False
    return max(fuzz.ratio(word, name), fuzz.ratio(word, f"{name}er")) >= _TYPING_ERROR


class Papers:
    """The names of an edition's papers; read-only but for what it remembers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._documents = catalogue, catalogue.documents
        self.publishers: dict[str, list[str]] = defaultdict(list)
        for one in self._documents.values():
            if name := _publisher_name(one):
                self.publishers[name].append(one.id)
        self.publishers_in = lru_cache(maxsize=4096)(self._publishers_in)
        self.named = lru_cache(maxsize=512)(self._named)

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the papers to answer from where a request names a superseded one; None where it names none.

        Its successor is among them where the request names that one, too.
        """
        superseded = self._catalogue.superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {one: text for text in reversed(said) for one in self._superseded_in(text)} if superseded else {}
        if not named:
            return None
        successors = ((superseded[old], old) for old in named)
        left = {new for new, old in successors if new and not self._told_apart(new, old, named[old])}
        return [one for one in self._documents if one in named or one not in superseded.keys() | left]

    @cached_property
    def _kind_words(self) -> dict[str, tuple[list[str], list[str]]]:
        """Per kind of paper the words and phrases that name it, and the ends of compounds that do."""
        kinds = lexicon.words("nouns", "document_kind")
        return {
            kind: ([fold(one) for one in said if one[0] != "-"], [fold(one[1:]) for one in said if one[0] == "-"])
            for kind, said in kinds.items()
        }

    @cached_property
    def _title_words(self) -> dict[str, frozenset[str]]:
        """Per paper the words of its title that tell it from others: no publisher, no word for any paper."""
        found = {}
        for one in self._documents.values():
            own = {word for word in _parted(words_of(one.title)) if len(word) >= _SHORTEST} - _GENERIC - _ANY
            found[one.id] = frozenset(word for word in own if not self._publishers_in(word))
        return found

    @cached_property
    def _party_words(self) -> dict[str, frozenset[str]]:
        """Per paper the words of its publisher that no other paper's publisher has: the name of a fraction."""
        words = {
            one.id: {word for word in _parted(words_of(one.publisher)) if word.isalpha()}
            - _GENERIC
            - set(self.publishers)
            for one in self._documents.values()
        }
        often = Counter(word for own in words.values() for word in own)
        return {one: frozenset(word for word in own if often[word] == 1) for one, own in words.items()}

    @cached_property
    def _short_names(self) -> dict[str, list[str]]:
        """Per paper the parts of its title that are used as a name: before a dash or colon, within quotes."""
        parts = {
            one.id: [" ".join(words_of(part)) for part in _PIECES.split(one.title)] for one in self._documents.values()
        }
        return {one: [part for part in own if " " in part and not self._is_generic(part)] for one, own in parts.items()}

    def _is_generic(self, name: str) -> bool:
        return all(word in _GENERIC or self._publishers_in(word) for word in name.split())

    @cached_property
    def _alone_with(self) -> dict[str, frozenset[str]]:
        """Per paper the nouns for records of which its publisher has no other paper: "die Coesfelder Ziele"."""
        found: dict[str, set[str]] = defaultdict(set)
        kinds = {(item.document_id, item.kind) for item in self._catalogue.items}
        for word, noun in _plurals().items():
            for ids in self.publishers.values():
                holders = [one for one in ids if (one, noun.kinds[0]) in kinds]
                if len(holders) == 1 and len(ids) > 1:
                    found[holders[0]].add(word)
        return {one: frozenset(words) for one, words in found.items()}

    def _publishers_in(self, word: str) -> tuple[str, ...]:
        return tuple(name for name in self.publishers if says(word, name))

    def _named(self, question: str) -> Named:
        """The papers that a question names."""
        words = words_of(question)
        publishers = tuple(dict.fromkeys(name for word in words for name in self.publishers_in(word)))
        pool = [one for name in publishers for one in self.publishers[name]] or list(self._documents)
        said = {one: self._mention(self._documents[one], words) for one in pool}
        by_publisher = frozenset(word for word in words if self.publishers_in(word))
        if max((score for score, _ in said.values()), default=0.0) > _HARDLY:
            ids: dict[str, None] = {}
            for group in [self.publishers[name] for name in publishers] or [pool]:
                best = min(_BY_KIND, max(said[one][0] for one in group))
                ids |= dict.fromkeys(one for one in group if said[one][0] >= best)
            return Named(tuple(ids), True, True, publishers, by_publisher.union(*(said[one][1] for one in ids)))
        if len(pool) == 1 and (paper := _ANY.intersection(words)):
            return Named(tuple(pool), True, True, publishers, by_publisher | paper)
        return Named(tuple(pool), bool(publishers), False, publishers, by_publisher)

    def _mention(self, document: Document, words: list[str]) -> tuple[float, set[str]]:
        """How surely a question names a paper, and by which of its words."""
        known, text, own = set(_parted(words)), f" {' '.join(words)} ", self._title_words[document.id]
        held = own & known
        share = len(held) / len(own) if own else 0.0
        telling = any(frames(word) < _HARDLY for word in held)
        score = _BY_KIND * share if share >= _MOST_OF_TITLE and (len(held) > 1 or not telling) else 0.2 * share
        naming = set(held) if score > _HARDLY else set()
        for name in self._short_names[document.id]:
            if f" {name} " in text:
                score, naming = max(score, _BY_KIND), naming | set(name.split())
        if (party := self._party_words[document.id]) and party <= known:
            score, naming = score + _BY_PARTY, naming | party
        if self._alone_with.get(document.id, frozenset()) & known and any(map(self.publishers_in, words)):
            score += _HARDLY + 0.2
        if by_kind := self._kind_said(document, words, text):
            weak = not by_kind.isdisjoint(_plurals())  # "strategische Ziele" are records too
            score, naming = score + (_BY_RECORDS if weak else _BY_KIND), naming | by_kind
        return score, naming

    def _kind_said(self, document: Document, words: list[str], text: str) -> set[str]:
        """The words that say a paper's kind: "das Leitbild", or a compound that its own title bears out."""
        whole, ends = self._kind_words.get(document.kind.value, ([], []))
        found: set[str] = set()
        for cue in whole:
            joined = [word for word in words if "-" in word and cue in word.split("-")]
            before, said, _ = text.partition(f" {cue} ")
            if joined or (said and not _SOME.search(before)):
                found |= {*cue.split(), *joined}
        own = _parted(words_of(f"{document.title} {document.publisher} {document.id.replace('-', ' ')}"))
        for word in words:
            heads = (word.removesuffix(end).rstrip("-") for end in ends if word.endswith(end))
            if any(head in _GENERIC or any(_alike(head, part) for part in own) for head in heads):
                found.add(word)
        return found

    def _superseded_in(self, question: str) -> Iterator[str]:
        """The superseded papers that a question names; a year alone names none."""
        named, superseded = self.named(_YEAR.sub(" ", question)), self._catalogue.superseded
        old = not lexicon.folded("nouns", "paper", "superseded").isdisjoint(words_of(question))
        for one in named.ids if named.by_name else ():
            new = superseded.get(one, one)
            if new is None or (new != one and (old or self._told_apart(one, new, question))):
                yield one

    def _told_apart(self, one: str, other: str, question: str) -> bool:
        """Whether a question says what only the one paper is called, or its year."""
        (own, years), (others, other_years) = (_called(self._documents[id_]) for id_ in (one, other))
        said = any(says(word, name) for word in words_of(question) for name in own - others)
        return said or not (years - other_years).isdisjoint(_YEAR.findall(question))


def _plurals() -> dict[str, Noun]:
    """The nouns for several records."""
    return {word: noun for word, noun in nouns("").items() if noun.plural and noun.kinds}


def _called(document: Document) -> tuple[set[str], set[str]]:
    """The words of a paper's title, and the years that it is named by."""
    dated = {str(document.as_of.year)} if document.as_of else set()
    return set(words_of(document.title)), dated | set(_YEAR.findall(document.title))


def _publisher_name(document: Document) -> str:
    """The proper name of a publisher, folded: "Kreis Soest" gives "soest"; "" where it has none."""
    words = (word for word in _WORD.findall(document.publisher) if word[0].isupper() and not word.isupper())
    names = [fold(word.split("/")[0]) for word in words]
    telling = [one for one in names if one not in _GENERIC and len(one) >= _SHORTEST and "fraktion" not in one]
    return telling[-1] if telling else ""


def _alike(head: str, part: str) -> bool:
    return len(part) >= 3 and (part[:6].startswith(head[:6]) or head.startswith(part[:6]))


def _parted(words: list[str]) -> list[str]:
    return [*words, *(part for word in words if "-" in word for part in word.split("-"))]
