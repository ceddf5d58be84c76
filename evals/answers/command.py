"""`strategielotse eval answers`: asks sets of cases, each over its papers, and says how many answers are right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from evals.answers.asking import Judged, checked_files, editions, judged_files
from evals.answers.corpora import Corpora, CorpusError, Ingestion
from evals.answers.figures import Figures, by_type
from evals.answers.tables import MARKS, files_table, misses_lines
from evals.cases import Case, held_back, load_cases, unique
from evals.cases.checks import Checked
from evals.cases.errors import CaseError
from evals.extra import require_extra
from evals.metrics.judging import Judgement
from evals.reading import openings
from evals.reporting.marked import MarksMissing, with_table
from evals.runs.targets import TargetError
from service.cli_errors import Exit, fail, file_sentences, sentences
from service.cli_output import print_raw, progress_bar
from service.settings import load_settings

LOG = "answers-held.log"


def add_answers(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command; `ingestion` makes the editions that are asked."""

    @app.command(epilog="Beispiel: strategielotse eval answers --cases faelle.jsonl --papers papiere --misses")
    def answers(
        cases: Annotated[list[Path], typer.Option("--cases", help="Datei mit Fällen (JSONL); mehrere möglich")],
        papers: Annotated[
            Path | None, typer.Option("--papers", help="Ordner mit den Papieren, die Fälle als corpus nennen")
        ] = None,
        corpus: Annotated[
            Path | None, typer.Option("--corpus", help="Register, über das Fälle ohne corpus gefragt werden")
        ] = None,
        build: Annotated[Path, typer.Option("--build", help="Ordner für die Ausgaben")] = Path("build/answers"),
        held: Annotated[bool, typer.Option("--held", help="Nur Summen zeigen und die Öffnung vermerken")] = False,
        log: Annotated[Path | None, typer.Option("--log", help="Datei, die zurückgehaltene Messungen zählt")] = None,
        check: Annotated[
            bool, typer.Option("--check", help="Nichts fragen: Stimmen die Fälle mit den Papieren überein?")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Als JSON ausgeben")] = False,
        misses: Annotated[bool, typer.Option("--misses", help="Falsche Antworten nennen")] = False,
        markdown: Annotated[
            Path | None, typer.Option("--markdown", help="Markdown-Datei, in der die Tabelle zwischen Marken steht")
        ] = None,
    ) -> None:
        """Stellt jede Frage über die Papiere, die ihr Fall nennt, und sagt, wie viele Antworten richtig sind."""
        require_extra()
        _require_held(cases, held, shows=misses or markdown is not None)
        files = _read(cases, held)
        corpora = Corpora(ingestion, build, papers, corpus)
        place = (log or openings.place(LOG)) if held and not check else None
        with file_sentences(MarksMissing):
            text = markdown.read_text(encoding="utf-8") if markdown else ""
            if markdown:
                with_table(text, "", MARKS)
            if place:
                place.open("a").close()
            with sentences(load_settings(data_dir=build), CorpusError, TargetError):
                made = editions(corpora, unique(files))
                with progress_bar() as show:
                    if check:
                        raise _told(checked_files(files, made, show), held)
                    found = judged_files(files, made, show)
            if place:
                openings.note(place, {path.name: Figures.of(one).told() for path, one in found.items()})
            if markdown:
                markdown.write_text(with_table(text, files_table(found, english=True), MARKS), encoding="utf-8")
        print_raw(_as_json(found, held) if as_json else _as_text(found, held, misses))


def _require_held(cases: Sequence[Path], held: bool, *, shows: bool) -> None:
    """End the command where it would show cases that are held back."""
    if not held and (names := held_back(cases)):
        raise fail(f"Zurückgehaltene Fälle werden nur mit --held gefragt: {', '.join(names)}.")
    if held and shows:
        raise fail("--held zeigt nur Summen: Bitte ohne --misses und --markdown.")


def _read(paths: Sequence[Path], held: bool) -> dict[Path, list[Case]]:
    """Read the cases of each file; ends the command where one is not in form, without naming it if `held`."""
    try:
        files = {path: load_cases(path) for path in paths}
        unique(files)
    except CaseError as error:
        told = f"{len(error.problems)} zurückgehaltene Zeilen sind nicht in Form." if held else str(error)
        raise fail(told) from None
    if not any(files.values()):
        raise fail("In den Dateien steht kein Fall.")
    return files


def _told(checked: Mapping[Path, Sequence[Checked]], held: bool) -> typer.Exit:
    """Print how many cases are wrong, and which unless they are held back; return what ends the command."""
    wrong = {path: [one for one in several if not one.right] for path, several in checked.items()}
    for path, several in wrong.items():
        print_raw(f"{path.name}: {len(checked[path])} geprüft, {len(several)} falsch.")
        for one in () if held else several:
            print_raw(f"  {one.case.id}: {'; '.join(one.problems)}")
    return typer.Exit(Exit.REJECTED if any(wrong.values()) else Exit.DONE)


def _as_text(found: Judged, held: bool, misses: bool) -> str:
    lines = [files_table(found, types=not held)]
    if misses:
        lines += ["", *misses_lines([one for several in found.values() for one in several])]
    return "\n".join(lines)


def _as_json(found: Judged, held: bool) -> str:
    told: dict[str, object] = {
        "files": {path.name: _plain(judgements, held) for path, judgements in found.items()},
        "total": _plain([one for several in found.values() for one in several], held),
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _plain(judgements: Sequence[Judgement], held: bool) -> Mapping[str, object]:
    types = {} if held else {name: figures.as_dict() for name, figures in by_type(judgements).items()}
    return {**Figures.of(judgements).as_dict(), **({"types": types} if types else {})}
