"""Serves the current edition: a new one is opened before the old one is let go, and a request keeps one edition."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from prompts import say
from vectorstore.errors import NothingIngested, StoreError

if TYPE_CHECKING:
    from service.answering.service import AnswerService
    from vectorstore.edition import Edition

RETRY_SECONDS = 5.0
log = logging.getLogger("strategielotse")


class EditionSource(Protocol):
    """Where editions come from."""

    def current_version(self) -> str | None:
        """The published edition and what people decided, None while nothing is ingested."""

    def open(self, version: str) -> tuple[Edition, AnswerService]:
        """Open an edition and what answers over it; raises a `StoreError`."""


@dataclass(eq=False)
class Served:
    """An open edition with what answers over it, the version it was opened by, and how many requests hold it."""

    edition: Edition
    answers: AnswerService
    version: str
    users: int = 0
    retired: bool = False
    closed: bool = False


class EditionHolder:
    """Hands out the current edition; safe for threads. `away`: nobody could say lately whether it still is.

    `look` asks what was decided, and where editions are `shared` by machines what is published; raises `StoreAway`.
    """

    def __init__(self, source: EditionSource, look: Callable[[], None] | None = None, *, shared: bool = False) -> None:
        self._source = source
        self._look, self.shared = look, shared
        self.away = False
        self._left = False
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._served: Served | None = None
        self._failure: tuple[str, StoreError, float] | None = None

    @property
    def name(self) -> str | None:
        """The name of the edition that answers, None for none."""
        served = self._served
        return served.edition.name if served else None

    def watch(self) -> None:
        """Notice a new edition, so that hardly ever a request waits for its opening; free the memory of the one before.

        Its parts know each other, and Python would wait for several more before it looks for such garbage.
        """
        self.look()
        if self._left:
            self._left = False
            gc.collect()
        if self._is_outdated():
            self.refresh()

    def look(self) -> None:
        """Ask what is published; where nobody can tell, what is served stays."""
        if self._look is None:
            return
        try:
            self._look()
        except StoreError as error:
            if not self.away:
                log.warning(say("serving.answers_from_open"), error)
            self.away = True
        else:
            if self.away:
                log.info(say("serving.database_back"))
            self.away = False

    def refresh(self) -> None:
        """Open the current edition if it is another one; whoever is served another one meanwhile does not wait."""
        if not self._opening.acquire(blocking=self._served is None):
            return
        try:
            self._open_current()
        finally:
            self._opening.release()

    def update(self) -> None:
        """Serve what was decided or published a moment ago; whoever did that waits for it."""
        self.look()
        with self._opening:
            self._open_current()

    def try_acquire(self) -> Served | None:
        """Take the served edition if it is the current one and open, else None; never waits."""
        return None if self._is_outdated() else self._take()

    def acquire(self) -> Served:
        """Take the current edition, opening it where needed; raises a `StoreError` where there is none."""
        if self._is_outdated():
            self.refresh()
        if (served := self._take()) is None:
            raise self._failure[1] if self._failure else NothingIngested(say("store.nothing"))
        return served

    def release(self, served: Served) -> None:
        """Give an edition back; the last user of a retired one closes it."""
        with self._lock:
            served.users -= 1
        self._close_unused(served)

    @contextmanager
    def lease(self) -> Iterator[Served]:
        """Hold the current edition for a block."""
        served = self.acquire()
        try:
            yield served
        finally:
            self.release(served)

    def close(self) -> None:
        """Retire what is served."""
        self._swap(None)

    def _is_outdated(self) -> bool:
        """True if another edition is current than the one served, and may be opened."""
        version, served, failure = self._current_version(), self._served, self._failure
        failed_lately = failure is not None and failure[0] == version and time.monotonic() < failure[2]
        return not failed_lately and version != (served.version if served else None)

    def _current_version(self) -> str | None:
        """The version to serve; where nobody can tell which it is, the one that is served."""
        try:
            return self._source.current_version()
        except StoreError as error:
            if self._served is not None:
                return self._served.version
            self._failure = ("", error, 0.0)
            return None

    def _take(self) -> Served | None:
        with self._lock:
            if self._served is not None:
                self._served.users += 1
            return self._served

    def _open_current(self) -> None:
        if not self._is_outdated():
            return
        version, before = self._current_version(), self.name
        try:
            self._swap(Served(*self._source.open(version), version) if version is not None else None)
            self._failure = None
            if version is not None:
                log.info(say("serving.edition_opened"), version)
                if self._served is not None and self._served.edition.embedding is None and self.name != before:
                    log.warning(say("staff.embedding_none"))
        except StoreError as error:
            self._failure = (str(version), error, time.monotonic() + RETRY_SECONDS)
            log.warning(say("serving.edition_unreadable"), version, error)

    def _swap(self, new: Served | None) -> None:
        with self._lock:
            old, self._served = self._served, new
            if old is not None:
                old.retired = True
        if old is not None:
            self._close_unused(old)

    def _close_unused(self, served: Served) -> None:
        with self._lock:
            close = served.retired and served.users == 0 and not served.closed
            served.closed = served.closed or close
        if close:
            served.edition.close()
            self._left = True
