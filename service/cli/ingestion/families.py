"""`strategielotse eval families`: trains the model that says which proposals are records.

It is measured on documents that were left out of its training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from evals import CatalogueError, KnownPaper, MarksMissing, load_papers, markdown_table, write_table
from ingest import (
    FAMILIES_FILE,
    FEATURE_SIGNS,
    PaperOutcome,
    ReadingLimits,
    TrainingPaper,
    evaluate_without,
    load_source,
    make_family_reader,
    read_layout,
    train_families,
)
from prompts import say
from service.terminal import fail, file_errors_as_sentences, option, print_raw, progress_bar

_LEAST_GROUPS = 2  # publishers: one is left out
SECTION = "families"  # of a Markdown file, for the table


def add_families(app: typer.Typer) -> None:
    """Add the command `families`."""

    @app.command(epilog="Beispiel: strategielotse eval families plaene --to gelernt")
    def families(
        folders: Annotated[list[Path], typer.Argument(help=say("families.folders_help"))],
        to: Annotated[Path | None, option("--to", "families.to_help")] = None,
        markdown: Annotated[Path | None, option("--markdown", "families.markdown_help")] = None,
        skip: Annotated[list[str] | None, option("--skip", "families.skip_help")] = None,
        ablation: Annotated[bool, option("--ablation", "families.ablation_help")] = False,
    ) -> None:
        """Lernt, welche Vorschläge Einträge sind, und misst es an ausgelassenen Papieren."""
        if find_spec("scipy") is None:
            raise fail(
                say("evaluation.packages_missing", missing="scipy", command="make install-eval")
            )
        with file_errors_as_sentences(CatalogueError, MarksMissing), progress_bar() as show:
            known = []
            for folder in folders:
                known += [paper for paper in load_papers(folder) if paper.name not in (skip or [])]
            if len({paper.group for paper in known}) < _LEAST_GROUPS:
                raise fail(say("families.one_publisher"))
            papers = []
            for number, paper in enumerate(known, 1):
                papers.append(_describe(paper))
                show(paper.name, number / len(known))
            trained = train_families(papers)
            tables = [_papers_table(trained.outcomes)]
            if ablation:
                tables.append(_ablation_table(papers))
            text = "\n\n".join(tables)
            if markdown is not None:
                write_table(markdown, text, SECTION)
            if to is not None:
                (to / FAMILIES_FILE).write_text(trained.content, encoding="utf-8")
        print_raw(text)


def _describe(known: KnownPaper) -> TrainingPaper:
    """Read a document, and return it as the training needs it: with its proposals and their
    features.
    """
    layout = read_layout(load_source(known.path), None, ReadingLimits())
    reader = make_family_reader(layout, known.title or known.name)
    return TrainingPaper(known.name, known.group, known.known, reader, reader.described())


def _papers_table(outcomes: Sequence[PaperOutcome]) -> str:
    """Return a table of right (and false) records: a row for each document, and their sum.

    A column is a kind of help by people, such as "1 example". Documents without known and without
    false records are left out of the rows.
    """
    helps = list(dict.fromkeys(outcome.help for outcome in outcomes))
    by_paper: dict[str, list[PaperOutcome]] = defaultdict(list)
    for outcome in outcomes:
        by_paper[outcome.name].append(outcome)
    rows = []
    for name, own in by_paper.items():
        if own[0].known or max(outcome.false for outcome in own):
            rows.append([name, str(own[0].known), *map(_cell, own)])
    rows.append(["all", str(sum(own[0].known for own in by_paper.values())), *_sums(outcomes)])
    return markdown_table(["right (false)", "known", *helps], rows)


def _sums(outcomes: Sequence[PaperOutcome]) -> Iterator[str]:
    """Yield for each kind of help the sum over all documents, as "right (false)"."""
    for help in dict.fromkeys(outcome.help for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.help == help]
        right = sum(outcome.right for outcome in own)
        false = sum(outcome.false for outcome in own)
        yield f"{right} ({false})"


def _cell(outcome: PaperOutcome) -> str:
    return f"{outcome.right} ({outcome.false})"


def _ablation_table(papers: Sequence[TrainingPaper]) -> str:
    """Return a table of the right and false records that are found without each of the features.

    Each row is of models that were trained without this feature: if its numbers are as good, the
    feature is not needed.
    """
    rows = []
    for name in FEATURE_SIGNS:
        right, false = evaluate_without(papers, name)
        rows.append([name, str(right), str(false)])
    return markdown_table(["without", "right", "false"], rows)
