"""Puts the parts together: the editions of the data folder and the pipeline that answers over each.

Store and pipeline are imported when they are needed: that takes two seconds, and `--help` does without.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

from prompts import say
from service.edition_holder import EditionHolder
from service.logs import log_exception
from service.settings import Settings, SettingsError
from vectorstore.errors import EditionDamaged, EmbeddingUnavailable, StoreError

if TYPE_CHECKING:
    from service.answering.pipeline import Parts
    from service.answering.service import AnswerService, Curated
    from service.language_models.access import ModelAccess
    from service.metrics import Meters
    from service.people.decisions import Decisions
    from service.service_key import AnswerIds
    from vectorstore.database import Database
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore
    from vectorstore.kept_texts import Texts
    from vectorstore.shelf import Shelf

log = logging.getLogger("strategielotse")
ANSWER_TOKENS = 4000  # of a reply at most; models that think first need some before they answer
_AT_A_TIME = 8  # requests to the model that words answers
_WRITING_SECONDS, _WRITING_TOKENS = 180.0, 8000
_TIDIED_EVERY = 60  # looks, of a second each


def make_store(settings: Settings) -> EditionStore:
    """Return the editions of the settings' data folder or database; raises `StoreAway`.

    Without the files of its embedding all is found by words alone, and the log says so.
    """
    from vectorstore.editions import EditionStore
    from vectorstore.embeddings import Embedding, embedding_for

    embedding: Embedding | None = None
    try:
        embedding = embedding_for(settings.embedding)
    except EmbeddingUnavailable as error:
        log.warning(say("store.words_alone", error=error))
    url = _database_url(settings)
    return EditionStore(settings.data_dir, embedding, chroma_url=settings.chroma_url, database_url=url)


def make_shelf(settings: Settings) -> Shelf:
    """Return where editions lie: in the data folder, or in the database of several machines; raises `StoreAway`."""
    from vectorstore.shelf import Shelf

    return Shelf(settings.data_dir, _database_url(settings))


def make_texts(settings: Settings, database: Database) -> Texts:
    """Return the tables and plans that people keep: files of the data folder, or texts of the shared database."""
    from vectorstore.kept_texts import SharedTexts, Texts

    return Texts(settings.data_dir) if database.path else SharedTexts(database)


def make_database(settings: Settings, *, pooled: bool = True) -> Database:
    """Return the tables beside the editions; raises `StoreAway` where the package for PostgreSQL is missing."""
    from vectorstore.database import Database

    return Database(settings.data_dir, _database_url(settings), pooled=pooled)


def _database_url(settings: Settings) -> str | None:
    return settings.database_url.get_secret_value() if settings.database_url else None


def make_decisions(settings: Settings, database: Database) -> Decisions:
    """Return what people decided, with what earlier versions kept elsewhere taken over, where that can be read."""
    from sqlalchemy.exc import SQLAlchemyError

    from service.people.decisions import Decisions, Wrong
    from service.people.migrating import migrate

    try:
        migrate(database, make_texts(settings, database))
    except (SQLAlchemyError, StoreError, OSError, Wrong) as error:  # answers do without
        log.warning(say("people.not_taken_over"), type(error).__name__)
    return Decisions(database)


def make_key(settings: Settings, database: Database) -> bytes:
    """Return the service's key: that of the data folder, or of the database that machines share."""
    from service.service_key import service_key, shared_key

    if database.path is not None:
        return service_key(settings.data_dir)
    return shared_key(database, settings.data_dir)


def make_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that words answers, None where none is configured; nothing is built or asked yet."""
    a_time = math.ceil(_AT_A_TIME / settings.workers)
    return _model(
        settings,
        settings.answer_model,
        ANSWER_TOKENS,
        seconds=settings.model_seconds,
        at_a_time=a_time,
        cost_per_day=settings.model_cost_per_day,
    )


def make_ingest_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that writes questions and reads papers, None where none is configured.

    Nobody waits for it, so it has the time and tokens that long replies take; no budget per day ends it.
    """
    return _model(settings, settings.ingest_model, _WRITING_TOKENS, seconds=_WRITING_SECONDS)


def _model(settings: Settings, name: str | None, tokens: int, **limits: Any) -> ModelAccess | None:
    if name is None:
        return None
    from service.language_models.access import Limits, access_to

    read, written = settings.model_prices or (0.0, 0.0)
    return access_to(name, Limits(price_read=read, price_written=written, **limits), tokens)


def make_curated(decisions: Decisions | None) -> Callable[[Parts], Curated]:
    """What makes decisions on questions of the parts that answer over an edition."""
    from service.people.told import Decided

    return lambda parts: Decided(parts, decisions)


class AnsweringEditions:
    """Editions that are opened together with their answer pipeline."""

    def __init__(
        self, settings: Settings, ids: AnswerIds, meters: Meters | None = None, database: Database | None = None
    ) -> None:
        self._settings = settings
        self._database = database or make_database(settings, pooled=False)  # which nobody closes
        self._ids = ids
        self._store = make_store(settings)
        self._model = make_model(settings)
        self._looks = 0
        if self._model is not None and meters is not None:
            self._model.told = meters.model_told

    def current_name(self) -> str | None:
        """Return the name of the published edition known here; None without."""
        return self._store.last_known_name()

    def look(self) -> None:
        """See what is published, and now and then what is to be removed here; raises `StoreAway`."""
        self._store.current_name()
        self._looks += 1
        if self._looks % _TIDIED_EVERY == 0:
            self._store.tidy()

    def open(self, name: str) -> tuple[Edition, AnswerService]:
        """Open an edition and the pipeline over it; raises a `StoreError`."""
        from service.answering.service import AnswerService

        try:
            with ExitStack() as opened:
                edition = opened.enter_context(closing(self._store.open(name)))
                curated = make_curated(make_decisions(self._settings, self._database))
                answers = AnswerService(edition, self._settings, self._ids, self._model, curated)
                answers.warm()
                opened.pop_all()
                return edition, answers
        except (StoreError, SettingsError):
            raise
        except Exception as error:
            log_exception(error)
            raise EditionDamaged(say("serving.edition_not_opened", name=name)) from error


def answer_ids(key: bytes) -> AnswerIds:
    """Return what issues the ids of answers under the service's key."""
    from service.service_key import AnswerIds, derived

    return AnswerIds(derived(key, "answers"))


def make_holder(
    settings: Settings, ids: AnswerIds | None = None, meters: Meters | None = None, database: Database | None = None
) -> EditionHolder:
    """Return the holder of the current edition, its answers named by `ids` and counted by `meters`.

    Decisions lie in `database`, which whoever gives it closes.

    Raises `SettingsError` for what a county has trained.
    """
    from service.service_key import service_key

    editions = AnsweringEditions(settings, ids or answer_ids(service_key(settings.data_dir)), meters, database)
    holder = EditionHolder(editions, editions.look if settings.database_url else None)
    holder.look()
    return holder
