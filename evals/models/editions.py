"""The two editions that are compared: one without any questions for its items, one with those of a model."""

from __future__ import annotations

from contextlib import closing
from hashlib import sha256
from pathlib import Path

from evals.runs.running import Show
from service.answering.corpus import Corpus
from service.composition import make_ingest_model, make_store
from service.language_models.access import ModelAccess
from service.model_check.advice import failed
from service.question_writing.batches import batches
from service.question_writing.cache import WrittenCache, written_cache
from service.question_writing.placing import open_items, unwritten, with_written
from service.question_writing.writer import QuestionWriter
from service.settings import Settings
from vectorstore.edition import Edition
from vectorstore.questions import ItemQuestion


class ModelError(Exception):
    """A model cannot be measured; the message is one or two sentences for people."""


def without_questions(edition: Edition, settings: Settings, build: Path) -> Settings:
    """The settings of a copy of an edition in which no item has a question, made below `build`."""
    return _copied(edition, settings, build / f"{edition.digest[:16]}-bare", ())


def with_questions(edition: Edition, settings: Settings, build: Path, show: Show) -> Settings:
    """The settings of a copy with questions by the ingestion model alone; raises ModelError where it does not write."""
    access = make_ingest_model(settings)
    assert access is not None and settings.ingest_model is not None
    build.mkdir(parents=True, exist_ok=True)
    with written_cache(build) as cache:
        _write(edition, access, cache, show)
        items = open_items(edition.catalogue.items, (), access.name)
        questions = with_written((), items, cache, access.name)
    by = sha256("\0".join((settings.ingest_model, *(one.question for one in questions))).encode()).hexdigest()[:16]
    return _copied(edition, settings, build / f"{edition.digest[:16]}-{by}", questions)


def _write(edition: Edition, access: ModelAccess, cache: WrittenCache, show: Show) -> None:
    missing = unwritten(open_items(edition.catalogue.items, (), access.name), cache, access.name)
    asked = batches(missing, Corpus(edition)) if missing else []
    written = QuestionWriter(access, cache).write(asked, show)
    if written.failure is not None:
        told = failed(written.failure, access.limits.seconds)
        raise ModelError(f"{access.name} ({access.host}): {told} Noch einmal ausgeführt, geht es weiter.")
    if written.useless:
        raise ModelError(f"{access.name} ({access.host}) schreibt Fragen nicht in der verlangten Form.")


def _copied(edition: Edition, settings: Settings, folder: Path, questions: tuple[ItemQuestion, ...]) -> Settings:
    made = settings.model_copy(update={"data_dir": folder.absolute(), "chroma_url": None})
    store = make_store(made)
    if store.current_name() is None:
        with store.writing():
            store.publish(
                edition.catalogue.parsed(), report=edition.report, originals=edition.originals, questions=questions
            )
    with closing(store.open()):
        return made
