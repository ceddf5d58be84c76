"""Writes the report of a run into its folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evals.reporting.html import html
from evals.reporting.machine import machine
from evals.reporting.markdown import markdown
from evals.reporting.material import material
from evals.runs.gate import Limits, Shortfall
from evals.runs.run import Run


def write_report(
    run: Run,
    folder: Path,
    before: Run | None = None,
    short: Sequence[Shortfall] | None = None,
    limits: Limits | None = None,
) -> Path:
    """Write report.html, report.md and report.json; returns where the HTML is.

    `short` is what the gate holds the run back for, None without a gate; with `limits` what it asks is shown as well
    where the run reaches it.
    """
    told = material(run, before, None if short is None else tuple(short), limits)
    page = folder / "report.html"
    page.write_text(html(told), encoding="utf-8")
    (folder / "report.md").write_text(markdown(told), encoding="utf-8")
    (folder / "report.json").write_text(machine(told), encoding="utf-8")
    return page
