"""Asks in the terminal whether similar titles in documents are records."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from prompts import say
from service import Settings
from service.backup import make_store
from service.cli.ingestion.reading import read_again
from service.cli.ingestion.uploads import UploadReader
from service.office.staff import RecordQuestion, list_record_questions
from service.office.uploads import NO_RECORDS, ReadingFailed, StaffLook
from service.terminal import error_console, print_table, write_audit_entry
from vectorstore.records import ItemKind

if TYPE_CHECKING:
    from pathlib import Path

    from ingest import IngestReport
    from service.office.uploads import ExampleTrial
    from vectorstore.records import Document

_ANSWERS = {
    "m": str(ItemKind.MEASURE),
    "p": str(ItemKind.PROJECT),
    "z": str(ItemKind.GOAL),
    "n": NO_RECORDS,
}


def list_open_questions(
    settings: Settings, report: IngestReport
) -> list[tuple[Document, Path, RecordQuestion]]:
    """Return the questions on records of a run's documents on which nobody has decided, with the
    document and the path of its original; none after a dry run, whose documents no edition has.
    """
    if report.edition is None or report.dry_run:
        return []
    reader = UploadReader(settings)
    read_ids = {file.id for file in report.files if not file.is_rejected}
    with closing(make_store(settings).open(report.edition)) as edition:
        documents = [edition.catalogue.documents[id_] for id_ in sorted(read_ids)]
        originals = edition.originals
    return [
        (document, originals[document.id], question)
        for document in documents
        for question in list_record_questions(document, reader.looks(document.id))
    ]


def ask_about_records(settings: Settings, report: IngestReport) -> IngestReport:
    """Ask the open questions on the documents of an ingestion run, and read those for which there
    are answers again.

    Titles that somebody has decided on before are not asked about, and an answer is stored only
    after what it changes was shown and accepted. Returns the report of the second run or, if
    nothing was answered, the given one.
    """
    reader, answered = UploadReader(settings), []
    for document, path, question in list_open_questions(settings, report):
        kind = _ask(document.title, question)
        if kind is not None and _store_if_accepted(
            reader, document, path, StaffLook(kind, question.examples)
        ):
            answered.append(document.id)
    if not answered:
        return report
    report = read_again(settings, report, answered)
    print_table(report.table())
    return report


def _store_if_accepted(
    reader: UploadReader, document: Document, path: Path, look: StaffLook
) -> bool:
    """Print how an answer changes the records of a document, and store it if the person accepts
    that; print why it may not be stored, if it may not.
    """
    trial: ExampleTrial | float = 0.0
    try:
        while isinstance(trial, float):
            trial = reader.try_examples(document, path, look)
    except ReadingFailed as failure:
        error_console.print(str(failure))
        return False
    error_console.print(trial.change)
    is_accepted = typer.confirm(say("ingesting.accept"), default=False, err=True)
    if is_accepted:
        reader.add_look(document.id, look)
        write_audit_entry(reader.settings, "look-set", f"{document.id} {trial.change}")
    return is_accepted


def _ask(title: str, question: RecordQuestion) -> str | None:
    """Ask a question in the terminal until the answer is understood.

    Returns the kind of item that was typed, by its first letter as in `_ANSWERS`: "none" if the
    titles are no records. None if nothing was typed: the question stays open.
    """
    error_console.print(f"{title}: {question.text}", question.many)
    for record in question.records:
        page = say("reading.page", number=record.page)
        error_console.print(f"  {record.ref} {record.title} ({page})")
    if question.why:
        error_console.print(f"  {question.why}")
    while True:
        typed = typer.prompt(
            say("ingesting.records_are"), default="", show_default=False, err=True
        ).strip()
        if not typed:
            return None
        if typed[:1].lower() in _ANSWERS:
            return _ANSWERS[typed[:1].lower()]
