"""An answer pipeline that is quick to follow: it quotes the first item whose title stands in the
question.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from fastapi import FastAPI
from numpy.typing import NDArray
from starlette.testclient import TestClient

from service import Settings
from service.answering import Corpus
from service.answering.retrieval.search import Retriever
from service.answering.suggestions import MAX_QUESTIONS, record_questions
from service.answering.tools.toolbox import Tools
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from service.records import (
    Answer,
    AnswerMode,
    AnswerStatus,
    ChatRequest,
    Citation,
    Notice,
    Receipt,
    Step,
    item_url,
)
from service.web import EditionHolder
from vectorstore import Edition, EditionStore
from vectorstore.records import Item, ParsedDocument


class QuotingAnswers:
    """Answers with the item's heading; "langsam" takes two seconds, "kaputt" fails, "nacheinander"
    tells a step.
    """

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    def answer(self, request: ChatRequest, tell: Callable[[Step], None] | None = None) -> Answer:
        if "kaputt" in request.question:
            raise ValueError(f"zerbrochen an: {request.question}")
        if "langsam" in request.question:
            time.sleep(2)
        item = next(
            (value for value in self._edition.catalogue.items if value.title in request.question),
            None,
        )
        answer = self._quoting(item) if item else self._nothing()
        if tell is not None and "nacheinander" in request.question:
            tell(
                Step(
                    tool="search",
                    text=f"sucht nach\n „{item.title if item else '-'}“ {'und mehr ' * 20}",
                )
            )
            time.sleep(0.3)
        return answer

    def is_private(self, request: ChatRequest) -> bool:
        return False

    def first_questions(self, language: str, documents: Collection[str] = ()) -> list[str]:
        catalogue = self._edition.catalogue
        return list(
            record_questions(catalogue.only(documents) if documents else catalogue, language)
        )[:MAX_QUESTIONS]

    def answer_without_model(self, question: str) -> Answer:
        return self.answer(ChatRequest(question=question))

    def alike(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(len(texts), dtype=np.float32)

    def tools(self, documents: Collection[str] = ()) -> Tools:
        return self._tools

    @cached_property
    def _tools(self) -> Tools:
        assert isinstance(self._edition, Edition)
        corpus = Corpus(self._edition, self._edition.catalogue.in_force)
        return Tools(corpus, Retriever(corpus))

    def _quoting(self, item: Item) -> Answer:
        document = self._edition.catalogue.documents[item.document_id]
        citation = Citation(
            marker=1, document_id=document.id, document_title=document.title, publisher=document.publisher,
            document_status=document.status, as_of=document.as_of, kind=item.kind, ref=item.ref, key=item.key,
            title=item.title, item_status=item.status, page=item.page, page_label=item.page_label,
            quote=item.heading, url=item_url(document.id, item.key), source_url=document.source_url,
        )  # fmt: skip
        text = f"Gefunden wurde {item.heading} [1]. Das steht z. B. dort [1]."
        return self._made(AnswerStatus.ANSWERED, text, AnswerMode.EXTRACTIVE, [citation])

    def _nothing(self) -> Answer:
        return self._made(
            AnswerStatus.NOT_IN_DOCUMENTS, "Dazu steht nichts in den Dokumenten.", None, []
        )

    def _made(
        self, status: AnswerStatus, text: str, mode: AnswerMode | None, citations: list[Citation]
    ) -> Answer:
        return Answer(
            answer_id="01J", status=status, mode=mode, language="de", corpus_edition=self._edition.name, answer=text,
            citations=citations, notices=[Notice(code="sample_data", text="Beispieldaten")],
            suggestions=["Was ist der Lastenradverleih?"], receipt=Receipt(pipeline="1", settings="sha256:0"),
        )  # fmt: skip


class QuotingEditions:
    """Real editions of a data folder with `QuotingAnswers`."""

    def __init__(self, store: EditionStore) -> None:
        self._store = store

    def current_version(self) -> str | None:
        return self._store.current_name()

    def open(self, version: str) -> tuple[Edition, object]:
        edition = self._store.open(version)
        return edition, QuotingAnswers(edition)


def app_for(store: EditionStore, **settings: Any) -> FastAPI:
    """An application over real editions, with answers that only quote."""
    return create_app(
        Settings(data_dir=store.root, **settings), EditionHolder(QuotingEditions(store))
    )


def client_for(store: EditionStore, address: str = "127.0.0.1", **settings: object) -> TestClient:
    """A client of such an application at this address."""
    return TestClient(
        app_for(store, **settings), client=(address, 1), raise_server_exceptions=False
    )


def client_over(root: Path, *editions: list[ParsedDocument], **settings: object) -> TestClient:
    """A client on this machine of the whole application over a data folder, in which it publishes
    these editions.
    """
    for documents in editions:
        EditionStore(root).publish(documents)
    chosen = Settings(data_dir=root, **settings)  # type: ignore[arg-type]
    app = create_app(chosen, reader=UploadReader(chosen))
    return TestClient(app, client=("127.0.0.1", 1))
