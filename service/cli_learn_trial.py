"""How what was learned is tried: part of the composition root, since it needs service and evaluation.

A candidate is built beside the current edition, answers the same cases, and is deleted again; only what came out stays.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from service.composition import make_database, make_store, make_texts
from service.learning.cases import case_lines, own_cases, write_cases
from service.learning.changes import Changes
from service.learning.decisions import Decisions
from service.learning.publishing import pending
from service.learning.running import Show, TrialFailed
from service.learning.store import Kept, KeptQuestions
from service.learning.trial import FOLDER, Measured, Trial
from service.learning.waiting import answered_then
from service.settings import Settings
from vectorstore.private_modes import private_folder

if TYPE_CHECKING:
    from evals.targets import InProcess
    from vectorstore.edition import Edition

_LEFT = "trial-"


@dataclass(frozen=True, slots=True)
class _Task:
    """A trial on its way, with a folder for a while."""

    settings: Settings
    edition: Edition
    changes: Changes
    room: Path
    show: Show

    def within(self, start: float, end: float) -> Show:
        """Show a part of the trial as a share of all."""
        return lambda step, share: self.show(step, start + (end - start) * share)


@dataclass(slots=True)
class _Found:
    """What a trial found so far."""

    measured: list[Measured] = field(default_factory=list)
    waiting: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def attempt(settings: Settings, show: Show) -> Trial:
    """Try what was decided: the same cases before and after.

    Raises TrialFailed where what it needs is not installed, StoreError and SQLAlchemyError.
    """
    settings = settings.model_copy(update={"answer_model": None, "keep_questions": False})
    with closing(make_database(settings)) as database:
        texts = make_texts(settings, database)
        decisions, waiting = Decisions(database).all(), KeptQuestions(database).open()
        write_cases(texts, decisions)
        with closing(make_store(settings).open()) as edition, _room(settings) as room:
            task = _Task(settings, edition, pending(decisions, edition), room, show)
            trial = _outcome(task, _written(own_cases(texts), room / "cases"), waiting, case_lines(decisions))
    show("Fertig", 1.0)
    return trial


def _outcome(task: _Task, own: list[Path], waiting: list[Kept], cases: str) -> Trial:
    from evals.cases.errors import CaseError
    from evals.targets import TargetError

    changes = task.changes
    try:
        found = _measured(task, own, waiting)
    except (CaseError, TargetError) as error:
        raise TrialFailed(str(error)) from None
    return Trial(
        digest=changes.digest(task.edition.name, cases),
        edition=task.edition.name,
        moment=datetime.now(UTC),
        added=len(changes.added),
        removed=len(changes.removed),
        lost=tuple(sorted({one.saying.decision for one in changes.lost})),
        measured=tuple(found.measured),
        waiting=found.waiting,
        notes=tuple(found.notes),
    )


def _measured(task: _Task, own: list[Path], waiting: list[Kept]) -> _Found:
    from evals.blame import MOST_ASKED, Blame
    from evals.cases import shipped_cases
    from evals.trial import measured

    found, changes = _Found(), task.changes
    blame = Blame(changes.without(), changes.without_wordings)
    with _both(task) as (before, after):
        if own:
            found.measured.append(measured("Eigene Fälle", own, before, after, blame, task.within(0.3, 0.65)))
        else:
            found.notes.append("Es gibt noch keine eigenen Fälle.")
        if all(one.sample for one in task.edition.catalogue.documents.values()):
            last = task.within(0.7, 1.0)
            found.measured.append(measured("Mitgelieferte Fälle", shipped_cases(), before, after, blame, last))
        told = task.within(0.65, 0.7)
        ask = before.service.tried, after.service.tried
        found.waiting = answered_then(waiting, changes.new_items, *ask, lambda share: told("Offene Fragen", share))
    if blame.given_up:
        found.notes.append(
            f"Bei {blame.given_up} Fällen ist nicht untersucht, an welcher Entscheidung es liegt: "
            f"Mehr als {MOST_ASKED} Fragen werden dafür nicht gestellt."
        )
    return found


@contextmanager
def _both(task: _Task) -> Iterator[tuple[InProcess, InProcess]]:
    """The edition as it is, and as it would be: that in a data folder of its own, shared with no other machine."""
    from evals.targets import in_process

    task.show("Ausgabe daneben bauen", 0.1)
    alone = {"data_dir": task.room / "after", "chroma_url": None, "database_url": None}
    beside, edition = task.settings.model_copy(update=alone), task.edition
    make_store(beside).publish(
        edition.catalogue.parsed(),
        report=edition.report,
        originals=edition.originals,
        questions=task.changes.questions,
    )
    with in_process(task.settings) as before, in_process(beside) as after:
        yield before, after


def _written(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Files of a folder for a while, by name."""
    private_folder(folder)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


@contextmanager
def _room(settings: Settings) -> Iterator[Path]:
    """A folder for a while, on the disk of the data folder; what a killed trial left is removed first."""
    root = settings.data_dir / FOLDER
    private_folder(root)
    for one in root.glob(f"{_LEFT}*"):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_LEFT, dir=root) as made:
        yield Path(made)
