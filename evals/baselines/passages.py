"""Fixed passages of the documents, what a baseline does with them, and its answer in the contract's shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from langchain_text_splitters import RecursiveCharacterTextSplitter

from evals.cases import Case
from service.models import Answer, AnswerMode, AnswerStatus, Citation, Receipt
from service.records import citation_of
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item

SIZE = 1000
OVERLAP = 200
LIMIT = 10  # passages of an answer
_TOLD = 3  # passages that its text consists of
_ENOUGH = 300  # characters of an item that make a passage one of it, or half of a shorter item
Span = tuple[Item, int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document, `text` verbatim from `start` to `end`; `score` only compares within one baseline."""

    document_id: str
    start: int
    end: int
    text: str
    score: float = 0.0


class Baseline(Protocol):
    """A way of finding passages."""

    def rank(self, question: str) -> list[Passage]:
        """At most LIMIT passages for a question, best first."""
        ...


def cut_passages(catalogue: Catalogue, size: int = SIZE, overlap: int = OVERLAP) -> list[Passage]:
    """All documents cut by LangChain's recursive splitter, whatever their items are; sizes in characters."""
    splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap, add_start_index=True)
    found = []
    for document in catalogue.documents.values():
        for piece in splitter.create_documents([document.text]):
            start = int(piece.metadata["start_index"])
            found.append(Passage(document.id, start, start + len(piece.page_content), piece.page_content))
    return found


def item_spans(catalogue: Catalogue) -> list[Span]:
    """Where items stand in their document's text: themselves, and their row of a table."""
    spans = [(item, item.start, item.end) for item in catalogue.items]
    rows = [
        (item, item.table_start, item.table_start + len(item.table_row))
        for item in catalogue.items
        if item.table_row and item.table_start is not None
    ]
    return spans + rows


def spans_in(passage: Passage, spans: Sequence[Span]) -> list[Span]:
    """The spans that a passage is of, cut to it: the one that it holds most of first, the shorter of two alike.

    Beside that one all of which it holds half, or 300 characters.
    """
    held = []
    for item, start, end in spans:
        common = min(end, passage.end) - max(start, passage.start)
        if item.document_id == passage.document_id and common > 0:
            held.append((-common, end - start, start, item))
    held.sort(key=lambda one: one[:3])
    return [
        (item, max(start, passage.start), min(start + length, passage.end))
        for place, (common, length, start, item) in enumerate(held)
        if place == 0 or -common >= min(_ENOUGH, length / 2)
    ]


def searched(case: Case) -> str:
    """What a baseline searches for: the question, in a conversation behind what the person said last."""
    before = [turn.content for turn in case.history if turn.role == "user"][-1:]
    return " ".join([*before, case.question])


def as_answer(passages: Sequence[Passage], catalogue: Catalogue, edition: str = "") -> Answer:
    """What a person would be shown: the first three passages as text, all as citations, in their order.

    A recipe without a model never declines: it is `answered` as soon as there is a passage. A citation is of an item,
    but a passage may hold several: it is cited once for each item of which it holds half or 300 characters, the one
    that it holds most of first, and only then the next passage. That is kind to baselines: without it, most of what
    their passages hold would count for nothing. A passage of no item counts for the one before it.
    """
    citations: list[Citation] = []
    told: list[str] = []
    spans = item_spans(catalogue)
    for passage in passages:
        cited = list(_citations(passage, catalogue, spans, len(citations)))
        citations += cited
        if len(told) < _TOLD:
            told.append(" ".join([passage.text, *(f"[{one.marker}]" for one in cited)]))
    return Answer(
        answer_id="baseline",
        status=AnswerStatus.ANSWERED if citations else AnswerStatus.NOT_IN_DOCUMENTS,
        mode=AnswerMode.EXTRACTIVE if citations else None,
        language="de",
        corpus_edition=edition,
        answer="\n\n".join(told),
        citations=citations,
        receipt=Receipt(pipeline="baseline", settings=f"{SIZE}/{OVERLAP}"),
    )


def _citations(passage: Passage, catalogue: Catalogue, spans: Sequence[Span], taken: int) -> Iterator[Citation]:
    held = dict.fromkeys((item.document_id, item.key) for item, _, _ in spans_in(passage, spans))
    items = [item for one in held if (item := catalogue.item(*one))] or _before(passage, catalogue)
    document = catalogue.documents[passage.document_id]
    page = document.page_at(passage.start)
    for marker, item in enumerate(items, start=taken + 1):
        yield citation_of(item, document, page, marker=marker, quote=passage.text)


def _before(passage: Passage, catalogue: Catalogue) -> list[Item]:
    """The last item that begins before a passage, else the document's first."""
    items = sorted(catalogue.items_of(passage.document_id), key=lambda item: item.start)
    return ([item for item in items if item.start <= passage.start][-1:] or items[:1]) if items else []
