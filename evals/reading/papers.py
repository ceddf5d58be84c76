"""Papers whose records are known: each with its catalogue, its group, and whether it may be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.reading.catalogue import load_catalogue
from evals.reading.figures import ReadingFigures, summed
from evals.reading.judging import Judged, judge
from vectorstore.records import ParsedDocument

ReadAll = Callable[[Sequence[Path]], Iterator[tuple[Path, ParsedDocument | str]]]
"""Reads files and yields each with what was read of it, or why it could not be, in any order."""


@dataclass(frozen=True, slots=True)
class KnownPaper:
    """A paper, the file that knows its records, the group it is summed up in, and whether only totals are shown."""

    path: Path
    catalogue: Path
    group: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class JudgedPaper:
    """A paper with what came out; `rejected` says why it could not be read."""

    paper: KnownPaper
    judged: Judged
    rejected: str | None = None


def papers_in(folder: Path, held: bool = False) -> list[KnownPaper]:
    """Return the papers of a folder with known records beside them or in its folder `catalogues`."""
    found = []
    for path in sorted(folder.iterdir()):
        places = (folder / f"{path.name}.truth.json", folder / "catalogues" / f"{path.stem}.jsonl")
        known = next((one for one in places if one.is_file()), None)
        if known is not None and path.is_file():
            found.append(KnownPaper(path, known, f"{folder.name} (held)" if held else folder.name, held))
    return found


def judged_papers(
    papers: Sequence[KnownPaper], read: ReadAll, show: Callable[[str, float], None] = lambda step, share: None
) -> list[JudgedPaper]:
    """Read and judge papers, in their order; raises CatalogueError before anything is read."""
    catalogues = {one.path: load_catalogue(one.catalogue) for one in papers}
    found: dict[Path, tuple[Judged, str | None]] = {}
    for path, parsed in read(list(catalogues)):
        rejected = parsed if isinstance(parsed, str) else None
        found[path] = judge(None if isinstance(parsed, str) else parsed, catalogues[path]), rejected
        show(path.name, len(found) / len(catalogues))
    return [JudgedPaper(one, *found[one.path]) for one in papers]


def by_group(papers: Sequence[JudgedPaper]) -> dict[str, ReadingFigures]:
    """Return the sum of every group, in the order in which they were named."""
    groups = dict.fromkeys(one.paper.group for one in papers)
    return {name: summed(one.judged.figures for one in papers if one.paper.group == name) for name in groups}
