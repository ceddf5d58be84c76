"""What each pipeline shows for a question: the answer, its own best passages, a plain LangChain
pipeline, a plain hybrid.

The plain ones are what their libraries' introductions build: text by pages, recursive splitter,
Chroma; the encoder is the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import Stemmer
from langchain_chroma import Chroma
from langchain_core.documents import Document as Piece
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from pypdf import PdfReader

from evals.asking import InProcess, Show, request_of
from evals.case_files import Case
from evals.metrics.measures import text_read
from evals.metrics.scoring import AnsweredCase, SentAnswer, SentCitation
from lab.baselines.places import ShownPassage, pages_between
from service.answering import pipeline
from vectorstore import LexicalIndex
from vectorstore.records import Catalogue, Chunk

SHOWN = 3  # passages
# characters of a piece, and those that it shares with the one before
SIZE = 1_000
OVERLAP = 200
_BATCH = 64  # pieces that are embedded at a time
_FUSED = 50  # pieces of each ranking that the hybrid joins
_RANK = 60  # added to ranks: reciprocal rank fusion as Cormack, Clarke and Büttcher (2009) have it
# of BM25: the values of common libraries
_K1 = 1.5
_B = 0.75


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown for a question: its first passages, and all of the text; `answered` is the
    product's answer with its case.
    """

    passages: tuple[ShownPassage, ...]
    text: str
    answered: AnsweredCase | None = None


def read_pages(path: Path) -> list[str]:
    """Return the text of a file by pages: of a PDF as pypdf has it, else parted at form feeds."""
    if path.suffix.lower() == ".pdf":
        return [page.extract_text() for page in PdfReader(path).pages]
    return path.read_text(encoding="utf-8").split("\f")


def split_files(files: Mapping[str, Path]) -> list[Piece]:
    """Return the pieces of files by document id. Each has as metadata its `document`, its `page`
    from 1, and its `number` from 0 among all pieces.
    """
    pages = [
        Piece(page_content=text, metadata={"document": document_id, "page": number})
        for document_id, path in files.items()
        for number, text in enumerate(read_pages(path), start=1)
    ]
    splitter = RecursiveCharacterTextSplitter(chunk_size=SIZE, chunk_overlap=OVERLAP)
    pieces = splitter.split_documents(pages)
    for number, piece in enumerate(pieces):
        piece.metadata["number"] = number
    return pieces


class PlainSearch:
    """Pieces in Chroma, and their stems in BM25."""

    def __init__(self, name: str, pieces: list[Piece], encoder: Embeddings, show: Show) -> None:
        """Embed all pieces with the product's own encoder, so that only the pipelines differ, and
        index their word stems. `name` tells the collections of several registers apart, `show`
        shows progress.
        """
        self._pieces, self._stemmer = pieces, Stemmer.Stemmer("german")
        self._store = Chroma(f"plain-{name}", encoder)
        self._store.reset_collection()  # those in memory outlive their object
        for start in range(0, len(pieces), _BATCH):
            show(f"{name}: {start}/{len(pieces)}", start / len(pieces))
            self._store.add_documents(pieces[start : start + _BATCH])
        stems = [self._stems(piece.page_content) for piece in pieces]
        self._lexical = LexicalIndex.build(stems, k1=_K1, b=_B)

    def dense(self, case: Case) -> Shown:
        """Show the pieces whose vectors are nearest to that of the question."""
        return _show_pieces(self._store.similarity_search(case.question, k=SHOWN))

    def hybrid(self, case: Case) -> Shown:
        """Show the pieces that rank highest in two searches together: by vectors and by word stems.

        The two rankings are combined by reciprocal rank fusion: a piece gets 1 / (60 + rank) from
        each ranking that has it. Pieces without any stem of the question are in the first ranking
        only.
        """
        nearest = self._store.similarity_search(case.question, k=_FUSED)
        by_stems = self._lexical.scores(dict.fromkeys(self._stems(case.question), 1.0))
        best = np.argsort(-by_stems, kind="stable")[:_FUSED]
        rankings = (
            [piece.metadata["number"] for piece in nearest],
            [int(number) for number in best if by_stems[number] > 0],
        )
        fused: dict[int, float] = defaultdict(float)
        for ranking in rankings:
            for rank, number in enumerate(ranking, start=1):
                fused[number] += 1 / (_RANK + rank)
        first = sorted(fused, key=lambda number: -fused[number])[:SHOWN]
        return _show_pieces([self._pieces[number] for number in first])

    def _stems(self, text: str) -> list[str]:
        stems: list[str] = self._stemmer.stemWords(re.findall(r"\w+", text.lower()))
        return stems


def _show_pieces(pieces: list[Piece]) -> Shown:
    """Return pieces as shown passages, each on its one page."""
    passages = tuple(
        ShownPassage(
            piece.metadata["document"], frozenset([piece.metadata["page"]]), piece.page_content
        )
        for piece in pieces
    )
    return Shown(passages, _join(passages))


class Product:
    """The answer service, and the passages that its search ranks."""

    def __init__(self, target: InProcess) -> None:
        self._target = target

    def answer(self, case: Case) -> Shown:
        """Show the answer: passages are the quotes of its first citations, the text is all that is
        read. If nothing is answered or found, nothing is shown; the answer is still judged.
        """
        answer = SentAnswer.model_validate(self._target.ask(case))
        answered = AnsweredCase(case, answer, self._target.knowledge)
        if not answered.shows:
            return Shown((), "", answered)
        passages = tuple(map(_quoted_passage, answer.citations[:SHOWN]))
        return Shown(passages, text_read(answer), answered)

    def passages(self, case: Case) -> Shown:
        """Show the passages that the search ranks first, as they are: what the product finds before
        it composes an answer.
        """
        service = self._target.service
        work = service.start_run(request_of(case))
        pipeline.read(work)
        pipeline.search(work)
        assert work.context is not None
        ranked = list(chain.from_iterable(hit.passages for hit in work.context.hits))
        ranked.sort(key=lambda passage: -passage[1])
        catalogue = service.corpus.catalogue
        passages = tuple(_chunk_passage(chunk, catalogue) for chunk, _ in ranked[:SHOWN])
        return Shown(passages, _join(passages))


def _quoted_passage(citation: SentCitation) -> ShownPassage:
    pages = frozenset[int]() if citation.page is None else frozenset([citation.page])
    return ShownPassage(citation.document_id, pages, citation.quote)


def _chunk_passage(chunk: Chunk, catalogue: Catalogue) -> ShownPassage:
    pages = pages_between(catalogue, chunk.document_id, chunk.start, chunk.end)
    return ShownPassage(chunk.document_id, pages, chunk.text)


def _join(passages: tuple[ShownPassage, ...]) -> str:
    return "\n".join(passage.text for passage in passages)
