"""The refs (numbers of records, as printed) in a question: "5.2.1", "Maßnahme 7", "dritter
Leitsatz".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from service.answering import lexicon
from service.answering.corpus import Corpus, plain_ref
from service.answering.reading.nouns import INFLECTION, find_record_noun
from vectorstore.language import fold
from vectorstore.records import Item, ItemKind

_UNITS = r"Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha"
# the number of a record: "5.2.1", "B.X.3", but not "2.5 km"
_REF = re.compile(
    rf"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){{1,3}})(?![\w]|[.,]\d|\s*(?:{_UNITS})(?!\w))"
)
# a date or thousands, to be told from such a number: "24.10.", "1.5.2025", "412.000"
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?|\d{1,3}(?:\.\d{3})+"
)
_DAY_AND_MONTH = re.compile(r"\d{1,2}\.\d{1,2}")
_NOUN_NUMBER = re.compile(  # "Maßnahme Nr. 7", "These IV", "Projekt M 12", but not "Ziel 2.1"
    r"\b([^\W\d_][\w-]+)\s+(?:nr\.?\s*|nummer\s+)?([A-Z]?\s?\d{1,3}|[IVX]+|[A-Z])\b(?![.,]\d|\.[IVX])",
    re.IGNORECASE,
)
# "M 4", "EE-12", "Mob 6", "A1.2", "K3a"
_CODE = re.compile(r"\b[A-ZÄÖÜ][^\W\d_]{0,2}[ -]?\d{1,3}(?:\.\d{1,3})*[a-z]?\b(?![.,]\d)")
# "3. Leitsatz", "dritter Leitsatz"
_ORDINAL_NOUN = re.compile(r"\b(?:(\d{1,2})\.|(\w+))\s+([^\W\d_][\w-]+)")
_ORDINALS: dict[str, int] = lexicon.table("nouns")["ordinals"]  # by their folded stems
_PART_WORDS = ("teil", "part")
_MOST_WITH_REF = 3  # items of one number per document above which the number names none
_ROMAN_NUMERALS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV"
_ROMAN = ("", *_ROMAN_NUMERALS.split())


@dataclass(frozen=True, slots=True)
class NumberedItems:
    """The items that a question names by number, the numbers that no document has, and the folded
    words for both.
    """

    items: tuple[Item, ...] = ()
    unknown: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


def find_numbered_items(question: str, corpus: Corpus, documents: tuple[str, ...]) -> NumberedItems:
    """The items of these documents that a question names by number, and the numbers that no item
    has.

    With a noun ("Maßnahme 7") only items of a kind that it may mean count. A number that more than
    three items per document have names none of them. Only a number that surely is a record's is
    reported as unknown: "Teil B" may be anything.
    """
    items: dict[tuple[str, str], Item] = {}
    unknown, words = [], set[str]()
    for reference in _find_references(question):
        named = _find_items(reference.ref, corpus, documents)
        if reference.kinds:
            named = _of_first_kind(named, reference.kinds)
        if named and len(named) <= _MOST_WITH_REF * len({item.document_id for item in named}):
            items |= {item.address: item for item in named}
            words.update(map(fold, reference.phrase.split()))
        elif reference.is_certain and not named:
            unknown.append(reference.ref)
    return NumberedItems(tuple(items.values()), tuple(unknown), frozenset(words))


def _of_first_kind(items: list[Item], kinds: tuple[ItemKind, ...]) -> list[Item]:
    """The items of the first of these kinds that any of them has; [] if none has any.

    A noun has its likeliest kind first: "Maßnahme 7" is a project only if no measure has the 7.
    """
    for kind in kinds:
        of_kind = [item for item in items if item.kind is kind]
        if of_kind:
            return of_kind
    return []


def ordinal(word: str) -> int:
    """The number of a folded ordinal ("zweite" is 2); 0 for other words."""
    return _ORDINALS.get(INFLECTION.sub("", word), 0)


def _find_items(ref: str, corpus: Corpus, documents: tuple[str, ...]) -> list[Item]:
    """The items of documents with a number, be it in Roman or in Arabic figures ("IV", "4").

    Numbers are compared without case, spaces, hyphens and leading zeros. Sections are left out, as
    a question means records.
    """
    variant = str(_ROMAN.index(ref)) if ref in _ROMAN else ref
    if ref.isdigit() and 0 < int(ref) < len(_ROMAN):
        variant = _ROMAN[int(ref)]
    rows = list(
        chain.from_iterable(
            corpus.rows_by_ref.get(plain_ref(value), ()) for value in (ref, variant)
        )
    )
    results = [corpus.catalogue.items[row] for row in dict.fromkeys(rows)]
    return [
        item
        for item in results
        if item.document_id in documents and item.kind is not ItemKind.SECTION
    ]


class _Reference(NamedTuple):
    """A possible record number in a question, its kinds (() for any), if it is reported as unknown,
    and its phrase.
    """

    ref: str
    kinds: tuple[ItemKind, ...]
    is_certain: bool
    phrase: str


def _find_references(question: str) -> Iterator[_Reference]:
    """Yield the references of a question to numbered items, in four forms: a number ("5.2.1"), a
    noun and a number ("Maßnahme 7", "Teil B"), letters and a number ("M 12"), an ordinal and a noun
    ("dritter Leitsatz").

    Certain are numbers with two dots or a letter ("5.2.1", "B.X"), and digits behind a noun for
    records. Others may mean something else: "2.1" may be a quantity.
    """
    for match in _REF.finditer(question):
        if not _is_date(match[0], question[match.end() : match.end() + 2]):
            is_certain = match[0].count(".") > 1 or not match[0][0].isdigit()
            yield _Reference(match[0], (), is_certain, match[0])
    named = set[str]()  # numbers behind a noun, which says their kind
    for match in _NOUN_NUMBER.finditer(question):
        noun, number = match[1], match[2]
        kinds = _noun_kinds(noun)
        if kinds:
            named.add(number)
            yield _Reference(number, kinds, number.isdigit(), f"{noun} {number}")
        elif noun.lower() in _PART_WORDS:
            yield _Reference(number, (), False, f"{noun} {number}")
    for code in _CODE.findall(question):
        if code not in named:
            yield _Reference(code, (), False, code)
    for match in _ORDINAL_NOUN.finditer(question):
        position = int(match[1] or 0) or ordinal(fold(match[2] or ""))
        kinds = _noun_kinds(match[3])
        if position and kinds:
            yield _Reference(str(position), kinds, False, match[0].replace(".", ""))


def _is_date(number: str, following: str) -> bool:
    """True if a dotted number is a date or thousands ("24.10.25", "412.000"), not a record number
    ("2.1").

    `following` are the two characters behind it. "1.5" and "3.12" alone may be either; a document
    then decides, by having a record with this number or not. They are dates only if a full stop and
    more follow ("am 3.12. begonnen"), since a stop at the end is that of the sentence.
    """
    if _DATE.fullmatch(number) is None:
        return False
    may_be_either = _DAY_AND_MONTH.fullmatch(number) is not None
    has_stop_inside = following[:1] == "." and len(following) == 2
    return has_stop_inside or not may_be_either


def _noun_kinds(word: str) -> tuple[ItemKind, ...]:
    """The kinds that a noun for records may mean, the most likely first; () for other words, and
    for compounds such as "Radprojekt".
    """
    noun = find_record_noun(fold(word))
    if noun and not noun.head:
        return noun.kinds
    return ()
