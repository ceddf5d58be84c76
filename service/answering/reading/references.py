"""How a question refers to records: nouns for them, numbers ("5.5.2.1", "M 12", "das dritte Ziel"), and years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from service.answering import lexicon
from service.answering.corpus import Corpus, plain_ref
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

_SHORTEST_HEAD = 3
_UNITS = r"Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha"
_REF = re.compile(rf"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){{1,3}})(?![\w]|[.,]\d|\s*(?:{_UNITS})(?!\w))")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?|\d{1,3}(?:\.\d{3})+")
_BEHIND = re.compile(
    r"\b([^\W\d_][\w-]+)\s+(?:nr\.?\s*|nummer\s+)?([A-Z]?\s?\d{1,3}|[IVX]+|[A-Z])\b(?![.,]\d|\.[IVX])", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(?:(\d{1,2})\.|(\w+))\s+([^\W\d_][\w-]+)")
_STEMS = "erst zweit dritt viert fuenft sechst siebt acht neunt zehnt elft zwoelft"
_ORDINALS = {
    word: n for words in (_STEMS, "first second third fourth fifth") for n, word in enumerate(words.split(), 1)
}
_PARTS = ("teil", "part")
_MOST = 3  # items of one number in a paper from which it names none of them
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_UNTIL, _SINCE = ("bis", "until", "by", "vor", "before"), ("ab", "seit", "nach", "since", "from", "after")
_YEAR = re.compile(rf"\b(?:({'|'.join((*_UNTIL, *_SINCE))})\s+(?:\w+\s+)?)?((?:19|20)\d{{2}})\b")


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
class Numbered:
    """What a question names by number: the items, and the numbers that no paper has."""

    items: tuple[Item, ...] = ()
    unknown: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


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


def numbered(question: str, corpus: Corpus, documents: tuple[str, ...]) -> Numbered:
    """The items of these papers that a question names by number, and numbers that surely mean a record but none has."""
    items: dict[tuple[str, str], Item] = {}
    unknown, words = [], set[str]()
    for ref, kinds, surely, said in _references(question):
        found = [one for one in _with_ref(ref, corpus, documents) if not kinds or one.kind in kinds]
        first = min((kinds.index(one.kind) for one in found if kinds), default=0)
        best = [one for one in found if not kinds or one.kind is kinds[first]]
        if best and len(best) <= _MOST * len({one.document_id for one in best}):
            items |= {(one.document_id, one.key): one for one in best}
            words |= set(map(fold, said.split()))
        elif surely and not found:
            unknown.append(ref)
    return Numbered(tuple(items.values()), tuple(unknown), frozenset(words))


def ordinal(word: str) -> int:
    """The number of an ordinal, folded ("zweite" is 2); 0 for other words."""
    stem = next((word.removesuffix(end) for end in ("en", "er", "es", "em", "e") if word.endswith(end)), word)
    return _ORDINALS.get(stem, 0)


def years(question: str) -> tuple[str, str]:
    """The years between which something lies: "bis 2027" has no first, "ab 2025" no last, "2026" is both."""
    match = _YEAR.search(question)
    if match is None:
        return "", ""
    word, year = (match[1] or "").lower(), match[2]
    return "" if word in _UNTIL else year, "" if word in _SINCE else year


def _with_ref(ref: str, corpus: Corpus, documents: tuple[str, ...]) -> list[Item]:
    """The items with a number, written in Roman or in Arabic figures."""
    other = str(_ROMAN.index(ref)) if ref in _ROMAN else ref
    if ref.isdigit() and 0 < int(ref) < len(_ROMAN):
        other = _ROMAN[int(ref)]
    rows = [row for one in (ref, other) for row in corpus.rows_by_ref.get(plain_ref(one), ())]
    found = [corpus.catalogue.items[row] for row in dict.fromkeys(rows)]
    return [one for one in found if one.document_id in documents and one.kind is not ItemKind.SECTION]


def _references(question: str) -> Iterator[tuple[str, tuple[ItemKind, ...], bool, str]]:
    """Each number with the kinds it may be of, whether it can mean nothing else, and its words."""
    for match in _REF.finditer(question):
        if not _is_date(match[0], question[match.end() : match.end() + 2]):
            yield match[0], (), match[0].count(".") > 1 or not match[0][0].isdigit(), match[0]
    for match in _BEHIND.finditer(question):
        noun, number = match[1], match[2]
        if kinds := _kinds_of(noun):
            yield number, kinds, number.isdigit(), f"{noun} {number}"
        elif noun.lower() in _PARTS:
            yield number, (), False, f"{noun} {number}"
        elif len(noun) <= 3 and number.isdigit() and noun[0].isupper():
            yield f"{noun}{number}", (), False, f"{noun} {number}"
    for match in _ORDINAL.finditer(question):
        place = int(match[1] or 0) or ordinal(fold(match[2] or ""))
        if place and (kinds := _kinds_of(match[3])):
            yield str(place), kinds, False, match[0].replace(".", "")


def _is_date(number: str, behind: str) -> bool:
    """Whether dotted numbers are a day or thousands: "1.5.", "24.10.25", "412.000"; "2.1" is a record's."""
    two = number.count(".") == 1 and len(number.split(".")[1]) == 1
    return _DATE.fullmatch(number) is not None and not (two and (behind[:1] != "." or len(behind) < 2))


def _kinds_of(word: str) -> tuple[ItemKind, ...]:
    """The kinds that a noun for a record may mean, the likeliest first."""
    noun = noun_of(fold(word))
    return noun.kinds if noun and not noun.head else ()
