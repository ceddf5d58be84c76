"""The exceptions of the vector store, and how their messages are worded: one or two sentences for
people.

This package does not depend on the texts in `prompts`: the program sets the wording with
`set_wording`. Without it a message is its key and values.
"""

from __future__ import annotations

from collections.abc import Callable


def _unworded(key: str, /, **values: object) -> str:
    return f"{key} {values}"


_wording: Callable[..., str] = _unworded


def set_wording(wording: Callable[..., str]) -> None:
    """Set the function that words messages, called with a key and its values, such as
    `prompts.say`.
    """
    global _wording
    _wording = wording


def say(key: str, /, **values: object) -> str:
    """The message for a key such as "store.no_draft", with its values filled in."""
    return _wording(key, **values)


class StoreError(Exception):
    """Base class of the vector store's own exceptions."""


class NothingIngested(StoreError):
    """There is no edition to read."""


class EditionMismatch(StoreError):
    """The data folder or a backup has another format."""


class EditionDamaged(StoreError):
    """An edition differs from what was written, or the file that names the published edition is
    damaged.
    """


class WriterBusy(StoreError):
    """Another process has the writer's lock."""


class StoreUnavailable(StoreError):
    """The shared database or the Chroma server cannot be reached, or rejects a request."""


class NoSpace(StoreError):
    """The disk of the data folder, or of the folder for temporary files, is full or nearly so."""


class NoMemory(StoreError):
    """An ingestion run needs more memory than its limit."""


class NotPublishable(StoreError):
    """An edition cannot be published or dropped: it is missing, published already, no draft, or an
    outdated draft.
    """


class TooManyDrafts(StoreError):
    """The limit of unpublished drafts is reached."""


class EmbeddingUnavailable(StoreError):
    """The configured embedding cannot be loaded: a package or file is missing, damaged or has
    another digest.
    """


class EmbeddingUnreachable(StoreError):
    """The endpoint of an embedding does not answer at the moment, or not in the expected form."""


def causes_of(error: BaseException) -> list[BaseException]:
    """An error with all its causes and contexts, each once."""
    results: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        cause = waiting.pop()
        if cause is not None and cause not in results:
            results.append(cause)
            waiting += (cause.__cause__, cause.__context__)
    return results
