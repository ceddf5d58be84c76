"""All of learning that a running service has: what keeps questions, what was decided, what is tried."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from service.composition import make_texts
from service.edition_holder import Served
from service.learning.cases import drop_closed
from service.learning.decisions import Decisions
from service.learning.grouping import Group, grouped
from service.learning.keeping import Keeper
from service.learning.running import TrialRunner, Try
from service.learning.store import KeptQuestions
from service.learning.sweeping import sweep
from service.learning.turns import Turns
from service.settings import Settings
from vectorstore.database import Database
from vectorstore.kept_texts import Texts


@dataclass(slots=True)
class Learning:
    """Made once for an application; `attempt` is what evaluates, None where the service cannot."""

    database: Database
    settings: Settings
    attempt: Try | None = None
    texts: Texts = field(init=False)
    kept: KeptQuestions = field(init=False)
    decisions: Decisions = field(init=False)
    keeper: Keeper = field(init=False)
    runner: TrialRunner = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _grouped: tuple[object, tuple[list[Group], int]] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.texts = make_texts(self.settings, self.database)
        self.kept = KeptQuestions(self.database)
        self.decisions = Decisions(self.database)
        self.keeper = Keeper(self.kept, self.settings)
        self.runner = TrialRunner(self.settings, self.attempt, Turns(self.database), self.texts)

    def groups(self, served: Served) -> tuple[list[Group], int]:
        """Return the open questions in groups, and how many rarer wordings are left out."""
        questions = self.kept.open()
        wanted = (served.name, served.edition.name, tuple(questions))
        with self._lock:
            if self._grouped is not None and self._grouped[0] == wanted:
                return self._grouped[1]
        found = grouped(questions, served.answers.alike)
        with self._lock:
            self._grouped = wanted, found
        return found

    def sweep(self) -> int:
        """Delete what is due; returns how many rows and wordings that were. Raises SQLAlchemyError."""
        gone = sweep(self.kept, self.decisions, self.settings.keep_questions_days)
        drop_closed(self.texts, [one.id for one in self.kept.open()])
        return gone
