"""Commands about language models: try one, have one read the papers, have one write questions for their entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.cli.ingestion import model as model_work
from service.cli.ingestion.editions import made_anew
from service.cli.ingestion.reading import read as read_anew
from service.composition import ANSWER_TOKENS, make_ingest_model, make_store
from service.terminal.command_line import CommandLine
from service.terminal.errors import (
    CommandError,
    DataDir,
    Exit,
    audited,
    errors,
    errors_as_sentences,
    fail,
    settings_for,
)
from service.terminal.output import (
    format_requests,
    format_tokens,
    out,
    print_table,
    progress_bar,
    require_agreed,
)
from vectorstore import processes

if TYPE_CHECKING:
    from service.language_models.access import ModelAccess
    from service.language_models.errors import Failure
    from service.question_writing.batches import Batch
    from service.settings import Settings
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.records import Document

app = CommandLine(say("commands.models_help"))
Documents = Annotated[list[str] | None, typer.Option("--document", metavar="ID", help=say("commands.only_document"))]
Yes = Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")]


@app.command(epilog="Beispiel: strategielotse model check --model openai:qwen3:8b@http://127.0.0.1:11434/v1")
def check(
    model: Annotated[str | None, typer.Option("--model", metavar="MODELL", help=say("commands.model_instead"))] = None,
    wait: Annotated[float, typer.Option("--wait", min=1, help=say("commands.model_wait"))] = 60.0,
    data_dir: DataDir = None,
) -> None:
    """Sagt, was das Sprachmodell kann und was einzustellen ist; Ende mit 1, wo es für Antworten nicht taugt."""
    from service.language_models.building import LangChainModel, model_name
    from service.model_check import Trials

    settings = settings_for(data_dir, answer_model=model)
    if settings.answer_model is None:
        raise fail(say("model_check.none"))
    name = model_name(settings.answer_model)
    build = partial(LangChainModel, settings.answer_model, tokens=ANSWER_TOKENS, seconds=wait)
    trials = Trials(build, settings.model_seconds, settings.request_seconds, wait)
    out.print(f"Sprachmodell {name.name} ({name.host})")
    usable = True
    for outcome in trials.outcomes():
        usable = usable and outcome.ok
        out.print(f"{'✓' if outcome.ok else '✗'} {outcome.title}: {outcome.said}")
    to_set = say("model_check.to_set") if model else ""
    out.print(say("model_check.usable") + to_set if usable else say("model_check.unusable"))
    raise typer.Exit(Exit.DONE if usable else Exit.REJECTED)


@app.command(epilog="Beispiel: strategielotse model read --document klima-2026")
def read(
    document: Documents = None,
    no_questions: Annotated[bool, typer.Option("--no-questions", help=say("commands.no_questions"))] = False,
    yes: Yes = False,
    data_dir: DataDir = None,
) -> None:
    """Lässt ein Sprachmodell Dokumente lesen und Fragen zu ihren Einträgen schreiben; jedes Wort wird geprüft."""
    works = (_read_documents,) if no_questions else (_read_documents, _write_questions)
    _run(works, "papers read", document or (), data_dir, yes=yes)


def write(document: Documents = None, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Lässt ein Sprachmodell Fragen zu Einträgen schreiben; Ende mit 1, wo welche ohne Fragen blieben."""
    _run((_write_questions,), "questions written", document or (), data_dir, yes=yes)


def _run(
    works: Sequence[Callable[..., bool]], action: str, documents: Sequence[str], data_dir: DataDir, *, yes: bool
) -> None:
    """Do each part of the work; end the command with 1 where something is left."""
    settings = settings_for(data_dir)
    with errors_as_sentences(settings):
        access = make_ingest_model(settings)
        if access is None:
            raise CommandError(say("model_work.no_model"))
        store = make_store(settings)
        with closing(store.open()) as edition:
            for name in documents:
                if name not in edition.catalogue.documents:
                    raise CommandError(say("model_work.no_document", name=name))
        complete = [work(settings, access, store, documents, yes=yes) for work in works]
        audited(settings, action, ", ".join(documents) or say("model_work.all_documents"))
    if not all(complete):
        raise typer.Exit(Exit.REJECTED)


def _read_documents(
    settings: Settings, access: ModelAccess, store: EditionStore, documents: Sequence[str], *, yes: bool
) -> bool:
    """Have a model read what it has not read yet, and publish that; False where something is left.

    Raises CommandError, a StoreError.
    """
    chat = model_work.reading_chat(settings, access)
    with closing(store.open()) as edition:
        needed = [edition.catalogue.documents[name] for name in documents or edition.catalogue.documents]
    missed = [document for document in needed if model_work.is_unasked(store, document, access.name)]
    if not missed:
        out.print(say("model_work.nothing"))
        return True
    requests = [request for each in missed for request in model_work.open_requests(store, each, access.name)]
    number, expected = chat.expected(requests)
    most = expected.plus(expected.read, expected.written)  # each page is asked for twice at most
    values = {"requests": format_requests(number), "tokens": format_tokens(expected, access.limits)}
    values["most"] = format_tokens(most, access.limits)
    out.print(say("model_work.price", name=access.name, host=access.host, **values))
    require_agreed(expected, access.limits, yes=yes)
    with progress_bar() as progress:
        done = model_work.read_documents(chat, store, missed, progress)
    for sentence in done.told:
        errors.print(sentence)
    _tell_failure(access, done.failure)
    published = _publish(settings, store, done.read) if done.read else True
    out.print(say("model_work.read", tokens=format_tokens(chat.tokens, access.limits)))
    return published and len(done.read) == len(missed)


def _publish(settings: Settings, store: EditionStore, read: Sequence[Document]) -> bool:
    """Publish papers as they were read, where the edition keeps their file; False where one is rejected."""
    from ingest.readings import Reading

    with closing(store.open()) as edition:
        files = edition.originals
    same = [
        document.id
        for document in read
        if document.id in files and sha256(files[document.id].read_bytes()).hexdigest() == document.digest
    ]
    for name in sorted({document.id for document in read} - {*same}):
        out.print(say("model_work.later", name=name))
    if not same:
        return True
    report = read_anew(settings, again=True, add=True, only=tuple(same))
    processes.stop()
    Reading.forget(store.texts, [file.id for file in report.rejected])
    print_table(report.table())
    return not report.rejected


def _write_questions(
    settings: Settings, access: ModelAccess, store: EditionStore, documents: Sequence[str], *, yes: bool
) -> bool:
    """Have a model write what is missing, and publish it; False where items are left without.

    Raises CommandError, a StoreError.
    """
    with closing(store.open()) as edition:
        asked = model_work.missing_questions(settings, edition, access.name, documents)
        complete = _write_missing(settings, access, edition, documents, asked, yes=yes) if asked else True
    with store.writing(), closing(store.open()) as edition:  # the one that is current by now
        questions = model_work.with_stored(settings, edition, documents)
        published = made_anew(store, edition, questions)
    change = say("model_work.published" if published.changed else "model_work.unchanged")
    values = {"questions": len(questions), "by_model": sum(bool(question.origin) for question in questions)}
    out.print(say("model_work.edition", name=published.name, change=change, **values))
    return complete


def _write_missing(
    settings: Settings,
    access: ModelAccess,
    edition: Edition,
    documents: Sequence[str],
    asked: Sequence[Batch],
    *,
    yes: bool,
) -> bool:
    """Have questions written once people agree to what they cost; False where items are left without."""
    from service.question_writing.batches import expected_tokens

    items, tokens = sum(len(batch.items) for batch in asked), expected_tokens(asked)
    values = {"requests": format_requests(len(asked)), "tokens": format_tokens(tokens, access.limits)}
    out.print(say("model_work.questions_price", items=items, name=access.name, host=access.host, **values))
    require_agreed(tokens, access.limits, yes=yes)
    with progress_bar() as progress:
        done = model_work.write_questions(settings, access, edition, documents, progress)
    written = say("model_work.questions_written", questions=done.questions, items=done.items, dropped=done.dropped)
    out.print(f"{written} {format_tokens(done.tokens, access.limits)}.")
    _tell_failure(access, done.failure)
    if done.is_useless:
        errors.print(say("model_work.useless", name=access.name))
    if left := items - done.items:
        errors.print(say("model_work.left", left=left, items=items))
    return not left


def _tell_failure(access: ModelAccess, failure: Failure | None) -> None:
    from service.language_models.errors import failed

    if failure is not None:
        errors.print(f"{access.name} ({access.host}): {failed(failure, access.limits.seconds)}")
        errors.print(say("model_work.goes_on"))
