"""What a language model proposes of a query, in the query's own fields: intent, documents, filters, topic, words.

It is proposed beside the trained understanding. Of what is wrong in it little comes through: the words only add items
to what a draft is worded from, and `adopting` says where the rest counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from prompts import filled
from service.answering import wording
from service.answering.corpus import Corpus
from service.answering.generating.material import conversation_of
from service.answering.generating.translating import tongues
from service.answering.query import Intent
from service.answering.understanding.language import DEFAULT
from service.language_models.access import ModelAccess
from service.language_models.errors import ModelUnavailable
from service.models import Turn
from vectorstore.model_reply import object_in

_INSTRUCTION, _QUESTION = "de/model/query_instruction", "de/model/query_question"
_TRANSLATED = "de/model/query_translated"
_MOST_WORDS, _LONGEST_WORD, _LONGEST, _MOST_VALUES = 8, 60, 500, 8
_MOST_DOCUMENTS = 40  # that are described one by one
_THEMES = 8  # of a document that are named
_SHARE = 0.5  # of the time for a draft
_NAMES, _LONGEST_NAME = 60, 80  # units and places that are named; characters of a title or name
_CLOSED = ConfigDict(extra="forbid", frozen=True)
Values = Annotated[tuple[str, ...], Field(max_length=_MOST_VALUES)]


class ProposedFilters(BaseModel):
    """Conditions of `Filters` that a model may propose; values that the edition may not have."""

    model_config = _CLOSED

    statuses: Values = ()
    themes: Annotated[tuple[tuple[str, str], ...], Field(max_length=_MOST_VALUES)] = ()
    units: Values = ()
    municipalities: Values = ()


class Proposal(BaseModel):
    """A query as a model reads it: fields of `Query`, to whom the question is put, and its text without conversation.

    `topic` are words of the question, `kinds` those of the records asked for, `searched` words that papers would use.
    """

    model_config = _CLOSED

    scope: Literal["documents", "service", "nobody"]
    question: str = Field(default="", max_length=_LONGEST)
    intent: Intent | None = None
    documents: Values = ()
    kinds: Values = ()
    filters: ProposedFilters = ProposedFilters()
    topic: Values = ()
    searching: tuple[str, ...] = Field(default=(), alias="searched")

    @property
    def words(self) -> str:
        """The words to search for, as one text."""
        return ", ".join(one.strip() for one in self.searching[:_MOST_WORDS] if 0 < len(one.strip()) <= _LONGEST_WORD)


def prompts_of(spoken: str) -> tuple[str, ...]:
    """The names of the prompts for questions in a language."""
    return (_INSTRUCTION, *((_TRANSLATED,) if spoken != DEFAULT else ()), _QUESTION)


def proposed(access: ModelAccess, corpus: Corpus, question: str, turns: Sequence[Turn], spoken: str) -> Proposal | None:
    """What the model proposes of a question in a language; None where it fails, is slow or replies no proposal."""
    instruction = filled(_INSTRUCTION)
    if spoken != DEFAULT:
        instruction += "\n\n" + filled(_TRANSLATED, sprache=tongues()[spoken].name)
    asked = filled(
        _QUESTION,
        papiere=described(corpus),
        gespraech=conversation_of(turns),
        frage=" ".join(question.split()),
    )
    try:
        reply = access.ask(instruction, asked, _SHARE * access.limits.seconds)
    except ModelUnavailable:
        return None
    return read(reply.text)


def read(reply: str) -> Proposal | None:
    """The proposal in a reply, whatever stands around it; None where there is none."""
    try:
        said = object_in(reply)
        return Proposal.model_validate(said) if said is not None else None
    except (ValidationError, ValueError):
        return None


def described(corpus: Corpus) -> str:
    """What an edition has: its documents with their first themes and kinds of records, statuses, units, places."""
    told: str = corpus.remembered(_described)
    return told


def _described(corpus: Corpus) -> str:
    items = corpus.catalogue.items
    lines = [f"| {one}" for one in _documents(corpus)]
    values = {
        "kinds": Counter(item.kind.value for item in items),
        "statuses": Counter(item.status.value for item in items if item.status),
        "units": Counter(unit for item in items for unit in item.responsible),
        "municipalities": Counter(place for item in items for place in item.municipalities),
    }
    return "\n".join([*lines, *(f"| {name}: {_counted(found)}" for name, found in values.items() if found)])


def _documents(corpus: Corpus) -> Iterator[str]:
    """The first documents, each with its id, title, what it is, its date and first themes with their numbers."""
    documents = list(corpus.catalogue.documents.values())
    for document in documents[:_MOST_DOCUMENTS]:
        themes = [item for item, _ in corpus.themes() if item.document_id == document.id][:_THEMES]
        parts = (document.publisher, wording.authority(document, "de"), wording.dated(document, "de"))
        told = "; ".join(f"{item.key} {item.title[:_LONGEST_NAME]}" for item in themes)
        yield f"{document.id}: {document.title} ({', '.join(filter(None, parts))}){f': {told}' if told else ''}"
    if len(documents) > _MOST_DOCUMENTS:
        yield f"und {len(documents) - _MOST_DOCUMENTS} weitere"


def _counted(found: Counter[str]) -> str:
    """The most frequent values, each with how many records have it."""
    told = [f"{name} ({count})" for name, count in found.most_common(_NAMES) if len(name) <= _LONGEST_NAME]
    return "; ".join(told)
