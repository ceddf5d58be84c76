"""A sentence clause by clause, what the words of each mark, and what entries hold: their clauses and all their words.

Marks are the lists of `lexicon/claims.toml` that words are of: what is denied, and how far something is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from service.answering import lexicon, wording
from service.answering.corpus import Corpus
from service.answering.verifying.verbatim import is_order, words
from vectorstore.analysis import Word, fold, printed_words
from vectorstore.figures import Figures, figures
from vectorstore.notation import MAGNITUDES, MONTHS, UNITS, worded
from vectorstore.records import Document, Item, ItemStatus
from vectorstore.sentences import sentence_spans

_KEPT = 4096  # items whose clauses are kept
_NO_NOUN = 0.5  # what another word than a noun counts: free wording changes verbs first
_OWN = 2  # words at the beginning of a clause that say that it is about the entry itself
_SHORT = 2  # letters of abbreviations that are also words
_LONG = 3  # letters before an ending by which a word is told
_MEASURES = {*UNITS, *MAGNITUDES}
_ENDS = ",;:–"
_REACH = 6  # words behind "und" in which a figure makes a clause of them
_JOINING = frozenset(("und", "sowie", "and"))
_PARTICIPLE = re.compile(r"\w*ge\w+(?:t|en)|(?:be|er|ver|ent|zer|über|unter|wieder)\w+(?:t|en)|\w+iert")
_ATTRIBUTE = re.compile(r"(?i:bereits|schon|derzeit|aktuell|momentan|inzwischen) \w+e[nmrs]?\s[A-ZÄÖÜ]")
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))})"
    r"(?:e[nrsm]?|n)?(?![\w-])"
)
_CHOSEN = re.compile(r"(?i)(?:ohne(?: den)? Status|without status)\s\Z")  # records were chosen by it


class Standing(Enum):
    """How far a clause says that something is."""

    OPEN = "open"  # expressly not begun: a plan, an idea, to be looked into
    AHEAD = "ahead"  # what shall be
    BEGUN = "begun"  # what happened, or is the case by now
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Marked:
    """A clause with the passage that it stands in, and the lists that its words are of."""

    text: str
    passage: str
    marks: frozenset[str]

    def says(self, *lists: str) -> bool:
        """Whether it has a word of any of these lists."""
        return not self.marks.isdisjoint(lists)

    @property
    def statuses(self) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
        """The words of statuses in it, each with what it may mean; what shall become is none."""
        for match in _STATUS.finditer(self.text) if not (self.says("wish") and self.says("running")) else ():
            meant = wording.STATUS_WORDS[match[1].lower()]
            if _CHOSEN.search(self.text, 0, match.start()):
                meant = frozenset()
            elif self.says("running") and ItemStatus.IMPLEMENTED in meant:
                meant = frozenset((ItemStatus.IN_PROGRESS,))
            yield match[0].lower(), meant

    @property
    def standing(self) -> Standing | None:
        """How far it says that something is; None where it says nothing of that."""
        if self.says("idea") or (self.says("ahead") and self.says("only")):
            return Standing.OPEN
        if self.says("ahead"):
            return Standing.AHEAD
        if "?" in self.text or "?" in self.passage:
            return None
        ended = self.says("ended") and not self.says("running")
        if self.says("denied"):
            return Standing.OPEN if ended or self.says("done", "perfect") else None
        return Standing.ENDED if ended else Standing.BEGUN if self.says("done", "now", "perfect") else None


@dataclass(frozen=True, slots=True)
class Clause(Marked):
    """A clause of an entry with its index terms and its letters."""

    terms: frozenset[str]
    folded: str

    @property
    def figures(self) -> Figures:
        """Its numbers and dates, as German prints them."""
        return figures(self.text)


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

    def held(self, by: Clause | Evidence) -> float:
        """How much a text holds it, 0 to 1: whole or with another ending, or by a part."""
        if self.word.whole in by.terms or _front(self.printed) in by.folded:
            return 1.0
        return 0.5 if any(part in by.terms for part in self.word.parts if len(part) > _LONG) else 0.0


class Holdings:
    """What the entries of an edition hold, worked out when it is first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._of = lru_cache(maxsize=_KEPT)(self._evidence)

    def of(self, item: Item) -> Evidence:
        """What an entry holds."""
        return self._of((item.document_id, item.key))

    def telling(self, text: str) -> Iterator[Telling]:
        """The words of a text that tell something; those that speak of papers themselves tell nothing."""
        for place, printed in enumerate(printed_words(text)):
            if worded(printed) is not None or printed.lower() in MONTHS or printed in _MEASURES:
                continue
            noun = printed[0].isupper() and place > 0
            share = 1.0 if noun or (printed[0].isupper() and self.corpus.analyzer.is_noun(printed)) else _NO_NOUN
            for word in self.corpus.analyzer.words(printed):
                if not word.whole.isdigit():
                    yield Telling(printed, word, share * self.corpus.rarity(word.whole), noun)

    def _evidence(self, key: tuple[str, str]) -> Evidence:
        item, terms = self.corpus.catalogue.item(*key), self.corpus.analyzer.terms
        assert item is not None
        document = self.corpus.document(item)
        named = (item.title, item.table_title, item.heading, item.table_row)
        titles = [one for one in named if one and not is_order(one)]
        passages = {text: quote for text, quote in self._passages(item) if not is_order(text)}
        own = [*passages, *titles, item.ref, item.former_ref or ""]
        state = f"Status: {wording.status(item.status, 'de')}" if item.status else ""
        above = (*item.path, item.status_heading, state, *(one.title for one in (item.theme, item.goal) if one))
        around = [*filter(None, above), *about(document)]
        every, spoken = "\n".join([*own, *around]), passages or dict(zip(titles, titles, strict=True))
        clauses = tuple(
            Clause(one.text, one.passage, one.marks, frozenset(terms(one.text)), f" {fold(one.text)}")
            for text, quote in spoken.items()
            for one in marked(text, quote)
        )
        title, folded = frozenset(terms(item.title)) if passages else frozenset(), " " + " ".join(fold(every).split())
        told = statuses_of(item) or _told(clauses)
        return Evidence(clauses, frozenset(terms(every)), title, folded, tuple(own), tuple(around), told)

    def _passages(self, item: Item) -> Iterator[tuple[str, str]]:
        """What an entry says, sentences and fields with their labels, and where that stands."""
        yield from ((one.text, one.text) for one in self.corpus.sentences(item))
        for field in item.fields:
            parts = [field.text[start:end] for start, end in sentence_spans(field.text)]
            if len(parts) > 1:
                yield from zip(parts, parts, strict=True)
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
        for one in item.conflicts:
            yield from ((text, row) for text in (one.text, one.table, *(value.text for value in one.values)) if text)


def marked(text: str, passage: str = "") -> list[Marked]:
    """The clauses of a text, which stand in a passage that may be quoted; the text itself where none is given."""
    found: list[Marked] = []
    for one in _split(text):
        marks = _marks(one)
        if found and found[-1].says("ahead") and "dass" in one.lower().split():
            marks |= {"ahead"}
        found.append(Marked(one, passage or text, marks))
    return found


def says(said: Iterable[str], *lists: str) -> bool:
    """Whether any of the words, in lower case, is in one of these lists."""
    return any(not _lists_of(one).isdisjoint(lists) for one in said)


def lowered(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    said = [word if word.isupper() and len(word) == _SHORT else word.lower() for word in words(text)]  # "OB", no "ob"
    return frozenset(said).union(map(" ".join, pairwise(said)))


def unlike_status(clause: Marked, own: Collection[frozenset[ItemStatus]], proving: Sequence[Marked]) -> bool:
    """True where a clause gives records another status than they have, and nothing that proves it says so.

    A status that is denied must not be that of all of them; one that records were chosen by ("ohne den Status
    umgesetzt") is no statement on them.
    """
    denied = clause.says("denied")
    for word, meant in clause.statuses:
        right = any(not meant & one for one in own) if denied else any(meant & one for one in own)
        proven = any(word in dict(one.statuses) and one.says("denied") == denied for one in proving)
        if not (right and meant) and not proven:
            return True
    return False


@lru_cache(maxsize=65536)
def _lists_of(word: str) -> frozenset[str]:
    """The lists that have a word, or two words, in lower case; "*" in a list stands for any ending or beginning."""
    return frozenset(
        name
        for name, listed in lexicon.table("claims")["says"].items()
        for one in listed
        if word == one
        or (one[-1] == "*" and word.startswith(one[:-1]))
        or (one[0] == "*" and " " not in word and word.endswith(one[1:]) and len(word) > len(one))
    )


def _split(text: str) -> list[str]:
    """The clauses of a sentence: between its commas and colons, and before "und" where a verb or a count follows."""
    parts: list[list[str]] = [[]]
    said = text.split()
    for place, word in enumerate(said):
        behind = said[place + 1 : place + _REACH] if word in _JOINING else []
        if behind and (says(behind[:1], "auxiliary", "running", "wish") or (_counts(parts[-1]) and _counts(behind))):
            parts.append([])
        parts[-1].append(word)
        if word[-1] in _ENDS and not (word[:-1].isdigit() and said[place + 1 :][:1] and said[place + 1].isdigit()):
            parts.append([])
    return [" ".join(part) for part in parts if part]


def _counts(said: Sequence[str]) -> bool:
    """True where a figure has a noun behind it that is no month."""
    place = next((place for place, word in enumerate(said) if word[0].isdigit()), len(said))
    return any(word[0].isupper() and word.lower().rstrip(_ENDS) not in MONTHS for word in said[place:])


def _marks(text: str) -> frozenset[str]:
    """The lists that the words of a clause are of; "perfect" where it ends with what was done."""
    marks = frozenset[str]().union(*map(_lists_of, lowered(text)))
    last = words(text)[-2:]
    if "affirmed" in marks:
        marks -= {"denied"}
    if _ATTRIBUTE.search(text):
        marks -= {"now"}
    participle = last and _PARTICIPLE.fullmatch(last[-1]) and last[-1].islower() and last[0] != "zu"
    return marks | {"perfect"} if "auxiliary" in marks and participle else marks


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    told = {item.status} if item.status else set()
    texts = (text for one in item.conflicts if one.field == "status" for text in (one.text, one.table))
    return frozenset(told | {ItemStatus(one) for one in texts if one in set(ItemStatus)})


def about(document: Document) -> Iterator[str]:
    """What the edition holds of a paper itself: title, publisher, standing, date."""
    yield from (document.title, document.publisher)
    yield from filter(None, (wording.authority(document, "de"), wording.dated(document, "de")))
    yield from (fact.quote for fact in document.front if fact.quote)


def _told(clauses: Iterable[Clause]) -> frozenset[ItemStatus]:
    """The status that the text of an entry without one gives itself: "Die Maßnahme wurde 2024 umgesetzt"."""
    for one in clauses:
        if says(map(str.lower, words(one.text)[:_OWN]), "own"):
            if one.standing is Standing.ENDED:
                return frozenset((ItemStatus.IMPLEMENTED,))
            if one.standing is Standing.BEGUN and one.says("now"):
                return frozenset((ItemStatus.IN_PROGRESS,))
    return frozenset()


@lru_cache(maxsize=65536)
def _front(printed: str) -> str:
    """The letters of a word by which it is told with another ending: of a short one at the beginning of a word."""
    folded = fold(printed)
    front = folded[: max(6, len(folded) - _LONG)]
    return front if len(folded) >= 6 else f" {folded[: max(4, len(folded) - 1)]}"
