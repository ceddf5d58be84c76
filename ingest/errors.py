"""What can go wrong while documents are read; every message is a German sentence for the report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from prompts import say


class Reason(StrEnum):
    """Why a file was rejected, for programs; the sentence beside it is for people."""

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


class Rejected(Exception):
    """One file cannot be a document; `reason` says why, for people, `code` for programs."""

    def __init__(self, reason: str, code: Reason = Reason.DAMAGED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class RegisterError(Exception):
    """The register is wrong as a whole; the message names file and line, on a line of its own for each error."""


class WouldRemove(Exception):
    """Documents would go that nobody said may go; `ids` names them."""

    def __init__(self, ids: Sequence[str]) -> None:
        super().__init__(say("reading.would_remove", ids=", ".join(ids)))
        self.ids = tuple(ids)
