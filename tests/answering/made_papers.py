"""A service over papers that a test wrote, by their file names and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from ingest import IngestRequest, run_ingest
from service import load_settings
from service.answering import AnswerService
from vectorstore import EditionStore


@contextmanager
def service_over(folder: Path, papers: Mapping[str, str]) -> Iterator[AnswerService]:
    """Ingest papers into a folder and open a service over them."""
    paths = tuple(folder / name for name in papers)
    for path in paths:
        path.write_text(papers[path.name], encoding="utf-8")
    store = EditionStore(folder / "editions")
    run_ingest(IngestRequest(paths), store)
    with closing(store.open()) as edition:
        yield AnswerService(edition, load_settings(data_dir=store.root))
