"""Runs of the ingestion job over small papers, and what the edition store has afterwards."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any
from zlib import crc32

from ingest import IngestReport, IngestRequest, run_ingest
from tests.ingest.papers import PROSE
from vectorstore import EditionStore
from vectorstore.records import Document

ENTRY = {
    "title": "Leitbild 2040",
    "publisher": "Kreis Quonau",
    "kind": "guiding_principles",
    "status": "adopted",
    "file": "leitbild.txt",
}


def write_paper(path: Path, title: str = "Leitbild", *theses: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [
        f"{number}. {thesis}\n\n{PROSE}"
        for number, thesis in enumerate(theses or ("Luft", "Wasser"), 1)
    ]
    code = crc32(os.fsencode(path.name))
    own = " ".join(f"Wort{code}{number}" for number in range(12))  # no two have one text
    opening = [f"{title} des Kreises Quonau", "Einleitung", f"{PROSE} {own}"]
    path.write_text("\n\n".join([*opening, *parts]), "utf-8")
    return path


def write_register(
    folder: Path, *entries: dict[str, str], before: str = "", more: str = ""
) -> Path:
    """Write a register; each entry is what differs from `ENTRY`, `more` are lines behind the
    last.
    """
    lines = [before]
    for entry in entries or ({},):
        values = {"id": "leitbild", **ENTRY, **entry}
        lines += ["[[document]]", *(f'{key} = "{value}"' for key, value in values.items())]
    path = folder / "register.toml"
    path.write_text("\n".join([*lines, more, ""]), "utf-8")
    return path


def ingest(store: EditionStore, *paths: Path, **how: Any) -> IngestReport:
    return run_ingest(IngestRequest(paths=paths, **how), store)


def documents(store: EditionStore) -> dict[str, Document]:
    with closing(store.open()) as edition:
        return dict(edition.catalogue.documents)


def originals(store: EditionStore) -> dict[str, bytes]:
    with closing(store.open()) as edition:
        return {name: path.read_bytes() for name, path in edition.originals.items()}


def reported(store: EditionStore) -> dict[str, Any]:
    with closing(store.open()) as edition:
        return {file["id"]: file for file in edition.report["files"]}
