"""`strategielotse eval reading`: reads papers whose records are known and says how much of them is right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals import openings
from evals.gate import GateError, Shortfall, load_gate, shortfalls
from evals.marked import MarksMissing, with_table
from evals.reading import tables
from evals.reading.catalogue import CatalogueError
from evals.reading.figures import BETTER, measured_in, summed
from evals.reading.papers import JudgedPaper, KnownPaper, ReadAll, by_group, judged_papers, papers_in
from prompts import say
from service.terminal.errors import Exit, errors, fail, file_sentences
from service.terminal.output import print_raw, progress_bar

Files = list[Path] | None


def add_reading(app: typer.Typer, read: ReadAll) -> None:
    """Add the command; `read` is ingestion's reading of files, without an edition."""

    @app.command(epilog="Beispiel: strategielotse eval reading --document plan.pdf --catalogue plan.jsonl --misses")
    def reading(
        document: Annotated[Files, typer.Option("--document", help=say("reading_figures.document_help"))] = None,
        catalogue: Annotated[Files, typer.Option("--catalogue", help=say("reading_figures.catalogue_help"))] = None,
        papers: Annotated[Files, typer.Option("--papers", help=say("reading_figures.papers_help"))] = None,
        held_papers: Annotated[
            Files, typer.Option("--held-papers", help=say("reading_figures.held_papers_help"))
        ] = None,
        held: Annotated[bool, typer.Option("--held", help=say("reading_figures.held_help"))] = False,
        log: Annotated[Path | None, typer.Option("--log", help=say("reading_figures.log_help"))] = None,
        misses: Annotated[bool, typer.Option("--misses", help=say("reading_figures.misses_help"))] = False,
        gate: Annotated[Path | None, typer.Option("--gate", help=say("reading_figures.gate_help"))] = None,
        markdown: Annotated[Path | None, typer.Option("--markdown", help=say("reading_figures.markdown_help"))] = None,
    ) -> None:
        """Liest Papiere, deren Einträge bekannt sind, und sagt, was davon richtig ist."""
        chosen = _chosen(_pairs(document or [], catalogue or [], held), papers or [], held_papers or [], held)
        with file_sentences(CatalogueError, MarksMissing, GateError):
            limits = load_gate(gate, BETTER) if gate else None
            text = markdown.read_text(encoding="utf-8") if markdown else ""
            if markdown:
                with_table(text, "", tables.MARKS)
            with progress_bar() as show:
                found = judged_papers(chosen, read, show)
            groups = by_group(found)
            _note(found, log)
            if markdown:
                told = with_table(text, tables.groups_table(groups), tables.MARKS)
                markdown.write_text(told, encoding="utf-8")
            short: list[Shortfall] = shortfalls(limits, measured_in(groups)) if limits else []
        print_raw(_as_text(found, misses))
        for one in short:
            errors.print(f"Schwelle verfehlt: {one}", style="red")
        if short:
            raise typer.Exit(Exit.HELD_BACK)
        if any(one.rejected for one in found):
            raise typer.Exit(Exit.REJECTED)


def _pairs(documents: Sequence[Path], catalogues: Sequence[Path], held: bool) -> list[KnownPaper]:
    if len(documents) != len(catalogues):
        raise fail(say("reading_figures.catalogue_for_each"))
    pairs = zip(documents, catalogues, strict=True)
    return [KnownPaper(path, known, "held" if held else path.stem, held) for path, known in pairs]


def _chosen(
    pairs: Sequence[KnownPaper], shown: Sequence[Path], held: Sequence[Path], all_held: bool
) -> list[KnownPaper]:
    """All papers, each once: those named by themselves come before those of folders."""
    named = [(folder, all_held) for folder in shown] + [(folder, True) for folder in held]
    if missing := [str(folder) for folder, _ in named if not folder.is_dir()]:
        raise fail(say("reading_figures.no_such_folder", missing=", ".join(missing)))
    chosen = {one.path.resolve(): one for one in pairs}
    for folder, is_held in named:
        for one in papers_in(folder, is_held):
            chosen.setdefault(one.path.resolve(), one)
    if not chosen:
        raise fail(say("reading_figures.no_paper"))
    return list(chosen.values())


def _note(found: Sequence[JudgedPaper], log: Path | None) -> None:
    held = by_group([one for one in found if one.paper.held])
    if held:
        totals = {group: figures.told() for group, figures in held.items()}
        openings.note(log or openings.place("reading-held.log"), totals)


def _as_text(found: Sequence[JudgedPaper], misses: bool) -> str:
    shown, groups = [one for one in found if not one.paper.held], by_group(found)
    together = {"all": summed(groups.values())} if len(groups) > 1 else {}
    parts = [tables.papers_table(shown)] if shown else []
    parts += ["\n".join(tables.misses_lines(shown))] if misses else []
    return "\n\n".join([*parts, tables.groups_table({**groups, **together})])
