"""A sentence as clauses with their terms, figures, marks and noun phrases; an item as windows of such clauses.

Marks name the word lists (`vectorstore/language/deciding.toml`) that a clause has words of. A window is a sentence or a
labelled field of an item, with the sentence before it where it refers back to that ("dabei", "seither").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from service import wording
from service.answering.corpus import Corpus
from service.answering.verification.verbatim import is_order, words
from vectorstore.analysis import Word, fold, of_same_root, printed_words
from vectorstore.figures import Figures, Located, Number, figures, located
from vectorstore.language import frequencies, word_list
from vectorstore.notation import MAGNITUDES, MONTHS, UNITS, worded
from vectorstore.records import Document, Item, ItemStatus
from vectorstore.sentences import sentence_spans


@cache
def word_lists() -> dict[str, Any]:
    """The lists by which sentences are compared with what they cite."""
    text = files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


MODIFIER = 0.3  # support of a compound of which only another part than the last is there
_ROOT = 4  # letters by which "Nacht" is recognised in "nächtlich"
_CACHED = 1024  # items whose windows are cached
_MEASURES = {*UNITS, *MAGNITUDES}
_SHORT = 2  # letters of abbreviations that are also words ("OB")
_FRONT = 6  # letters of a word from which it is recognised with another ending
_PART = 3  # letters that a part of a compound has at least, and one more
_STEM = 3  # letters of a verb's stem from which it is compared
_REACH = 6  # words behind "und" in which a figure makes a clause of them
_ENDS = ",;:–"
_NUMBER_NOUN = 4  # words behind a number among which its noun is
_ARTICLES = frozenset(word_lists()["articles"]["words"])
_WORD = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*|[,;:]")
_PREFIX = re.compile(
    r"(?:ab|an|auf|aus|bei|bereit|durch|ein|fest|her|hin|instand|mit|nach|um|unter|ver|vor|weiter|zuruck|zusammen|zu)?"
    r"(?:ge|zu)?(?P<stem>\w{3,})"
)
_ENDING = re.compile(r"(?:ungen|ung|enden|ende|end|eten|ete|est|ten|tet|te|en|em|er|es|et|e|n|t)$")
_ABBREVIATION = re.compile(r"(?<![\w.-])[A-ZÄÖÜ]{2}(?![\w.-])")
_GENDER = re.compile(r"[*:_/]-?in(?=nen|\W)")
_NO_NOUN = re.compile(r".*(?:sam|ig|lich|isch|bar|los|end|ende|lang|weise|ert|elt|st)")
_INFINITIVE = re.compile(r"\bzu \w+en\b|\w+zu\w+en\b")
_ADVERB = re.compile(r".*(?:bar|lich|ig|isch|sam|los|weise|haft)(?:e[nrsm]?)?")
_PARTICIPLE = re.compile(
    r"\w*ge\w+(?:t|en)|(?:\w*(?:be|er|ver|ent|zer|über|unter|wieder))\w+t|\w+iert"
    r"|(?:\w*(?:be|er|ver|ent|über|unter))\w*(?:nommen|geben|lassen|boten|schlossen|worfen|tragen|standen|rufen|halten"
    r"|sprochen|wiesen|schrieben|bunden|zogen|griffen|wonnen|troffen|hoben|fohlen|laufen|stiegen|kauft)"
)
_ATTRIBUTE = re.compile(r"(?i:bereits|schon|derzeit|aktuell|momentan|inzwischen) \w+e[nmrs]?\s[A-ZÄÖÜ]")
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))})"
    r"(?:e[nrsm]?|n)?(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word: as printed, as index terms, with its weight and the documents' words for the same."""

    printed: str
    word: Word
    weight: float
    noun: bool
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def folded(self) -> str:
        """The letters by which it is compared."""
        return fold(self.printed)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with the marks of its words."""

    text: str
    marks: frozenset[str]

    def says(self, *lists: str) -> bool:
        """True if it has a word of any of these lists."""
        return not self.marks.isdisjoint(lists)

    @cached_property
    def figures(self) -> Figures:
        """Its numbers and dates, as German prints them."""
        return figures(self.text)

    @property
    def statuses(self) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
        """The status words in it, each with the statuses it may mean; what is wished for is none."""
        for match in _STATUS.finditer(self.text) if not (self.says("wish") and self.says("running")) else ():
            meant = wording.STATUS_WORDS[match[1].lower()]
            if self.says("running") and ItemStatus.IMPLEMENTED in meant:
                meant = frozenset((ItemStatus.IN_PROGRESS,))
            yield match[0].lower(), meant


@dataclass(frozen=True)
class Window:
    """A passage of an item: `quote` is verbatim in it, `text` the same with its label and what it refers back to."""

    text: str
    quote: str
    terms: frozenset[str]
    clauses: tuple[Clause, ...]

    @cached_property
    def folded(self) -> str:
        """Its letters, a space before each word, "Bürger*innen" as "Bürgerinnen"."""
        return " " + " ".join(_GENDER.sub("in", fold(self.text)).split())

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems of all its words, as verbs have them."""
        return frozenset(filter(None, map(verb_stem, words(self.text))))

    @cached_property
    def figures(self) -> Figures:
        """Its numbers and dates."""
        return figures(self.text)

    @cached_property
    def numbers(self) -> tuple[tuple[Number, str], ...]:
        """Its numbers, each with the noun behind it, "" for none."""
        return counted_nouns(self.text)

    @cached_property
    def marks(self) -> frozenset[str]:
        """The lists that any of its words is of."""
        return frozenset[str]().union(*(clause.marks for clause in self.clauses))

    def support(self, term: Term) -> float:
        """How much it supports a term, 0 to 1: with another ending, as a synonym, or by a part of a compound."""
        whole = term.word.whole
        if whole in self.terms or _front(term.folded) in self.folded:
            return 1.0
        if any(self.terms.issuperset(entry) for entry in term.synonyms) or any(
            root in self.terms for root in of_same_root(whole)
        ):
            return 0.7
        if (not term.noun or len(term.folded) > _PART + 1) and verb_stem(term.printed) in self.verbs:
            return 0.7
        parts = [part for part in term.word.parts if len(part) > _PART - 1]
        if parts and (parts[-1] in self.terms or _is_listed(parts[-1], word_lists()["generic"]["words"])):
            return 0.5
        if any(len(part) > _PART and part in self.terms for part in parts):
            return MODIFIER
        return MODIFIER if f" {_without_umlauts(term.folded)[:_ROOT]}" in _without_umlauts(self.folded) else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an item says: its windows, and as windows its title with what is above it, and its document's metadata."""

    windows: tuple[Window, ...]
    title: Window
    around: Window
    whole: Window
    texts: tuple[str, ...]
    context: tuple[str, ...]
    statuses: frozenset[ItemStatus]


class SentenceReader:
    """Reads sentences and the items of an edition into clauses and windows; items are cached."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._cached = lru_cache(maxsize=_CACHED)(self._read_item)

    def terms(self, text: str, *, begins: bool = True) -> tuple[Term, ...]:
        """The content words of a text, without numbers, months and units; `begins` says that it begins a sentence."""
        found = []
        analyzer, generic = self.corpus.analyzer, word_lists()["generic"]["words"]
        for printed in (*printed_words(text), *_ABBREVIATION.findall(text)):
            if worded(printed) is not None or printed.lower() in MONTHS or printed in _MEASURES:
                continue
            if _is_listed(printed.lower(), generic):
                continue
            first = begins and text.lstrip('„"( ').startswith(printed)
            known = not first or (
                analyzer.is_noun(printed) and not _NO_NOUN.fullmatch(printed) and fold(printed) not in frequencies("de")
            )
            noun = (printed[0].isupper() and known) or not (printed[1:].islower() or printed.isupper())
            for word in analyzer.words(printed):
                if not word.whole.isdigit():
                    synonyms = self.corpus.expansion.entries(printed, "de")
                    weight = (1.0 if noun else 0.5) * self.corpus.rarity(word.whole)
                    found.append(Term(printed, word, weight, noun, synonyms))
        return tuple(found)

    def evidence(self, item: Item) -> Evidence:
        """What an item says."""
        return self._cached((item.document_id, item.key))

    def window(self, text: str, quote: str = "", before: str = "") -> Window:
        """A window of a text."""
        every = f"{before} {text}" if before else text
        return Window(every, quote or text, frozenset(self.corpus.analyzer.terms(every)), tuple(split_clauses(text)))

    def _read_item(self, key: tuple[str, str]) -> Evidence:
        item = self.corpus.catalogue.item(*key)
        assert item is not None
        document = self.corpus.document(item)
        named = (item.title, item.table_title, item.heading, item.table_row)
        titles = [text for text in named if text and not is_order(text)]
        windows = list(self._windows(item)) or [self.window(text) for text in dict.fromkeys(titles)]
        state = f"Status: {wording.status(item.status, 'de')}" if item.status else ""
        above = (*item.path, item.status_heading, state, *(head.title for head in (item.theme, item.goal) if head))
        around = [*filter(None, above), *metadata_texts(document)]
        own = [*(window.quote for window in windows), *(window.text for window in windows), *titles, item.ref]
        own.append(item.former_ref or "")
        clauses = [clause for window in windows for clause in window.clauses]
        return Evidence(
            tuple(windows),
            self.window("\n".join([*titles, item.ref])),
            self.window("\n".join(around)),
            self.window("\n".join([*own, *around])),
            tuple(own),
            tuple(around),
            statuses_of(item) or _status_in(clauses),
        )

    def _windows(self, item: Item) -> Iterator[Window]:
        """The sentences and fields of an item, each with its label or what it refers back to."""
        before = ""
        for sentence in self.corpus.sentences(item):
            yield self.window(sentence.text, sentence.text, before if refers_back(sentence.text) else "")
            before = sentence.text
        for field in item.fields:
            parts = [field.text[start:end] for start, end in sentence_spans(field.text)]
            if len(parts) == 1 and not is_order(f"{field.label}: {field.text}"):
                yield self.window(f"{field.label}: {field.text}", field.text)
        labels = word_lists()["labels"]
        row = item.table_row or item.heading
        for label, text in (
            (labels["responsible"], ", ".join(item.responsible)),
            (labels["period"], item.period),
            (labels["cost"], item.cost),
            (labels["priority"], item.priority),
            (labels["cooperation"], item.cooperation),
            (labels["municipalities"], ", ".join(item.municipalities)),
        ):
            if text:
                yield self.window(f"{label}: {text}", row)
        for conflict in item.conflicts:
            texts = (conflict.text, conflict.table, *(value.text for value in conflict.values))
            yield from (self.window(text, row) for text in texts if text)


def _without_umlauts(folded: str) -> str:
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def refers_back(text: str) -> bool:
    """True if a sentence goes on from the one before it."""
    return any(_is_listed(word.lower(), word_lists()["refers_back"]["words"]) for word in words(text)[:3])


def split_clauses(text: str) -> list[Clause]:
    """The clauses of a text with their marks."""
    found: list[Clause] = []
    for part in _split(text):
        marks = _marks(part)
        if found and found[-1].says("ahead") and ("dass" in part.lower().split() or _INFINITIVE.search(part)):
            marks |= {"ahead"}
        found.append(Clause(part, marks))
    return found


def has_word_of(text_words: Iterable[str], *lists: str) -> bool:
    """True if any of the words, in lower case, is in one of these lists."""
    return any(not _lists_of(word).isdisjoint(lists) for word in text_words)


def lower_words(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    found = [word if word.isupper() and len(word) == _SHORT else word.lower() for word in words(text)]
    return frozenset(found).union(map(" ".join, pairwise(found)))


@lru_cache(maxsize=65536)
def _lists_of(word: str) -> frozenset[str]:
    lists: dict[str, list[str]] = word_lists()["says"]
    return frozenset(name for name, listed in lists.items() if _is_listed(word, listed))


def _is_listed(word: str, listed: Collection[str]) -> bool:
    """True if a list has a word, or two words, in lower case; "*" stands for any ending or beginning."""
    return any(
        word == entry
        or (entry[-1] == "*" and word.startswith(entry[:-1]))
        or (entry[0] == "*" and " " not in word and word.endswith(entry[1:]) and len(word) > len(entry))
        for entry in listed
    )


def _split(text: str) -> list[str]:
    """The clauses of a text: between its commas and colons, and before "und" where a verb or a count follows."""
    parts: list[list[str]] = [[]]
    printed = text.split()
    for place, word in enumerate(printed):
        behind = printed[place + 1 : place + _REACH] if word in ("und", "sowie", "and") else []
        if behind and (
            has_word_of(behind[:1], "auxiliary", "passive", "wish")
            or _counts_twice(parts[-1], behind)
            or _is_finite(behind)
        ):
            parts.append([])
        parts[-1].append(word)
        if word[-1] in _ENDS and not (
            word[:-1].isdigit() and printed[place + 1 :][:1] and printed[place + 1].isdigit()
        ):
            parts.append([])
    return [" ".join(part) for part in parts if part]


def _is_finite(printed: Sequence[str]) -> bool:
    """True if a text begins with a verb that is no participle of a verb behind it."""
    first, behind = printed[0], printed[1:2]
    verb = first.islower() and first.endswith("t") and not _is_no_verb(first)
    return verb and bool(behind) and not has_word_of((behind[0].lower().rstrip(".,;:"),), "auxiliary", "passive")


def _counts_twice(first: Sequence[str], second: Sequence[str]) -> bool:
    """True if each of two texts has a figure with a noun behind it that is no month."""
    for text in (first, second):
        place = next((place for place, word in enumerate(text) if word[0].isdigit()), len(text))
        if not any(word[0].isupper() and word.lower().rstrip(_ENDS) not in MONTHS for word in text[place:]):
            return False
    return True


def _marks(text: str) -> frozenset[str]:
    """The lists that the words of a clause are of; "perfect" if it ends with what was done."""
    printed = words(text)
    marks = frozenset[str]().union(*map(_lists_of, lower_words(text)))
    if "affirmed" in marks:
        marks -= {"denied"}
    if _ATTRIBUTE.search(text):
        marks -= {"now"}
    if any(word.islower() and _PARTICIPLE.fullmatch(word) for word in printed):
        marks |= {"participle"}
    last = printed[-2:]
    done = last and _PARTICIPLE.fullmatch(last[-1]) and last[-1].islower() and last[0] != "zu"
    return marks | {"perfect"} if "auxiliary" in marks and done else marks


def counted_nouns(text: str) -> tuple[tuple[Number, str], ...]:
    """The numbers of a text, each with the noun directly behind it, "" for none."""
    found = []
    for place in located(text):
        if isinstance(place.figure, Number):
            found.append((place.figure, _noun_behind(text, place)))
    return tuple(found)


def _noun_behind(text: str, place: Located) -> str:
    tokens: list[str] = _WORD.findall(text[place.end : place.end + 80])
    for token in tokens[:_NUMBER_NOUN]:
        if token[0].isupper():
            return token
        if token in _ENDS or token in _ARTICLES or not token.endswith(("e", "en", "er", "es", "em")):
            return ""
    return ""


@lru_cache(maxsize=65536)
def verb_stem(printed: str) -> str:
    """The stem of a verb without prefix and ending: "eingeweiht" and "Einweihung" have one; "" for a short word."""
    folded: str = fold(printed).replace("ae", "a").replace("oe", "o").replace("ue", "u")
    match = _PREFIX.fullmatch(folded)
    stem: str = _ENDING.sub("", match["stem"]) if match is not None else ""
    if len(stem) < _STEM:
        stem = _ENDING.sub("", folded)
    return stem if len(stem) >= _STEM and any(letter in stem for letter in "aeiouy") else ""


@lru_cache(maxsize=65536)
def _is_no_verb(lowered: str) -> bool:
    """True for function words, and for those that sentences have of any item."""
    lists = word_lists()
    return (
        bool(_ADVERB.fullmatch(lowered))
        or fold(lowered) in word_list("stopwords")
        or any(
            _is_listed(lowered, lists[name]["words"]) for name in ("prepositions", "adverbs", "refers_back", "generic")
        )
    )


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    own = {item.status} if item.status else set()
    texts = (text for one in item.conflicts if one.field == "status" for text in (one.text, one.table))
    return frozenset(own | {ItemStatus(text) for text in texts if text in set(ItemStatus)})


def metadata_texts(document: Document) -> Iterator[str]:
    """What the edition has of a document itself: title, publisher, status, date."""
    yield from (document.title, document.publisher)
    yield from filter(None, (wording.authority(document, "de"), wording.dated(document, "de")))
    yield from (fact.quote for fact in document.front if fact.quote)


def _status_in(clauses: Iterable[Clause]) -> frozenset[ItemStatus]:
    """The status that the text of an item without one states: "Die Maßnahme wurde 2024 umgesetzt"."""
    for clause in clauses:
        if has_word_of(map(str.lower, words(clause.text)[:2]), "own") and not clause.says("denied", "ahead", "idea"):
            if clause.says("ended") and not clause.says("passive_present"):
                return frozenset((ItemStatus.IMPLEMENTED,))
            if clause.says("now"):
                return frozenset((ItemStatus.IN_PROGRESS,))
    return frozenset()


@lru_cache(maxsize=65536)
def _front(folded: str) -> str:
    """The letters by which a word is recognised with another ending; of a short one at the beginning of a word."""
    front = folded[: max(_FRONT, len(folded) - _PART)]
    return front if len(folded) >= _FRONT else f" {folded[: max(4, len(folded) - 1)]}"
