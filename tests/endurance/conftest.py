"""Two corpora to switch between, and what each complete edition of them says over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.processes import REPOSITORY, Server, run, serving

SAMPLE = REPOSITORY / "ingest/sample"


@dataclass(frozen=True)
class Corpus:
    """Arguments of `ingest`, and the documents with their numbers of records that must come of
    it.
    """

    arguments: tuple[str, ...]
    contents: frozenset[tuple[str, str]]


def contents(server: Server) -> frozenset[tuple[str, str]]:
    """Return what is served: each document's id with the numbers of its records."""
    documents = json.loads(server.get("/api/v1/documents?page_size=500"))["items"]
    return frozenset(
        (document["id"], json.dumps(document["counts"], sort_keys=True)) for document in documents
    )


def measured(folder: Path, arguments: tuple[str, ...]) -> Corpus:
    """Ingest into a fresh folder and return what an undisturbed run makes of it."""
    result = run("ingest", *arguments, data=folder / "data")
    assert result.returncode == 0, result.stderr
    with serving(folder / "data") as server:
        return Corpus(arguments, contents(server))


@pytest.fixture(scope="session")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Corpus]:
    """Return the whole sample corpus, and part of it read without its register."""
    part = sorted(str(path) for path in SAMPLE.glob("*") if path.suffix in {".md", ".txt"})
    assert part
    return (
        measured(
            tmp_path_factory.mktemp("whole"),
            ("--replace", "--manifest", str(SAMPLE / "corpus.toml")),
        ),
        measured(tmp_path_factory.mktemp("part"), ("--replace", *part)),
    )


@pytest.fixture
def data(tmp_path: Path, corpora: tuple[Corpus, Corpus]) -> Path:
    """Return a data folder with the whole sample corpus as its edition."""
    folder = tmp_path / "data"
    assert run("ingest", *corpora[0].arguments, data=folder).returncode == 0
    return folder


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    with serving(data) as running:
        yield running
