"""Our own finding, as the pipeline of answers uses it: it reads the question and makes its vector itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder
from service.answering.understanding.language import detect
from service.answering.understanding.question import understand
from service.composition import make_store
from service.settings import load_settings
from tests.benchmarks.engines.passages import Passage

EDITION = "edition"


class Ours:
    """The finder over an edition that lies in the folder; items, not passages, so none comes twice."""

    def build(self, folder: Path, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """An edition is built by ingestion, and only opened here."""
        self.open(folder, passages)

    def open(self, folder: Path, passages: Sequence[Passage]) -> None:
        """See `Engine.open`; the edition is the data folder that a link names."""
        settings = load_settings(data_dir=(folder / EDITION).resolve())
        edition = make_store(settings).open()
        self._corpus = Corpus(edition, edition.catalogue.in_force, settings.trained_dir)
        self._finder = Finder(self._corpus)

    def find(self, question: str, vector: Sequence[float], limit: int) -> list[tuple[str, str]]:
        """See `Engine.find`; the vector given is not used."""
        understood = understand(question, self._corpus, detect(question), None)
        found = self._finder.find(understood, limit)
        return [(one.item.document_id, one.item.key) for one in found]


def make() -> Ours:
    """The engine."""
    return Ours()
