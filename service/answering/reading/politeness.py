"""Takes greeting, thanks and polite frames off a question ("Guten Tag, können Sie mir bitte sagen,
…"): what is left decides what it is about.
"""

from __future__ import annotations

import re
from functools import cache

from service import wording
from service.answering import lexicon
from service.answering.reading.nouns import fold_words
from vectorstore.language import fold

# behind a mark at the end of a clause, but not in "Nr. 5" or "z. B."
_CLAUSE_END = re.compile(r"(?<=[,;:!?–])\s+|(?<=\.)\s+(?=[A-ZÄÖÜ])|\s*\n\s*")


def strip_politeness(text: str) -> str:
    """A text without greeting, thanks and polite frames; the text itself if nothing else is in
    it.
    """
    clauses = _drop_closing(_CLAUSE_END.split(text.strip()))
    kept = list[str]()
    is_first = False  # behind a clause that was taken off
    for clause in clauses:
        if _is_polite(clause):
            is_first = True
            continue
        bare = _without_frame(clause)
        kept.append(wording.capitalize_first(bare) if is_first or bare != clause else bare)
        is_first = False
    return " ".join(kept).rstrip(" ,;:–") or text


def _drop_closing(clauses: list[str]) -> list[str]:
    """The clauses without the closing: thanks or regards behind the question, and the signature
    behind these.
    """
    for index in range(1, len(clauses)):
        is_closing = _is_polite(clauses[index]) and _has(clauses[index], "thanks")
        if is_closing and not any("?" in clause for clause in clauses[index:]):
            return clauses[:index]
    return clauses


def asks_something(text: str) -> bool:
    """True for a text with a question mark or a question word."""
    return "?" in text or _has(text, "question_words")


def _is_polite(clause: str) -> bool:
    """True for a clause whose words all greet, thank or frame."""
    return all(word in _polite_words() for word in fold_words(clause))


def _has(clause: str, kind: str) -> bool:
    return not _words(kind).isdisjoint(fold_words(clause))


def _without_frame(clause: str) -> str:
    """A clause without polite words before a question word ("Können Sie mir sagen wie …"), two at
    least, since "und wer" continues a question; and without thanks at its end.
    """
    words = clause.split()
    while len(words) > 1 and _has(words[-1], "thanks"):
        words.pop()
    for index, word in enumerate(words):
        if _has(word, "question_words"):
            return " ".join(words[index:]) if index > 1 else " ".join(words)
        if not _is_polite(word):
            break
    return " ".join(words)


def _polite_words() -> frozenset[str]:
    return _words("greeting") | _words("thanks") | _words("frame")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(fold, lexicon.table("politeness")[kind]))
