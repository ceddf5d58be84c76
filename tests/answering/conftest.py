"""One answer service over the sample edition for all tests of answering, and one over each small
paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest import IngestRequest, run_ingest
from service import load_settings
from service.answering import AnswerService, Corpus
from service.records import Answer, ChatRequest, Turn
from tests.answering.agent.scripted import ScriptedModel
from vectorstore import EditionStore, Embedding
from vectorstore.encoder import packaged_encoder
from vectorstore.records import ParsedDocument

PAPERS = Path(__file__).parent / "papers"
Ask = Callable[..., Answer]


@dataclass(frozen=True)
class Asked:
    """Who answers, over which papers."""

    service: AnswerService

    @property
    def corpus(self) -> Corpus:
        return self.service.corpus

    def ask(self, question: str, *history: str, **fields: object) -> Answer:
        """Ask a question; `history` are the turns before it, the user's first; other fields as in
        the request.
        """
        turns = [
            Turn(role="assistant" if place % 2 else "user", content=text)
            for place, text in enumerate(history)
        ]
        return self.service.answer(
            ChatRequest.model_validate({"question": question, "history": turns, **fields})
        )


Over = Callable[[str], Asked]
OverDocuments = Callable[..., AnswerService]
OverTexts = Callable[..., AnswerService]
DeskOver = Callable[[str], ScriptedModel]


@pytest.fixture(scope="session")
def over(sample_service: AnswerService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """Ask over the sample, or over a paper or folder of `papers/`; each is read and opened once."""
    made = {"sample": Asked(sample_service)}
    with ExitStack() as opened:

        def of(name: str) -> Asked:
            if name not in made:
                editions = EditionStore(tmp_path_factory.mktemp(name), packaged_encoder())
                register = PAPERS / name / "corpus.toml"
                papers = sorted((PAPERS / name).glob("*.md")) or [PAPERS / f"{name}.md"]
                run_ingest(
                    IngestRequest(manifest=register)
                    if register.is_file()
                    else IngestRequest(tuple(papers)),
                    editions,
                )
                edition = editions.open()
                opened.callback(edition.close)
                made[name] = Asked(AnswerService(edition, load_settings(data_dir=editions.root)))
            return made[name]

        yield of


@pytest.fixture(scope="session")
def service(sample_service: AnswerService) -> AnswerService:
    return sample_service


@pytest.fixture(scope="session")
def corpus(service: AnswerService) -> Corpus:
    return service.corpus


@pytest.fixture(scope="session")
def ask(over: Over) -> Ask:
    return over("sample").ask


@pytest.fixture(scope="session")
def over_documents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverDocuments]:
    """Make a service over an edition of these documents, which stays open; the same documents are
    published once.
    """
    made: dict[str, AnswerService] = {}
    with ExitStack() as opened:

        def of(*documents: ParsedDocument) -> AnswerService:
            name = repr(documents)
            if name not in made:
                store = EditionStore(tmp_path_factory.mktemp("documents"))
                store.publish(documents)
                edition = opened.enter_context(closing(store.open()))
                made[name] = AnswerService(edition, load_settings(data_dir=store.root))
            return made[name]

        yield of


@pytest.fixture(scope="session")
def over_texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OverTexts]:
    """Make a service over papers of these texts by their file names, which stays open; the same
    papers are read once.
    """
    made: dict[str, AnswerService] = {}
    with ExitStack() as opened:

        def of(papers: Mapping[str, str], embedding: Embedding | None = None) -> AnswerService:
            name = repr(papers)
            if name not in made:
                folder = tmp_path_factory.mktemp("texts")
                for file, text in papers.items():
                    (folder / file).write_text(text, encoding="utf-8")
                store = EditionStore(folder / "editions", embedding)
                run_ingest(IngestRequest(tuple(folder / file for file in papers)), store)
                edition = opened.enter_context(closing(store.open()))
                made[name] = AnswerService(edition, load_settings(data_dir=store.root))
            return made[name]

        yield of


@pytest.fixture(scope="session")
def desk_over(over_texts: OverTexts) -> DeskOver:
    """Run agents over one Markdown document."""

    def of(text: str) -> ScriptedModel:
        service = over_texts({"papier.md": text})
        return ScriptedModel(service.parts, service.settings)

    return of
