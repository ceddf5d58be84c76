"""Known records of a paper: a catalogue (a JSON object per line), or the truth that a generated paper comes with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORDS = ("measure", "project", "goal")


class CatalogueError(Exception):
    """A catalogue that cannot be read; the message names file and line, in German."""


@dataclass(frozen=True, slots=True)
class Known:
    """One known record; `refs` are the readings of its number that are right, empty where the paper prints none.

    `titles` are its title and the wording of the paper's own overview, `pages` those of its sheet (from 1, empty where
    the format has none). `uncertain` records are neither missed nor false.
    """

    refs: tuple[str, ...]
    titles: tuple[str, ...]
    kind: str
    pages: tuple[int, ...] = ()
    responsible: tuple[str, ...] = ()
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of one paper: its records, and texts that must stand in a passage or may stand in none."""

    records: tuple[Known, ...]
    body: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def load_catalogue(path: Path) -> Catalogue:
    """Read `<name>.jsonl` or `<name>.truth.json`; raises CatalogueError where it is neither."""
    try:
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            return Catalogue(tuple(_records(map(json.loads, filter(str.strip, source.splitlines())))))
        truth = json.loads(source)
        return Catalogue(tuple(_records(truth["records"])), tuple(truth["body"]), tuple(truth["hidden"]))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path}: nicht lesbar.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogueError(f"{path}: kein Katalog bekannter Einträge ({error}).") from error


def _records(entries: Iterable[Mapping[str, Any]]) -> Iterable[Known]:
    for entry in entries:
        if entry["kind"] in RECORDS:
            refs = (entry["ref"].split("~")[0], *entry.get("ref_also", ())) if entry["ref"] else ()
            overview = entry.get("title_overview")
            yield Known(
                refs=refs,
                titles=(entry["title"], overview) if overview else (entry["title"],),
                kind=entry["kind"],
                pages=tuple(entry.get("pages", ())),
                responsible=tuple(entry.get("responsible", ())),
                uncertain=bool(entry.get("uncertain")),
            )
