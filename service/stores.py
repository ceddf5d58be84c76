"""Opens what keeps data, from settings: the edition store and the database of all other tables.

The store is imported inside functions: importing it takes two seconds, which `--help` does not
need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompts import say
from service.logs import log
from service.settings import Settings
from vectorstore.storage import EmbeddingUnavailable, StoreUnavailable

if TYPE_CHECKING:
    from vectorstore import EditionStore
    from vectorstore.storage import Database

SOURCES_FILE = "sources.toml"  # in the data folder: the followed sources, where there are any
# folder of a verified backup that is being moved into the data folder
RESTORING_FOLDER = "restoring"


def open_store(settings: Settings) -> EditionStore:
    """Return the store of the editions: in the database of the settings, else in the data folder.

    If the files of the embedding are missing, a warning is logged, and search uses words alone.
    Raises `StoreUnavailable`.
    """
    from vectorstore import EditionStore, Embedding, SharedEditionStore, embedding_for

    embedding: Embedding | None = None
    try:
        embedding = embedding_for(settings.embedding)
    except EmbeddingUnavailable as error:
        log.warning(say("store.words_alone", error=error))
    store = SharedEditionStore if settings.database_url else EditionStore
    database = make_database(settings)
    return store(settings.data_dir, embedding, chroma_url=settings.chroma_url, database=database)


def make_database(settings: Settings) -> Database:
    """Return the database of all other tables: PostgreSQL if the settings name it, else an SQLite
    file in the data folder.

    Raises `StoreUnavailable` without the driver for it.
    """
    from vectorstore.storage import Database

    url = settings.database_url.get_secret_value() if settings.database_url else None
    return Database(settings.data_dir, url)


def migrate_database(database: Database) -> None:
    """Bring the tables to the schema of this program, before anything uses them.

    If the database cannot be used, as when a shared one is unreachable, a warning is logged and
    nothing is done: the service can still answer from the local copy of the edition. Raises
    `SchemaMismatch` if the tables cannot be brought to this schema.
    """
    from vectorstore.storage import translate_errors

    try:
        with translate_errors():
            database.migrate()
    except StoreUnavailable as error:
        log.warning(str(error))
