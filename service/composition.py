"""Builds the parts from settings: models, the pipeline over an edition, and the holder of the
edition that answers.

Store and pipeline are imported inside functions: importing them takes two seconds, which `--help`
does not need.
"""

from __future__ import annotations

import math
from contextlib import ExitStack, closing
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from prompts import say
from service import (
    NO_JUDGE,
    Settings,
    follow_advice,
    log_exception,
    make_database,
    migrate_database,
)
from service.backup import make_store
from service.web import EditionHolder
from vectorstore.storage import EditionDamaged, StoreError

if TYPE_CHECKING:
    from service import AnswerIds
    from service.answering import AnswerService
    from service.language_models import ModelAccess
    from service.people import Decision
    from service.web.http import Meters
    from vectorstore import Edition
    from vectorstore.storage import Database

ANSWER_TOKENS = 4000  # of a reply at most; reasoning models need some of them before they answer
_AT_A_TIME = 8  # requests to the model that words answers
_INGEST_SECONDS = 180.0
_INGEST_TOKENS = 8000
_TIDY_EVERY = 60  # calls of `refresh`, one a second


def make_key(database: Database) -> bytes:
    """Return the service's secret key, created if there is none."""
    from service import read_service_key
    from vectorstore import Texts

    return read_service_key(Texts(database))


def make_model(settings: Settings) -> ModelAccess | None:
    """Return access to the language model that words answers, or None if no model is configured.

    The model is built when an edition is first opened for answering. Each of several processes gets
    its part of the requests that may run at a time, rounded up.
    """
    return _make_answering(settings, settings.answer_model)


def make_judge(settings: Settings, model: ModelAccess | None) -> ModelAccess | None:
    """Return access to the model that judges what the answer model says, which is that one itself
    if no other is set; None without a model, or if nothing is to be judged ("off").
    """
    if settings.judge_model is None or model is None:
        return model
    if settings.judge_model == NO_JUDGE:
        return None
    return _make_answering(settings, settings.judge_model)


def make_ingest_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that says what records are; None if not set.

    It has no daily budget. A reply may have `_INGEST_TOKENS` and take `_INGEST_SECONDS`, since no
    visitor waits for it.
    """
    return _make_model(settings, settings.ingest_model, _INGEST_TOKENS, seconds=_INGEST_SECONDS)


def _make_answering(settings: Settings, name: str | None) -> ModelAccess | None:
    """Return access to the model `name`, used while a visitor waits; None for None."""
    return _make_model(
        settings,
        name,
        ANSWER_TOKENS,
        seconds=settings.model_seconds,
        cost_per_day=settings.model_cost_per_day,
        at_a_time=math.ceil(_AT_A_TIME / settings.workers),  # of one of several processes
    )


def _make_model(
    settings: Settings, name: str | None, tokens: int, **limits: Any
) -> ModelAccess | None:
    """Return access to the model `name`, None for None.

    `tokens` are the most tokens of a reply. `limits` are the other fields of `Limits`; the prices
    (of a million tokens read, and written) are those of the settings, 0 if none are set.
    """
    if name is None:
        return None
    from service.language_models import Limits, access_to

    read, written = settings.model_prices or (0.0, 0.0)
    return access_to(name, Limits(price_read=read, price_written=written, **limits), tokens)


class AnsweringEditions:
    """Opens editions with people's decisions applied, and the answer pipeline over them (an
    `EditionSource`).
    """

    def __init__(
        self, settings: Settings, ids: AnswerIds, database: Database, meters: Meters | None = None
    ) -> None:
        """Make what is shared by all editions: store, model, decisions and contacts.

        `ids` makes the ids of answers; `meters`, if given, counts the replies of the model.
        """
        from service.people import Decisions
        from service.records import ContactStore

        self._settings = settings
        self._contacts = ContactStore(database)
        self._decisions = Decisions(database)
        # version of the decisions read last, and they
        self._decided: tuple[object, list[Decision]] = (None, [])
        self._ids = ids
        self._store = make_store(settings)
        self._model = make_model(settings)
        self._judge = make_judge(settings, self._model)
        self._checks = 0  # of the current edition, at the shared database
        for access in (self._model, self._judge):
            if access is not None and meters is not None:
                access.report_reply = meters.count_reply

    def current_version(self) -> str | None:
        """Return the version to serve: the name of the published edition and, after "+", a digest
        of the decisions.

        For example "2026-11-20-1+3f9a0c12b7de"; without decisions the name alone. None if no
        edition is published.
        """
        name = self._store.local_current_name()
        of_decisions, _ = self._decided
        if name is None or not of_decisions:
            return name
        return f"{name}+{sha256(repr(of_decisions).encode()).hexdigest()[:12]}"

    def refresh(self) -> None:
        """Read the decisions and, from a shared database, which edition is published.

        The name is stored in the data folder, where `current_version` reads it without asking the
        database. Once a minute, local copies of editions that are gone from the database are
        removed. Raises `StoreUnavailable`.
        """
        self._read_decisions()
        if self._settings.database_url:
            self._store.current_name()
            self._checks += 1
            if self._checks % _TIDY_EVERY == 0:
                self._store.remove_gone_copies()

    def open(self, version: str) -> tuple[Edition, AnswerService]:
        """Open the edition of a version and the pipeline over it; raises a `StoreError`.

        Of the version ("2026-11-20-1+3f9a0c12b7de") only the name before "+" is needed: the
        decisions applied are those read last. If anything fails on the way, the edition is closed
        again, and an error of another kind becomes `EditionDamaged`, so that the service goes on
        with the edition before.
        """
        from service.answering import AnswerService
        from service.people import DecidedQuestions, apply_decisions

        name = version.partition("+")[0]
        _, decided = self._decided
        today = self._decisions.today
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
                    self._judge,
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
        """Read the decisions if they changed since they were read last.

        Raises `StoreUnavailable` if the database cannot be read; the earlier decisions stay in use.
        """
        from vectorstore.storage import translate_errors

        with translate_errors():
            version = self._decisions.version()
            if version != self._decided[0]:
                self._decided = (version, self._decisions.published())


def open_answers(settings: Settings, database: Database) -> None:
    """Open the published edition for answering, and close it again.

    Raises a `StoreError` if it cannot be opened, or if none is published: this is how a backup is
    verified.
    """
    from service import AnswerIds

    editions = AnsweringEditions(settings, AnswerIds(), database)
    editions.refresh()
    editions.open(editions.current_version() or "")[0].close()


def answer_ids(key: bytes) -> AnswerIds:
    """Return the issuer of answer ids, keyed by the service's key."""
    from service import AnswerIds, derive_key

    return AnswerIds(derive_key(key, "answers"))


def make_holder(
    settings: Settings,
    ids: AnswerIds | None = None,
    meters: Meters | None = None,
    database: Database | None = None,
) -> EditionHolder:
    """Return the holder of the current edition, over tables that have been brought to this
    program's schema.

    `ids` makes the ids of answers, `meters` counts the replies of the model. Decisions are read
    from `database`, which the caller closes; by default it is that of the settings. Raises
    `StoreUnavailable`, `SchemaMismatch`.
    """
    database = database or make_database(settings)
    migrate_database(database)
    settings = follow_advice(settings, database)
    editions = AnsweringEditions(settings, ids or answer_ids(make_key(database)), database, meters)
    holder = EditionHolder(editions, editions.refresh, shared=settings.database_url is not None)
    holder.check_current()
    return holder
