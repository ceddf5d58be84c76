"""One real edition of the sample corpus, and the answer service over it, for all tests of answering."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from ingest.job import IngestRequest, run_ingest
from service.answering.corpus import Corpus
from service.answering.query import Query
from service.answering.service import AnswerService
from service.answering.understanding import language
from service.answering.understanding.question import understand
from service.models import Answer, ChatRequest, Turn
from service.settings import load_settings
from tests.answering.truth import MANIFEST
from vectorstore.editions import EditionStore

Ask = Callable[..., Answer]
Understand = Callable[..., Query]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> EditionStore:
    store = EditionStore(tmp_path_factory.mktemp("sample"))
    report = run_ingest(IngestRequest(manifest=MANIFEST), store)
    assert report.edition is not None
    return store


@pytest.fixture(scope="session")
def service(store: EditionStore) -> Iterator[AnswerService]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one.startswith("STRATEGIELOTSE_")]:
            patch.delenv(name)
        settings = load_settings(data_dir=store.root)
    edition = store.open()
    yield AnswerService(edition, settings)
    edition.close()


@pytest.fixture(scope="session")
def corpus(service: AnswerService) -> Corpus:
    return service.corpus


@pytest.fixture(scope="session")
def ask(service: AnswerService) -> Ask:
    """Ask a question; `history` are the turns before it, the user's first; other fields as in the request."""

    def asked(question: str, *history: str, **fields: object) -> Answer:
        turns = [Turn(role="assistant" if place % 2 else "user", content=text) for place, text in enumerate(history)]
        return service.answer(ChatRequest.model_validate({"question": question, "history": turns, **fields}))

    return asked


@pytest.fixture(scope="session")
def read(corpus: Corpus) -> Understand:
    """Understand a question over the sample edition."""

    def understood(question: str, allowed: list[str] | None = None) -> Query:
        return understand(question, corpus, language.detect(question), allowed)

    return understood
