"""Builds the parts from settings: edition store, database, models, and the holder of the edition
that answers.

Store and pipeline are imported inside functions: importing them takes two seconds, which `--help`
does not need.
"""

from __future__ import annotations

import logging
import math
from contextlib import ExitStack, closing, suppress
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from prompts import say
from service.edition_holder import EditionHolder
from service.logs import log_exception
from service.settings import Settings
from vectorstore.errors import (
    EditionDamaged,
    EmbeddingUnavailable,
    StoreError,
    StoreUnavailable,
    WriterBusy,
)

if TYPE_CHECKING:
    from service.answering.service import AnswerService
    from service.language_models.access import ModelAccess
    from service.metrics import Meters
    from service.people.decisions import Decision
    from service.service_key import AnswerIds
    from vectorstore.database import Database
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore

RESTORING = "restoring"  # folder of a verified backup that is being moved into the data folder
log = logging.getLogger("strategielotse")
ANSWER_TOKENS = 4000  # of a reply at most; reasoning models need some of them before they answer
_AT_A_TIME = 8  # requests to the model that words answers
_WRITING_SECONDS, _WRITING_TOKENS = 180.0, 8000
_TIDY_EVERY = 60  # calls of `refresh`, one a second


def make_store(settings: Settings) -> EditionStore:
    """Return the store of the editions in the settings' data folder or database; a restore that was
    interrupted is finished before.

    Where the embedding's files are missing, search uses words alone; a warning is logged. Raises
    `StoreUnavailable`, and a `StoreError` or OSError of the restore.
    """
    store = open_store(settings)
    if (settings.data_dir / RESTORING).is_dir():
        from service.backup.installation import finish_restore

        with suppress(WriterBusy):  # who is at it
            finish_restore(settings, store)
    return store


def open_store(settings: Settings) -> EditionStore:
    """Return the store as `make_store` does, whatever was interrupted."""
    from vectorstore.editions import EditionStore
    from vectorstore.embeddings import Embedding, embedding_for

    embedding: Embedding | None = None
    try:
        embedding = embedding_for(settings.embedding)
    except EmbeddingUnavailable as error:
        log.warning(say("store.words_alone", error=error))
    if (url := _database_url(settings)) is None:
        return EditionStore(settings.data_dir, embedding, chroma_url=settings.chroma_url)
    from vectorstore.shared.editions import SharedEditionStore

    return SharedEditionStore(settings.data_dir, url, embedding, chroma_url=settings.chroma_url)


def make_database(settings: Settings) -> Database:
    """The database of all other tables (PostgreSQL, else SQLite); raises `StoreUnavailable` without
    its driver.
    """
    from vectorstore.database import Database

    return Database(settings.data_dir, _database_url(settings))


def migrate(database: Database) -> None:
    """Bring the tables to this program's schema before anything uses them; a shared database that
    is away is left.

    Raises `SchemaMismatch` where that is not possible.
    """
    from vectorstore.database import translate_errors

    try:
        with translate_errors():
            database.migrate()
    except StoreUnavailable as error:
        log.warning(str(error))


def _database_url(settings: Settings) -> str | None:
    return settings.database_url.get_secret_value() if settings.database_url else None


def make_key(database: Database) -> bytes:
    """Return the service's secret key, created if there is none."""
    from service.service_key import service_key
    from vectorstore.texts import Texts

    return service_key(Texts(database))


def make_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that words answers, None where none is configured; nothing is
    built or asked yet.
    """
    limits = {"seconds": settings.model_seconds, "cost_per_day": settings.model_cost_per_day}
    at_a_time = math.ceil(_AT_A_TIME / settings.workers)  # of one of several processes
    return _make_model(
        settings, settings.answer_model, ANSWER_TOKENS, at_a_time=at_a_time, **limits
    )


def make_ingest_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that writes questions and reads documents, without daily budget;
    None if not set.
    """
    return _make_model(settings, settings.ingest_model, _WRITING_TOKENS, seconds=_WRITING_SECONDS)


def _make_model(
    settings: Settings, name: str | None, tokens: int, **limits: Any
) -> ModelAccess | None:
    """Access to the model of a setting with `limits` (fields of `Limits`) and the configured
    prices.
    """
    if name is None:
        return None
    from service.language_models.access import Limits, access_to

    read, written = settings.model_prices or (0.0, 0.0)
    return access_to(name, Limits(price_read=read, price_written=written, **limits), tokens)


class AnsweringEditions:
    """Opens editions with people's decisions applied, and the answer pipeline over them (an
    `EditionSource`).
    """

    def __init__(
        self, settings: Settings, ids: AnswerIds, database: Database, meters: Meters | None = None
    ) -> None:
        from service.contacts.store import ContactStore
        from service.people.decisions import Decisions

        self._settings = settings
        self._contacts = ContactStore(database)
        self._decisions = Decisions(database)
        self._decided: tuple[object, list[Decision]] = (
            None,
            [],
        )  # version of the decisions read last, and they
        self._ids = ids
        self._store = make_store(settings)
        self._model = make_model(settings)
        self._checks = 0  # of the current edition, at the shared database
        self._is_readable = True  # whether the decisions could be read the last time
        if self._model is not None and meters is not None:
            self._model.report_reply = meters.count_reply

    def current_version(self) -> str | None:
        """Return the published edition's name, with "+" and a digest of the decisions' version if
        there are decisions.

        "2026-11-20-1+3f9a0c12b7de"; None for no edition.
        """
        name, version = self._store.local_current_name(), self._decided[0]
        if name is None or not version:
            return name
        return f"{name}+{sha256(repr(version).encode()).hexdigest()[:12]}"

    def refresh(self) -> None:
        """Read the decisions; from a shared database also the edition's name. Raises
        `StoreUnavailable`.
        """
        self._read_decisions()
        if self._settings.database_url:
            self._store.current_name()
            self._checks += 1
            if self._checks % _TIDY_EVERY == 0:
                self._store.remove_gone_copies()

    def open(self, version: str) -> tuple[Edition, AnswerService]:
        """Open the edition of a `current_version` and the pipeline over it; raises a
        `StoreError`.
        """
        from service.answering.service import AnswerService
        from service.people.decided_questions import DecidedQuestions
        from service.people.decisions import apply_decisions

        name, decided, today = version.partition("+")[0], self._decided[1], self._decisions.today
        try:
            with ExitStack() as opened:
                uncorrected = opened.enter_context(closing(self._store.open(name)))
                edition = apply_decisions(uncorrected, decided, today())
                decide = partial(DecidedQuestions, decisions=decided, today=today)
                answers = AnswerService(
                    edition,
                    self._settings,
                    self._ids,
                    self._model,
                    decide,
                    self._contacts.directory,
                )
                answers.warm()
                opened.pop_all()  # without an error the edition stays open: the caller closes it
                return edition, answers
        except StoreError:
            raise
        except Exception as error:
            log_exception(error)
            raise EditionDamaged(say("serving.edition_not_opened", name=name)) from error

    def _read_decisions(self) -> None:
        """Read the decisions if they changed; where the database cannot be read, those read last
        stay in use.
        """
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if (version := self._decisions.version()) != self._decided[0]:
                self._decided = (version, self._decisions.standing())
            self._is_readable = True
        except SQLAlchemyError as error:
            if self._is_readable:
                log.warning(say("people.unreadable"), type(error).__name__)
            self._is_readable = False


def answer_ids(key: bytes) -> AnswerIds:
    """Return the issuer of answer ids, keyed by the service's key."""
    from service.service_key import AnswerIds, derive_key

    return AnswerIds(derive_key(key, "answers"))


def make_holder(
    settings: Settings,
    ids: AnswerIds | None = None,
    meters: Meters | None = None,
    database: Database | None = None,
) -> EditionHolder:
    """Return the holder of the current edition; `ids` issues the ids of its answers, `meters`
    counts model replies.

    Decisions are read from `database`, which the caller closes. Raises `StoreUnavailable`,
    `SchemaMismatch`.
    """
    database = database or make_database(settings)
    migrate(database)
    editions = AnsweringEditions(settings, ids or answer_ids(make_key(database)), database, meters)
    holder = EditionHolder(editions, editions.refresh, shared=settings.database_url is not None)
    holder.check_current()
    return holder
