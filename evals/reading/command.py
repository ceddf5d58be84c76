"""`strategielotse eval reading`: reads papers whose records are known and says how much of them is right."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.reading import openings, tables
from evals.reading.catalogue import CatalogueError
from evals.reading.figures import summed
from evals.reading.papers import JudgedPaper, KnownPaper, ReadAll, by_group, judged_papers, papers_in
from evals.reporting.marked import MarksMissing, with_table
from service.cli_errors import Exit, fail, file_sentences
from service.cli_output import print_raw, progress_bar

Folders = list[Path] | None


def add_reading(app: typer.Typer, read: ReadAll) -> None:
    """Add the command; `read` is ingestion's reading of files, without an edition."""

    @app.command(epilog="Beispiel: strategielotse eval reading --document plan.pdf --catalogue plan.jsonl --misses")
    def reading(
        document: Annotated[Folders, typer.Option("--document", help="Papier; mehrere möglich")] = None,
        catalogue: Annotated[
            Folders, typer.Option("--catalogue", help="Bekannte Einträge dazu, in derselben Reihenfolge")
        ] = None,
        papers: Annotated[
            Folders, typer.Option("--papers", help="Ordner mit Papieren und bekannten Einträgen; mehrere möglich")
        ] = None,
        held_papers: Annotated[
            Folders, typer.Option("--held-papers", help="Dasselbe, nur als Summen; genannte Papiere bleiben sichtbar")
        ] = None,
        held: Annotated[bool, typer.Option("--held", help="Alles nur als Summen zeigen")] = False,
        log: Annotated[Path | None, typer.Option("--log", help="Datei, die zurückgehaltene Messungen zählt")] = None,
        misses: Annotated[bool, typer.Option("--misses", help="Fehlende und falsche Einträge nennen")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben")] = False,
        markdown: Annotated[
            Path | None, typer.Option("--markdown", help="Markdown-Datei, in der die Tabelle zwischen Marken steht")
        ] = None,
    ) -> None:
        """Liest Papiere, deren Einträge bekannt sind, und sagt, was davon richtig ist."""
        chosen = _chosen(_pairs(document or [], catalogue or [], held), papers or [], held_papers or [], held)
        with file_sentences(CatalogueError, MarksMissing):
            text = markdown.read_text(encoding="utf-8") if markdown else ""
            if markdown:
                with_table(text, "", tables.MARKS)
            with progress_bar() as show:
                found = judged_papers(chosen, read, show)
            _note(found, log)
            if markdown:
                markdown.write_text(
                    with_table(text, tables.groups_table(by_group(found)), tables.MARKS), encoding="utf-8"
                )
        print_raw(_as_json(found) if as_json else _as_text(found, misses))
        if any(one.rejected for one in found):
            raise typer.Exit(Exit.REJECTED)


def _pairs(documents: Sequence[Path], catalogues: Sequence[Path], held: bool) -> list[KnownPaper]:
    if len(documents) != len(catalogues):
        raise fail("Zu jedem --document gehört ein --catalogue.")
    pairs = zip(documents, catalogues, strict=True)
    return [KnownPaper(path, known, "held" if held else path.stem, held) for path, known in pairs]


def _chosen(
    pairs: Sequence[KnownPaper], shown: Sequence[Path], held: Sequence[Path], all_held: bool
) -> list[KnownPaper]:
    """Return all papers, each once: those named by themselves come before those of folders."""
    named = [(folder, all_held) for folder in shown] + [(folder, True) for folder in held]
    if missing := [str(folder) for folder, _ in named if not folder.is_dir()]:
        raise fail(f"Diesen Ordner gibt es nicht: {', '.join(missing)}.")
    chosen = {one.path.resolve(): one for one in pairs}
    for folder, is_held in named:
        for one in papers_in(folder, is_held):
            chosen.setdefault(one.path.resolve(), one)
    if not chosen:
        raise fail("Es ist kein Papier mit bekannten Einträgen genannt.")
    return list(chosen.values())


def _note(found: Sequence[JudgedPaper], log: Path | None) -> None:
    held = by_group([one for one in found if one.paper.held])
    if held:
        totals = {group: openings.told(figures) for group, figures in held.items()}
        openings.note(log or openings.place(), totals)


def _as_text(found: Sequence[JudgedPaper], misses: bool) -> str:
    shown = [one for one in found if not one.paper.held]
    lines = list(tables.papers_lines(shown)) if shown else []
    if misses:
        lines += ["", *tables.misses_lines(shown)]
    groups = by_group(found)
    for group, figures in groups.items():
        lines += ["", f"{group}:", *tables.totals_lines(figures)]
    if len(groups) > 1:
        lines += ["", "Alle zusammen:", *tables.totals_lines(summed(groups.values()))]
    return "\n".join(lines)


def _as_json(found: Sequence[JudgedPaper]) -> str:
    shown = {one.paper.path.name: one for one in found if not one.paper.held}
    told = {
        "papers": {name: {"rejected": one.rejected, **one.judged.figures.as_dict()} for name, one in shown.items()},
        "groups": {name: figures.as_dict() for name, figures in by_group(found).items()},
        "total": summed(one.judged.figures for one in found).as_dict(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)
