"""`strategielotse eval train`: one command for the three small things that are learned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.asking import Show, silent
from evals.cases import held_back, load_files
from evals.corpora import Corpora, Ingestion
from evals.extra import require_extra
from service.composition import make_store
from service.terminal.errors import DataDir, fail, file_sentences, sentences, settings_for
from service.terminal.output import print_raw, progress_bar

if TYPE_CHECKING:
    from evals.train.cases import Example

LEARNED = ("reader", "sentences", "judge")


@dataclass(frozen=True, slots=True)
class Source:
    """What is learned from and where to: files of labelled questions and of cases, the papers, the folder."""

    questions: Sequence[Path]
    cases: Sequence[Path]
    corpora: Corpora
    folder: Path
    show: Show = silent


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command; `ingestion` makes the editions that cases are over."""

    @app.command(epilog="Beispiel: strategielotse eval train --cases eigene-faelle.jsonl --to trainiert")
    def train(
        to: Annotated[Path, typer.Option("--to", help="Ordner für das Gelernte")],
        cases: Annotated[list[Path] | None, typer.Option("--cases", help="Fälle (JSONL) für Sätze und Urteil")] = None,
        questions: Annotated[
            list[Path] | None, typer.Option("--questions", help="Fragen mit Merkmalen (JSONL), zusätzlich")
        ] = None,
        only: Annotated[list[str] | None, typer.Option("--only", help="Nur das lernen; mehrere möglich")] = None,
        papers: Annotated[Path | None, typer.Option("--papers", help="Ordner der Papiere, die Fälle nennen")] = None,
        corpus: Annotated[Path | None, typer.Option("--corpus", help="Register für Fälle ohne corpus")] = None,
        build: Annotated[Path, typer.Option("--build", help="Ordner für deren Ausgaben")] = Path("build/answers"),
        data_dir: DataDir = None,
    ) -> None:
        """Lernt aus Fällen und Fragen mit Merkmalen und sagt, wie gut es an nicht Gelerntem ist."""
        require_extra()
        settings = settings_for(data_dir)
        if names := held_back(cases or []):
            raise fail(f"Aus zurückgehaltenen Fällen wird nicht gelernt: {', '.join(names)}.")
        wanted = only or (LEARNED if cases else LEARNED[:1])
        if unknown := sorted(set(wanted) - set(LEARNED)):
            raise fail(f"Das wird nicht gelernt: {', '.join(unknown)} (sondern {', '.join(LEARNED)}).")
        if not cases and set(wanted) != {"reader"}:
            raise fail("Sätze und Urteil werden aus Fällen gelernt: --cases DATEI.")
        corpora = Corpora(ingestion, build, papers, corpus, settings)
        with sentences(settings), file_sentences(ValueError), progress_bar() as show:
            to.mkdir(parents=True, exist_ok=True)
            for line in learned(wanted, Source(questions or [], cases or [], corpora, to, show)):
                print_raw(line)
        print_raw(f"Geschrieben nach {to}.")


def learned(wanted: Sequence[str], source: Source) -> Iterator[str]:
    """Learn, write, and say how good it is on what it never saw."""
    if "reader" in wanted:
        yield from _reader(source)
    if set(wanted) & {"sentences", "judge"}:
        yield from _of_cases(wanted, source)


def _reader(source: Source) -> Iterator[str]:
    from evals.train import framing
    from evals.train.questions import load_questions, shipped
    from evals.train.reader import train
    from service.answering.reading.classifier import NAME

    questions = load_questions([*shipped(), *source.questions])
    shares = framing.framing(questions)
    (source.folder / framing.NAME).write_text(framing.packed(shares), encoding="utf-8")
    found = train(questions, source.show)
    (source.folder / NAME).write_bytes(found.content)
    (source.folder / "reader.json").write_text(found.figures, encoding="utf-8")
    yield f"{len(shares)} Wörter rahmen Fragen."
    yield f"{len(questions)} Fragen von {len(found.writers)} Urhebern; gemessen an jedem, der beim Lernen fehlte:"
    for name, (asked, right) in found.told.items():
        yield f"{name:10} {right:.3f} richtig von {asked} Fragen"


def _of_cases(wanted: Sequence[str], source: Source) -> Iterator[str]:
    from evals.train import judge, quoting

    examples = gathered(source)
    if len({one.paper for one in examples}) < 2:
        raise ValueError("Sätze und Urteil brauchen Fälle über mindestens zwei Ausgaben: eine fehlt beim Lernen.")
    yield f"{len(examples)} Fälle; gemessen an Papieren, die beim Lernen fehlten:"
    if "sentences" in wanted:
        chosen = quoting.train(examples)
        (source.folder / quoting.NAME).write_text(chosen.content, encoding="utf-8")
        yield f"bester Satz mit allen Tatsachen {chosen.all:.3f}, mit einer {chosen.some:.3f} ({chosen.cases} Fälle)"
    if "judge" in wanted:
        judged = judge.train(examples)
        (source.folder / judge.NAME).write_text(judged.content, encoding="utf-8")
        yield f"Fläche unter der Kurve {judged.area:.3f}, Kalibrierungsfehler {judged.calibration:.3f}"
        for one in judged.told:
            mark = "*" if one.threshold == judged.answers else " "
            yield f"{mark} ab {one.threshold:.2f}: richtig {one.direct:.3f}, irreführend {one.misled:.3f}"


def gathered(source: Source) -> list[Example]:
    """What the cases teach over their papers; raises CaseError, CorpusError, StoreError."""
    from evals.train.cases import examples

    cases = load_files(source.cases)
    places = [(source.corpora.corpus_of(one, file), one) for file, several in cases.items() for one in several]
    found: list[Example] = []
    for name, settings in source.corpora.editions([name for name, _ in places]).items():
        source.show(name, len(found) / len(places))
        with closing(make_store(settings).open()) as edition:
            found += examples([one for place, one in places if place == name], edition, name, settings)
    return found
