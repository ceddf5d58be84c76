"""Trying and publishing beside requests: one at a time in an installation, shown on every page while it goes on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from service.composition import make_store
from service.people.changes import Changes, publish
from service.people.decisions import Decisions
from service.people.trial import NAME, NotPublished, Show, TrialFailed, Try, read_trial, require, write_trial
from service.people.turns import Progress, Turns
from service.settings import Settings, SettingsError
from vectorstore.errors import StoreAway, StoreError
from vectorstore.kept_texts import Texts

TOLD_EVERY = 0.5  # seconds
log = logging.getLogger("strategielotse")
Work = Callable[[Show], str]


@dataclass(slots=True)
class Runner:
    """Tries and publishes where nobody else of the installation does; `attempt` None where the service cannot try.

    What runs does not outlive the process. Safe for threads.
    """

    settings: Settings
    attempt: Try | None
    turns: Turns
    texts: Texts
    decisions: Decisions
    _told: float = field(default=0.0, init=False)

    @property
    def progress(self) -> Progress:
        """How far it is, in whichever process it runs; nothing where nobody can tell."""
        with suppress(StoreAway):
            return self.turns.progress
        return Progress()

    def try_out(self) -> bool:
        """Begin a trial; false where something runs. Raises StoreAway."""
        return self.attempt is not None and self._begin(self._tried)

    def publish(self, done: Callable[[str], None], *, even_if_worse: bool = False) -> bool:
        """Begin to publish what was tried; `done` gets the new edition's name. False where something runs.

        What was not tried is not published, and no case may have got worse, unless `even_if_worse`. Raises StoreAway.
        """

        def tried(changes: Changes) -> None:
            if self.attempt is not None:
                require(read_trial(self.texts), changes.digest, even_if_worse=even_if_worse)

        def work(show: Show) -> str:
            made = publish(make_store(self.settings), self.decisions, tried, show)
            self.texts.remove(NAME)
            done(made.name)
            return f"Ausgabe {made.name} ist veröffentlicht."

        return self._begin(work)

    def _tried(self, show: Show) -> str:
        assert self.attempt is not None
        write_trial(self.texts, self.attempt(self.settings, show))
        return ""

    def _begin(self, work: Work) -> bool:
        if (holder := self.turns.take()) is None:
            return False
        threading.Thread(target=self._run, args=(work, holder), name="decisions", daemon=True).start()
        return True

    def _run(self, work: Work, holder: str) -> None:
        def show(step: str, share: float) -> None:
            if time.monotonic() - self._told >= TOLD_EVERY:
                self._told = time.monotonic()
                with suppress(StoreAway):
                    self.turns.tell(holder, step, share)

        failed = True
        try:
            with self.turns.living(holder):
                told = work(show)
            failed = False
        except (TrialFailed, NotPublished, StoreError, SettingsError) as error:
            told = str(error)
        except (OSError, SQLAlchemyError) as error:
            told = f"Das Ergebnis ließ sich nicht speichern ({type(error).__name__})."
        except Exception as error:
            log.error("Entscheidungen nicht erprobt oder veröffentlicht: %s", type(error).__name__)
            told = f"Das wurde durch einen Fehler beendet ({type(error).__name__})."
        try:
            self.turns.end(holder, told, failed=failed)
        except StoreAway as error:
            log.warning("Ende nicht vermerkt: %s", error)
