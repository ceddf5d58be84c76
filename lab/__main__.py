"""The commands `python -m lab baselines|reading|train`."""

from __future__ import annotations

from evals import Ingestion
from lab.baselines.command import add_baselines
from lab.reading.command import add_reading
from lab.reading.files import read_files
from lab.train.command import add_train
from service.cli.ingestion import reading
from service.terminal import CommandLine


def make_app(ingestion: Ingestion) -> CommandLine:
    """Return the command group; `ingestion` makes the editions over which cases are asked."""
    app = CommandLine("Versuche im Ordner des Quelltextes: Vergleiche, Lesen, Lernen.")
    add_baselines(app, ingestion)
    add_reading(app, read_files)
    add_train(app, ingestion)
    return app


if __name__ == "__main__":
    make_app(Ingestion(reading.documents_in, reading.read_documents, reading.read_sample)).run(
        name="python -m lab"
    )
