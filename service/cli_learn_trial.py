"""How what was learned is tried: part of the composition root, since it needs service and evaluation.

A candidate is built beside the current edition, answers the same cases, and is deleted again; only what the reader of
questions learned, and what came out, stays until it is published.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from service.composition import make_database, make_store
from service.learning.cases import case_files, write_cases
from service.learning.changes import Changes
from service.learning.decisions import Decisions
from service.learning.learned import (
    EXAMPLES,
    candidate_folder,
    drop_candidates,
    folder_of,
    in_effect,
    new_candidate,
)
from service.learning.publishing import digest_of, pending
from service.learning.running import Show, TrialFailed
from service.learning.store import Kept, KeptQuestions
from service.learning.trial import Measured, Trial, write_trial
from service.learning.waiting import answered_then
from service.settings import Settings
from vectorstore.private_modes import private_folder

if TYPE_CHECKING:
    from evals.runs.targets import InProcess
    from vectorstore.edition import Edition

Prepare = Callable[[Settings], None]
_LEFT = "trial-"


def attempt(prepare_sample: Prepare) -> Callable[[Settings, Show], Trial]:
    """Return what tries what was learned; `prepare_sample` ingests the sample corpus into a data folder.

    It raises TrialFailed where another one runs or what it needs is not installed, and StoreError.
    """

    def tried(settings: Settings, show: Show) -> Trial:
        private_folder(folder_of(settings.data_dir))
        try:
            with FileLock(folder_of(settings.data_dir) / "trial.lock", timeout=0):
                return _tried(settings, prepare_sample, show)
        except Timeout:
            raise TrialFailed("Es läuft schon ein Versuch. Bitte später noch einmal versuchen.") from None

    return tried


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a trial is about: the settings of now, those of the candidate, and of both over the sample corpus."""

    before: Settings
    after: Settings


@dataclass(slots=True)
class _Found:
    """What a trial found so far."""

    measured: list[Measured] = field(default_factory=list)
    waiting: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def _tried(settings: Settings, prepare_sample: Prepare, show: Show) -> Trial:
    from evals.cases.errors import CaseError
    from evals.runs.targets import TargetError

    settings = settings.model_copy(update={"answer_model": None, "keep_questions": False})
    database = make_database(settings)
    try:
        decisions, waiting = Decisions(database).all(), KeptQuestions(database).open()
    finally:
        database.close()
    write_cases(settings.data_dir, decisions)
    with closing(make_store(settings).open()) as edition:
        changes = pending(settings, decisions, edition)
        read = _trained(settings, changes, show)
        try:
            found = _measured(settings, edition, changes, waiting, prepare_sample, show)
        except (CaseError, TargetError) as error:
            raise TrialFailed(str(error)) from None
        trial = Trial(
            digest=digest_of(changes, edition.name, decisions),
            edition=edition.name,
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
    write_trial(settings.data_dir, trial)
    show("Fertig", 1.0)
    return trial


def _trained(settings: Settings, changes: Changes, show: Show) -> tuple[int, int, int]:
    """Train the candidate where examples changed; how many of them are read rightly before, after, of how many."""
    if not changes.examples_changed:
        drop_candidates(settings.data_dir)
        return 0, 0, 0
    folder = new_candidate(settings, changes.examples)
    if not changes.examples:
        return 0, 0, 0
    from evals.extra import absent

    if missing := absent():
        raise TrialFailed(f"Zum Lernen aus Beispielen fehlen Pakete der Auswertung: {', '.join(missing)}.")
    from evals.training.own import read_as_labelled, train_reader
    from service.answering.understanding.classifier import NAME, classifier, unpacked

    told = _within(show, 0.05, 0.3)
    try:
        train_reader(
            folder / EXAMPLES, folder, show=lambda head, share: told("Lernen, wie Fragen gelesen werden", share)
        )
    except ValueError as error:
        raise TrialFailed(str(error)) from None
    before, number = read_as_labelled(folder / EXAMPLES, classifier(in_effect(settings).trained_dir))
    after, _ = read_as_labelled(folder / EXAMPLES, unpacked((folder / NAME).read_bytes()))
    return before, after, number


def _measured(
    settings: Settings,
    edition: Edition,
    changes: Changes,
    waiting: list[Kept],
    prepare_sample: Prepare,
    show: Show,
) -> _Found:
    from evals.runs.asking import shipped_cases
    from evals.runs.blame import MOST_ASKED, Blame
    from evals.runs.trial import measured

    found = _Found()
    blame = Blame(changes.without(), changes.examples_changed)
    reader_blame = Blame({}, changes.examples_changed)
    sample = all(one.sample for one in edition.catalogue.documents.values())
    with _candidate(settings, edition, changes, show) as beside, _both(beside) as (before, after):
        if own := case_files(settings.data_dir):
            found.measured.append(measured("Eigene Fälle", own, before, after, blame, _within(show, 0.4, 0.65)))
        else:
            found.notes.append(f"Es gibt noch keine eigenen Fälle; sie liegen in {settings.data_dir / 'cases'}.")
        if sample:
            found.measured.append(
                measured("Mitgelieferte Fälle", shipped_cases(), before, after, blame, _within(show, 0.7, 1.0))
            )
        told = _within(show, 0.65, 0.7)
        found.waiting = answered_then(
            waiting, changes.new_items, before.service.tried, after.service.tried,
            lambda share: told("Offene Fragen", share),
        )  # fmt: skip
    if not sample and changes.examples_changed:
        with _sample(settings, changes, prepare_sample, show) as beside, _both(beside) as (before, after):
            found.measured.append(
                measured("Mitgelieferte Fälle", shipped_cases(), before, after, reader_blame, _within(show, 0.7, 1.0))
            )
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


@contextmanager
def _candidate(settings: Settings, edition: Edition, changes: Changes, show: Show) -> Iterator[_Beside]:
    """The edition as it would be, in a data folder of its own for a while."""
    with _folder(settings) as folder:
        show("Ausgabe daneben bauen", 0.3)
        after = _with_candidate(settings, changes).model_copy(update={"data_dir": folder, "chroma_url": None})
        make_store(after).publish(
            edition.catalogue.parsed(), report=edition.report, originals=edition.originals, questions=changes.questions
        )
        yield _Beside(in_effect(settings), after)


@contextmanager
def _sample(settings: Settings, changes: Changes, prepare_sample: Prepare, show: Show) -> Iterator[_Beside]:
    """The sample corpus for a while, read as now and as the candidate reads."""
    with _folder(settings) as folder:
        show("Beispieldaten einlesen", 0.65)
        made = settings.model_copy(update={"data_dir": folder, "chroma_url": None})
        prepare_sample(made)
        before = made.model_copy(update={"trained_dir": in_effect(settings).trained_dir})
        after = made.model_copy(update={"trained_dir": _with_candidate(settings, changes).trained_dir})
        yield _Beside(before, after)


def _with_candidate(settings: Settings, changes: Changes) -> Settings:
    """The settings with what the candidate learned; with what is live where nothing is learned anew."""
    if not changes.examples_changed:
        return in_effect(settings)
    return settings.model_copy(update={"trained_dir": candidate_folder(settings.data_dir, changes.examples)})


@contextmanager
def _both(beside: _Beside) -> Iterator[tuple[InProcess, InProcess]]:
    from evals.runs.targets import in_process

    with in_process(beside.before) as before, in_process(beside.after) as after:
        yield before, after


@contextmanager
def _folder(settings: Settings) -> Iterator[Path]:
    """A data folder for a while, on the disk of the real one; what a killed trial left is removed first."""
    root = folder_of(settings.data_dir)
    for one in root.glob(f"{_LEFT}*"):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_LEFT, dir=root) as made:
        yield Path(made)


def _within(show: Show, start: float, end: float) -> Show:
    return lambda step, share: show(step, start + (end - start) * share)
