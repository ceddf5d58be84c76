"""`questions write`: what it will take, the writing itself with its progress, what it took, and the new edition."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from service.answering.corpus import Corpus
from service.composition import make_ingest_model, make_store
from service.language_models.access import ModelAccess
from service.model_check.advice import failed
from service.question_writing.batches import Batch, batches, estimate
from service.question_writing.cache import WrittenCache, written_cache
from service.question_writing.placing import open_items, unwritten, with_written
from service.question_writing.writer import QuestionWriter, Written
from service.settings import PREFIX, Settings
from service.terminal.cost import requests_told, require_agreed, tokens_told
from service.terminal.errors import CommandError, errors
from service.terminal.output import out, progress_bar
from vectorstore.edition import Edition
from vectorstore.editions import EditionStore
from vectorstore.records import Item


def write_questions(settings: Settings, documents: Sequence[str], *, yes: bool) -> bool:
    """Have a model write what is missing, and publish it; False where items are left without.

    Raises CommandError, a StoreError, and OSError where what is written cannot be kept.
    """
    access, store = make_ingest_model(settings), make_store(settings)
    if access is None:
        raise CommandError(f"Es ist kein Modell eingestellt, das Fragen schreibt: {PREFIX}INGEST_MODEL=openai:NAME@URL")
    with closing(store.open()) as edition, written_cache(settings.data_dir) as cache:
        missing = unwritten(_open(edition, access, documents), cache, access.name)
        asked = batches(missing, Corpus(edition)) if missing else []
        written = _written(access, cache, asked, len(missing), yes=yes)
        _publish(store, access, cache, documents)
    return not written.ended_early and not written.without


def _open(edition: Edition, access: ModelAccess, documents: Sequence[str]) -> list[Item]:
    for name in documents:
        if name not in edition.catalogue.documents:
            raise CommandError(f"Ein Dokument „{name}“ gibt es nicht.")
    return open_items(edition.catalogue.items, edition.questions.all, access.name, documents)


def _written(access: ModelAccess, cache: WrittenCache, asked: list[Batch], items: int, *, yes: bool) -> Written:
    if not asked:
        return Written()
    expected = estimate(asked)
    out.print(
        f"Fragen zu {_entries(items)} von {access.name} ({access.host}): {requests_told(len(asked))}, "
        f"etwa {tokens_told(expected, access.limits)}."
    )
    require_agreed(expected, access.limits, yes=yes)
    with progress_bar() as progress:
        written = QuestionWriter(access, cache).write(asked, progress)
    _tell(written, access, items)
    return written


def _tell(written: Written, access: ModelAccess, items: int) -> None:
    dropped = f", {written.dropped} unbrauchbare Zeilen weggelassen" if written.dropped else ""
    out.print(
        f"{written.questions} Fragen zu {_entries(written.items)} geschrieben{dropped}: "
        f"{tokens_told(written.tokens, access.limits)}."
    )
    if written.failure is not None:
        errors.print(f"{access.name} ({access.host}): {failed(written.failure, access.limits.seconds)}")
    if written.useless:
        errors.print(f"Das Modell {access.name} antwortet nicht in der verlangten Form.")
    if left := items - written.items:
        errors.print(
            f"Ohne neue Fragen: {left} von {_entries(items)}. Noch einmal ausgeführt, geht es mit ihnen weiter."
        )


def _publish(store: EditionStore, access: ModelAccess, cache: WrittenCache, documents: Sequence[str]) -> None:
    """Put what is written into the edition that is the current one by now."""
    with store.writing(), closing(store.open()) as edition:
        before = edition.questions.all
        questions = with_written(before, _open(edition, access, documents), cache, access.name)
        published = store.publish(
            edition.catalogue.parsed(), report=edition.report, originals=edition.originals, questions=questions
        )
    by_model = sum(bool(one.origin) for one in questions)
    change = "veröffentlicht" if published.changed else "unverändert"
    out.print(f"Ausgabe {published.name} {change}: {len(questions)} Fragen, {by_model} davon von Modellen.")


def _entries(number: int) -> str:
    return f"{number} {'Eintrag' if number == 1 else 'Einträgen'}"
