"""`model read` and `questions write`: a model reads the published papers, and writes questions for their entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from prompts import say
from service.cli.ingestion import model
from service.cli.ingestion.editions import made_anew
from service.cli.ingestion.reading import read as read_anew
from service.composition import make_ingest_model, make_store
from service.language_models.access import ModelAccess
from service.language_models.errors import Failure, failed
from service.question_writing.cache import written_cache
from service.settings import Settings
from service.terminal.cost import requests_told, require_agreed, tokens_told
from service.terminal.errors import CommandError, DataDir, Exit, errors, sentences, settings_for
from service.terminal.notes import audited
from service.terminal.output import out, print_table, progress_bar

if TYPE_CHECKING:
    from service.question_writing.batches import Batch
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.records import Document

Documents = Annotated[list[str] | None, typer.Option("--document", metavar="ID", help=say("commands.only_document"))]
Yes = Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")]


def read(document: Documents = None, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Lässt ein Sprachmodell Papiere lesen und Fragen zu ihren Einträgen schreiben; jedes Wort wird geprüft."""

    def work(settings: Settings, access: ModelAccess) -> bool:
        complete = read_papers(settings, access, document or (), yes=yes)
        return write_questions(settings, access, document or (), yes=yes) and complete

    _run(work, "papers read", document or (), data_dir)


def write(document: Documents = None, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Lässt ein Sprachmodell Fragen zu Einträgen schreiben; Ende mit 1, wo welche ohne Fragen blieben."""

    def work(settings: Settings, access: ModelAccess) -> bool:
        return write_questions(settings, access, document or (), yes=yes)

    _run(work, "questions written", document or (), data_dir)


def _run(
    work: Callable[[Settings, ModelAccess], bool],
    action: str,
    documents: Sequence[str],
    data_dir: DataDir,
) -> None:
    settings = settings_for(data_dir)
    with sentences(settings):
        access = make_ingest_model(settings)
        if access is None:
            raise CommandError(say("model_work.no_model"))
        complete = work(settings, access)
        audited(settings, action, ", ".join(documents) or say("model_work.all_documents"))
    if not complete:
        raise typer.Exit(Exit.REJECTED)


def read_papers(settings: Settings, access: ModelAccess, documents: Sequence[str], *, yes: bool) -> bool:
    """Have a model read what it has not read yet, and publish that; False where something is left.

    Raises CommandError, a StoreError, and OSError where what is replied cannot be kept.
    """
    store = make_store(settings)
    with model.paper_chat(settings, access) as chat:
        with closing(store.open()) as edition:
            wanted = [edition.catalogue.documents[name] for name in _named(edition, documents)]
        unread = [one for one in wanted if model.is_unread(store, one, access.name, named=bool(documents))]
        if not unread:
            out.print(say("model_work.nothing"))
            return True
        number, expected = chat.expected(unread)
        requests, tokens = requests_told(number), tokens_told(expected, access.limits)
        out.print(say("model_work.price", name=access.name, host=access.host, requests=requests, tokens=tokens))
        require_agreed(expected, access.limits, yes=yes)
        with progress_bar() as progress:
            done = model.read_papers(chat, store, unread, progress)
        for sentence in done.told:
            errors.print(sentence)
        _tell_failure(access, done.failure)
        complete = (_publish(settings, store, done.read) if done.read else True) and len(done.read) == len(unread)
        out.print(say("model_work.read", tokens=tokens_told(chat.tokens, access.limits)))
    return complete


def write_questions(settings: Settings, access: ModelAccess, documents: Sequence[str], *, yes: bool) -> bool:
    """Have a model write what is missing, and publish it; False where items are left without.

    Raises CommandError, a StoreError, and OSError where what is written cannot be kept.
    """
    store = make_store(settings)
    with closing(store.open()) as edition:
        _named(edition, documents)
        with written_cache(settings.data_dir) as cache:
            asked = model.missing_questions(cache, edition, access.name, documents)
        complete = _written(settings, access, edition, documents, asked, yes=yes) if asked else True
    with store.writing(), closing(store.open()) as edition:  # the one that is current by now
        questions = model.with_kept(settings, edition, documents)
        published = made_anew(store, edition, questions)
    by_model = sum(bool(one.origin) for one in questions)
    change = say("model_work.published" if published.changed else "model_work.unchanged")
    out.print(
        say("model_work.edition", name=published.name, change=change, questions=len(questions), by_model=by_model)
    )
    return complete


def _written(
    settings: Settings,
    access: ModelAccess,
    edition: Edition,
    documents: Sequence[str],
    asked: Sequence[Batch],
    *,
    yes: bool,
) -> bool:
    """Have questions written once people agree to what they cost; False where items are left without."""
    from service.question_writing.batches import expected

    items, tokens = sum(len(one.items) for one in asked), expected(asked)
    requests, told = requests_told(len(asked)), tokens_told(tokens, access.limits)
    name, host = access.name, access.host
    out.print(say("model_work.questions_price", items=items, name=name, host=host, requests=requests, tokens=told))
    require_agreed(tokens, access.limits, yes=yes)
    with progress_bar() as progress:
        done = model.write_questions(settings, access, edition, documents, progress)
    told, left = tokens_told(done.tokens, access.limits), items - done.items
    written = say("model_work.questions_written", questions=done.questions, items=done.items, dropped=done.dropped)
    out.print(f"{written} {told}.")
    _tell_failure(access, done.failure)
    if done.useless:
        errors.print(say("model_work.useless", name=name))
    if left:
        errors.print(say("model_work.left", left=left, items=items))
    return not left


def _named(edition: Edition, documents: Sequence[str]) -> list[str]:
    for name in documents:
        if name not in edition.catalogue.documents:
            raise CommandError(say("model_work.no_document", name=name))
    return list(documents or edition.catalogue.documents)


def _tell_failure(access: ModelAccess, failure: Failure | None) -> None:
    if failure is not None:
        errors.print(f"{access.name} ({access.host}): {failed(failure, access.limits.seconds)}")
        errors.print(say("model_work.goes_on"))


def _publish(settings: Settings, store: EditionStore, read: Sequence[Document]) -> bool:
    """Publish papers as they were read, where the edition keeps their file; False where one is rejected."""
    from hashlib import sha256

    from ingest import workers
    from ingest.model_reader.applying import forget_readings

    originals, _ = store.stored()
    same = [
        one.id
        for one in read
        if one.id in originals and sha256(originals[one.id].read_bytes()).hexdigest() == one.digest
    ]
    for name in sorted({one.id for one in read} - {*same}):
        out.print(say("model_work.later", name=name))
    if not same:
        return True
    report = read_anew(settings, again=True, add=True, only=tuple(same))
    workers.stop()
    forget_readings(store.texts, [one.id for one in report.rejected])
    print_table(report.table())
    return not report.rejected
