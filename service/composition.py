"""Puts the parts together: the editions of the data folder and the pipeline that answers over each.

Store and pipeline are imported when they are needed: that takes two seconds, and `--help` does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.edition_holder import Answers, EditionHolder, OpenEdition
from service.identifiers import AnswerIds
from service.service_key import derived, service_key
from service.settings import Settings

if TYPE_CHECKING:
    from service.language_models.access import ModelAccess
    from service.metrics.meters import Meters
    from vectorstore.database import Database
    from vectorstore.editions import EditionStore

_WRITING_SECONDS, _WRITING_TOKENS = 180.0, 4000


def make_store(settings: Settings) -> EditionStore:
    """Return the editions of the settings' data folder; raises `EmbeddingUnavailable`."""
    from vectorstore.editions import EditionStore
    from vectorstore.models import embedding_for

    return EditionStore(settings.data_dir, embedding_for(settings.embedding), chroma_url=settings.chroma_url)


def make_database(settings: Settings) -> Database:
    """Return the tables beside the editions."""
    from vectorstore.database import Database

    return Database(settings.data_dir, settings.database_url.get_secret_value() if settings.database_url else None)


def require_trained(settings: Settings) -> None:
    """Raise a `SettingsError` where the folder of a county's own training is missing, or a file in it is no good."""
    if settings.trained_dir is not None:
        from service.answering.trained.ranking import ranking
        from service.answering.trained.sentences import teller
        from service.answering.understanding.classifier import classifier

        classifier(settings.trained_dir)
        teller(settings.trained_dir)
        ranking(settings.trained_dir)


def make_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that words answers, None where none is configured; nothing is built or asked yet."""
    if settings.answer_model is None:
        return None
    from service.language_models.access import Limits, access_to

    limits = Limits(
        seconds=settings.model_seconds,
        at_a_time=settings.model_at_a_time,
        cost_per_day=settings.model_cost_per_day,
        price_read=settings.model_price_read,
        price_written=settings.model_price_written,
    )
    return access_to(settings.answer_model, limits, settings.model_tokens)


def make_ingest_model(settings: Settings) -> ModelAccess | None:
    """Return access to the model that writes questions and reads papers, None where none is configured.

    Nobody waits for it, so it has the time and tokens that long replies take; no budget per day ends it.
    """
    if settings.ingest_model is None:
        return None
    from service.language_models.access import Limits, access_to

    limits = Limits(
        seconds=_WRITING_SECONDS, price_read=settings.model_price_read, price_written=settings.model_price_written
    )
    return access_to(settings.ingest_model, limits, _WRITING_TOKENS)


class AnsweringEditions:
    """Editions that are opened together with their answer pipeline."""

    def __init__(self, settings: Settings, ids: AnswerIds, meters: Meters | None = None) -> None:
        require_trained(settings)
        self._settings = settings
        self._ids = ids
        self._store = make_store(settings)
        self._model = make_model(settings)
        self._certain = meters.certain if meters else None
        if self._model is not None and meters is not None:
            self._model.told = meters.model_told

    def current_name(self) -> str | None:
        """Return the name of the published edition, None while nothing is ingested."""
        return self._store.current_name()

    def open(self, name: str) -> tuple[OpenEdition, Answers]:
        """Open an edition and the pipeline over it; raises a `StoreError`."""
        from service.answering.service import AnswerService

        edition = self._store.open(name)
        answers = AnswerService(edition, self._settings, self._ids, self._model, self._certain)
        answers.warm()
        return edition, answers


def answer_ids(key: bytes) -> AnswerIds:
    """Return what issues the ids of answers under the service's key."""
    return AnswerIds(derived(key, "answers"))


def make_holder(settings: Settings, ids: AnswerIds | None = None, meters: Meters | None = None) -> EditionHolder:
    """Return the holder of the current edition, its answers named by `ids` and counted by `meters`.

    Raises `EmbeddingUnavailable`, and `SettingsError` for what a county has trained.
    """
    return EditionHolder(AnsweringEditions(settings, ids or answer_ids(service_key(settings.data_dir)), meters))
