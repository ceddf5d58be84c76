"""Publishing corrections beside requests: it takes seconds to minutes, so a page starts it and shows how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from service.composition import make_store
from service.settings import Settings
from vectorstore.errors import StoreError

log = logging.getLogger("strategielotse")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far publishing is: `share` 0..1 and the step's name while it runs, then what became of it as a sentence."""

    running: bool = False
    step: str = ""
    share: float = 0.0
    outcome: str = ""
    failed: bool = False


class Publisher:
    """Publishes the data folder's corrections, one run at a time; safe for threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self.progress = Progress()

    def start(self, done: Callable[[str], None]) -> bool:
        """Begin, unless it runs already; `done` gets the name of the new edition. Returns whether it began."""
        with self._lock:
            if self.progress.running:
                return False
            self.progress = Progress(running=True, step="Vorbereiten")
        threading.Thread(target=self._run, args=(done,), name="corrections", daemon=True).start()
        return True

    def _run(self, done: Callable[[str], None]) -> None:
        from vectorstore.amending.publishing import publish_amended

        try:
            published = publish_amended(make_store(self._settings), self._show)
            done(published.name)
            change = "ist veröffentlicht" if published.changed else "ist unverändert: Es gab nichts Neues"
            self.progress = Progress(outcome=f"Ausgabe {published.name} {change}.")
        except StoreError as error:
            self.progress = Progress(outcome=str(error), failed=True)
        except Exception as error:
            log.warning("Korrekturen nicht veröffentlicht: %s", type(error).__name__)
            self.progress = Progress(outcome="Das Veröffentlichen ist an einem Fehler gescheitert.", failed=True)

    def _show(self, step: str, share: float) -> None:
        self.progress = replace(self.progress, step=step, share=share)
