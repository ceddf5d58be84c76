"""What can go wrong with editions; every message is a sentence or two that name the command that mends it.

This package may not read texts: whoever starts it hands in how its messages are worded. Without that a message is its
key with its values.
"""

from __future__ import annotations

from collections.abc import Callable


def _unworded(key: str, /, **values: object) -> str:
    return f"{key} {values}"


_wording: Callable[..., str] = _unworded


def word_with(wording: Callable[..., str]) -> None:
    """Have messages worded by a function of a key and its values, such as `prompts.say`."""
    global _wording
    _wording = wording


def say(key: str, /, **values: object) -> str:
    """Word a message: "store.no_draft" with its values."""
    return _wording(key, **values)


class StoreError(Exception):
    """Base of everything that the vector store raises on purpose."""


class NothingIngested(StoreError):
    """There is no edition to read."""


class EditionMismatch(StoreError):
    """The data folder or a backup has another format."""


class EditionDamaged(StoreError):
    """An edition does not contain what was put into it, or nobody can tell which one is published."""


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
    """The configured embedding is not there: a package or a file is missing, damaged or another one."""


class EmbeddingAway(StoreError):
    """The endpoint of an embedding does not answer now, or not as it should."""


def causes_of(error: BaseException) -> list[BaseException]:
    """An error with every error that it came of."""
    results: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is not None and cause not in results:
            results.append(cause)
            waiting += (cause.__cause__, cause.__context__)
    return results
