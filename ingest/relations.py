"""Relations between the documents of an edition: the same text twice, what repeals what, and
series.

They are found by text, title and dates. A document whose register entry says that it is `distinct`,
or that replaces another, is never set aside. Of each pair staff may decide what counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from ingest.choices import RELATIONS, DecidedPairs
from ingest.values.parsing import YEAR, dates
from vectorstore.language import word_list
from vectorstore.records import Document, DocumentStatus, ParsedDocument

_SAME = 0.9  # share of the longer text from which two texts are the same
_SHINGLE = 3  # words that are compared as one
_LEAST_SHINGLES = 12  # a shorter text is not compared
_TOP = 1_500  # characters in which a document states its own dates
_YEARS = re.compile(rf"{YEAR.pattern}(?:\s*[/–-]\s*\d{{2,4}})?")  # "2023", "2023/24"
_WORD = re.compile(r"[^\W_]+")
_REPEALED = re.compile(  # "Gleichzeitig tritt die Satzung vom 3. Mai 2015 außer Kraft"
    r"\b(?:tritt|treten)\b(?P<what>(?:[^.!?]|(?<=\d)\.){4,300}?)\baußer\s+Kraft", re.IGNORECASE
)
_FORMER = re.compile(r"\b(?:bisherige|vorherige|alte|frühere)[nrsm]?\b", re.IGNORECASE)
_RANK = (DocumentStatus.ADOPTED, DocumentStatus.PUBLISHED, DocumentStatus.PROPOSED)


def relate(
    parsed: Iterable[ParsedDocument], decided: DecidedPairs = MappingProxyType({})
) -> list[ParsedDocument]:
    """Return documents with `same_as`, `repealed_by` and `followed_by` set to ids of others.

    They name the document with the same text, the one that repeals this one, and the newest of its
    series, looked for in this order: a document that one of them sets aside is left out of the
    next. `decided` are decisions of staff, which replace what is found before the next is looked
    for.
    """
    documents = list(parsed)
    unset: dict[str, Any] = dict.fromkeys(RELATIONS)
    plain = [replace(part.document, **unset) for part in documents]
    same = _decide(_find_same(plain), decided)
    different = [document for document in plain if document.id not in same]
    repealed = _decide(_find_repealed(different), decided)
    in_force = [document for document in different if document.id not in repealed]
    found = (same, repealed, _decide(_find_followed(in_force), decided))
    results = []
    for part, document in zip(documents, plain, strict=True):
        ids: dict[str, Any] = {}
        for name, relation in zip(RELATIONS, found, strict=True):
            ids[name] = relation.get(document.id)
        results.append(replace(part, document=replace(document, **ids)))
    return results


def _decide(found: Mapping[str, str], decided: DecidedPairs) -> dict[str, str]:
    """Return the documents that are set aside, each with the id of the document that counts.

    `found` is the same without the decisions of staff. If staff decided that the document set aside
    counts, the pair is reversed; if they decided that both count, it is left out.
    """
    result = {}
    for left, kept in found.items():
        pair = (min(left, kept), max(left, kept))
        _, counts = decided.get(pair, ("", None))  # None: nothing is decided
        if counts == left:
            result[kept] = left
        elif counts != "":
            result[left] = kept
    return result


def _find_same(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document that repeats the text of a better one the id of the best one.

    Two texts are the same if they share nearly all runs of three words of the longer one. Which
    document is better, `_preference` says. Documents are compared in the order of their size, so
    that the search can end at the first one that is much longer.
    """
    shingles = {document.id: _shingles(document.text) for document in documents}
    free = [document for document in documents if not document.distinct and not document.replaces]
    by_size = sorted(free, key=lambda document: len(shingles[document.id]))
    same: dict[str, str] = {}
    for index, shorter in enumerate(by_size):
        own = shingles[shorter.id]
        for other in by_size[index + 1 :]:
            longer = shingles[other.id]
            if len(own) < max(_LEAST_SHINGLES, _SAME * len(longer)):
                break
            if len(own & longer) >= _SAME * len(longer):
                kept, left = sorted((shorter, other), key=_preference)
                same.setdefault(left.id, kept.id)
    return {left: _follow(same, kept) for left, kept in same.items()}


def _follow(better: Mapping[str, str], document_id: str) -> str:
    """Return the best of the documents with one text, going on from each to a better one.

    This ends, as documents are compared by one order (see `_preference`).
    """
    while document_id in better:
        document_id = better[document_id]
    return document_id


def text_similarity(first: str, second: str) -> float:
    """Return how similar two texts are: the share of the shorter one's runs of three words that the
    longer one has too, 0 to 1.
    """
    if first == second:
        return 1.0
    shorter, longer = sorted((_shingles(first), _shingles(second)), key=len)
    return len(shorter & longer) / max(1, len(shorter))


def _shingles(text: str) -> set[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    ends = range(len(words) - _SHINGLE + 1)
    return {hash(tuple(words[start : start + _SHINGLE])) for start in ends}


def _preference(document: Document) -> tuple[int, int, bool, str]:
    """Return a sort key by which the better of two equal documents comes first.

    Adopted documents come first, then newer ones, then those with pages; the id decides last.
    """
    day = (document.as_of or date.min).toordinal()
    return _rank(document), -day, not document.pages, document.id


def _find_repealed(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document that is out of force the id of the document that says so.

    The other document must name it without doubt: "Gleichzeitig tritt die Satzung vom 3. Mai 2015
    außer Kraft". Two documents that repeal one another are left out.
    """
    repealed: dict[str, str] = {}
    for document in documents:
        for match in _REPEALED.finditer(document.text):
            what = match["what"]
            named = [other for other in documents if _is_meant(other, what, document)]
            if len(named) == 1 and not named[0].distinct:
                repealed[named[0].id] = document.id
    return {old: new for old, new in repealed.items() if repealed.get(new) != old}


def _find_followed(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document of a series, except the newest, the id of the newest.

    A series has a name in the register, or consists of documents with one publisher, one kind and
    one title that differs only in years. A document without a year in its title or as its date is
    not followed. Nor is a binding document followed by a less binding one.
    """
    groups: dict[object, list[Document]] = defaultdict(list)
    for document in documents:
        has_year = YEAR.search(document.title) is not None
        key = _series_key(document) if has_year else document.id
        # with the series in front, as a document may be called as a series is
        groups[document.series, document.series or key].append(document)
    followed: dict[str, str] = {}
    for group in groups.values():
        newest = max(group, key=_year_of)
        for document in group:
            is_older = bool(_year_of(document)) and _year_of(document) < _year_of(newest)
            is_weaker = _rank(newest) > _rank(document)
            if is_older and not is_weaker and not document.distinct:
                followed[document.id] = newest.id
    return followed


def find_same_titles(known: Iterable[Document]) -> dict[str, str]:
    """Return the documents that share title, publisher and kind with another one.

    For the id of each it has the id of another such document: in a group the next one, for the last
    one the first. Documents that are set aside or replaced are left out.
    """
    same_titled: dict[str, str] = {}
    groups: dict[object, list[Document]] = defaultdict(list)
    documents = list(known)
    replaced = {document.replaces for document in documents}
    for document in documents:
        is_set_aside = document.same_as or document.repealed_by or document.followed_by
        if not is_set_aside and document.id not in replaced:
            groups[_series_key(document)].append(document)
    for group in groups.values():
        for document, other in pairwise([*group, group[0]]):
            if document is not other:
                same_titled[document.id] = other.id
    return same_titled


def _series_key(document: Document) -> object:
    """Return what the documents of a series have in common: publisher, kind, title without years.

    A document is in a series of its own, with its id as key, if it has no publisher, if its title
    has no words but years, or if its title is not confirmed.
    """
    publisher = frozenset(_stems(document.publisher))
    title = _YEARS.sub(" ", document.title).casefold()
    words = tuple(word for word in _WORD.findall(title) if word not in word_list("stopwords"))
    has_title = any(map(str.isalpha, words)) and "title" not in document.unconfirmed
    if has_title and publisher:
        return (publisher, document.kind, words)
    return document.id


def _year_of(document: Document) -> str:
    """Return the last year in a title, else that of the date; "" without any."""
    years = YEAR.findall(document.title)
    dated = [f"{document.as_of:%Y}"] if document.as_of else []
    return max(years or dated, default="")


def _rank(document: Document) -> int:
    if document.status in _RANK:
        return _RANK.index(document.status)
    return len(_RANK)


def _is_meant(other: Document, what: str, document: Document) -> bool:
    """True if the text `what` of a document ("die Satzung vom 3. Mai 2015") means `other`.

    The text must name the title of `other`, or a former document with the title of `document` ("die
    bisherige Satzung"). If the text has dates, other than a mere year, one of them must be a date
    of `other`; then an equal title of both documents is enough. If both documents have a date, that
    of `other` must be the earlier one.
    """
    if other.id == document.id or _is_newer(other, document):
        return False
    title, named = _content_words(other), set(_stems(what))
    has_title = bool(title) and title <= named
    is_same_title = title == _content_words(document)
    is_former = _FORMER.search(what) is not None and is_same_title
    days = [day for day in dates(what) if len(day) > 4]
    own_days = {str(other.as_of), *dates(other.text[:_TOP])}
    is_dated = any(day in own_days for day in days)
    if days and not is_dated:
        return False
    return has_title or is_former or (is_same_title and is_dated)


def _is_newer(other: Document, document: Document) -> bool:
    return bool(other.as_of and document.as_of and other.as_of >= document.as_of)


def _content_words(document: Document) -> frozenset[str]:
    """Return the words of a title without numbers, its publisher and words of form."""
    publisher = set(_stems(document.publisher))
    return frozenset(word for word in _stems(document.title) if word not in publisher)


def _stems(text: str) -> list[str]:
    """Return the words of a text without endings of cases, stopwords and numbers."""
    words = (word.casefold() for word in _WORD.findall(text))
    return [
        re.sub(r"(?:es|en|er|e|s|n)$", "", word)
        for word in words
        if word.isalpha() and word not in word_list("stopwords")
    ]
