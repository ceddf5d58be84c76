"""Measures the halves that are held back, and logs their totals alone: `python -m tests.held danger
split`.

Both were written by somebody who had seen neither the patterns nor the code.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.held_log import append_to_log
from service.answering.reading.safety import is_danger
from tests.people.leaving import find_leaving

Rows = list[dict[str, Any]]
HERE = Path(__file__).parent


def read_rows(name: str) -> Rows:
    """The rows of a file of JSON objects."""
    text = (HERE / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def count_danger(rows: Iterable[dict[str, Any]]) -> str:
    """How many real dangers are missed and how many harmless questions are taken for one."""
    real = [is_danger(row["text"]) for row in rows if row["danger"]]
    harmless = [is_danger(row["text"]) for row in rows if not row["danger"]]
    missed = real.count(False)
    return f"danger missed {missed} of {len(real)}, false {sum(harmless)} of {len(harmless)}"


def count_leaving(rows: Rows, folder: Path) -> str:
    """Of how many conversations a personal detail leaves the house or is kept."""
    return f"details that leave {len(find_leaving(rows, folder))} of {len(rows)}"


def measure(name: str) -> str:
    """The totals of "danger" or "split"."""
    if name == "danger":
        return count_danger(read_rows("answering/danger-held"))
    with TemporaryDirectory() as folder:
        return count_leaving(read_rows("people/split-held"), Path(folder))


if __name__ == "__main__":
    append_to_log(
        "answers-held.log", {f"{name}-held.jsonl": measure(name) for name in sys.argv[1:]}
    )
