"""A trial in the background: one at a time in this process, watched from a page."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from service.learning.trial import Trial
from service.settings import Settings, SettingsError
from vectorstore.errors import StoreError

Show = Callable[[str, float], None]
Try = Callable[[Settings, Show], Trial]
log = logging.getLogger("strategielotse")


class TrialFailed(Exception):
    """A trial cannot be made or ended without a result; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a trial is: the step in words, the share done from 0 to 1; `failed` says why it ended without result."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    failed: str = ""


class TrialRunner:
    """Runs `attempt` in a thread of its own, which does not outlive the process; safe for threads."""

    def __init__(self, settings: Settings, attempt: Try | None) -> None:
        self._settings = settings
        self._attempt = attempt
        self._lock = threading.Lock()
        self._progress = Progress()
        self._thread: threading.Thread | None = None

    @property
    def able(self) -> bool:
        """Whether this service can try anything."""
        return self._attempt is not None

    @property
    def progress(self) -> Progress:
        """How far the last trial is."""
        with self._lock:
            return self._progress

    def start(self) -> bool:
        """Begin a trial; false where one runs."""
        with self._lock:
            if self._attempt is None or self._progress.running:
                return False
            self._progress = Progress(running=True, step="Vorbereiten")
            self._thread = threading.Thread(target=self._run, args=(self._attempt,), name="learning", daemon=True)
            self._thread.start()
            return True

    def wait(self, seconds: float) -> bool:
        """Wait for the trial that runs; false where it still does afterwards."""
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return not self.progress.running

    def _run(self, attempt: Try) -> None:
        failed = ""
        try:
            attempt(self._settings, self._show)
        except (TrialFailed, StoreError, SettingsError) as error:
            failed = str(error)
        except (OSError, SQLAlchemyError) as error:
            failed = f"Der Versuch ließ sich nicht speichern ({type(error).__name__})."
        except Exception as error:
            log.error("Versuch abgebrochen: %s", type(error).__name__)
            failed = f"Der Versuch wurde durch einen Fehler beendet ({type(error).__name__})."
        with self._lock:
            self._progress = replace(self._progress, running=False, share=1.0, failed=failed)

    def _show(self, step: str, share: float) -> None:
        with self._lock:
            self._progress = Progress(running=True, step=step, share=max(0.0, min(1.0, share)))
