"""What entries hold that a freely worded sentence may say: their clauses, all their words, and how far they say it is.

A clause, of a sentence or of an entry, bears marks: which lists of `claims.toml` its words are of, whether it denies,
and how far it says that something is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from service.answering import lexicon, wording
from service.answering.corpus import Corpus
from service.answering.verifying.names import words
from service.answering.verifying.orders import is_order
from vectorstore.analysis import Word, fold, printed_words
from vectorstore.figures import Figures, figures
from vectorstore.notation import MONTHS, UNITS, worded
from vectorstore.records import Document, Item, ItemStatus
from vectorstore.sentences import sentence_spans

_OF_STANDING = ("ended", "done", "ahead", "idea", "now", "auxiliary", "found", "decided", "denied")
_NO_NOUN = 0.5  # what another word than a noun counts: free wording changes verbs first
_KEPT = 4096  # items whose passages are kept
_ENDS = ",;:–"
_OWN = 2  # words at the beginning of a clause that say that it is about the entry itself
_LONG = 3  # letters before an ending by which a word is told
_REACH = 6  # words behind "und" in which a figure makes a clause of them
_JOINING = frozenset(("und", "sowie", "and"))
_PARTICIPLE = re.compile(r"\w*ge\w+(?:t|en)|(?:be|er|ver|ent|zer|über|unter|wieder)\w+(?:t|en)|\w+iert")
_ATTRIBUTE = re.compile(r"(?i:bereits|schon|derzeit|aktuell|momentan|inzwischen) \w+e[nmrs]?\s[A-ZÄÖÜ]")
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))})"
    r"(?:e[nrsm]?|n)?(?![\w-])"
)
_CHOSEN = re.compile(r"(?i)(?:ohne(?: den)? Status|without status)\s\Z")


class Standing(Enum):
    """How far a clause says that something is."""

    OPEN = "open"  # expressly not begun: a plan, an idea, to be looked into
    AHEAD = "ahead"  # what shall be
    BEGUN = "begun"  # what happened, or is the case by now
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the passage that it stands in, the lists that its words are of, its index terms, its letters."""

    text: str
    passage: str
    marks: frozenset[str]
    terms: frozenset[str]
    folded: str

    def says(self, *lists: str) -> bool:
        """Whether it has a word of any of these lists of `claims.toml`."""
        return not self.marks.isdisjoint(lists)

    @property
    def figures(self) -> Figures:
        """Its numbers and dates, as German prints them."""
        return figures(self.text)

    @property
    def statuses(self) -> list[tuple[str, frozenset[ItemStatus]]]:
        """The words of statuses in it, each with what it may mean; what shall become is none."""
        if self.says("wish") and self.says("running"):
            return []
        found = []
        for match in _STATUS.finditer(self.text):
            meant = wording.STATUS_WORDS[match[1].lower()]
            chosen = _CHOSEN.search(self.text, 0, match.start())  # records were chosen by it: no statement on them
            running = self.says("running") and ItemStatus.IMPLEMENTED in meant
            found.append(
                (
                    match[0].lower(),
                    frozenset() if chosen else frozenset((ItemStatus.IN_PROGRESS,)) if running else meant,
                )
            )
        return found

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

    def held(self, by: Clause | Evidence) -> float:
        """How much a text holds it, 0 to 1: whole or with another ending, or by a part."""
        if self.word.whole in by.terms or _front(self.printed) in by.folded:
            return 1.0
        return 0.5 if any(part in by.terms for part in self.word.parts if len(part) > _LONG) else 0.0


@lru_cache(maxsize=65536)
def _front(printed: str) -> str:
    """The letters of a word by which it is told with another ending: of a short one at the beginning of a word."""
    folded = fold(printed)
    front = folded[: max(6, len(folded) - _LONG)]
    return front if len(folded) >= 6 else f" {folded[: max(4, len(folded) - 1)]}"


@lru_cache(maxsize=65536)
def lists_of(word: str) -> frozenset[str]:
    """The lists of `claims.toml` that have a word, or two words, in lower case."""
    lists = lexicon.table("claims")["says"].items()
    return frozenset(name for name, listed in lists if any(_is_of(word, one) for one in listed))


def _is_of(word: str, listed: str) -> bool:
    if listed[0] == "*":
        return " " not in word and word.endswith(listed[1:]) and len(word) > len(listed)
    return word == listed or (listed[-1] == "*" and word.startswith(listed[:-1]))


def says(said: Iterable[str], *lists: str) -> bool:
    """Whether any of the words, in lower case, is in one of these lists."""
    return any(not lists_of(one).isdisjoint(lists) for one in said)


def lowered(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    said = [word.lower() for word in words(text)]
    return frozenset(said).union(map(" ".join, pairwise(said)))


def clauses_of(text: str) -> list[str]:
    """The clauses of a sentence: between its commas and colons, and before "und" where a verb or a count follows."""
    parts: list[list[str]] = [[]]
    said = text.split()
    for place, word in enumerate(said):
        behind = said[place + 1 : place + _REACH] if word in _JOINING else []
        verb = behind and not lists_of(behind[0]).isdisjoint(("auxiliary", "running", "wish"))
        if verb or (_counts(parts[-1]) and _counts(behind)):
            parts.append([])
        parts[-1].append(word)
        if word[-1] in _ENDS:
            parts.append([])
    return [" ".join(part) for part in parts if part]


def _counts(said: Sequence[str]) -> bool:
    """True where a figure has a noun behind it that is no month."""
    place = next((place for place, word in enumerate(said) if word[0].isdigit()), len(said))
    return any(word[0].isupper() and word.lower().rstrip(_ENDS) not in MONTHS for word in said[place:])


def _marks(text: str) -> frozenset[str]:
    """The lists that the words of a clause are of; "perfect" where it ends with what was done."""
    marks = frozenset[str]().union(*map(lists_of, lowered(text)))
    last = words(text)[-2:]
    participle = bool(last) and _PARTICIPLE.fullmatch(last[-1]) and last[-1].islower() and last[0] != "zu"
    if "affirmed" in marks:
        marks -= {"denied"}
    if _ATTRIBUTE.search(text):
        marks -= {"now"}
    return marks | {"perfect"} if "auxiliary" in marks and participle else marks


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
        found: list[Clause] = []
        for one in clauses_of(text):
            marks = _marks(one)
            if found and found[-1].says("ahead") and "dass" in one.lower().split():
                marks |= {"ahead"}
            terms = frozenset(self.corpus.analyzer.terms(one))
            found.append(Clause(one, passage or text, marks, terms, f" {fold(one)}"))
        return found

    def telling(self, text: str) -> list[Telling]:
        """The words of a text that tell something; those that speak of papers themselves tell nothing."""
        found = []
        for place, printed in enumerate(printed_words(text)):
            lower = printed.lower()
            if worded(printed) is not None or lower in MONTHS or printed in UNITS:
                continue
            noun = printed[0].isupper() and place > 0
            share = 1.0 if noun or (printed[0].isupper() and self.corpus.analyzer.is_noun(printed)) else _NO_NOUN
            for word in self.corpus.analyzer.words(printed):
                if not word.whole.isdigit():
                    found.append(Telling(printed, word, share * self.corpus.rarity(word.whole), noun))
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
        folded = " " + " ".join(fold(every).split())
        return Evidence(clauses, frozenset(terms(every)), title, folded, tuple(own), tuple(around), told)

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


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    told = {item.status} if item.status else set()
    for conflict in item.conflicts:
        if conflict.field == "status":
            told |= {ItemStatus(one) for one in (conflict.text, conflict.table) if one in set(ItemStatus)}
    return frozenset(told)


def _told(clauses: Iterable[Clause]) -> frozenset[ItemStatus]:
    """The status that the text of an entry without one gives itself: "Die Maßnahme wurde 2024 umgesetzt"."""
    for one in clauses:
        if says(map(str.lower, words(one.text)[:_OWN]), "own"):
            if one.standing is Standing.ENDED:
                return frozenset((ItemStatus.IMPLEMENTED,))
            if one.standing is Standing.BEGUN and one.says("now"):
                return frozenset((ItemStatus.IN_PROGRESS,))
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
