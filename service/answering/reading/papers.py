"""Which papers a question names: by publisher, by a word for its kind, by the words of its title.

Everything is learnt from the edition's own papers; words for kinds of paper are data (`lexicon/nouns.toml`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz

from service.answering import lexicon
from service.answering.finding.words import frames
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.records import Document

_WORD = re.compile(r"[\w./+-]*\w")
_INDEFINITE = re.compile(r"(?i)\b(?:ein|eine|einen|einem|einer|eines|mein\w*|kein\w*|any|my|a)\s+$")
_ENDINGS = ("", "er", "ern", "ers", "s", "es", "'s", "ens", "ische", "ischen", "isches")
_TYPING_ERROR, _LEAST_MISTYPED = 84, 6
_BY_KIND, _MOST_OF_TITLE, _HARDLY = 2.0, 0.5, 0.3
_BY_RECORDS = 0.8
_SHORTEST_NAME, _SHORTEST_WORD = 4, 4
_GENERIC = lexicon.folded("nouns", "publisher", "generic")


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
        self._documents, self._items = catalogue.documents, catalogue.items
        self.publishers: dict[str, list[str]] = defaultdict(list)
        for one in catalogue.documents.values():
            if name := publisher_name(one):
                self.publishers[name].append(one.id)
        self.publishers_in = lru_cache(maxsize=4096)(self._publishers_in)
        self.named = lru_cache(maxsize=512)(self._named)

    @cached_property
    def _kind_words(self) -> dict[str, tuple[list[str], list[str]]]:
        """Per kind of paper the words and phrases that name it, and the ends of compounds that do."""
        kinds = lexicon.words("nouns", "document_kind")
        return {
            kind: ([fold(one) for one in said if one[0] != "-"], [fold(one[1:]) for one in said if one[0] == "-"])
            for kind, said in kinds.items()
        }

    @cached_property
    def _record_nouns(self) -> frozenset[str]:
        return frozenset(fold(word) for entry in lexicon.table("records")["noun"] for word in entry.get("plural", ()))

    @cached_property
    def _any_paper(self) -> frozenset[str]:
        return lexicon.folded("nouns", "paper", "any")

    @cached_property
    def _title_words(self) -> dict[str, frozenset[str]]:
        """Per paper the words of its title that tell it from others: no publisher, no word that frames questions."""
        found = {}
        for one in self._documents.values():
            own = {word for word in _parted(words_of(one.title)) if len(word) >= _SHORTEST_WORD}
            own -= _GENERIC | self._any_paper | set(self.publishers)
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
        return {
            one.id: [
                part
                for part in (" ".join(words_of(piece)) for piece in re.split(r"\s[–—-]\s|[:(„“\"|]", one.title))
                if " " in part and not all(word in _GENERIC or self._publishers_in(word) for word in part.split())
            ]
            for one in self._documents.values()
        }

    @cached_property
    def _alone_with(self) -> dict[str, frozenset[str]]:
        """Per paper the nouns for records of which its publisher has no other paper: "die Coesfelder Ziele"."""
        kinds: dict[str, set[str]] = defaultdict(set)
        for item in self._items:
            kinds[item.document_id].add(item.kind.value)
        found: dict[str, set[str]] = defaultdict(set)
        for entry in lexicon.table("records")["noun"]:
            for ids in self.publishers.values() if entry["kinds"] else ():
                holders = [one for one in ids if entry["kinds"][0] in kinds[one]]
                if len(holders) == 1 and len(ids) > 1:
                    found[holders[0]] |= set(map(fold, entry.get("plural", ())))
        return {one: frozenset(words) for one, words in found.items()}

    def _publishers_in(self, word: str) -> tuple[str, ...]:
        return tuple(name for name in self.publishers if says(word, name))

    def _named(self, question: str) -> Named:
        """The papers that a question names."""
        words = words_of(question)
        publishers = tuple(dict.fromkeys(name for word in words for name in self.publishers_in(word)))
        pool = [one for name in publishers for one in self.publishers[name]] or list(self._documents)
        said = {one: self._mention(self._documents[one], question, words) for one in pool}
        best = max((score for score, _ in said.values()), default=0.0)
        by_publisher = frozenset(word for word in words if self.publishers_in(word))
        if best > _HARDLY:
            ids = self._chosen(said, publishers)
            naming = frozenset(word for one in ids for word in said[one][1])
            return Named(ids, True, True, publishers, by_publisher | naming)
        if len(pool) == 1 and (paper := self._any_paper.intersection(words)):
            return Named(tuple(pool), True, True, publishers, by_publisher | paper)
        return Named(tuple(pool), bool(publishers), False, publishers, by_publisher)

    def _chosen(self, said: dict[str, tuple[float, frozenset[str]]], publishers: tuple[str, ...]) -> tuple[str, ...]:
        """The best-named papers; with several publishers named, the best of each."""
        groups = [self.publishers[name] for name in publishers] or [list(said)]
        chosen: list[str] = []
        for group in groups:
            best = max(said[one][0] for one in group)
            chosen += [one for one in group if said[one][0] >= best or said[one][0] >= _BY_KIND]
        return tuple(dict.fromkeys(chosen))

    def _mention(self, document: Document, question: str, words: list[str]) -> tuple[float, frozenset[str]]:
        """How surely a question names a paper, and by which of its words."""
        known = {*words, *(part for word in words for part in word.split("-"))}
        text = f" {' '.join(words)} "
        own = self._title_words[document.id]
        held = own & known
        share = len(held) / len(own) if own else 0.0
        telling = any(frames(word) < _HARDLY for word in held)
        score = _BY_KIND * share if share >= _MOST_OF_TITLE and (len(held) > 1 or not telling) else 0.2 * share
        naming = set(held) if score > _HARDLY else set()
        for name in self._short_names[document.id]:
            if f" {name} " in text:
                score, naming = max(score, _BY_KIND), naming | set(name.split())
        if (party := self._party_words[document.id]) and party <= known:
            score, naming = score + 1.0, naming | party
        if self._alone_with.get(document.id, frozenset()) & known and any(map(self.publishers_in, words)):
            score += _HARDLY + 0.2
        if by_kind := self._kind_said(document, question, words, text):
            weak = by_kind & self._record_nouns  # "strategische Ziele" are records too
            score, naming = score + (_BY_RECORDS if weak else _BY_KIND), naming | by_kind
        return score, frozenset(naming)

    def _kind_said(self, document: Document, question: str, words: list[str], text: str) -> set[str]:
        """The words that say a paper's kind: "das Leitbild", or a compound that its own title bears out."""
        whole, ends = self._kind_words.get(document.kind.value, ([], []))
        found: set[str] = set()
        for cue in whole:
            joined = [word for word in words if "-" in word and cue in word.split("-")]
            if joined or (f" {cue} " in text and not _is_indefinite(question, cue)):
                found |= {*cue.split(), *joined}
        own = _parted(words_of(f"{document.title} {document.publisher} {document.id.replace('-', ' ')}"))
        for word in words:
            for end in ends:
                head = word.removesuffix(end).rstrip("-") if word.endswith(end) else None
                if head is not None and (head in _GENERIC or any(_alike(head, part) for part in own)):
                    found.add(word)
        return found


def publisher_name(document: Document) -> str:
    """The proper name of a publisher, folded: "Kreis Soest" gives "soest"; "" where it has none."""
    names = [
        fold(word.split("/")[0])
        for word in _WORD.findall(document.publisher)
        if word[0].isupper() and not word.isupper()
    ]
    telling = [one for one in names if one not in _GENERIC and len(one) >= _SHORTEST_NAME and "fraktion" not in one]
    return telling[-1] if telling else ""


def _is_indefinite(question: str, cue: str) -> bool:
    """Whether only some paper of the kind is spoken of: "ein Konzept"."""
    place = " ".join(words_of(question)).find(cue)
    return bool(_INDEFINITE.search(" ".join(words_of(question))[:place]))


def _alike(head: str, part: str) -> bool:
    return len(part) >= 3 and (part[:6].startswith(head[:6]) or head.startswith(part[:6]))


def _parted(words: list[str]) -> list[str]:
    return [*words, *(part for word in words if "-" in word for part in word.split("-"))]
