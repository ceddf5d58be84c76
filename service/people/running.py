"""Trying and publishing beside requests: one at a time in an installation, shown on every page while it goes on.

One text for all processes says that something runs, how far it is, and when that was said.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass

from sqlalchemy.exc import SQLAlchemyError

from prompts import say
from service.composition import make_store
from service.people.decisions import Decisions
from service.people.trial import NAME, Changes, NotPublished, Show, TrialFailed, Try, publish, read_trial, require
from service.settings import Settings, SettingsError
from vectorstore.errors import StoreAway, StoreError
from vectorstore.kept_texts import Texts

TURN = "learned/turn.json"
SILENT_SECONDS = 600.0  # what has not been said for so long has died with its process
TOLD_SECONDS = 3600.0  # how long pages say what became of the last one
log = logging.getLogger("strategielotse")
Work = Callable[[Show], str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: the step in words, the share done from 0 to 1; `told` is what became of it, or why it `failed`."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    told: str = ""
    failed: bool = False


class Runner:
    """Tries and publishes where nobody else of the installation does; `attempt` None where the service cannot try.

    What runs does not outlive the process. Safe for threads, processes and machines.
    """

    def __init__(self, settings: Settings, attempt: Try | None, texts: Texts, decisions: Decisions) -> None:
        self._settings, self._attempt, self._texts, self._decisions = settings, attempt, texts, decisions

    @property
    def progress(self) -> Progress:
        """How far what runs anywhere is, or what became of the last one; nothing where nobody can tell."""
        try:
            return _read(self._texts.get(TURN))
        except (OSError, StoreAway):
            return Progress()

    def try_out(self) -> bool:
        """Begin a trial; false where something runs. Raises StoreAway."""
        attempt = self._attempt

        def work(show: Show) -> str:
            assert attempt is not None
            self._texts.put(NAME, attempt(self._settings, show).model_dump_json(indent=1).encode())
            return ""

        return attempt is not None and self._begin(work)

    def publish(self, done: Callable[[str], None], *, even_if_worse: bool = False) -> bool:
        """Begin to publish what was tried; `done` gets the new edition's name. False where something runs.

        What was not tried is not published, and no case may have got worse, unless `even_if_worse`. Raises StoreAway.
        """

        def tried(changes: Changes) -> None:
            if self._attempt is not None:
                require(read_trial(self._texts), changes.digest, even_if_worse=even_if_worse)

        def work(show: Show) -> str:
            edition = publish(make_store(self._settings), self._decisions, tried, show)
            self._texts.remove(NAME)
            done(edition)
            return say("people.published", edition=edition)

        return self._begin(work)

    def _begin(self, work: Work) -> bool:
        begun = False

        def take(content: bytes | None) -> bytes | None:
            nonlocal begun
            begun = not _read(content).running
            return _written(Progress(running=True, step=say("people.begun"))) if begun else content

        try:
            self._texts.change(TURN, take)
        except OSError as error:
            raise StoreAway(say("people.not_kept", error=type(error).__name__)) from None
        if begun:
            threading.Thread(target=self._run, args=(work,), name="decisions", daemon=True).start()
        return begun

    def _run(self, work: Work) -> None:
        def show(step: str, share: float) -> None:
            with suppress(OSError, StoreError):  # the next one may get through
                self._texts.put(TURN, _written(Progress(True, step[:200], max(0.0, min(1.0, share)))))

        failed = True
        try:
            told, failed = work(show), False
        except (TrialFailed, NotPublished, StoreError, SettingsError) as error:
            told = str(error)
        except (OSError, SQLAlchemyError) as error:
            told = say("people.not_kept", error=type(error).__name__)
        except Exception as error:
            log.error(say("people.log_not_tried"), type(error).__name__)
            told = say("people.fault", error=type(error).__name__)
        try:
            self._texts.put(TURN, _written(Progress(share=1.0, told=told, failed=failed)))
        except (OSError, StoreError) as error:
            log.warning(say("people.end_not_noted"), error)


def _written(progress: Progress) -> bytes:
    return json.dumps({**asdict(progress), "moment": time.time()}).encode()


def _read(content: bytes | None) -> Progress:
    try:
        said = json.loads(content or b"{}")
        silent, progress = time.time() - said.pop("moment"), Progress(**said)
    except (ValueError, KeyError, TypeError):
        return Progress()
    if progress.running and silent > SILENT_SECONDS:
        return Progress(share=progress.share, told=say("people.died"), failed=True)
    return progress if silent <= TOLD_SECONDS else Progress()
