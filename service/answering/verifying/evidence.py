"""What entries hold that a freely worded sentence may say: their passages by clauses, and all their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from service.answering import lexicon, wording
from service.answering.corpus import Corpus
from service.answering.verifying.names import words
from service.answering.verifying.orders import is_order
from service.answering.verifying.statuses import statuses_of
from vectorstore.analysis import Word, fold, printed_words
from vectorstore.notation import MONTHS, worded
from vectorstore.records import Document, Item, ItemStatus
from vectorstore.sentences import sentence_spans

_OF_STANDING = ("ended", "begun", "made", "ahead", "past", "now", "running", "found", "decided", "unsettled")
_NO_NOUN = 0.5  # what another word than a noun counts: free wording changes verbs first
_PART, _FRONT = 4, 6  # letters from which a part of a compound, or the front of a word, tells
_KEPT = 4096  # items whose passages are kept
_ENDS = ",;:–"
_HEAD = 4  # words of a paper's sentence from which a colon ends a clause
_OWN = 4  # words at the beginning of a clause that say that it is about the entry itself
_LONG = 3  # letters before an ending by which a word is told
_PARTICIPLE = re.compile(r"\w*ge\w+(?:t|en)|(?:be|er|ver|ent|zer|über|unter|wieder)\w+(?:t|en)|\w+iert")
_DONE, _OPEN = (ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED), (ItemStatus.IDEA, ItemStatus.PLANNED)
_TURNS = frozenset(("aber", "sondern", "jedoch", "obwohl", "während", "but", "although"))
_JOINING = frozenset(("und", "sowie", "and"))
_REACH = 6  # words behind "und" in which a figure makes a clause of them


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the passage that it stands in, its words in lower case, its index terms and its letters folded."""

    text: str
    passage: str
    said: frozenset[str]
    kinds: frozenset[str]
    terms: frozenset[str]
    folded: str

    def says(self, *kinds: str) -> bool:
        """Whether it has a word of any of these lists of `claims.toml`."""
        return not self.kinds.isdisjoint(kinds)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an entry holds: its clauses, its index terms and those of its title, its folded text, what proves figures.

    `around` are the headings above it and its paper's names, which prove names and no figures. `statuses` are those
    that its paper gives it, or that its own text does ("Die Maßnahme wurde umgesetzt").
    """

    clauses: tuple[Clause, ...]
    terms: frozenset[str]
    about: frozenset[str]
    folded: str
    texts: tuple[str, ...]
    around: tuple[str, ...]
    statuses: frozenset[ItemStatus]


@dataclass(frozen=True, slots=True)
class Telling:
    """A word of a sentence that tells something: as printed, as index terms, and its weight."""

    printed: str
    word: Word
    weight: float
    noun: bool

    @property
    def of_standing(self) -> bool:
        """Whether it only says how far something is, which is compared apart."""
        return says((self.printed.lower(),), *_OF_STANDING)


@lru_cache(maxsize=65536)
def kinds_of(word: str) -> frozenset[str]:
    """The lists of `claims.toml` that have a word, or two words, in lower case."""
    return frozenset(
        kind for kind, listed in lexicon.words("claims", "says").items() if any(_is_of(word, one) for one in listed)
    )


def _is_of(word: str, listed: str) -> bool:
    if listed[0] == "*":
        return word.isalpha() and word.endswith(listed[1:]) and len(word) > len(listed) + _LONG
    return word == listed or (listed[-1] == "*" and word.startswith(listed[:-1]))


def says(said: Iterable[str], *kinds: str) -> bool:
    """Whether any of the words, in lower case, is in one of these lists."""
    return any(not kinds_of(one).isdisjoint(kinds) for one in said)


def clauses_of(text: str, head: int = 1) -> Iterator[str]:
    """The clauses of a sentence: between its commas and colons, before "aber", before "und" where both sides count.

    A colon ends one only behind `head` words: "Anfang 2021: Beirat berufen" is one clause of a paper.
    """
    clause: list[str] = []
    said = text.split()
    for place, word in enumerate(said):
        behind = said[place + 1 : place + _REACH] if word in _JOINING else []
        verb = behind and not kinds_of(behind[0]).isdisjoint(("auxiliary", "running"))
        joined = verb or (_counts(clause) and _counts(behind))
        if clause and (joined or word.casefold() in _TURNS):
            yield " ".join(clause)
            clause = []
        clause.append(word)
        if word[-1] in _ENDS and (word[-1] != ":" or len(clause) >= head):
            yield " ".join(clause)
            clause = []
    if clause:
        yield " ".join(clause)


def _counts(said: Sequence[str]) -> bool:
    """True where a figure has a noun behind it that is no month."""
    place = next((place for place, word in enumerate(said) if word[0].isdigit()), len(said))
    return any(word[0].isupper() and word.lower().rstrip(_ENDS) not in MONTHS for word in said[place:])


def _is_done(last: Sequence[str]) -> bool:
    """True where the last words of a clause are a participle, no noun ("Bürgerinnen") and no infinitive ("zu tun")."""
    return _PARTICIPLE.fullmatch(last[-1]) is not None and last[-1].islower() and last[0] != "zu"


def lowered(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    said = [word.lower() for word in words(text)]
    return frozenset(said).union(map(" ".join, pairwise(said)))


class Holdings:
    """What the entries of an edition hold, worked out when it is first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._of = lru_cache(maxsize=_KEPT)(self._made)

    def of(self, item: Item) -> Evidence:
        """What an entry holds."""
        return self._of((item.document_id, item.key))

    def clauses(self, text: str, passage: str = "") -> list[Clause]:
        """The clauses of a text, which stand in a passage that may be quoted; the text itself where none is given."""
        terms = self.corpus.analyzer.terms
        found: list[Clause] = []
        for one in clauses_of(text, _HEAD if passage else 1):
            said = lowered(one)
            kinds = frozenset[str]().union(*map(kinds_of, said))
            if "auxiliary" in kinds and _is_done(words(one)[-2:]):
                kinds |= {"perfect"}
            if found and "dass" in said and found[-1].says("ahead"):
                kinds |= {"ahead"}
            found.append(Clause(one, passage or text, said, kinds, frozenset(terms(one)), fold(one)))
        return found

    def telling(self, text: str) -> list[Telling]:
        """The words of a text that tell something; those that speak of papers themselves tell nothing."""
        found = []
        for place, printed in enumerate(printed_words(text)):
            lower = printed.lower()
            if says((lower,), "paper") or worded(printed) is not None or lower in MONTHS:
                continue
            noun = printed[0].isupper() and place > 0
            share = 1.0 if noun or (printed[0].isupper() and self.corpus.analyzer.is_noun(printed)) else _NO_NOUN
            for word in self.corpus.analyzer.words(printed):
                if not word.whole.isdigit():
                    weight = share * self.corpus.rarity(word.whole)
                    found.append(Telling(printed, word, weight, noun))
        return found

    def _made(self, key: tuple[str, str]) -> Evidence:
        item = self.corpus.catalogue.item(*key)
        assert item is not None
        document = self.corpus.document(item)
        named = (item.title, item.table_title, item.heading, item.table_row)
        titles = [one for one in named if one and not is_order(one)]
        passages = {text: quote for text, quote in self._passages(item) if not is_order(text)}
        own = [*passages, *titles, item.ref, item.former_ref or ""]
        around = [one for one in _around(item, document) if one]
        every = "\n".join([*own, *around])
        spoken = passages or dict(zip(titles, titles, strict=True))
        clauses = tuple(clause for text, quote in spoken.items() for clause in self.clauses(text, quote))
        terms, told = self.corpus.analyzer.terms, statuses_of(item) or _told(clauses)
        title = frozenset(terms(item.title)) if passages else frozenset()
        return Evidence(clauses, frozenset(terms(every)), title, fold(every), tuple(own), tuple(around), told)

    def _passages(self, item: Item) -> Iterator[tuple[str, str]]:
        """What an entry says, sentences and fields with their labels, and where that stands."""
        yield from ((one.text, one.text) for one in self.corpus.sentences(item))
        for field in item.fields:
            spans = sentence_spans(field.text)
            if len(spans) > 1:
                yield from ((one, one) for one in (field.text[start:end] for start, end in spans))
            else:
                yield f"{field.label}: {field.text}", field.text
        named = (
            ("Zuständig", ", ".join(item.responsible)),
            ("Zeitraum", item.period),
            ("Kosten", item.cost),
            ("Priorität", item.priority),
            ("Beteiligt", item.cooperation),
            ("Gemeinden", ", ".join(item.municipalities)),
        )
        row = item.table_row or item.heading
        yield from ((f"{label}: {text}", row) for label, text in named if text)
        for conflict in item.conflicts:
            told = (conflict.text, conflict.table, *(one.text for one in conflict.values))
            yield from ((text, row) for text in told if text)


def _told(clauses: Iterable[Clause]) -> frozenset[ItemStatus]:
    """The statuses that the text of an entry without one gives itself."""
    for one in clauses:
        if says(map(str.lower, words(one.text)[:_OWN]), "own") and not one.says("denied") and "?" not in one.text:
            if not one.says("ahead") and one.says("ended", "begun", "perfect", "now"):
                return frozenset(_DONE)
            if one.says("plan"):
                return frozenset(_OPEN)
    return frozenset()


def _around(item: Item, document: Document) -> Iterator[str]:
    """What stands around an entry: the headings above it, its paper's name, date and standing."""
    yield from (*item.path, item.status_heading or "")
    yield f"Status: {wording.status(item.status, 'de')}" if item.status else ""
    yield from (one.title for one in (item.theme, item.goal) if one)
    yield from about(document)


def about(document: Document) -> Iterator[str]:
    """What the edition holds of a paper itself: title, publisher, standing, date."""
    yield from (document.title, document.publisher)
    yield from (part for part in (wording.authority(document, "de"), wording.dated(document, "de")) if part)
    yield from (fact.quote for fact in document.front if fact.quote)


def holds(one: Telling, every: Sequence[Evidence]) -> float:
    """How much entries hold a word, 0 to 1: whole or by a part, by its front, by most of its letters."""
    if any(one.word.whole in each.terms for each in every):
        return 1.0
    if any(part in each.terms for each in every for part in one.word.parts if len(part) >= _PART):
        return 0.9
    folded = fold(one.printed)
    if len(folded) >= _FRONT and any(folded[:_FRONT] in each.folded for each in every):
        return 0.8
    return 0.0
