"""What a language model proposes of a query: whether papers are asked, the question without its conversation, words.

It is proposed beside the trained understanding. What is wrong in it does no harm: the words only add items to what a
draft is worded from, lists and counts are computed from the query as ever.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prompts import filled
from service.answering import wording
from service.answering.corpus import Corpus
from service.answering.generating.material import conversation_of
from service.language_models.access import ModelAccess
from service.language_models.errors import ModelUnavailable
from service.models import Turn

PROMPTS = ("de/model/query_instruction", "de/model/query_question")
_MOST_WORDS, _LONGEST_WORD, _LONGEST = 8, 60, 500
_MOST_DOCUMENTS = 40  # that are described one by one
_THEMES = 8  # of a document that are named
_SHARE = 0.5  # of the time for a draft
_OBJECT = re.compile(r"\{.*\}", re.DOTALL)


class Proposal(BaseModel):
    """A model's reading of a question; `an` says to whom it is put, `suche` are words that papers would use."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    an: Literal["papiere", "dienst", "niemand"]
    frage: str = Field(default="", max_length=_LONGEST)
    will: Literal["einzelheit", "ueberblick", "anderes"] = "anderes"
    suche: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The words to search for, as one text."""
        return ", ".join(one.strip() for one in self.suche[:_MOST_WORDS] if 0 < len(one.strip()) <= _LONGEST_WORD)


def proposed(access: ModelAccess, corpus: Corpus, question: str, turns: Sequence[Turn]) -> Proposal | None:
    """What the model proposes; None where it fails, is slow or replies what is no proposal."""
    asked = filled(
        PROMPTS[1],
        papiere=described(corpus),
        gespraech=conversation_of(turns),
        frage=" ".join(question.split()),
    )
    try:
        reply = access.ask(filled(PROMPTS[0]), asked, _SHARE * access.limits.seconds)
    except ModelUnavailable:
        return None
    return read(reply.text)


def read(reply: str) -> Proposal | None:
    """The proposal in a reply, whatever stands around it; None where there is none."""
    match = _OBJECT.search(reply)
    try:
        return Proposal.model_validate(json.loads(match[0])) if match else None
    except (ValidationError, ValueError, RecursionError):
        return None


def described(corpus: Corpus) -> str:
    """The documents of an edition, each with what it is, its date and its first themes."""
    documents = list(corpus.catalogue.documents.values())
    lines = []
    for document in documents[:_MOST_DOCUMENTS]:
        themes = [item.title for item, _ in corpus.themes() if item.document_id == document.id][:_THEMES]
        parts = (document.publisher, wording.authority(document, "de"), wording.dated(document, "de"))
        about = f": {'; '.join(themes)}" if themes else ""
        lines.append(f"| {document.title} ({', '.join(filter(None, parts))}){about}")
    if len(documents) > _MOST_DOCUMENTS:
        lines.append(f"| und {len(documents) - _MOST_DOCUMENTS} weitere")
    return "\n".join(lines)
