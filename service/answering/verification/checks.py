"""Hard checks of a freely worded sentence: each yields words that what it cites does not bear out.

They cost hardly any true sentence. Whether a sentence says what its quote says is for a judge
(`agent/judge.py`); without one, `find_own_words` finds what the quote does not print.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from service import wording
from service.answering import lexicon
from service.answering.draft import Count
from service.answering.verification.sources import dates_of, texts_of_count
from service.answering.verification.verbatim import split_words
from service.records import labels
from vectorstore.language import (
    Number,
    Quantities,
    extract_quantities,
    fold,
    locate_quantities,
    merge_quantities,
)
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_DIGITS = re.compile(r"\d[\d.,]*\d|\d")  # "147" of a row of values "188 147" is one
_PREFIX = 5  # letters by which two forms of a word are compared
_STATUS_WORDS = "|".join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))
# "geplant" in "geplanten"
_STATUS = re.compile(rf"(?i)(?<![\w-])({_STATUS_WORDS})(?:e[nrsm]?|n)?(?![\w-])")
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789", "\u00ad")


class Fault(StrEnum):
    """Why a sentence is in doubt."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"
    NEGATION = "negation"
    COUNT = "count"
    WORDS = "words"
    TRANSLATION = "translation"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """Why a sentence is in doubt; `unsupported` are its numbers, names or words."""

    kind: Fault
    unsupported: str = ""


@dataclass(frozen=True, slots=True)
class FreeSentence:
    """A freely worded sentence and what it rests on: verbatim quotes, and the `names` of what it
    cites (titles, numbers, publishers, places), which it may use without a quote. `places` are the
    folded names of all municipalities of the edition.
    """

    text: str
    quotes: tuple[str, ...]
    names: tuple[str, ...]
    items: tuple[Item, ...]
    documents: tuple[Document, ...]
    counted: tuple[Count, ...]
    places: Set[str]

    @property
    def counts(self) -> Iterator[str]:
        """What it may state of what was counted."""
        return chain.from_iterable(map(texts_of_count, self.counted))

    @property
    def sources(self) -> tuple[str, ...]:
        """All texts that its words may come from."""
        return (*self.quotes, *self.names, *self.counts)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in split_words(text)]


@lru_cache(maxsize=65536)
def is_word_of(word: str, name: str) -> bool:
    """True if a list of `proving` has a lower-case word."""
    for pattern in lexicon.table("proving")[name]:
        if word == pattern or (pattern.endswith("*") and word.startswith(pattern[:-1])):
            return True
    return False


def has_word_of(text: str, *names: str) -> bool:
    """True if a text has a word of one of these lists; "nicht nur" denies nothing."""
    text = text.lower().replace("nicht nur", "")
    return any(is_word_of(word, name) for word in words_of(text) for name in names)


@lru_cache(maxsize=65536)
def figures_of(text: str) -> Quantities:
    """The numbers, dates and codes of a text, in German notation; "CO₂" is "CO2"."""
    return extract_quantities(text.translate(_SUBSCRIPTS))


def check_figures(sentence: FreeSentence) -> Iterator[str]:
    """Yield numbers, dates and codes, printed in digits, that neither the quotes nor the titles and
    numbers of what is cited have.

    Units, rates, seasons and numbers in words are left to the judge: "jede zweite" is 50 %.
    """
    known = _known_figures(sentence)
    printed = set(_DIGITS.findall(" ".join(sentence.sources)))
    for text, figure in _figures_in_digits(sentence):
        if text not in printed and known.unsupported(figure):
            yield ", ".join(figure.as_texts)


def check_all_figures(sentence: FreeSentence) -> Iterator[str]:
    """Yield figures of any form that nothing cited has: also numbers in words, and other units."""
    known = _known_figures(sentence)
    dates = Quantities(moments=tuple(dates_of(sentence.documents)))
    for figure in _split_figures(figures_of(sentence.text)):
        if known.unsupported(figure) and dates.unsupported(figure):
            yield ", ".join(figure.as_texts)


def _known_figures(sentence: FreeSentence) -> Quantities:
    """The figures of the quotes, counts, and titles and numbers of what is cited."""
    names = [document.title for document in sentence.documents]
    for item in sentence.items:
        names += [item.title, item.ref]
    return merge_quantities(map(figures_of, (*sentence.quotes, *names, *sentence.counts)))


def _figures_in_digits(sentence: FreeSentence) -> Iterator[tuple[str, Quantities]]:
    """Yield the figures of a sentence that are printed in digits, one by one, as printed and
    without their units; the dates of its documents are left out.
    """
    text = sentence.text.translate(_SUBSCRIPTS)
    dates = set(dates_of(sentence.documents))
    for hit in locate_quantities(text):
        printed = text[hit.start : hit.end]
        if not any(map(str.isdigit, printed)):
            continue
        if isinstance(hit.figure, Number):
            number = replace(hit.figure, unit="", divisor="", counts_noun=False)
            yield _DIGITS.findall(printed)[0], Quantities((number,))
        elif hit.figure.until is None and hit.figure not in dates:
            yield printed, Quantities(moments=(hit.figure,))
    for code in figures_of(sentence.text).codes:
        yield code, Quantities(codes=frozenset((code,)))


def _split_figures(several: Quantities) -> list[Quantities]:
    """The figures of a text one by one, so that each can be checked alone; without the number 1,
    for "ein" is an article, too.
    """
    numbers = [Quantities(numbers=(number,)) for number in several.numbers if number.printed != "1"]
    moments = [Quantities(moments=(moment,)) for moment in several.moments]
    return numbers + moments + [Quantities(codes=frozenset((code,))) for code in several.codes]


def check_names(sentence: FreeSentence) -> Iterator[str]:
    """Yield places of the edition that nothing cited has."""
    known = _prefixes(sentence.sources)
    for word in words_of(sentence.text):
        if fold(word) in sentence.places and fold(word)[:_PREFIX] not in known:
            yield word


def check_status(sentence: FreeSentence) -> Iterator[str]:
    """Yield status words that no cited record has and no quote says, if any record has a status,
    and words that call a draft or motion decided or valid, or what was adopted a draft.
    """
    quotes = "\n".join(sentence.quotes).lower()
    is_ahead = has_word_of(sentence.text, "ahead")
    # what a quote only wishes for bears out no sentence that states it, nor the reverse
    texts = sentence.names
    if has_word_of(quotes, "ahead") is is_ahead:
        texts = (quotes, *texts)
    has_status = any(item.status for item in sentence.items)
    statuses = find_statuses(sentence.text) if has_status else ()
    for word, meant in statuses:
        is_printed = any(word[:_PREFIX] in text.lower() for text in texts)
        if not (is_printed or sentence.counted or _is_status_of(sentence, meant)):
            yield word
    if is_ahead or has_word_of(sentence.text, "denied"):
        return
    is_draft = is_undecided(sentence.documents)
    is_adopted = all(document.status is DocumentStatus.ADOPTED for document in sentence.documents)
    wrong = {"decided": is_draft, "valid": is_draft, "draft": is_adopted}
    for name, is_wrong in wrong.items():
        if is_wrong and has_word_of(sentence.text, name) and not has_word_of(quotes, name):
            yield sentence.text


def _is_status_of(sentence: FreeSentence, meant: frozenset[ItemStatus]) -> bool:
    """True if a cited record has one of these statuses, or none of them if the sentence denies."""
    denied = has_word_of(sentence.text, "denied")
    statuses = [item.status for item in sentence.items if item.status]
    return any((status in meant) is not denied for status in statuses)


def find_statuses(text: str) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
    """Yield the status words of a text, each with the statuses that it may mean.

    What "wird umgesetzt" is in progress; what is only wished for ("soll umgesetzt werden") has no
    status.
    """
    is_running = has_word_of(text, "running")
    if is_running and has_word_of(text, "ahead"):
        return
    for match in _STATUS.finditer(text):
        meant = wording.STATUS_WORDS[match[1].lower()]
        if is_running and ItemStatus.IMPLEMENTED in meant:
            meant = frozenset((ItemStatus.IN_PROGRESS,))
        yield match[0].lower(), meant


def check_denial(sentence: FreeSentence) -> Iterator[str]:
    """Yield a sentence that denies something where no quote denies, refuses or lacks anything.

    What denies a status, or that a paper is decided, is compared with these (`check_status`).
    """
    if not has_word_of(sentence.text, "denied"):
        return
    is_of_status = any(find_statuses(sentence.text)) and any(item.status for item in sentence.items)
    is_of_draft = is_undecided(sentence.documents) and has_word_of(
        sentence.text, "decided", "valid"
    )
    is_there = any(has_word_of(quote, "denied", "refused") for quote in sentence.quotes)
    if not (is_of_status or is_of_draft or is_there):
        yield sentence.text


def check_count(sentence: FreeSentence) -> Iterator[str]:
    """Yield numbers that the cited counts do not have, a noun behind the number that is none of the
    words for what was counted, and a sentence that tells an incomplete count without a bound
    ("mindestens").
    """
    for count in sentence.counted:
        known = merge_quantities(map(figures_of, (*texts_of_count(count), *sentence.names)))
        for figure in _split_figures(figures_of(sentence.text)):
            if known.unsupported(figure):
                yield ", ".join(figure.as_texts)
        counted = _prefixes((*count.words, *sentence.names))
        for noun in re.findall(rf"\b{count.number} ([A-ZÄÖÜ]\w+)", sentence.text):
            if fold(noun)[:_PREFIX] not in counted:
                yield noun
        if count.complete is False and not has_word_of(sentence.text, "bound"):
            yield sentence.text


Checks = tuple[tuple[Fault, Callable[[FreeSentence], Iterator[str]]], ...]
CHECKS: Checks = (
    (Fault.FIGURES, check_figures),
    (Fault.NAMES, check_names),
    (Fault.STATUS, check_status),
    (Fault.COUNT, check_count),
)


def find_fault(sentence: FreeSentence, checks: Checks = CHECKS) -> CheckFailure | None:
    """The failure of the first check that finds something; None if all find nothing."""
    for fault, check in checks:
        for words in check(sentence):
            return CheckFailure(fault, words)
    return None


def find_own_words(sentence: FreeSentence) -> Iterator[str]:
    """Yield words of a sentence that its quotes do not print in this order, nor a name of what it
    cites, and the sentence where words that decide what is said (denial, wish, limit) stand only in
    it or only in its quotes. What it says of a record's status is that of the record.
    """
    quotes = "\n".join(sentence.quotes)
    statuses = list(find_statuses(sentence.text))
    is_of_status = bool(statuses) and all(_is_status_of(sentence, meant) for _, meant in statuses)
    if statuses and len({item.status for item in sentence.items}) > 1:
        yield sentence.text
    names = _prefixes(sentence.names)
    counts = _prefixes(sentence.counts)
    remaining = [fold(word)[:_PREFIX] for word in words_of(quotes)]
    for word in words_of(sentence.text):
        prefix = fold(word)[:_PREFIX]
        if is_word_of(word, "linking") or prefix in names or prefix in counts:
            continue
        if is_of_status and (_STATUS.search(word) or has_word_of(word, "denied", "of_status")):
            continue
        if prefix not in remaining:
            yield word
            return
        remaining = remaining[remaining.index(prefix) + 1 :]
    if sentence.counted or is_of_status:
        return
    for name in ("denied", "ahead", "limits"):
        if has_word_of(sentence.text, name) is not has_word_of(quotes, name):
            yield sentence.text


def find_foreign_nouns(sentence: FreeSentence) -> Iterator[str]:
    """Yield capitalised words of a sentence that nothing cited has."""
    known = _prefixes(sentence.sources)
    for word in split_words(sentence.text):
        is_linking = is_word_of(word.lower(), "linking")
        if word[0].isupper() and not is_linking and fold(word)[:_PREFIX] not in known:
            yield word


# further ones for a text of people, which no judge reads
STAFF_CHECKS: Checks = (
    (Fault.FIGURES, check_all_figures),
    (Fault.NEGATION, check_denial),
    (Fault.WORDS, find_foreign_nouns),
)


def _prefixes(texts: Iterable[str]) -> set[str]:
    """The first letters, folded, of all words of texts."""
    return {fold(word)[:_PREFIX] for text in texts for word in words_of(text)}


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of the documents is a draft or a motion."""
    return any(document.status in labels.UNDECIDED for document in documents)
