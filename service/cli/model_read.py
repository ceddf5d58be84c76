"""`model read`: a model reads the published papers; what stands in them is published. Composition root."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from service.composition import make_ingest_model, make_store
from service.ingestion.reading import limits_of
from service.language_models.errors import ModelUnavailable
from service.settings import PREFIX, Settings
from service.terminal.cost import requests_told, require_agreed, tokens_told
from service.terminal.errors import CommandError, DataDir, Exit, errors, sentences, settings_for
from service.terminal.notes import As, audited
from service.terminal.output import out, print_table, progress_bar

if TYPE_CHECKING:
    from ingest.model_reader.reader import Reading
    from service.model_reading.asking import PaperChat
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.records import Document

Documents = Annotated[
    list[str] | None, typer.Option("--document", metavar="ID", help="Nur dieses Dokument; mehrfach möglich")
]


def read(
    document: Documents = None,
    yes: Annotated[bool, typer.Option("--yes", help="Nicht fragen, bevor es etwas kostet")] = False,
    person: As = None,
    data_dir: DataDir = None,
) -> None:
    """Lässt ein Sprachmodell Papiere lesen und Fragen zu ihren Einträgen schreiben; jedes Wort wird geprüft."""
    settings = settings_for(data_dir)
    with sentences(settings):
        complete = read_papers(settings, document or (), yes=yes)
        audited(settings, "papers read", ", ".join(document or ()) or "alle Dokumente", person)
    if not complete:
        raise typer.Exit(Exit.REJECTED)


def read_papers(settings: Settings, documents: Sequence[str], *, yes: bool) -> bool:
    """Have a model read what it has not read yet, publish that, have questions written; False where something is left.

    Raises CommandError, a StoreError, and OSError where what is replied cannot be kept.
    """
    from ingest.claims import Said
    from service.cli.questions_write import write_questions
    from service.model_reading.asking import PaperChat
    from service.question_writing.cache import REPLIES, written_cache

    access, store = make_ingest_model(settings), make_store(settings)
    if access is None:
        raise CommandError(f"Es ist kein Modell eingestellt, das Papiere liest: {PREFIX}INGEST_MODEL=openai:NAME@URL")
    with written_cache(settings.data_dir, REPLIES) as cache:
        chat = PaperChat(access, cache, Said)
        with closing(store.open()) as edition:
            named = _named(edition, documents)
            wanted = [edition.catalogue.documents[name] for name in named]
        unread = [one for one in wanted if _is_to_read(store, one, access.name, named=bool(documents))]
        if unread:
            _agree(chat, unread, yes=yes)
        done = _read_all(settings, store, chat, unread)
    told = tokens_told(chat.tokens, access.limits)
    out.print(f"Gelesen: {told}." if unread else "Es ist nichts zu lesen.")
    return write_questions(settings, documents, yes=yes) and done


def _agree(chat: PaperChat, unread: Sequence[Document], *, yes: bool) -> None:
    """Tell what reading takes, and have people agree to what it costs."""
    from ingest.model_reader.reader import requests
    from service.model_reading.asking import estimate

    access = chat.access
    missing = chat.missing(request for one in unread for request in requests(one))
    expected = estimate(missing)
    told = f"{access.name} ({access.host}): {requests_told(len(missing))}"
    out.print(f"{told}, etwa {tokens_told(expected, access.limits)}.")
    require_agreed(expected, access.limits, yes=yes)


def _named(edition: Edition, documents: Sequence[str]) -> list[str]:
    for name in documents:
        if name not in edition.catalogue.documents:
            raise CommandError(f"Ein Dokument „{name}“ gibt es nicht.")
    return list(documents or edition.catalogue.documents)


def _is_to_read(store: EditionStore, document: Document, model: str, *, named: bool) -> bool:
    """Tell whether a German paper was not read by this model yet, and staff said nothing of it unless it is named."""
    from ingest.model_reader.applying import reading_of
    from ingest.plan.files import staff_parts
    from ingest.plan.form import load_plan

    if document.language != "de":
        return False
    staff = staff_parts(load_plan(document.plan or ""))
    if not named and (staff.families or staff.labels or staff.statuses):
        return False
    reading = reading_of(document, store.texts)
    return reading is None or reading.model != model


def _read_all(settings: Settings, store: EditionStore, chat: PaperChat, unread: Sequence[Document]) -> bool:
    """Read papers one by one, and publish those that were read; False where one is left."""
    from ingest.model_reader.reader import NoReading, read_paper
    from service.model_check.advice import failed

    read: list[Document] = []
    with progress_bar() as progress:
        for one in unread:
            try:
                reading = read_paper(one, chat, progress)
            except NoReading as error:
                errors.print(f"{one.id}: {error} Es bleibt bei der einfachen Lesung.")
            except ModelUnavailable as error:
                errors.print(f"{chat.name} ({chat.access.host}): {failed(error.failure, chat.access.limits.seconds)}")
                errors.print("Noch einmal ausgeführt, geht es dort weiter, wo es aufgehört hat.")
                break
            else:
                _keep(store, one, reading)
                read.append(one)
    return (_publish(settings, store, read) if read else True) and len(read) == len(unread)


def _keep(store: EditionStore, document: Document, reading: Reading) -> None:
    """Keep a reading, and the front matter that it proves."""
    from ingest.front_matter import dump_front
    from ingest.model_reader.applying import front_of, kept_reading
    from ingest.plan.files import front_proposal

    store.texts.put(kept_reading(document.id), reading.model_dump_json().encode())
    if parts := front_of(document, reading):
        store.texts.put(front_proposal(document.id), dump_front(parts))


def _publish(settings: Settings, store: EditionStore, read: Sequence[Document]) -> bool:
    """Publish papers as they were read, where the edition keeps their file; False where one is rejected."""
    from hashlib import sha256

    from ingest import workers
    from ingest.job import IngestRequest, run_ingest
    from ingest.model_reader.applying import forget_readings

    originals, _ = store.stored()
    same = [
        one.id
        for one in read
        if one.id in originals and sha256(originals[one.id].read_bytes()).hexdigest() == one.digest
    ]
    for name in {one.id for one in read} - {*same}:
        out.print(f"{name}: Was gelesen wurde, gilt ab dem nächsten Einlesen.")
    if not same:
        return True
    request = IngestRequest(again=True, add=True, only=tuple(same), limits=limits_of(settings))
    with progress_bar() as progress:
        report = run_ingest(request, store, progress)
    workers.stop()
    forget_readings(store.texts, [one.id for one in report.rejected])
    print_table(report.table())
    return not report.rejected
