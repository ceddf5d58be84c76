"""How what was decided is tried: part of the composition root, since it needs service and evaluation.

A candidate is built beside the current edition, answers the same cases, and is deleted again; only what came out stays.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from service.composition import make_database, make_decisions, make_store, make_texts
from service.people.decisions import Decisions
from service.people.trial import Changes, Show, Trial, TrialFailed, case_lines, changes_of, own_cases
from service.settings import Settings
from vectorstore.amending.form import Amendments
from vectorstore.disk import private_folder

if TYPE_CHECKING:
    from evals.asking import InProcess
    from evals.cases import Case
    from vectorstore.edition import Edition

_FOLDER, _LEFT = "learned", "trial-"


def attempt(settings: Settings, show: Show) -> Trial:
    """Try what was decided: the same cases before and after.

    Raises TrialFailed where what it needs is not installed, StoreError and SQLAlchemyError.
    """
    from evals.asking import TargetError, tried
    from evals.cases import CaseError

    settings = settings.model_copy(update={"answer_model": None, "keep_questions": False})
    with closing(make_database(settings)) as database:
        texts, decisions = make_texts(database), make_decisions(settings, database)
        with closing(make_store(settings).open()) as edition, _room(settings) as room:
            changes = changes_of(decisions.all(), edition)
            files = {**own_cases(texts), "decided.jsonl": case_lines(decisions.all()).encode()}
            try:
                cases = _cases(files, edition, room)
                show("Ausgabe daneben bauen", 0.1)
                with _both(settings, edition, changes, decisions, room) as (before, after):
                    return tried(changes.digest, cases, before, after, lambda step, done: show(step, 0.3 + 0.7 * done))
            except (CaseError, TargetError) as error:
                raise TrialFailed(str(error)) from None


def _cases(files: dict[str, bytes], edition: Edition, room: Path) -> list[Case]:
    """The county's own cases with those of decisions; the shipped ones where the edition is the sample."""
    from evals.cases import load_cases, shipped_cases

    private_folder(room / "cases")
    for name, content in files.items():
        (room / "cases" / name).write_bytes(content)
    sample = all(one.sample for one in edition.catalogue.documents.values())
    return load_cases(*sorted((room / "cases").iterdir()), *(shipped_cases() if sample else ()))


@contextmanager
def _both(
    settings: Settings, edition: Edition, changes: Changes, decisions: Decisions, room: Path
) -> Iterator[tuple[InProcess, InProcess]]:
    """The edition as it is, and as it would be: that in a data folder of its own, shared with no other machine."""
    from evals.asking import in_process

    alone = {"data_dir": room / "after", "chroma_url": None, "database_url": None}
    beside = settings.model_copy(update=alone)
    make_store(beside).publish(
        edition.catalogue.parsed(),
        report=edition.report,
        originals=edition.originals,
        questions=changes.questions,
        amendments=Amendments(changes.corrections),
    )
    with in_process(settings, decisions=decisions) as before, in_process(beside, decisions=decisions) as after:
        yield before, after


@contextmanager
def _room(settings: Settings) -> Iterator[Path]:
    """A folder for a while, on the disk of the data folder; what a killed trial left is removed first."""
    root = settings.data_dir / _FOLDER
    private_folder(root)
    for one in root.glob(f"{_LEFT}*"):
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_LEFT, dir=root) as made:
        yield Path(made)
