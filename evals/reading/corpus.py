"""Folders of papers with known records: beside each file, or by a register and document ids."""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.reading.catalogue import RECORDS, KnownRecord, load_catalogue, parse_record
from vectorstore import FORMATS_BY_SUFFIX

_NO_RECORDS = ("theme", "section", "chapter")  # kinds of lines that are no records


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A file with its known records; papers of one `group` (publisher) are left out together."""

    name: str
    path: Path
    title: str | None
    group: str
    known: tuple[KnownRecord, ...]


def load_papers(folder: Path) -> list[KnownPaper]:
    """Return the documents of a folder: those that its registers (`*.toml`) list; without a
    register, all files that can be read.

    Each has its known records, () if nothing is known of it. Raises CatalogueError.
    """
    registers = sorted(folder.glob("*.toml"))
    if registers:
        return list(_registered(registers))
    return list(_lone(folder))


def _lone(folder: Path) -> Iterator[KnownPaper]:
    """Yield the readable files of a folder with the measures and projects of
    `catalogues/<stem>.jsonl`, none without this file. The publisher is taken from the file name,
    the title is not known.
    """
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix not in FORMATS_BY_SUFFIX:
            continue
        catalogue = folder / "catalogues" / f"{path.stem}.jsonl"
        known = load_catalogue(catalogue).records if catalogue.is_file() else ()
        records = tuple(record for record in known if record.kind in ("measure", "project"))
        yield KnownPaper(path.stem, path, None, _publisher_of(path.stem), records)


def _registered(registers: list[Path]) -> Iterator[KnownPaper]:
    """Yield the documents that registers list, each with the known records of its id.

    The known records of a register are in `catalogues/<name of the register>.jsonl`. Themes and
    chapters among them are left out; a record of an unknown kind, or without one, counts as a
    measure.
    """
    for register in registers:
        records: dict[str, list[KnownRecord]] = defaultdict(list)
        catalogue = register.parent / "catalogues" / f"{register.stem}.jsonl"
        lines = catalogue.read_text(encoding="utf-8").splitlines() if catalogue.is_file() else []
        for number, line in enumerate(lines, 1):
            values: dict[str, Any] = json.loads(line)
            kind = values.setdefault("kind", "measure")
            if kind in _NO_RECORDS:
                continue
            if kind not in RECORDS:
                values["kind"] = "measure"
            records[values["document_id"]].append(parse_record(values, f"{catalogue}:{number}"))
        content = tomllib.loads(register.read_text(encoding="utf-8"))
        for entry in content["document"]:
            name, path = entry["id"], register.parent / entry["file"]
            known = tuple(records[name])
            yield KnownPaper(name, path, entry["title"], entry["publisher"], known)


def _publisher_of(stem: str) -> str:
    """Return the first word of a file name, which is its publisher."""
    return stem.partition("-")[0]
