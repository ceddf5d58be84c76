"""`strategielotse eval train`: learns from labelled questions and cases, says how well, and writes small files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evals.answers.corpora import Corpora, CorpusError, Ingestion
from evals.cases import held_back
from evals.extra import require_extra
from service.cli_errors import DataDir, fail, file_sentences, sentences, settings_for
from service.cli_output import print_raw, progress_bar
from service.settings import Settings
from vectorstore.errors import StoreError

if TYPE_CHECKING:
    from evals.training.material import Material


class Part(StrEnum):
    """What can be learned alone: how questions are read, sentences chosen, items ranked, answers judged or meant."""

    QUESTIONS = "questions"
    CHANGES = "changes"
    SENTENCES = "sentences"
    RANKING = "ranking"
    JUDGEMENT = "judgement"
    CURATED = "curated"


def add_train(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command; `ingestion` makes the editions that cases are over."""

    @app.command(epilog="Beispiel: strategielotse eval train --cases eigene-faelle.jsonl --to trainiert")
    def train(
        cases: Annotated[
            list[Path] | None,
            typer.Option("--cases", help="Fälle oder Fragen mit Merkmalen (JSONL), zu den mitgelieferten Fragen dazu"),
        ] = None,
        to: Annotated[
            Path | None, typer.Option("--to", help="Ordner für das Gelernte (sonst STRATEGIELOTSE_TRAINED_DIR)")
        ] = None,
        only: Annotated[
            Part | None,
            typer.Option(
                "--only",
                help="Nur Fragen, Fragen nach Änderungen, Sätze, Reihenfolge der Funde, Urteil oder geprüfte Antworten",
            ),
        ] = None,
        papers: Annotated[
            Path | None, typer.Option("--papers", help="Ordner mit den Papieren, die Fälle als corpus nennen")
        ] = None,
        corpus: Annotated[
            Path | None,
            typer.Option("--corpus", help="Register für Fälle ohne corpus (sonst die Ausgabe im Datenordner)"),
        ] = None,
        build: Annotated[Path, typer.Option("--build", help="Ordner für deren Ausgaben")] = Path("build/answers"),
        curve: Annotated[bool, typer.Option("--curve", help="Auch eine Lernkurve; dauert vier Mal so lange")] = False,
        data_dir: DataDir = None,
    ) -> None:
        """Lernt, Fragen zu lesen, Funde zu ordnen und zu beurteilen, Sätze zu wählen; misst es an nicht Gelerntem."""
        require_extra()
        from evals.training.material import load_material
        from evals.training.questions import shipped

        settings = settings_for(data_dir)
        if names := held_back(cases or []):
            raise fail(f"Aus zurückgehaltenen Fällen wird nicht gelernt: {', '.join(names)}.")
        folder = to or settings.trained_dir
        if folder is None:
            raise fail("Wohin? Nennen Sie einen Ordner mit --to oder in STRATEGIELOTSE_TRAINED_DIR.")
        with sentences(settings), file_sentences(ValueError):
            material = load_material([*shipped(), *(cases or [])])
            corpora = Corpora(ingestion, build, papers, corpus)
            if only in (None, Part.SENTENCES):
                _learn_sentences(material, corpora, settings, folder, required=only is Part.SENTENCES)
            if only in (None, Part.RANKING):
                _learn_ranking(material, corpora, settings, folder, required=only is Part.RANKING)
            if only in (None, Part.JUDGEMENT):
                _learn_judgement(material, corpora, settings, folder, required=only is Part.JUDGEMENT)
            if only in (None, Part.CURATED):
                _learn_matching(corpora, folder)
            if only in (None, Part.CHANGES):
                _learn_changes([*shipped(), *(cases or [])], folder)
            if only in (None, Part.QUESTIONS):
                _learn_questions(material, folder, curve)
        print_raw(f"Geschrieben nach {folder}.")


@contextmanager
def _learning(what: str, *, required: bool) -> Iterator[None]:
    """Where nothing can be learned, say that `what` stays and why, or raise it if `required`."""
    from evals.training.sentences import NothingToLearn

    try:
        yield
    except (CorpusError, NothingToLearn, StoreError) as error:
        if required:
            raise
        print_raw(f"{what}, bleibt, wie es ist: {error}")


def _learn_sentences(material: Material, corpora: Corpora, own: Settings, folder: Path, *, required: bool) -> None:
    """Learn and tell the weights of sentences."""
    from evals.training.examples import examples_over
    from evals.training.sentences import told_by
    from evals.training.writing import write_teller
    from service.answering.trained.sentences import teller

    with _learning("Welche Sätze gesagt werden", required=required):
        learned = examples_over(material.cases, corpora, own)
        found = write_teller(learned, folder)
        before = told_by(teller(), learned)
        print_raw(f"{found.cases} Fälle; gemessen an Dokumenten, die beim Lernen fehlten:")
        for name, one in (("gelernt", found), ("mitgeliefert", before)):
            print_raw(
                f"{name:12} erster Satz {one.first:.3f}, alle Tatsachen {one.told:.3f}, {one.characters:.0f} Zeichen"
            )


def _learn_ranking(material: Material, corpora: Corpora, own: Settings, folder: Path, *, required: bool) -> None:
    """Learn and tell the weights of ranking."""
    from evals.training.examples import targets
    from evals.training.ranking import GROUPS, examples
    from evals.training.writing import write_ranking

    with _learning("Wie Funde geordnet werden", required=required):
        learned = [one for cases, of in targets(material.cases, corpora, own) for one in examples(cases, of)]
        found = write_ranking(learned, folder)
        print_raw(f"{found.cases} Fälle; gemessen an Dokumenten, die beim Lernen fehlten:")
        for way, figures in (("gelernt", found.told), ("von Hand", found.told_by_hand)):
            for written, one in figures.items():
                told = f"richtiger Eintrag als erster {one.first:.3f}, unter drei {one.first_three:.3f}"
                print_raw(f"{way:10} {told} ({GROUPS[written]}, {one.cases})")
        print_raw(f"Geschrieben sind die Gewichte, die {'gelernt' if found.is_learned else 'von Hand gewählt'} sind.")


def _learn_judgement(material: Material, corpora: Corpora, own: Settings, folder: Path, *, required: bool) -> None:
    """Learn and tell the judgement."""
    from evals.training.examples import targets
    from evals.training.judgement import examples_over
    from evals.training.writing import write_judgement

    with _learning("Ab wann ein Fund antwortet", required=required):
        cases = material.cases
        learned = [one for mine, of in targets(cases, corpora, own) for one in examples_over(cases, of, mine)]
        found = write_judgement(learned, folder)
        print_raw(f"{found.cases} Antworten; gemessen an Dokumenten, die beim Lernen fehlten:")
        print_raw(f"Kalibrierungsfehler {found.calibration:.3f}, Fläche unter der Kurve {found.area:.3f}")
        for one in found.shown:
            through = f"{one.right:.3f} der richtigen Antworten, {one.wrong:.3f} der falschen"
            chosen = "gewählt" if one == found.chosen else ""
            print_raw(
                f"{chosen:8} Schwelle {one.threshold:.2f}: durch kommen {through}, {one.unanswerable:.3f} auf Fragen"
                " ohne Antwort"
            )


def _learn_matching(corpora: Corpora, folder: Path) -> None:
    """Learn and tell when a question means a curated answer, over the sample corpus."""
    from evals.training.curated import examples_over
    from evals.training.writing import write_matching

    found = write_matching(examples_over(corpora), folder)
    told = found.told
    print_raw(f"{found.answers} geprüfte Antworten; gemessen an jeder, die beim Lernen fehlte:")
    print_raw(
        f"{told.told} von {told.meant} Fragen, die eine meinen, bekommen sie, {told.wrong} eine, die sie nicht meinen;"
        f" Schwelle {found.weights.least:.2f}"
    )


def _learn_changes(others: list[Path], folder: Path) -> None:
    """Learn and tell which questions ask what changed between papers."""
    from evals.training.changes import load_examples
    from evals.training.writing import write_changes

    examples = load_examples(others)
    with progress_bar() as show:
        told = write_changes(examples, folder, show)
    print_raw(f"{len(examples)} Fragen; gemessen an Dateien, die beim Lernen fehlten:")
    print_raw(
        f"{told.recognised} von {told.asking} Fragen nach Änderungen erkannt, {told.exact} mit genau ihrer Art;"
        f" dafür gehalten {told.wrong} von {told.ordinary} gewöhnlichen, {told.wrong_near} von {told.near} ähnlichen;"
        f" Schwelle {told.least:.3f}"
    )


def _learn_questions(material: Material, folder: Path, curve: bool) -> None:
    from evals.training.writing import write_reader

    with progress_bar() as show:
        told = write_reader(material.questions, folder, show, curve=curve)
    print_raw(f"{len(material.questions)} Fragen; gemessen an Urhebern, die beim Lernen fehlten:")
    for name, head in told.items():
        print_raw(
            f"{name:10} richtig {head.accuracy:.3f}, je Klasse {head.mean_recall:.3f},"
            f" Kalibrierungsfehler {head.calibration:.3f} ({head.questions} Fragen)"
        )
