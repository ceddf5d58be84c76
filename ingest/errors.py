"""Errors of ingestion; every message is a German sentence for the report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from prompts import say
from vectorstore.storage import StoreError


class Reason(StrEnum):
    """The code of a rejection, for programs; the German sentence for people is in `Rejected`."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    EMPTY = "empty"
    CHANGING = "changing"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    NO_TEXT = "no_text"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_CHARACTERS = "too_many_characters"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_MANY_ITEMS = "too_many_items"
    TOO_DEEP = "too_deep"
    ARCHIVE = "archive"
    MACROS = "macros"
    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    READER_FAILED = "reader_failed"
    REGISTER = "register"


def add_setting(reason: str, code: Reason | None) -> str:
    """The reason of a rejection, with the setting that allows more, if there is one: for a
    terminal, since people at a page can set nothing.
    """
    if code is Reason.OUT_OF_TIME:
        return f"{reason} {say('reading.more_seconds')}"
    return reason


class Rejected(Exception):
    """A file cannot become a document; `reason` is a German sentence for people, `code` is for
    programs.
    """

    def __init__(self, reason: str, code: Reason = Reason.DAMAGED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class RegisterError(StoreError):
    """The register cannot be used at all; the message has a line for each error, with file and line
    number.
    """


class WouldRemove(Exception):
    """The run would remove the documents `ids` from the edition, and the request does not allow
    it.
    """

    message = "reading.would_remove"

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(say(self.message, ids=", ".join(ids)))
        self.ids = tuple(ids)


class WouldReplace(WouldRemove):
    """The run would replace the documents `ids` by other versions, and the request does not allow
    it.
    """

    message = "reading.would_replace"
