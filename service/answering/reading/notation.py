"""Numbers of records as a question writes them: "5.5.2.1", "B.X", "M 12", "These 3", "das dritte Ziel", and years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.answering import lexicon
from service.answering.corpus import Corpus, plain_ref
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind

_UNITS = r"Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha"
_REF = re.compile(rf"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){{1,3}})(?![\w]|[.,]\d|\s*(?:{_UNITS})(?!\w))")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?|\d{1,3}(?:\.\d{3})+")
_BEHIND = re.compile(
    r"\b([^\W\d_][\w-]+)\s+(?:nr\.?\s*|nummer\s+)?([A-Z]?\s?\d{1,3}|[IVX]+)\b(?![.,]\d|\.[IVX])", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(\d{1,2})\.\s+([^\W\d_][\w-]+)|\b(\w+?)(?:e[nrsm]?)?\s+([^\W\d_][\w-]+)")
_FIRST = {
    "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fuenft": 5, "sechst": 6, "siebt": 7, "acht": 8, "neunt": 9,
    "zehnt": 10, "elft": 11, "zwoelft": 12, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
}  # fmt: skip
YEAR = re.compile(r"\b(?:(bis|until|by|vor|before|ab|seit|nach|since|from|after)\s+(?:\w+\s+)?)?((?:19|20)\d{2})\b")
_PART = re.compile(r"\b(?:Teil|Part)\s+([A-Z])\b")
_MOST = 3
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a question names by number: the items, and the numbers that no paper has."""

    items: tuple[Item, ...] = ()
    unknown: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


def numbered(question: str, corpus: Corpus, documents: tuple[str, ...]) -> Numbered:
    """The items of these papers that a question names by number, and numbers that surely mean a record but none has."""
    items: dict[tuple[str, str], Item] = {}
    unknown, words = [], set[str]()
    for ref, kinds, surely, said in _references(question):
        found = [one for one in _with_ref(ref, corpus, documents) if not kinds or one.kind in kinds]
        ranked = sorted(found, key=lambda one: kinds.index(one.kind) if kinds else 0)
        best = [one for one in ranked if not kinds or one.kind is ranked[0].kind]
        if best and len(best) <= _MOST * len({one.document_id for one in best}):
            items |= {(one.document_id, one.key): one for one in best}
            words |= said
        elif surely and not found:
            unknown.append(ref)
    return Numbered(tuple(items.values()), tuple(unknown), frozenset(words))


def _with_ref(ref: str, corpus: Corpus, documents: tuple[str, ...]) -> list[Item]:
    rows = [row for one in (ref, _otherwise(ref)) for row in corpus.rows_by_ref.get(plain_ref(one), ())]
    found = [corpus.catalogue.items[row] for row in dict.fromkeys(rows)]
    return [one for one in found if one.document_id in documents and one.kind is not ItemKind.SECTION]


def _otherwise(ref: str) -> str:
    """A Roman number in Arabic figures, and the other way round; the number itself where it is neither."""
    if ref in _ROMAN:
        return str(_ROMAN.index(ref))
    return _ROMAN[int(ref)] if ref.isdigit() and 0 < int(ref) < len(_ROMAN) else ref


def _references(question: str) -> Iterator[tuple[str, tuple[ItemKind, ...], bool, set[str]]]:
    """Each number with the kinds it may be of, whether it can mean nothing else, and its words, folded."""
    for match in _REF.finditer(question):
        if not _is_date(match[0], question[match.end() : match.end() + 2]):
            yield match[0], (), match[0].count(".") > 1 or not match[0][0].isdigit(), {fold(match[0])}
    for match in _PART.finditer(question):
        yield match[1], (), False, {fold(match[0].split()[0]), fold(match[1])}
    for match in _BEHIND.finditer(question):
        if kinds := _kinds_of(match[1]):
            yield match[2], kinds, match[2].isdigit(), {fold(match[1]), fold(match[2])}
        elif len(match[1]) <= 3 and match[2].isdigit() and match[1][0].isupper():
            yield f"{match[1]}{match[2]}", (), False, {fold(match[1]), fold(match[2])}
    for match in _ORDINAL.finditer(question):
        number = match[1] or _FIRST.get(fold(match[3] or ""))
        noun = match[2] or match[4]
        if number and (kinds := _kinds_of(noun)):
            yield str(number), kinds, False, {fold(noun), fold(match[0].split()[0])}


def ordinal(word: str) -> int:
    """The number of an ordinal, folded ("zweite" is 2); 0 for other words."""
    stem = next((word.removesuffix(end) for end in ("en", "er", "es", "em", "e") if word.endswith(end)), word)
    return _FIRST.get(stem, 0)


def _is_date(number: str, behind: str) -> bool:
    """Whether dotted numbers are a day or thousands: "1.5.", "24.10.25", "412.000"; "2.1" is a record's."""
    two = number.count(".") == 1 and len(number.split(".")[1]) == 1
    return _DATE.fullmatch(number) is not None and not ((two and behind[:1] != ".") or (two and len(behind) < 2))


def _kinds_of(noun: str) -> tuple[ItemKind, ...]:
    """The kinds that a noun for one record may mean, the likeliest first."""
    word = fold(noun)
    for entry in lexicon.table("records")["noun"]:
        if word in {fold(one) for one in entry.get("singular", ())}:
            return tuple(ItemKind(one) for one in entry["kinds"])
    return ()
