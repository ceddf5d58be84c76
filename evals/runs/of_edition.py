"""Cases asked over any edition of a data folder, a draft as well: how many are fully right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.cases import load_cases
from evals.runs.running import asked_all, judged_all
from evals.runs.targets import in_process
from service.settings import Settings


def fully_right(settings: Settings, edition: str, files: Sequence[Path]) -> tuple[int, int]:
    """How many cases of these files are answered fully right over the named edition, and how many there are.

    Raises CaseError for wrong cases, StoreError where the edition cannot be opened.
    """
    cases = load_cases(*files)
    with in_process(settings, edition) as target:
        judgements = judged_all(asked_all(target, cases))
    return sum(one.fully for one in judgements), len(judgements)
