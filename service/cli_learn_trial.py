"""How what was learned is tried: part of the composition root, since it needs service and evaluation.

A candidate is built beside the current edition, answers the same cases, and is deleted again; only what the reader of
questions learned, and what came out, stays until it is published.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from service.composition import make_database, make_store, make_texts
from service.learning.cases import case_lines, own_cases, write_cases
from service.learning.changes import Changes
from service.learning.decisions import Decisions
from service.learning.learned import EXAMPLES, FOLDER, Learned
from service.learning.publishing import pending
from service.learning.running import Show, TrialFailed
from service.learning.store import Kept, KeptQuestions
from service.learning.trial import Measured, Trial
from service.learning.waiting import answered_then
from service.settings import Settings
from vectorstore.private_modes import private_folder

if TYPE_CHECKING:
    from evals.targets import InProcess
    from vectorstore.edition import Edition

Prepare = Callable[[Settings], None]
_LEFT = "trial-"


def attempt(prepare_sample: Prepare) -> Callable[[Settings, Show], Trial]:
    """Return what tries what was learned; `prepare_sample` ingests the sample corpus into a data folder.

    It raises TrialFailed where what it needs is not installed, StoreError and SQLAlchemyError.
    """

    def tried(settings: Settings, show: Show) -> Trial:
        return _tried(settings, prepare_sample, show)

    return tried


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a trial is about: the settings of now, those of the candidate, and of both over the sample corpus."""

    before: Settings
    after: Settings


@dataclass(frozen=True, slots=True)
class _Task:
    """A trial on its way, with a folder for a while."""

    settings: Settings
    learned: Learned
    edition: Edition
    changes: Changes
    room: Path
    show: Show

    @property
    def reader(self) -> Path:
        """The folder of what the candidate learned, with its examples."""
        return self.room / "reader"

    @property
    def now(self) -> Settings:
        """The settings with what is live."""
        return self.learned.in_effect(self.settings)

    def trained_dir(self) -> Path | None:
        """What the candidate answers by: what is live where nothing is learned anew."""
        return self.reader if self.changes.examples_changed else self.now.trained_dir

    def alone(self, name: str) -> Settings:
        """The settings of a data folder of its own for a while, which shares nothing with other machines."""
        update = {"data_dir": self.room / name, "chroma_url": None, "database_url": None}
        return self.settings.model_copy(update=update)

    def within(self, start: float, end: float) -> Show:
        """Show a part of the trial as a share of all."""
        return lambda step, share: self.show(step, start + (end - start) * share)


@dataclass(slots=True)
class _Found:
    """What a trial found so far."""

    measured: list[Measured] = field(default_factory=list)
    waiting: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def _tried(settings: Settings, prepare_sample: Prepare, show: Show) -> Trial:
    settings = settings.model_copy(update={"answer_model": None, "keep_questions": False})
    with closing(make_database(settings)) as database:
        texts = make_texts(settings, database)
        decisions, waiting = Decisions(database).all(), KeptQuestions(database).open()
        write_cases(texts, decisions)
        learned = Learned(texts, settings.data_dir)
        with closing(make_store(settings).open()) as edition, _room(settings) as room:
            task = _Task(settings, learned, edition, pending(learned, decisions, edition), room, show)
            own = _written(own_cases(texts), room / "cases")
            trial = _outcome(task, own, waiting, prepare_sample, case_lines(decisions))
            if task.changes.examples_changed:
                learned.keep_candidate(task.changes.examples, task.reader)
            else:
                learned.drop_candidates()
    show("Fertig", 1.0)
    return trial


def _outcome(task: _Task, own: list[Path], waiting: list[Kept], prepare_sample: Prepare, cases: str) -> Trial:
    from evals.cases.errors import CaseError
    from evals.targets import TargetError

    read, changes = _trained(task), task.changes
    try:
        found = _measured(task, own, waiting, prepare_sample)
    except (CaseError, TargetError) as error:
        raise TrialFailed(str(error)) from None
    return Trial(
        digest=changes.digest(task.edition.name, cases),
        edition=task.edition.name,
        moment=datetime.now(UTC),
        added=len(changes.added),
        removed=len(changes.removed),
        lost=tuple(sorted({one.saying.decision for one in changes.lost})),
        examples=read[2],
        read_before=read[0],
        read_after=read[1],
        measured=tuple(found.measured),
        waiting=found.waiting,
        notes=tuple(found.notes),
    )


def _trained(task: _Task) -> tuple[int, int, int]:
    """Train the candidate where examples changed; how many of them are read rightly before, after, of how many."""
    if not task.changes.examples_changed:
        return 0, 0, 0
    folder = _new_candidate(task)
    if not task.changes.examples:
        return 0, 0, 0
    from evals.extra import absent

    if missing := absent():
        raise TrialFailed(f"Zum Lernen aus Beispielen fehlen Pakete der Auswertung: {', '.join(missing)}.")
    from evals.present.own import read_as_labelled, train_reader
    from service.answering.understanding.classifier import NAME, classifier, unpacked

    told = task.within(0.05, 0.3)
    try:
        train_reader(
            folder / EXAMPLES, folder, show=lambda head, share: told("Lernen, wie Fragen gelesen werden", share)
        )
    except ValueError as error:
        raise TrialFailed(str(error)) from None
    before, number = read_as_labelled(folder / EXAMPLES, classifier(task.now.trained_dir))
    after, _ = read_as_labelled(folder / EXAMPLES, unpacked((folder / NAME).read_bytes()))
    return before, after, number


def _new_candidate(task: _Task) -> Path:
    """Make the folder of a candidate, with its examples and a county's own training if any. Raises OSError."""
    private_folder(task.reader)
    (task.reader / EXAMPLES).write_text(task.changes.examples, encoding="utf-8")
    if task.settings.trained_dir is not None:
        for one in task.settings.trained_dir.iterdir():
            if one.is_file():
                shutil.copyfile(one, task.reader / one.name)
    return task.reader


def _measured(task: _Task, own: list[Path], waiting: list[Kept], prepare_sample: Prepare) -> _Found:
    from evals.cases import shipped_cases
    from evals.present.blame import MOST_ASKED, Blame
    from evals.present.trial import measured

    found, changes = _Found(), task.changes
    blame = Blame(changes.without(), changes.without_wordings, changes.examples_changed)
    reader_blame = Blame({}, reader_changed=changes.examples_changed)
    sample = all(one.sample for one in task.edition.catalogue.documents.values())
    shipped, last = "Mitgelieferte Fälle", task.within(0.7, 1.0)
    with _both(_candidate(task)) as (before, after):
        if own:
            found.measured.append(measured("Eigene Fälle", own, before, after, blame, task.within(0.4, 0.65)))
        else:
            found.notes.append("Es gibt noch keine eigenen Fälle.")
        if sample:
            found.measured.append(measured(shipped, shipped_cases(), before, after, blame, last))
        told = task.within(0.65, 0.7)
        ask = before.service.tried, after.service.tried
        found.waiting = answered_then(waiting, changes.new_items, *ask, lambda share: told("Offene Fragen", share))
    if not sample and changes.examples_changed:
        with _both(_sample(task, prepare_sample)) as (before, after):
            found.measured.append(measured(shipped, shipped_cases(), before, after, reader_blame, last))
    elif not sample:
        found.notes.append(
            "Die mitgelieferten Fälle fragen nach den Beispieldaten; Fragen zu Einträgen der eigenen Dokumente "
            "ändern an ihnen nichts."
        )
    if blame.given_up:
        found.notes.append(
            f"Bei {blame.given_up} Fällen ist nicht untersucht, an welcher Entscheidung es liegt: "
            f"Mehr als {MOST_ASKED} Fragen werden dafür nicht gestellt."
        )
    return found


def _candidate(task: _Task) -> _Beside:
    """The edition as it would be, in a data folder of its own."""
    task.show("Ausgabe daneben bauen", 0.3)
    after, edition = task.alone("after").model_copy(update={"trained_dir": task.trained_dir()}), task.edition
    make_store(after).publish(
        edition.catalogue.parsed(),
        report=edition.report,
        originals=edition.originals,
        questions=task.changes.questions,
    )
    return _Beside(task.now, after)


def _sample(task: _Task, prepare_sample: Prepare) -> _Beside:
    """The sample corpus, read as now and as the candidate reads."""
    task.show("Beispieldaten einlesen", 0.65)
    made = task.alone("sample")
    prepare_sample(made)
    trained = task.now.trained_dir, task.trained_dir()
    return _Beside(*(made.model_copy(update={"trained_dir": one}) for one in trained))


@contextmanager
def _both(beside: _Beside) -> Iterator[tuple[InProcess, InProcess]]:
    from evals.targets import in_process

    with in_process(beside.before) as before, in_process(beside.after) as after:
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
