"""Nouns for records and papers, and which papers a question names: by publisher, kind, the words of the title.

Everything is learnt from the edition's own papers; words for kinds of paper are data (`lexicon/nouns.toml`). Papers
that others replace answer only when asked for: by id, or by what tells them from their successor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz

from service.answering import lexicon
from service.answering.finding.words import frames
from service.models import ChatRequest
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document, ItemKind, ItemStatus

_WORD = re.compile(r"[\w./+-]*\w")
_PIECES = re.compile(r"\s[–—-]\s|[:(„“\"|]")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_SOME = re.compile(r" (?:eine?[mnrs]?|[mk]ein\w*|any|my|a)$")  # "ein Konzept" is no paper that there is
_ENDINGS = ("", "er", "ern", "ers", "s", "es", "'s", "ens", "ische", "ischen", "isches")
_TYPING_ERROR, _LEAST_MISTYPED = 84, 6
_BY_KIND, _BY_RECORDS, _BY_PARTY, _MOST_OF_TITLE, _HARDLY = 2.0, 0.8, 1.0, 0.5, 0.3
_SHORTEST_HEAD = 3  # letters before a noun in a compound
_SHORTEST = 4  # letters of a publisher's name and of a word of a title
_GENERIC = lexicon.folded("nouns", "publisher", "generic")
_ANY = lexicon.folded("nouns", "paper", "any")


@dataclass(frozen=True, slots=True)
class Noun:
    """What a noun for records means, kinds in the order in which they are tried; none for a noun for papers.

    `head` is what stands before it in a compound: "Rad" in "Radprojekte".
    """

    kinds: tuple[ItemKind, ...]
    plural: bool
    status: ItemStatus | None
    head: str = ""


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


@dataclass(frozen=True, slots=True)
class _Called:
    """What a paper is called: the words of its title that tell it, the parts of it that are names, those of its party.

    `own` are all its words, `whole` words and phrases for its kind, `ends` the ends of compounds that are; `alone` are
    nouns for records of which its publisher has no other paper: "die Coesfelder Ziele".
    """

    title: set[str]
    names: list[str]
    party: set[str]
    own: list[str]
    whole: list[str]
    ends: list[str]
    alone: set[str]


def words_of(text: str) -> list[str]:
    """The words of a text, folded, with the dots and hyphens inside them."""
    return [fold(word) for word in _WORD.findall(text)]


def noun_of(word: str) -> Noun | None:
    """The noun that a folded word is, or ends with."""
    if word in _nouns(""):
        return _nouns("")[word]
    ends = sorted((end for end in _nouns("ends_") if word.endswith(end)), key=len)
    if ends and len(word) - len(ends[-1]) >= _SHORTEST_HEAD:
        return replace(_nouns("ends_")[ends[-1]], head=word.removesuffix(ends[-1]).rstrip("-"))
    return None


@cache
def plurals() -> Mapping[str, Noun]:
    """The nouns for several records, folded."""
    return {word: noun for word, noun in _nouns("").items() if noun.plural and noun.kinds}


@cache
def _nouns(ends: str) -> Mapping[str, Noun]:
    """Words, or with "ends_" ends of them, folded; a word that is both one and several is several."""
    found: dict[str, Noun] = {}
    for form, plural in (("plural", True), ("singular", False)):
        for entry in lexicon.table("records")["noun"]:
            status = ItemStatus(entry["status"]) if "status" in entry else None
            noun = Noun(tuple(map(ItemKind, entry["kinds"])), plural, status)
            for word in entry.get(f"{ends}{form}", ()):
                found.setdefault(fold(word), noun)
    return found


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
        self._documents, self._superseded = catalogue.documents, catalogue.superseded
        self._kinds = {(item.document_id, item.kind) for item in catalogue.items}
        self.publishers: dict[str, list[str]] = defaultdict(list)
        for one in self._documents.values():
            if name := _publisher_name(one):
                self.publishers[name].append(one.id)
        self.publishers_in: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=4096)(
            lambda word: tuple(name for name in self.publishers if says(word, name))
        )
        self.named = lru_cache(maxsize=512)(self._named)

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the papers to answer from where a request names a superseded one; None where it names none.

        Its successor is among them where the request names that one, too.
        """
        superseded = self._superseded
        if request.documents is not None:
            return request.documents if superseded.keys() & set(request.documents) else None
        said = [request.question, *[turn.content for turn in request.history if turn.role == "user"][-1:]]
        named = {one: text for text in reversed(said) for one in self._superseded_in(text)} if superseded else {}
        if not named:
            return None
        left = {new for old, text in named.items() if (new := superseded[old]) and not self._told_apart(new, old, text)}
        return [one for one in self._documents if one in named or one not in superseded.keys() | left]

    @cached_property
    def _called(self) -> dict[str, _Called]:
        kinds, found = lexicon.table("nouns")["document_kind"], {}
        parties = {
            one.id: {word for word in _parted(words_of(one.publisher)) if word.isalpha()}
            - _GENERIC
            - {*self.publishers}
            for one in self._documents.values()
        }
        often = Counter(word for own in parties.values() for word in own)
        for one in self._documents.values():
            title = {word for word in _parted(words_of(one.title)) if len(word) >= _SHORTEST} - _GENERIC - _ANY
            parts = [words_of(part) for part in _PIECES.split(one.title)]
            cues = kinds.get(one.kind.value, ())
            found[one.id] = _Called(
                title={word for word in title if not self.publishers_in(word)},
                names=[" ".join(part) for part in parts if len(part) > 1 and not all(map(self._is_generic, part))],
                party={word for word in parties[one.id] if often[word] == 1},
                own=_parted(words_of(f"{one.title} {one.publisher} {one.id.replace('-', ' ')}")),
                whole=[fold(cue) for cue in cues if cue[0] != "-"],
                ends=[fold(cue[1:]) for cue in cues if cue[0] == "-"],
                alone={word for word, noun in plurals().items() if self._has_alone(one.id, noun.kinds[0])},
            )
        return found

    def _has_alone(self, paper: str, kind: ItemKind) -> bool:
        """Whether a paper is the only one of several of its publisher that has records of a kind."""
        papers = next((ids for ids in self.publishers.values() if paper in ids), [])
        return len(papers) > 1 and [one for one in papers if (one, kind) in self._kinds] == [paper]

    def _is_generic(self, word: str) -> bool:
        return word in _GENERIC or bool(self.publishers_in(word))

    def _named(self, question: str) -> Named:
        """The papers that a question names."""
        words = words_of(question)
        publishers = tuple(dict.fromkeys(name for word in words for name in self.publishers_in(word)))
        pool = [one for name in publishers for one in self.publishers[name]] or list(self._documents)
        said = {one: _mention(self._called[one], words, bool(publishers)) for one in pool}
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

    def _superseded_in(self, question: str) -> Iterator[str]:
        """The superseded papers that a question names; a year alone names none."""
        named, superseded = self.named(_YEAR.sub(" ", question)), self._superseded
        old = not lexicon.folded("nouns", "paper", "superseded").isdisjoint(words_of(question))
        for one in named.ids if named.by_name else ():
            new = superseded.get(one, one)
            if new is None or (new != one and (old or self._told_apart(one, new, question))):
                yield one

    def _told_apart(self, one: str, other: str, question: str) -> bool:
        """Whether a question says what only the one paper is called, or its year."""
        (own, years), (others, other_years) = (_title_and_years(self._documents[id_]) for id_ in (one, other))
        said = any(says(word, name) for word in words_of(question) for name in own - others)
        return said or not (years - other_years).isdisjoint(_YEAR.findall(question))


def _mention(called: _Called, words: list[str], by_publisher: bool) -> tuple[float, set[str]]:
    """How surely a question names a paper, and by which of its words."""
    known, text = set(_parted(words)), f" {' '.join(words)} "
    held = called.title & known
    share = len(held) / len(called.title) if called.title else 0.0
    telling = any(frames(word) < _HARDLY for word in held)
    score = _BY_KIND * share if share >= _MOST_OF_TITLE and (len(held) > 1 or not telling) else 0.2 * share
    naming = set(held) if score > _HARDLY else set()
    for name in called.names:
        if f" {name} " in text:
            score, naming = max(score, _BY_KIND), naming | set(name.split())
    if called.party and called.party <= known:
        score, naming = score + _BY_PARTY, naming | called.party
    if by_publisher and not called.alone.isdisjoint(known):
        score += _HARDLY + 0.2
    if by_kind := _kind_said(called, words, text):
        weak = not by_kind.isdisjoint(plurals())  # "strategische Ziele" are records too
        score, naming = score + (_BY_RECORDS if weak else _BY_KIND), naming | by_kind
    return score, naming


def _kind_said(called: _Called, words: list[str], text: str) -> set[str]:
    """The words that say a paper's kind: "das Leitbild", or a compound that its own title bears out."""
    found: set[str] = set()
    for cue in called.whole:
        joined = [word for word in words if "-" in word and cue in word.split("-")]
        before, said, _ = text.partition(f" {cue} ")
        if joined or (said and not _SOME.search(before)):
            found |= {*cue.split(), *joined}
    for word in words:
        heads = [word.removesuffix(end).rstrip("-") for end in called.ends if word.endswith(end)]
        own = [(head, part[:6]) for head in heads for part in called.own if len(part) >= 3]
        if not _GENERIC.isdisjoint(heads) or any(one.startswith(head[:6]) or head.startswith(one) for head, one in own):
            found.add(word)
    return found


def _title_and_years(document: Document) -> tuple[set[str], set[str]]:
    """The words of a paper's title, and the years that it is named by."""
    dated = {str(document.as_of.year)} if document.as_of else set()
    return set(words_of(document.title)), dated | set(_YEAR.findall(document.title))


def _publisher_name(document: Document) -> str:
    """The proper name of a publisher, folded: "Kreis Soest" gives "soest"; "" where it has none."""
    words = (word for word in _WORD.findall(document.publisher) if word[0].isupper() and not word.isupper())
    names = [fold(word.split("/")[0]) for word in words]
    telling = [one for one in names if one not in _GENERIC and len(one) >= _SHORTEST and "fraktion" not in one]
    return telling[-1] if telling else ""


def _parted(words: list[str]) -> list[str]:
    return [*words, *(part for word in words if "-" in word for part in word.split("-"))]
