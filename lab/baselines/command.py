"""`python -m lab baselines`: the answers beside plain pipelines, on the same questions.

A folder has registers (`NAME.toml`) and their cases (`questions/NAME.jsonl`,
`questions/*-NAME.jsonl`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from evals.asking import Show, in_process
from evals.case_files import Case, load_cases
from evals.corpora import Ingestion, settings_of_folder
from evals.measurements import Values, estimate
from evals.metrics.measures import misled
from evals.metrics.scoring import Ratio
from evals.metrics.statements import has_spelling
from evals.report.page import format_measure
from evals.tables import markdown_table, require_marks, write_table
from lab.baselines.pipelines import PlainSearch, Product, Shown, split_files
from lab.baselines.places import PlaceFinder
from service import Settings
from service.backup import make_store
from service.terminal import (
    CommandError,
    print_raw,
    progress_bar,
)
from vectorstore import embedding_for

SECTION = "baselines"  # of a Markdown file, for the table
ANSWER = "answer"
PASSAGES = "own passages"
LANGCHAIN = "LangChain"
HYBRID = "BM25 and vectors"
RIGHT_PAGE, ALL_FACTS, MISLED = COLUMNS = ("right page", "all facts", "misled")


@dataclass(frozen=True, slots=True)
class PaperSet:
    """A register with its documents' files by id, and its files of cases."""

    register: Path
    files: dict[str, Path]
    cases: dict[str, list[Case]]


@dataclass(slots=True)
class PipelineRow:
    """A pipeline over a file of cases: by measure the ratio of each case to which it applies."""

    cases: str
    pipeline: str
    ratios: dict[str, dict[str, Ratio]] = field(
        default_factory=lambda: {name: {} for name in COLUMNS}
    )

    @property
    def cells(self) -> list[str]:
        """The row of the table."""
        measured = {name: estimate(list(self.ratios[name].values())) for name in COLUMNS}
        values: Values = {name: value for name, value in measured.items() if value is not None}
        return [self.cases, self.pipeline, *(format_measure(values, name) for name in COLUMNS)]


def find_sets(folder: Path) -> list[PaperSet]:
    """Return the registers of a folder (`NAME.toml`) with their cases in `questions/NAME.jsonl` and
    `questions/*-NAME.jsonl`. Registers without cases are left out.

    Raises CommandError if no register has cases, and CaseError for wrong cases.
    """
    results = []
    for register in sorted(folder.glob("*.toml")):
        content = tomllib.loads(register.read_text(encoding="utf-8"))
        files = {entry["id"]: register.parent / entry["file"] for entry in content["document"]}
        questions = folder / "questions"
        paths = [
            *questions.glob(f"{register.stem}.jsonl"),
            *questions.glob(f"*-{register.stem}.jsonl"),
        ]
        cases = {path.stem: load_cases(path) for path in sorted(paths)}
        if cases:
            results.append(PaperSet(register, files, cases))
    if not results:
        raise CommandError(
            f"In {folder} ist kein Register (NAME.toml), zu dem es Fälle gibt"
            " (questions/NAME.jsonl)."
        )
    return results


def add_baselines(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command `baselines`; `ingestion` makes editions that are not there yet."""

    @app.command(epilog="Beispiel: python -m lab baselines plaene --build build/baselines")
    def baselines(
        folder: Annotated[
            Path,
            typer.Argument(
                metavar="ORDNER",
                help="Ordner mit Registern (NAME.toml) und Fällen (questions/NAME.jsonl, questions/*-NAME.jsonl)",
            ),
        ],
        build: Annotated[
            Path,
            typer.Option(
                "--build",
                help="Ordner mit einem Datenordner je Register (NAME); was fehlt, wird gelesen",
            ),
        ] = Path("build/baselines"),
        markdown: Annotated[
            Path | None,
            typer.Option(
                "--markdown", help="Markdown-Datei, in der die Tabelle zwischen Marken steht"
            ),
        ] = None,
    ) -> None:
        """Stellt den Antworten einfache Verfahren mit denselben Fragen gegenüber."""
        with progress_bar() as show:
            if markdown:  # missing marks are reported now, not after all cases were asked
                require_marks(markdown, SECTION)
            rows = list(
                chain.from_iterable(
                    compare_pipelines(papers, _edition_of(papers, build, ingestion), show)
                    for papers in find_sets(folder)
                )
            )
            table = markdown_table(("set", "shown by", *COLUMNS), [row.cells for row in rows])
            if markdown:
                write_table(markdown, table, SECTION)
        print_raw(table)
        for line in _lines_behind(rows):
            print_raw(line)


def _edition_of(papers: PaperSet, build: Path, ingestion: Ingestion) -> Settings:
    """Return settings with the data folder of a register; if it has no edition yet, make one."""
    settings = settings_of_folder(build / papers.register.stem)
    if make_store(settings).current_name() is None:
        ingestion.ingest(settings, (), papers.register)
    return settings


def compare_pipelines(papers: PaperSet, settings: Settings, show: Show) -> list[PipelineRow]:
    """Ask all cases of a register by every pipeline: the product's answer, the product's best
    passages, and two plain searches. Return a row for each file of cases and pipeline.
    """
    name = papers.register.stem
    plain = PlainSearch(name, split_files(papers.files), embedding_for(settings.embedding), show)
    with in_process(settings) as target:
        product = Product(target)
        pipelines = {
            ANSWER: product.answer,
            PASSAGES: product.passages,
            LANGCHAIN: plain.dense,
            HYBRID: plain.hybrid,
        }
        finder = PlaceFinder(target.service.corpus.catalogue, target.knowledge, papers.files)
        rows = []
        for cases_name, cases in papers.cases.items():
            for pipeline_name, ask in pipelines.items():
                row = PipelineRow(cases_name, pipeline_name)
                for done, case in enumerate(cases):
                    show(f"{cases_name}, {pipeline_name}: {case.id}", done / len(cases))
                    _add_ratios(row, case, ask(case), finder)
                rows.append(row)
    return rows


def _add_ratios(row: PipelineRow, case: Case, shown: Shown, finder: PlaceFinder) -> None:
    """Judge what a pipeline shows for a case, and add the results to its row.

    Only the product gives answers (`shown.answered`), and only an answer can mislead. If the case
    is answerable, what is shown is judged on whether it has a right place and all facts, each if
    the case names them. A ratio is (1, 1) for yes and (0, 1) for no.
    """
    if shown.answered is not None:
        wrong = misled(shown.answered)
        if wrong is not None:
            row.ratios[MISLED][case.id] = (float(wrong), 1.0)
    if not case.answerable:
        return
    places = finder.find(case)
    if places.any:
        right = any(map(places.has, shown.passages))
        row.ratios[RIGHT_PAGE][case.id] = (float(right), 1.0)
    if case.expect.facts:
        said = all(has_spelling(spellings, shown.text) for spellings in case.expect.facts)
        row.ratios[ALL_FACTS][case.id] = (float(said), 1.0)


def _lines_behind(rows: Sequence[PipelineRow]) -> Iterator[str]:
    """Yield a line for each file of cases, for the right page and for all facts, with the ids of
    the cases in which the plain LangChain pipeline is better than the product's answer.
    """
    by_name = {(row.cases, row.pipeline): row for row in rows}
    for cases in dict.fromkeys(row.cases for row in rows):
        answer, plain = by_name[cases, ANSWER], by_name[cases, LANGCHAIN]
        for measure in (RIGHT_PAGE, ALL_FACTS):
            ours, theirs = answer.ratios[measure], plain.ratios[measure]
            ids = [name for name, ratio in ours.items() if ratio[0] < theirs[name][0]]
            names = ", ".join(ids)
            yield f"{cases}, {measure}: LangChain zeigt, was die Antwort nicht zeigt: {names}"
