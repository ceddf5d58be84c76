"""What must hold of every answer, whatever was asked: verbatim, cited, no draft as decided, nobody's data."""

from __future__ import annotations

import re

from evals.metrics.intervals import Part
from evals.metrics.judging import Asked
from evals.metrics.statements import flat, statements

_UNDECIDED = ("draft", "proposed")
_DECIDED = re.compile(r"\b(?:beschlossen|verabschiedet|in Kraft|adopted|decided|in force)\b", re.IGNORECASE)
_NOT = re.compile(r"\b(?:nicht|nie|kein\w*|not|never|no)\b", re.IGNORECASE)
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.\w{2,}"  # an address for mail
    r"|\b[A-Z]{2}\d{2}(?: ?\d{4}){3,5}\b"  # an account
    r"|(?<![\d.,/])(?:\+\d{2}|0)\d{2,4}[ /-]{1,3}\d{2}(?:[ -]?\d){3,}"  # a telephone number; 0202/2014 is none
)


def uncited(asked: Asked) -> Part | None:
    """Statements of an answer without a citation, of all."""
    if not asked.shows:
        return None
    found = statements(asked.answer.answer)
    return float(sum(not one.markers for one in found)), float(max(len(found), 1))


def verbatim(asked: Asked) -> Part | None:
    """Quotes that stand in their document, of all; None where the texts are not at hand."""
    texts = asked.knowledge.documents
    quotes = [(one, texts.get(one.document_id)) for one in asked.answer.citations]
    if not texts or not quotes:
        return None
    return float(sum(text is not None and text.holds(one.quote) for one, text in quotes)), float(len(quotes))


def pages(asked: Asked) -> Part | None:
    """Quotes that stand on the page that is named, of all in documents with pages."""
    texts = asked.knowledge.documents
    paged = [one for one in asked.answer.citations if (text := texts.get(one.document_id)) and text.pages]
    if not paged:
        return None
    right = [one.page in texts[one.document_id].pages_of(one.quote) for one in paged]
    return float(sum(right)), float(len(right))


def draft_as_decided(asked: Asked) -> Part | None:
    """Statements on drafts and motions alone that say "decided" in words of their own, of all statements on them."""
    cited = {one.marker: one for one in asked.answer.citations}
    found = []
    for statement in statements(asked.answer.answer):
        proofs = [cited[marker] for marker in statement.markers if marker in cited]
        if proofs and all(one.document_status in _UNDECIDED for one in proofs):
            quoted = flat(" ".join(f"{one.quote} {one.title}" for one in proofs))
            found.append(_says_decided(statement.text, quoted))
    return (float(sum(found)), float(len(found))) if found else None


def personal(asked: Asked) -> bool | None:
    """An answer holds an address, a telephone number or an account."""
    return _PERSONAL.search(asked.answer.answer) is not None if asked.shows else None


def _says_decided(text: str, quoted: str) -> bool:
    for match in _DECIDED.finditer(text):
        around = text[max(match.start() - 15, 0) : match.end() + 15]
        before = text[max(match.start() - 40, 0) : match.start()]
        if flat(around) not in quoted and not _NOT.search(before):
            return True
    return False
