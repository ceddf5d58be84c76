"""The commands `ingest`, `remove` and `documents`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from prompts import say
from service import Settings
from service.backup import make_store
from service.cli.ingestion.reading import read
from service.records import labels
from service.terminal import (
    DataDir,
    Exit,
    argument,
    console,
    fail,
    is_terminal,
    option,
    print_documents,
    print_json,
    print_lines,
    print_notice,
    print_table,
    print_text,
    require_consent,
    settings_for,
    write_audit_entry,
)
from vectorstore.records import ItemKind

if TYPE_CHECKING:
    from ingest import IngestReport


Prefer = Literal["pdf", "text"]  # which file of a document in the register is read


def ingest(
    paths: Annotated[list[Path] | None, argument("PATH...", "commands.ingest_paths")] = None,
    manifest: Annotated[Path | None, option("--manifest", "commands.ingest_manifest")] = None,
    add: Annotated[bool, option("--add", "commands.ingest_add")] = False,
    replace: Annotated[bool, option("--replace", "commands.ingest_replace")] = False,
    dry_run: Annotated[bool, option("--dry-run", "commands.ingest_dry_run")] = False,
    draft: Annotated[bool, option("--draft", "commands.ingest_draft")] = False,
    again: Annotated[bool, option("--again", "commands.ingest_again")] = False,
    prefer: Annotated[Prefer, option("--prefer", "commands.ingest_prefer")] = "pdf",
    as_json: Annotated[bool, option("--json", "commands.ingest_json")] = False,
    data_dir: DataDir = None,
) -> None:
    """Liest Dokumente ein und veröffentlicht eine Ausgabe, die genau sie enthält."""
    sources = list(filter(None, [*(paths or ()), manifest]))
    problems = {
        "ingesting.dry_draft": dry_run and draft,
        "ingesting.again_alone": again and bool(sources or add or replace),
        "ingesting.nothing_named": not sources and not again,
    }
    _require_fitting(problems, sources)
    settings = settings_for(data_dir)
    report = _ingest(
        settings,
        paths=tuple(paths or ()),
        manifest=manifest,
        add=add,
        replace=replace,
        dry_run=dry_run,
        draft=draft,
        again=again,
        prefer_text=prefer == "text",
    )
    if not dry_run:
        # a model, if one is set, answers questions first; documents that it answered for are read
        # again
        from service.cli.ingestion.model_answers import answer_after_reading
        from service.cli.ingestion.uploads import UploadReader

        report, _ = answer_after_reading(UploadReader(settings), report)
    if report.changed:
        files = labels.format_with_noun(len(report.files), "Datei", "Dateien")
        write_audit_entry(settings, "ingested", f"{report.edition}: {files}")
    if as_json:
        content = report.to_json()
        content["questions"]["open"] = _open_questions(settings, report)
        print_json(content)
        _require_read(report)
    else:
        report = _tell(settings, report, asks=not dry_run and is_terminal())
    raise typer.Exit(report.exit_code)


def _tell(settings: Settings, report: IngestReport, *, asks: bool) -> IngestReport:
    """Print what came of the files; with `asks` a person is asked what the model left open, else it
    is listed. Returns the report after the answers.
    """
    if report.files or report.left:
        print_table(report.table())
    _require_read(report)
    if asks:
        from service.cli.ingestion.questions import ask_about_records

        report = ask_about_records(settings, report)
    _print_outcome(report, settings.data_dir)
    if not is_terminal():
        _print_open_questions(_open_questions(settings, report))
    return report


def _require_fitting(problems: Mapping[str, bool], sources: Sequence[Path]) -> None:
    """End the command if its options do not fit together, or if files are missing.

    `problems` maps the key of a text to True if this problem exists; of several the first one is
    printed. `sources` are the files and folders to read.
    """
    for key, is_wrong in problems.items():
        if is_wrong:
            raise fail(say(key))
    missing = [str(path) for path in sources if not path.exists()]
    if missing:
        raise fail(say("ingesting.not_there", paths=", ".join(missing)))


def _require_read(report: IngestReport) -> None:
    """End the command if there were no files, or if all of them were rejected.

    Some rejected files do not end it here: the others are in the edition.
    """
    if not report.files:
        from ingest import why_not_read

        raise fail(say("ingesting.no_files", why=why_not_read("")))
    if len(report.rejected) == len(report.files):
        raise fail(say("ingesting.none_read"), Exit.REJECTED)


def _open_questions(settings: Settings, report: IngestReport) -> list[dict[str, Any]]:
    """Return the open questions on records of the documents that were read, in JSON form."""
    from service.cli.ingestion.questions import list_open_questions

    described = []
    for document, _, question in list_open_questions(settings, report):
        examples = [{"name": name, "page": page} for name, page in question.examples]
        described.append(
            {
                "document": document.id,
                "question": question.text,
                "count": question.count,
                "examples": examples,
            }
        )
    return described


def _print_open_questions(questions: Sequence[Mapping[str, Any]]) -> None:
    """Print open questions on records, and where they are answered; nothing without any."""
    if not questions:
        return
    print_text("ingesting.open_questions")
    lines = []
    for question in questions:
        names = " und ".join(example["name"] for example in question["examples"])
        lines.append(say("ingesting.open_question", **{**question, "examples": names}))
    print_lines(lines, len(lines))


def remove(
    ids: Annotated[list[str], argument("ID...", "commands.document_ids")],
    data_dir: DataDir = None,
) -> None:
    """Veröffentlicht eine Ausgabe ohne diese Dokumente und löscht die Ausgaben, die sie
    enthalten.
    """
    from service.cli.ingestion.editions import remove as removed

    settings = settings_for(data_dir)
    name = removed(settings, ids)
    print_text("ingesting.removed", name=name, ids=", ".join(ids))


def documents(data_dir: DataDir = None) -> None:
    """Listet auf, welche Dokumente eingelesen sind."""
    from service.records import Completeness, document_list

    settings = settings_for(data_dir)
    with closing(make_store(settings).open()) as edition:
        listed = document_list(edition)
        documents = edition.catalogue.documents
        missing = {
            name: Completeness.of([document], ItemKind).notices()
            for name, document in documents.items()
        }
    print_documents(listed.items, missing)


def _ingest(settings: Settings, **options: Any) -> IngestReport:
    """Ingest documents and return the report; `options` are those of `read`.

    If this would remove documents that were not named, or replace some by other versions, a person
    in a terminal is asked whether it may. Without a terminal nobody can be asked, and the command
    ends with the message of the error.
    """
    from ingest import WouldRemove, WouldReplace

    try:
        return read(settings, **options)
    except WouldRemove as would:
        what = "replace" if isinstance(would, WouldReplace) else "go"
        if is_terminal():
            print_notice(f"ingesting.would_{what}", ids=", ".join(would.ids))
        nothing_changed = say("ingesting.nothing_changed")
        require_consent(say(f"ingesting.may_{what}"), str(would), nothing_changed)
    return read(settings, **options | {"replace": True})


def _print_outcome(report: IngestReport, folder: Path) -> None:
    """Print problems with the questions for items, and the lines on the edition.

    An item that is gone is named once, however many questions it had; items of removed documents
    are not, since `_edition_lines` names the documents. `folder` is the data folder.
    """
    questions = report.questions
    if questions.damaged:
        print_text("ingesting.questions_damaged", why=questions.damaged)
    if questions.rejected:
        print_text("ingesting.questions_rejected", number=len(questions.rejected))
        print_lines(questions.rejected)
    lost = dict.fromkeys(
        f"{question.document_id} {question.key}"
        for question in questions.lost
        if question.document_id not in report.going
    )
    if lost:
        print_text("ingesting.questions_lost", number=len(lost))
        print_lines(list(lost))
        if not report.dry_run:
            print_text("ingesting.questions_kept")
    for line in _edition_lines(report, folder):
        console.print(line)


def _edition_lines(report: IngestReport, folder: Path) -> Iterator[str]:
    """Yield the lines on the edition that was made, or would be made.

    These are on documents that go, on metadata that are not certain, and on the edition itself: a
    draft, a published one, or the same as before. A dry run has a single line.
    """
    seconds, gone = f"{report.seconds:.1f}", _format_going(report)
    if report.dry_run:
        would_go = say("ingesting.would_go_dry", ids=gone) if gone else ""
        yield say("ingesting.dry", seconds=seconds) + would_go
        return
    if gone:
        yield say("ingesting.gone", ids=gone)
    facts = chain.from_iterable(file.front for file in report.files)
    unconfirmed = sum(not fact.sure for fact in facts)
    if unconfirmed:
        nouns = say("commands.fact_is"), say("commands.facts_are")
        yield say("ingesting.unsure", parts=labels.format_with_noun(unconfirmed, *nouns))
    if report.draft:
        yield say("ingesting.draft", name=report.edition, seconds=seconds)
    else:
        change = say("ingesting.published" if report.changed else "ingesting.same")
        yield say(
            "ingesting.edition", name=report.edition, change=change, seconds=seconds, folder=folder
        )


def _format_going(report: IngestReport) -> str:
    """Return the ids of the documents that go, with the number of their questions, if any."""
    ids = ", ".join(report.going)
    number = sum(question.document_id in report.going for question in report.questions.lost)
    if not number:
        return ids
    return f"{ids} (mit {labels.format_with_noun(number, 'Frage', 'Fragen')})"
