"""`strategielotse eval sentences`: learns from cases which sentences of an item are told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evals.answers.asking import editions
from evals.answers.corpora import REAL, Corpora, CorpusError, Ingestion
from evals.case_errors import CaseError
from evals.cases import Case, load_cases
from evals.extra import require_extra
from evals.session import HELD
from evals.targets import in_process
from service.cli_errors import fail, sentences
from service.cli_output import print_raw
from service.settings import load_settings


def add_sentences(app: typer.Typer, ingestion: Ingestion) -> None:
    """Add the command; `ingestion` makes the editions that are learned from."""

    @app.command("sentences", epilog="Beispiel: strategielotse eval sentences --cases faelle.jsonl")
    def learned_sentences(
        cases: Annotated[list[Path], typer.Option("--cases", help="Datei mit Fällen (JSONL); mehrere möglich")],
        into: Annotated[Path, typer.Option("--into", help="Datei für die Gewichte")],
        papers: Annotated[
            Path | None, typer.Option("--papers", help="Ordner mit den Papieren, die Fälle als corpus nennen")
        ] = None,
        corpus: Annotated[
            Path | None, typer.Option("--corpus", help="Register, über das Fälle ohne corpus gefragt werden")
        ] = None,
        build: Annotated[Path, typer.Option("--build", help="Ordner für die Ausgaben")] = Path("build/answers"),
    ) -> None:
        """Lernt aus Fällen, welche Sätze eines Eintrags gesagt werden, und sagt, was das auf anderen Papieren taugt."""
        require_extra()
        from evals.training.sentences import Example, as_file, drawn, examples

        if names := [path.name for path in cases if path.stem.endswith(HELD)]:
            raise fail(f"Aus zurückgehaltenen Fällen wird nicht gelernt: {', '.join(names)}.")
        learned: list[Example] = []
        try:
            found = [one for one in load_cases(*cases) if one.language == "de"]
            with sentences(load_settings(data_dir=build), CorpusError):
                for name, settings in editions(Corpora(ingestion, build, papers, corpus), found).items():
                    with in_process(settings) as target:
                        learned += examples([one for one in found if _corpus(one) == name], target)
                        learned += drawn(target)
            told = as_file(learned)
            into.write_text(told, encoding="utf-8")
        except CaseError as error:
            raise fail(str(error)) from None
        except ValueError as error:
            raise fail(f"Aus diesen Fällen lässt sich nichts lernen ({error}).") from None
        except OSError as error:
            raise fail(f"{error.filename} ist nicht zu schreiben ({error.strerror}).") from None
        print_raw(told)


def _corpus(case: Case) -> str:
    return case.corpus or REAL
