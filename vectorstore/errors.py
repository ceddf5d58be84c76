"""What can go wrong with editions; every message is one German sentence or two that name the command that mends it."""

NOTHING = "Es ist noch nichts eingelesen. 'strategielotse ingest PFAD' liest Dokumente ein."


class StoreError(Exception):
    """Base of everything that the vector store raises on purpose."""


class NothingIngested(StoreError):
    """There is no edition to read."""


class EditionMismatch(StoreError):
    """The edition was built by another schema version or with another embedding."""


class EditionDamaged(StoreError):
    """An edition does not hold what was put into it."""


class WriterBusy(StoreError):
    """Another process holds the writer's lock."""


class StoreAway(StoreError):
    """The database of several machines, or the Chroma server, cannot be reached or refuses what was asked."""


class NoSpace(StoreError):
    """The disk of the data folder, or of the folder for temporary files, has not enough space."""


class NoMemory(StoreError):
    """A run of ingestion would have taken more memory than it may."""


class NotPublishable(StoreError):
    """An edition is not there, started from one that is no longer current, or is not one to publish or drop."""


class TooManyDrafts(StoreError):
    """As many drafts wait as may."""


class EmbeddingUnavailable(StoreError):
    """The configured embedding cannot be built: a package, folder or address is missing."""
