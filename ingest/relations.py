"""Relations between the documents of an edition: the same text twice, and what repeals what.

Both are found by text and dates. A document whose register entry says that it is `distinct`, or
that replaces another, is never set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ingest.values.parsing import dates
from vectorstore.language import word_list
from vectorstore.records import Document, DocumentStatus, ParsedDocument

_SAME = 0.9  # share of the longer text from which two texts are the same
_SHINGLE = 3  # words that are compared as one
_LEAST_SHINGLES = 12  # a shorter text is not compared
_TOP = 1_500  # characters in which a document states its own dates
_WORD = re.compile(r"[^\W_]+")
_REPEALED = re.compile(  # "Gleichzeitig tritt die Satzung vom 3. Mai 2015 außer Kraft"
    r"\b(?:tritt|treten)\b(?P<what>(?:[^.!?]|(?<=\d)\.){4,300}?)\baußer\s+Kraft", re.IGNORECASE
)
_FORMER = re.compile(r"\b(?:bisherige|vorherige|alte|frühere)[nrsm]?\b", re.IGNORECASE)
_RANK = (DocumentStatus.ADOPTED, DocumentStatus.PUBLISHED, DocumentStatus.PROPOSED)


def relate(parsed: Iterable[ParsedDocument]) -> list[ParsedDocument]:
    """Return documents with `same_as` and `repealed_by` set, by ids of other documents."""
    documents = list(parsed)
    plain = [replace(part.document, same_as=None, repealed_by=None) for part in documents]
    same = _find_same(plain)
    repealed = _find_repealed([document for document in plain if document.id not in same])
    return [
        replace(
            part,
            document=replace(
                document, same_as=same.get(document.id), repealed_by=repealed.get(document.id)
            ),
        )
        for part, document in zip(documents, plain, strict=True)
    ]


def _find_same(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document with the text of a better one the id of that one."""
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
                same.setdefault(left.id, same.get(kept.id, kept.id))
    return {left: kept for left, kept in same.items() if kept not in same}


def _shingles(text: str) -> set[int]:
    words = [word.casefold() for word in _WORD.findall(text)]
    ends = range(len(words) - _SHINGLE + 1)
    return {hash(tuple(words[start : start + _SHINGLE])) for start in ends}


def _preference(document: Document) -> tuple[int, int, bool, str]:
    """Return a sort key: what is decided first, then the newest, what has pages, by id."""
    rank = _RANK.index(document.status) if document.status in _RANK else len(_RANK)
    day = (document.as_of or date.min).toordinal()
    return rank, -day, not document.pages, document.id


def _find_repealed(documents: Sequence[Document]) -> dict[str, str]:
    """Return for each document that another one says to be out of force the id of that one."""
    repealed: dict[str, str] = {}
    for document in documents:
        for match in _REPEALED.finditer(document.text):
            what = match["what"]
            named = [other for other in documents if _is_meant(other, what, document)]
            if len(named) == 1 and not named[0].distinct:
                repealed[named[0].id] = document.id
    return {old: new for old, new in repealed.items() if repealed.get(new) != old}


def _is_meant(other: Document, what: str, document: Document) -> bool:
    """True if a text ("die Satzung vom 3. Mai 2015") means another, older document: by its title
    and date, or as the former one of the same title.
    """
    if other.id == document.id or _is_newer(other, document):
        return False
    title, named = _content_words(other), set(_stems(what))
    has_title = bool(title) and title <= named
    is_former = _FORMER.search(what) is not None and title == _content_words(document)
    days = [day for day in dates(what) if len(day) > 4]
    own_days = {str(other.as_of), *dates(other.text[:_TOP])}
    is_dated = any(day in own_days for day in days)
    is_same_title = title == _content_words(document)
    return (has_title or is_former or (is_same_title and is_dated)) and (is_dated or not days)


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
