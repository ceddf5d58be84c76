"""How a draft is held to thresholds before it is published; part of the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli_drafts import diff_of, papers_of
from service.composition import make_store
from service.edition_diff import GONE
from service.settings import Settings

if TYPE_CHECKING:
    from ingest.gate import Gate
    from ingest.report.report import IngestReport

EvaluateEdition = Callable[[Settings, str, Sequence[Path]], tuple[int, int]]


def held_to(
    gate: Gate, settings: Settings, report: IngestReport, evaluate: EvaluateEdition, *, publish: bool
) -> tuple[IngestReport, tuple[str, ...]]:
    """Publish the draft of a run where it meets every threshold and that is wanted.

    Returns the run's report as it stands then, and a sentence for each threshold that was missed. Raises StoreError,
    and what `evaluate` raises.
    """
    from ingest.gate import missed

    store, name = make_store(settings), report.edition
    if name is None:  # nothing could be read, which is told anyway
        return report, ()
    gone = [one for one in diff_of(store, store.current_name(), name).records if one.change == GONE]
    lost = [" ".join(filter(None, (one.document_id, one.ref, one.title))) for one in gone]
    sentences = missed(gate, report, papers_of(store, name), lost, lambda files: evaluate(settings, name, files))
    if sentences or not publish or not report.draft:
        return report, sentences
    store.make_current(name)
    return replace(report, draft=False), ()
