"""Leases the current edition to requests: a new one is opened first, then the old one is closed by
its last user.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from prompts import say
from service import log
from vectorstore.storage import NothingIngested, StoreError

if TYPE_CHECKING:
    from service.answering import AnswerService
    from vectorstore import Edition

RETRY_SECONDS = 5.0


class EditionSource(Protocol):
    """Opens editions, and knows the version of the current one."""

    def current_version(self) -> str | None:
        """The version to serve: name of the published edition and mark of people's decisions; None
        for no edition.
        """

    def open(self, version: str) -> tuple[Edition, AnswerService]:
        """Open the edition of a version and the answer service over it; raises a `StoreError`."""


@dataclass(eq=False)
class OpenEdition:
    """An open edition with its answer service, and how many use it: the holder while it serves it,
    and requests.
    """

    edition: Edition
    answers: AnswerService
    version: str
    leases: int = 1


class _Failure(NamedTuple):
    """A version that could not be opened, and when it is tried again (`time.monotonic`)."""

    version: str
    error: StoreError
    retry_at: float


class EditionHolder:
    """Leases the current edition; thread-safe. `is_unreachable` is True while its database cannot
    be reached.

    `read` reads decisions, with a `shared` database also which edition is published; it raises
    `StoreUnavailable`.
    """

    def __init__(
        self, source: EditionSource, read: Callable[[], None] | None = None, *, shared: bool = False
    ) -> None:
        """Begin without an edition: `refresh`, or else the first request, opens one.

        There are two locks: a short one for the counts of users, and one that a thread holds while
        it opens an edition, so that no other opens it too.
        """
        self._source = source
        self._read, self.shared = read, shared
        self.is_unreachable = False
        self._has_garbage = False
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._served: OpenEdition | None = None
        self._failure: _Failure | None = None

    @property
    def name(self) -> str | None:
        """The name of the edition that is served, None if there is none."""
        served = self._served
        return served.edition.name if served else None

    def watch(self) -> None:
        """Open a new edition in the background, so that requests rarely have to wait for it.

        It is called about once a second. It also frees the memory of editions that were closed:
        their parts refer to each other, so that only the garbage collector frees them.
        """
        self.check_current()
        if self._has_garbage:
            self._has_garbage = False
            # by itself it runs late, and nothing else frees parts that refer to each other
            gc.unfreeze()
            gc.collect()
        if self._is_outdated():
            self.refresh()

    def check_current(self) -> None:
        """Read from the database which edition is published and what is decided.

        If the database cannot be reached, the edition that is served stays. A log line says so
        once, and another one when the database is back.
        """
        if self._read is None:
            return
        try:
            self._read()
        except StoreError as error:
            if not self.is_unreachable:
                log.warning(say("serving.answers_from_open"), error)
            self.is_unreachable = True
        else:
            if self.is_unreachable:
                log.info(say("serving.database_back"))
            self.is_unreachable = False

    def refresh(self) -> None:
        """Open the current edition if another one is served.

        If another thread is opening it already, return at once, so that requests are answered from
        the edition before. Only if no edition is served, wait for that thread.
        """
        if not self._opening.acquire(blocking=self._served is None):
            return  # another thread is opening it
        try:
            self._open_current()
        finally:
            self._opening.release()

    def update(self) -> None:
        """Serve what was decided or published a moment ago; returns when it is open.

        Unlike `refresh` it always waits for a thread that is opening an edition: that thread may
        have begun before the decision.
        """
        self.check_current()
        with self._opening:
            self._open_current()

    def acquire(self) -> OpenEdition:
        """Lease the current edition, opening it if needed.

        If it cannot be opened, or another thread is opening it, the edition before is leased. If
        there is none at all, raises the `StoreError` for which none could be opened.
        """
        if self._is_outdated():
            self.refresh()
        with self._lock:
            if self._served is not None:
                self._served.leases += 1
                return self._served
        if self._failure:
            raise self._failure.error
        raise NothingIngested(say("store.nothing"))

    def release(self, served: OpenEdition) -> None:
        """End a lease; the last one, which ends after the edition was replaced, closes it."""
        with self._lock:
            served.leases -= 1
            is_unused = served.leases == 0
        if is_unused:
            served.edition.close()
            self._has_garbage = True

    @contextmanager
    def lease(self) -> Iterator[OpenEdition]:
        """Lease the current edition for a `with` block; raises a `StoreError` where there is
        none.
        """
        served = self.acquire()
        try:
            yield served
        finally:
            self.release(served)

    def close(self) -> None:
        """Serve no edition any more; the one served is closed when it has no users."""
        self._swap(None)

    def _is_outdated(self) -> bool:
        """True if the current version is another than the served one.

        False for some seconds after this version could not be opened: otherwise every request would
        try it, and wait.
        """
        version = self._current_version()
        served = self._served
        failure = self._failure
        if failure and failure.version == version and time.monotonic() < failure.retry_at:
            return False
        return version != (served.version if served else None)

    def _current_version(self) -> str | None:
        """Return the version to serve, None if there is none.

        If the source cannot say it, it is the version that is served, which then stays. If none is
        served, the error is kept for `acquire` to raise. It is kept without a version and a time,
        so that the next request asks the source again.
        """
        try:
            return self._source.current_version()
        except StoreError as error:
            if self._served is not None:
                return self._served.version
            self._failure = _Failure("", error, 0.0)
            return None

    def _open_current(self) -> None:
        """Open the current edition and serve it, unless it is served already.

        If it cannot be opened, this is logged, the edition before stays, and the error is kept for
        `acquire` to raise. If no edition is published any more, none is served. The garbage
        collector is off meanwhile, and `freeze` makes it ignore the new edition from then on:
        looking through it would delay answers.
        """
        if not self._is_outdated():
            return
        version, previous_name = self._current_version(), self.name
        opened = None
        gc.disable()  # it would look at all that is opened again and again: a quarter of the time
        try:
            if version is not None:
                opened = OpenEdition(*self._source.open(version), version)
        except StoreError as error:
            self._failure = _Failure(str(version), error, time.monotonic() + RETRY_SECONDS)
            log.warning(say("serving.edition_unreadable"), version, error)
            return
        finally:
            gc.enable()
        gc.freeze()  # so that no answer waits while the collector looks through the new edition
        self._swap(opened)
        self._failure = None
        if opened is not None:
            log.info(say("serving.edition_opened"), version)
            is_new = opened.edition.name != previous_name  # the warning comes once for an edition
            if opened.edition.embedding is None and is_new:
                log.warning(say("staff.embedding_none"))

    def _swap(self, new: OpenEdition | None) -> None:
        """Serve `new` from now on, None for none, and end the lease of the edition served before.

        That one is closed now or, if requests still use it, by the last of them.
        """
        with self._lock:
            old, self._served = self._served, new
        if old is not None:
            self.release(old)
