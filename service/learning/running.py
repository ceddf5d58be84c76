"""A trial of what was learned: one at a time in an installation, in the background of a page or for a command."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from service.learning.trial import Trial, write_trial
from service.learning.turns import Progress, Turns
from service.settings import Settings, SettingsError
from vectorstore.errors import StoreAway, StoreError
from vectorstore.kept_texts import Texts

Show = Callable[[str, float], None]
Try = Callable[[Settings, Show], Trial]
TOLD_EVERY = 0.5  # seconds
TAKEN = "Es läuft schon ein Versuch. Bitte später noch einmal versuchen."
log = logging.getLogger("strategielotse")


class TrialFailed(Exception):
    """A trial cannot be made or ended without a result; the message is one sentence for people."""


class TrialRunner:
    """Runs `attempt` where nobody else of the installation does, and keeps its outcome; safe for threads.

    In the background it does not outlive the process.
    """

    def __init__(self, settings: Settings, attempt: Try | None, turns: Turns, texts: Texts) -> None:
        self._settings = settings
        self._attempt = attempt
        self._turns = turns
        self._texts = texts
        self._thread: threading.Thread | None = None

    @property
    def able(self) -> bool:
        """Whether this service can try anything."""
        return self._attempt is not None

    @property
    def progress(self) -> Progress:
        """How far the trial is, in whichever process it runs; nothing where nobody can tell."""
        with suppress(StoreAway):
            return self._turns.progress
        return Progress()

    def start(self) -> bool:
        """Begin a trial in the background; false where one runs. Raises StoreAway."""
        if self._attempt is None or (holder := self._turns.take()) is None:
            return False
        self._thread = threading.Thread(target=self._run, args=(self._attempt, holder), name="learning", daemon=True)
        self._thread.start()
        return True

    def run(self, show: Show) -> Trial:
        """Try now; raises TrialFailed, StoreError and what `attempt` raises."""
        if self._attempt is None:
            raise TrialFailed("Hier lässt sich nichts ausprobieren.")
        if (holder := self._turns.take()) is None:
            raise TrialFailed(TAKEN)
        failed = "Der Versuch wurde beendet."
        try:
            found = self._tried(self._attempt, holder, show)
            failed = ""
        except (TrialFailed, StoreError, SettingsError) as error:
            failed = str(error)
            raise
        finally:
            with suppress(StoreAway):
                self._turns.end(holder, failed)
        return found

    def wait(self, seconds: float) -> bool:
        """Wait for the trial that runs in this process; false where one still does afterwards."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self.progress.running

    def _run(self, attempt: Try, holder: str) -> None:
        failed = ""
        try:
            self._tried(attempt, holder, lambda step, share: None)
        except (TrialFailed, StoreError, SettingsError) as error:
            failed = str(error)
        except (OSError, SQLAlchemyError) as error:
            failed = f"Der Versuch ließ sich nicht speichern ({type(error).__name__})."
        except Exception as error:
            log.error("Versuch abgebrochen: %s", type(error).__name__)
            failed = f"Der Versuch wurde durch einen Fehler beendet ({type(error).__name__})."
        try:
            self._turns.end(holder, failed)
        except StoreAway as error:
            log.warning("Ende des Versuchs nicht vermerkt: %s", error)

    def _tried(self, attempt: Try, holder: str, show: Show) -> Trial:
        told = [0.0]

        def tell(step: str, share: float) -> None:
            show(step, share)
            if time.monotonic() - told[0] >= TOLD_EVERY:
                told[0] = time.monotonic()
                with suppress(StoreAway):
                    self._turns.tell(holder, step, share)

        with self._turns.living(holder):
            found = attempt(self._settings, tell)
            if not self._turns.has(holder):
                raise TrialFailed("Der Versuch war zu lange nicht zu erreichen, und ein anderer hat begonnen.")
            write_trial(self._texts, found)
        return found
