"""The conversation of the question page, which works without scripts: the address of an answer says
what was asked before, and what the answer before showed.
"""

from __future__ import annotations

from collections.abc import Sequence

from service import is_too_long
from service.records import Answer, Turn
from vectorstore.records import ItemAddress

# in an address, which may have some 8,000 characters
MOST_QUESTIONS = 4
MOST_ITEMS = 60


def history_of(questions: Sequence[str], items: Sequence[str]) -> list[Turn]:
    """Return the turns before a question: the earlier questions, and an answer that showed `items`.

    Each item is given as "document/key". The text of the earlier answer is not in the address, so
    the answer has only its citations, from which a follow-up question ("und die Kosten?") is
    understood. Questions that are too long are left out; without questions there is no answer
    either.
    """
    turns = [
        Turn(role="user", content=text)
        for text in questions[-MOST_QUESTIONS:]
        if not is_too_long(text)
    ]
    if not turns:
        return []
    pairs = [text.partition("/") for text in items[:MOST_ITEMS]]
    shown = [(document, key) for document, _, key in pairs if key]
    return [*turns, Turn(role="assistant", content="", citations=shown)]


def shown_items(answer: Answer) -> list[str]:
    """Return the first `MOST_ITEMS` items that an answer shows, each once, as "document/key".

    These are the items of its rows or, if these have none, of its citations.
    """
    rows = answer.data.rows if answer.data else []
    entries: list[ItemAddress] = [
        (row["document_id"], row["key"]) for row in rows if row.get("key")
    ]
    entries = entries or [(cited.document_id, cited.key) for cited in answer.citations]
    return [f"{document}/{key}" for document, key in dict.fromkeys(entries)][:MOST_ITEMS]
