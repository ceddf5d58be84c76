"""`strategielotse eval reading`: reads papers whose records are known and says how many are right."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from evals.reading.catalogue import CatalogueError, load_catalogue
from evals.reading.judging import Judged, ReadingFigures, judge
from service.cli_errors import Exit, fail
from service.cli_output import out, print_raw
from vectorstore.records import ParsedDocument

Read = Callable[[Path], ParsedDocument | str]
HEAD = "| Papier | Einträge | richtig | falsch | zuständig | Zählung | Sätze | verloren |"


def add_reading(app: typer.Typer, read: Read) -> None:
    """Add the command; `read` is ingestion's reading of one file: the parsed document, or why it was rejected."""

    @app.command(epilog="Beispiel: strategielotse eval reading --document plan.pdf --catalogue plan.jsonl")
    def reading(
        document: Annotated[list[Path] | None, typer.Option("--document", help="Papier; mehrere möglich")] = None,
        catalogue: Annotated[
            list[Path] | None, typer.Option("--catalogue", help="Bekannte Einträge dazu, in derselben Reihenfolge")
        ] = None,
        papers: Annotated[
            list[Path] | None, typer.Option("--papers", help="Ordner mit Papieren und bekannten Einträgen")
        ] = None,
        held: Annotated[bool, typer.Option("--held", help="Nur Summen zeigen")] = False,
        log: Annotated[Path | None, typer.Option("--log", help="Summen mit Tag und Stand anhängen")] = None,
        misses: Annotated[bool, typer.Option("--misses", help="Fehlende und falsche Einträge nennen")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben")] = False,
    ) -> None:
        """Liest Papiere, deren Einträge bekannt sind, und sagt, wie viele davon richtig sind."""
        if len(document or []) != len(catalogue or []):
            raise fail("Zu jedem --document gehört ein --catalogue.")
        pairs = list(zip(document or [], catalogue or [], strict=True))
        pairs += [one for folder in papers or [] for one in found(folder)]
        if not pairs:
            raise fail("Es ist kein Papier mit bekannten Einträgen genannt.")
        try:
            results = [(paper.name, judged) for paper, known in pairs if (judged := _judged(paper, known, read))]
        except CatalogueError as error:
            raise fail(str(error)) from None
        total = sum((one.figures for _, one in results), ReadingFigures())
        shown = [] if held else results
        if as_json:
            print_raw(
                json.dumps({"papers": {n: asdict(j.figures) for n, j in shown}, "total": asdict(total)}, indent=1)
            )
        else:
            print_raw("\n".join(table([(name, one.figures) for name, one in shown], total)))
        if misses and not held:
            _tell_misses(results)
        if log is not None:
            _log(log, total)
        if len(results) < len(pairs):
            raise typer.Exit(Exit.REJECTED)


def found(folder: Path) -> list[tuple[Path, Path]]:
    """Return papers of a folder with their known records: beside them, or in its folder `catalogues`."""
    pairs = []
    for paper in sorted(folder.iterdir()):
        places = (folder / f"{paper.name}.truth.json", folder / "catalogues" / f"{paper.stem}.jsonl")
        pairs += [(paper, one) for one in places if paper.is_file() and one.is_file()][:1]
    return pairs


def table(rows: Sequence[tuple[str, ReadingFigures]], total: ReadingFigures) -> Iterator[str]:
    """Yield a table in Markdown, a line each; the last one is the sum."""
    yield HEAD
    yield "|" + "---|" * (HEAD.count("|") - 1)
    for name, one in [*rows, ("Summe", total)]:
        count = "–" if not one.counted else "falsch" if one.miscounted and one.papers == 1 else "richtig"
        if one.papers > 1:
            right = one.counted - one.miscounted
            count = f"{right} richtig, {one.miscounted} falsch, {one.doubted} zu Unrecht bezweifelt"
        yield (
            f"| {name} | {one.known} | {share(one.right, one.known)} | {share(one.false, one.told)} | "
            f"{share(one.offices_right, one.offices)} | {count} | {share(one.body_found, one.body)} | {one.lost} |"
        )


def share(part: int, whole: int) -> str:
    """Return a count with its share: "31 (.94)"; a dash where there is nothing to share."""
    return f"{part} ({part / whole:.2f})".replace("(0.", "(.") if whole else "–"


def _judged(paper: Path, known: Path, read: Read) -> Judged | None:
    parsed = read(paper)
    if isinstance(parsed, str):
        out.print(f"{paper.name}: {parsed}")
        return None
    return judge(parsed, load_catalogue(known))


def _tell_misses(results: Sequence[tuple[str, Judged]]) -> None:
    for name, one in results:
        for known in one.missed:
            out.print(f"{name}: fehlt {'/'.join(known.refs)} {known.titles[0]}", soft_wrap=True)
        for item in one.false:
            out.print(f"{name}: falsch {item.kind} {item.ref} {item.title}, Seite {item.page}", soft_wrap=True)


def _log(path: Path, total: ReadingFigures) -> None:
    """Append the totals of an opening of held papers, with day and commit."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout
    day = datetime.now(UTC).date().isoformat()
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f"| {day} | {commit.strip()} | {total.papers} | {share(total.right, total.known)} | "
            f"{share(total.false, total.told)} | {share(total.offices_right, total.offices)} | {total.miscounted} |\n"
        )
