"""`python -m lab reading`: reads documents with known records and reports how much of them is
right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from evals.gate import load_gate, shortfalls
from evals.held_log import append_to_log
from evals.tables import markdown_table, require_marks, write_table
from lab.reading.catalogue import load_catalogue
from lab.reading.measurements import BETTER, FIGURES, ReadingFigures, Share, add_up, find_shares
from lab.reading.scoring import Pair, RecordCount, ScoredReading, compute_scores
from service.terminal import (
    Exit,
    error_console,
    fail,
    print_raw,
    progress_bar,
)
from vectorstore.records import ParsedDocument

SECTION = "reading"  # of a Markdown file, for the table
_SHOWN = ("right", "false", "responsible", "counts", "confident wrong", "body", "rows", "lost")
Files = list[Path] | None
ReadAll = Callable[[Sequence[Path]], Iterator[tuple[Path, ParsedDocument | str]]]
"""Reads files; yields each, in any order, with its document or why it could not be read."""


@dataclass(frozen=True, slots=True)
class CatalogueDocument:
    """A document, the catalogue of its records, its group; if `held`, only its part in totals is
    shown.
    """

    path: Path
    catalogue: Path
    group: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class ScoredDocument:
    """A document with its scores; `rejected` is the reason if it could not be read."""

    document: CatalogueDocument
    scores: ScoredReading
    rejected: str | None = None


def documents_in(folder: Path, *, held: bool = False) -> list[CatalogueDocument]:
    """Return the documents of a folder that have a catalogue: `<file name>.truth.json` beside them,
    or `catalogues/<stem>.jsonl`.

    `held` says whether the documents are held, that is, never shown one by one. They are a group of
    their own.
    """
    group = f"{folder.name} (held)" if held else folder.name
    results = []
    for path in sorted(folder.iterdir()):
        candidates = (
            folder / f"{path.name}.truth.json",
            folder / "catalogues" / f"{path.stem}.jsonl",
        )
        catalogue = next((candidate for candidate in candidates if candidate.is_file()), None)
        if catalogue is not None and path.is_file():
            results.append(CatalogueDocument(path, catalogue, group, held))
    return results


def score_documents(
    papers: Sequence[CatalogueDocument],
    read: ReadAll,
    show: Callable[[str, float], None] = lambda _step, _share: None,
) -> list[ScoredDocument]:
    """Read and score documents, and return them in the order given. A document that could not be
    read is scored as one without records, with the reason. Raises CatalogueError before anything is
    read.
    """
    catalogues = {document.path: load_catalogue(document.catalogue) for document in papers}
    results: dict[Path, tuple[ScoredReading, str | None]] = {}
    for path, parsed in read(list(catalogues)):
        if isinstance(parsed, str):  # why it was rejected
            results[path] = compute_scores(None, catalogues[path]), parsed
        else:
            results[path] = compute_scores(parsed, catalogues[path]), None
        show(path.name, len(results) / len(catalogues))
    return [ScoredDocument(document, *results[document.path]) for document in papers]


def by_group(papers: Sequence[ScoredDocument]) -> dict[str, ReadingFigures]:
    """Return the summed measurements of each group, in the order of the documents."""
    groups = defaultdict[str, list[ReadingFigures]](list)
    for scored in papers:
        groups[scored.document.group].append(scored.scores.figures)
    return {name: add_up(figures) for name, figures in groups.items()}


def add_reading(app: typer.Typer, read: ReadAll) -> None:
    """Add the command `reading`; `read` reads files without making an edition."""

    @app.command(epilog="Beispiel: python -m lab reading --papers plaene --misses")
    def reading(
        papers: Annotated[
            Files, typer.Option("--papers", help="Ordner mit Papieren und bekannten Einträgen")
        ] = None,
        held_papers: Annotated[
            Files, typer.Option("--held-papers", help="Dasselbe, nur als Summen")
        ] = None,
        misses: Annotated[
            bool, typer.Option("--misses", help="Fehlende und falsche Einträge nennen")
        ] = False,
        gate: Annotated[
            Path | None, typer.Option("--gate", help="Datei mit Schwellen je Ordner (TOML)")
        ] = None,
        markdown: Annotated[
            Path | None,
            typer.Option(
                "--markdown", help="Markdown-Datei, in der die Tabelle zwischen Marken steht"
            ),
        ] = None,
    ) -> None:
        """Liest Papiere, deren Einträge bekannt sind, und sagt, was davon richtig ist."""
        chosen = _choose_requested(papers or [], held_papers or [])
        limits = load_gate(gate, BETTER) if gate else None
        if markdown:  # missing marks are reported now, not after all documents were read
            require_marks(markdown, SECTION)
        with progress_bar() as show:
            result = score_documents(chosen, read, show)
        groups = by_group(result)
        _log_held(result)
        if markdown:
            write_table(markdown, groups_table(groups), SECTION)
        short = shortfalls(limits, find_shares(groups)) if limits else []
        print_raw(_as_text(result, misses=misses))
        for shortfall in short:
            error_console.print(f"Schwelle verfehlt: {shortfall}", style="red")
        if short:
            raise typer.Exit(Exit.HELD_BACK)
        if any(scored.rejected for scored in result):
            raise typer.Exit(Exit.REJECTED)


def _choose_requested(shown: Sequence[Path], held: Sequence[Path]) -> list[CatalogueDocument]:
    """Return all documents of these folders. A file that several folders have (also by a link) is
    returned once, as the first of them has it; folders to be shown come before held ones. A folder
    that does not exist, or no document at all, ends the command.
    """
    missing = [str(folder) for folder in (*shown, *held) if not folder.is_dir()]
    if missing:
        raise fail(f"Diesen Ordner gibt es nicht: {', '.join(missing)}.")
    results = list(chain.from_iterable(documents_in(folder) for folder in shown))
    results += chain.from_iterable(documents_in(folder, held=True) for folder in held)
    chosen: dict[Path, CatalogueDocument] = {}
    for document in results:
        chosen.setdefault(document.path.resolve(), document)
    if not chosen:
        raise fail("Es ist kein Papier mit bekannten Einträgen genannt.")
    return list(chosen.values())


def _log_held(documents: Sequence[ScoredDocument]) -> None:
    """Append the totals of held documents to the log of their openings."""
    held_groups = by_group([scored for scored in documents if scored.document.held])
    if held_groups:
        totals = {group: figures.format_line() for group, figures in held_groups.items()}
        append_to_log("reading-held.log", totals)


def _as_text(documents: Sequence[ScoredDocument], *, misses: bool) -> str:
    """Return the tables of the documents and of their groups. Of several groups the sum is shown
    too.

    Held documents count only in the table of groups, since single ones must not be shown. With
    `misses` there is also a line for each error.
    """
    shown = [scored for scored in documents if not scored.document.held]
    groups = by_group(documents)
    if len(groups) > 1:
        groups["all"] = add_up(groups.values())
    paragraphs = []
    if shown:
        paragraphs.append(documents_table(shown))
    if misses:
        paragraphs.append("\n".join(misses_lines(shown)))
    paragraphs.append(groups_table(groups))
    return "\n\n".join(paragraphs)


def groups_table(groups: Mapping[str, ReadingFigures]) -> str:
    """Return a Markdown table with a row for each measurement and a column for each group. A
    measurement that applies to no group has no row.
    """
    rows = []
    for figure in FIGURES:
        shares = [figures[figure.name] for figures in groups.values()]
        if any(share.whole for share in shares):
            rows.append([figure.english, *map(_cell, shares)])
    return markdown_table(["", *groups], rows)


def documents_table(papers: Sequence[ScoredDocument]) -> str:
    """Return a Markdown table with a row for each document.

    For a document that could not be read, the row also has the reason.
    """
    rows = []
    for scored in papers:
        name = ": ".join(filter(None, (scored.document.path.name, scored.rejected)))
        rows.append([name, *(_cell(scored.scores.figures[figure]) for figure in _SHOWN)])
    return markdown_table(["", *_SHOWN], rows)


def misses_lines(papers: Sequence[ScoredDocument]) -> Iterator[str]:
    """Yield a line for each error in documents."""
    for scored in papers:
        yield from (f"{scored.document.path.name}: {line}" for line in _wrong(scored.scores))


def _wrong(scored: ScoredReading) -> Iterator[str]:
    """Yield a line for each error in the reading of a document.

    Errors are missed records, false records, titles that only look like records but became some,
    wrong counts that the reading called complete, and right counts that it doubted. A count of 0
    cannot be doubted.
    """
    yield from map(_describe_missed, scored.missed)
    yield from (
        f"falsch {item.kind} {item.ref} | {item.title} | Seite {item.page}" for item in scored.false
    )
    yield from (f"Scheintitel als Eintrag: {text}" for text in scored.decoys)
    for count in scored.counts:
        if count.confident_wrong:
            yield _describe_count(count, "sicher und falsch")
        elif count.exact and count.found and count.complete is not True:
            yield _describe_count(count, "vollständig, aber bezweifelt")


def _describe_missed(pair: Pair) -> str:
    """Return the German line on a missed record."""
    known = pair.known
    pages = read = ""
    if known.pages:
        pages = f" | Seite {', '.join(map(str, known.pages))}"
    if pair.item:
        read = f"; gelesen: {pair.item.ref} | {pair.item.title} | Seite {pair.item.page}"
    ref = known.ref or "–"
    return f"fehlt {ref} | {known.title}{pages}{read}"


def _describe_count(count: RecordCount, what: str) -> str:
    return f"Anzahl {count.kind}: {count.found} statt {count.least}: {what}"


def _cell(share: Share) -> str:
    """Return a share as the text of a table cell: "59 of 60 (.983)", or "–" if nothing was
    measured.

    Only all of them give "1.00"; a share just below it is shown as ".999", not rounded up.
    """
    value = share.value
    if value is None:
        return "–"
    figure = "1.00"
    if value < 1:
        figure = f"{min(value, 0.99949):.3f}"[1:]
    return f"{share.part} of {share.whole} ({figure})"
